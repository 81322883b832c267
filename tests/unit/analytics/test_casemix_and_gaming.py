"""What a street is handed must not decide its adjusted rate; who cheats stands out, who does not is left alone."""

import numpy as np
import pytest

from huiyin.analytics.casemix import adjust
from huiyin.analytics.gaming import SIGNS, Shares, judge, tail_chances

EASY, HARD = 0, 1


def _two_kinds(easy_share: list[float], skill: list[float], n: int = 40_000) -> dict[str, list[float]]:
    """Exact expected counts: two kinds of cases, one much harder."""
    rows: dict[str, list[float]] = {"unit": [], "kind": [], "trials": [], "successes": []}
    for unit, (share, better) in enumerate(zip(easy_share, skill, strict=True)):
        for kind, part, base in ((EASY, share, 2.5), (HARD, 1 - share, 0.0)):
            rows["unit"].append(unit)
            rows["kind"].append(kind)
            rows["trials"].append(n * part)
            rows["successes"].append(n * part / (1 + np.exp(-(base + better))))
    return rows


def test_streets_of_one_skill_have_one_adjusted_rate_whatever_they_are_handed() -> None:
    found = adjust(**_two_kinds([0.9, 0.5, 0.1], [0, 0, 0]), units=3)

    assert np.ptp(found.rate) < 0.002
    assert found.ratio == pytest.approx([1, 1, 1], abs=0.003)


def test_exchanging_cases_does_not_exchange_adjusted_rates() -> None:
    skill = [0.4, -0.4, 0.0, 0.0]

    before = adjust(**_two_kinds([0.9, 0.1, 0.5, 0.5], skill), units=4)
    after = adjust(**_two_kinds([0.1, 0.9, 0.5, 0.5], skill), units=4)

    assert before.rate[0] > before.rate[2] > before.rate[1]
    assert after.rate == pytest.approx(before.rate, abs=0.005)
    assert before.low[0] < before.rate[0] < before.high[0]


def test_a_unit_without_cases_has_no_adjusted_rate() -> None:
    found = adjust([0, 2], [0, 0], [10, 0], [7, 0], units=3)

    assert np.isnan(found.rate).tolist() == [False, True, True]
    assert np.isnan(adjust([], [], [], [], units=1).ratio).all()


def _innocent(random: np.random.Generator, units: int = 300) -> dict[str, Shares]:
    cases = random.integers(60, 800, units).astype(float)
    return {
        name: Shares(
            random.binomial(cases.astype(int), random.beta(mean * 40, (1 - mean) * 40, units)).astype(float), cases
        )
        for name, mean in (("called_again", 0.06), ("copied_replies", 0.1), ("hasty_ratings", 0.01))
    }


def test_a_planted_cheat_is_flagged_with_its_reason_and_innocents_hardly_ever() -> None:
    signs = _innocent(np.random.default_rng(2))
    signs["copied_replies"].trials[7] = 400
    signs["copied_replies"].hits[7] = 240

    found = judge(signs)

    assert found[7].flagged
    assert found[7].score == max(one.score for one in found)
    assert found[7].reasons[0].sign == "copied_replies"
    assert "240/400 件，占 60.0%" in found[7].reasons[0].words
    assert sum(one.flagged for one in found) <= 3


def test_one_flagged_for_many_faint_signs_has_them_as_reasons() -> None:
    random = np.random.default_rng(8)
    signs = {}
    for name in SIGNS:
        trials = np.full(300, 400.0)
        hits = random.binomial(400, 0.1, size=300).astype(float)
        hits[0] = 50  # a tenth would be 40: none of these shares is rare alone
        signs[name] = Shares(hits=hits, trials=trials)

    suspect = judge(signs)[0]

    assert suspect.flagged
    assert {one.sign for one in suspect.reasons} == set(SIGNS)
    assert all(one.chance > 0.01 and one.words.endswith("（单看不算突出）") for one in suspect.reasons)


def test_the_chances_of_the_innocent_are_even() -> None:
    random = np.random.default_rng(4)

    drawn = np.concatenate([tail_chances(shares) for _ in range(3) for shares in _innocent(random).values()])

    assert [np.mean(drawn < level) for level in (0.01, 0.1, 0.5)] == pytest.approx([0.01, 0.1, 0.5], abs=0.035)


def test_too_few_cases_or_too_few_units_tell_nothing() -> None:
    few = Shares(np.array([9.0, 1, 2, 3]), np.array([9.0, 100, 100, 100]))

    assert tail_chances(few)[0] == 1
    assert tail_chances(Shares(np.array([90.0, 1]), np.array([100.0, 100]))).tolist() == [1, 1]
    assert judge({}) == []
