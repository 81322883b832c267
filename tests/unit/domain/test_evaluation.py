"""三率, score and ranking to the digit, and the laws that no figure may break."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.analytics.shipped import shipped_rules
from huiyin.domain.entering import EnteringRule, Outcome, Why, enter, tally, why_of
from huiyin.domain.errors import InvalidData
from huiyin.domain.evaluation import (
    Counts,
    UnitCounts,
    band_of,
    half_even,
    rank_units,
    rates_of,
    score_of,
    summary,
)
from huiyin.domain.vocabulary import RequestType, Satisfaction

RULES = shipped_rules("beijing_district_2025")
SCHEME = RULES.scheme


def _unit(name: str, *, group: str = "街道", volume: int = 200, valid: int = 100, solved: int = 80) -> UnitCounts:
    counts = Counts(volume=volume, valid=valid, contacted=valid, solved=solved, satisfied=solved)
    return UnitCounts(unit=name, group=group, counts=counts)


def test_a_score_worked_by_hand() -> None:
    counts = Counts(volume=200, valid=120, contacted=118, solved=97, satisfied=90, basically_satisfied=11)

    rates = rates_of(counts, SCHEME)

    assert rates is not None
    assert (rates.response, rates.resolution) == (Fraction(118, 120), Fraction(97, 120))
    assert rates.satisfaction == Fraction(999, 1200)  # (90 + 0.9 × 11) / 120
    assert score_of(counts, SCHEME) == Decimal("83.6")  # 9.8333 + 40.41667 + 33.3 = 83.55


@pytest.mark.parametrize(
    ("value", "shown"),
    [("83.25", "83.2"), ("83.35", "83.4"), ("83.250001", "83.3"), ("0.05", "0.0"), ("99.95", "100.0")],
)
def test_a_tie_between_two_digits_goes_to_the_even_one(value: str, shown: str) -> None:
    assert half_even(Fraction(value), 1) == Decimal(shown)


def test_no_valid_callback_is_no_rate_and_no_rank() -> None:
    [standing] = rank_units([_unit("甲", valid=0, solved=0)], SCHEME)

    assert (standing.rates, standing.score, standing.rank) == (None, None, None)


def test_suggestions_leave_the_denominator_of_the_resolution_rate_only() -> None:
    counts = Counts(volume=10, valid=10, contacted=10, solved=6, satisfied=10, suggestions=2)

    rates = rates_of(counts, SCHEME)

    assert rates is not None
    assert (rates.response, rates.resolution, rates.satisfaction) == (1, Fraction(6, 8), 1)
    only = rates_of(Counts(volume=1, valid=1, suggestions=1), SCHEME)
    assert only is not None
    assert only.resolution is None
    assert score_of(Counts(volume=1, valid=1, suggestions=1), SCHEME) is None


def test_equal_scores_are_decided_by_volume_and_full_equals_share_a_rank() -> None:
    units = [
        _unit("丁", solved=10),
        _unit("甲"),
        _unit("乙", volume=300),
        _unit("丙"),
        _unit("少", valid=29, solved=29),
    ]

    standings = rank_units(units, SCHEME)

    assert [(one.unit, one.rank) for one in standings] == [("乙", 1), ("丙", 2), ("甲", 2), ("丁", 4), ("少", None)]


@pytest.mark.parametrize(
    "counts",
    [
        {"volume": 1, "valid": 2},
        {"volume": 2, "valid": 1, "solved": 2},
        {"volume": 2, "valid": 2, "satisfied": 2, "basically_satisfied": 1},
        {"volume": 2, "valid": 2, "solved": 2, "suggestions": 1},
        {"volume": -1},
    ],
)
def test_impossible_counts_are_refused(counts: dict[str, int]) -> None:
    with pytest.raises(InvalidData):
        Counts(**counts)


def test_the_bottom_row_sums_counts_and_averages_rates() -> None:
    standings = rank_units(
        [_unit("甲", solved=80), _unit("乙", valid=200, solved=100), _unit("无", valid=0, solved=0)], SCHEME
    )

    total, means, score = summary(standings, SCHEME)

    assert (total.volume, total.valid, total.solved) == (600, 300, 180)
    assert means is not None
    assert means.resolution == Fraction(65, 100)
    assert score == Decimal("68.5")  # 10 + 0.5 × 65 + 0.4 × 65


def test_bands_begin_at_their_figure() -> None:
    assert [band_of(Counts(volume=n, valid=n), SCHEME) for n in (199, 200, 799, 800)] == [0, 1, 1, 2]


def _case(**changes: object) -> Outcome:
    base: dict[str, object] = {
        "request_type": RequestType.COMPLAINT,
        "dispatched": True,
        "callback_valid": True,
        "contacted": True,
        "solved": True,
        "satisfaction": Satisfaction.SATISFIED,
    }
    return Outcome(**{**base, **changes})  # type: ignore[arg-type]  # one table of fields for all cases


@pytest.mark.parametrize(
    ("changes", "why", "counted"),
    [
        ({}, Why.COUNTED, (1, 1, 1)),
        ({"dispatched": False}, Why.NOT_DISPATCHED, (0, 0, 0)),
        ({"request_type": RequestType.PRAISE}, Why.TYPE_NOT_SCORED, (0, 0, 0)),
        ({"request_type": RequestType.CONSULTATION}, Why.COUNTED, (1, 1, 1)),
        ({"request_type": RequestType.SUGGESTION}, Why.WITHOUT_RESOLUTION, (1, 1, 0)),
        ({"excluded": True, "suspended": True}, Why.EXCLUDED, (0, 0, 0)),
        ({"suspended": True}, Why.SUSPENDED, (0, 0, 0)),
        ({"volume_exempt": True}, Why.VOLUME_EXEMPT, (0, 0, 0)),
        ({"callback_valid": None}, Why.NOT_ASKED_YET, (1, 0, 0)),
        ({"callback_valid": False}, Why.CALLBACK_INVALID, (1, 0, 0)),
        ({"solved": None}, Why.COUNTED, (1, 1, 0)),
    ],
)
def test_what_a_case_adds_and_why(changes: dict[str, object], why: Why, counted: tuple[int, int, int]) -> None:
    entry = enter(_case(**changes), RULES.entering)

    assert entry.why is why
    assert (entry.counts.volume, entry.counts.valid, entry.counts.solved) == counted


_flag, _answer = st.booleans(), st.sampled_from([True, False, None])
_outcomes = st.builds(
    Outcome,
    request_type=st.sampled_from(list(RequestType)),
    dispatched=_flag,
    excluded=_flag,
    suspended=_flag,
    volume_exempt=_flag,
    callback_valid=_answer,
    contacted=_answer,
    solved=_answer,
    satisfaction=st.sampled_from([*Satisfaction, None]),
)
_cities = st.lists(st.tuples(st.sampled_from("甲乙丙丁"), _outcomes), max_size=40)
_RULE: EnteringRule = RULES.entering


def _counts(city: list[tuple[str, Outcome]]) -> dict[str, Counts]:
    return {unit: tally((case for owner, case in city if owner == unit), _RULE) for unit in "甲乙丙丁"}


@given(_cities, st.data())
@settings(max_examples=60, deadline=None)
def test_moving_a_case_changes_its_two_units_by_the_same_and_nothing_else(
    city: list[tuple[str, Outcome]], data: st.DataObject
) -> None:
    if not city:
        return
    at, to = data.draw(st.integers(0, len(city) - 1)), data.draw(st.sampled_from("甲乙丙丁"))
    owner, case = city[at]

    before, after = _counts(city), _counts([*city[:at], (to, case), *city[at + 1 :]])

    assert all(before[unit] == after[unit] for unit in set("甲乙丙丁") - {owner, to})
    if to != owner:
        added = enter(case, _RULE).counts
        assert before[owner] == after[owner] + added
        assert after[to] == before[to] + added
    assert sum(before.values(), Counts()) == sum(after.values(), Counts())


@given(_cities, st.data())
@settings(max_examples=60, deadline=None)
def test_excluding_a_case_changes_no_other_unit(city: list[tuple[str, Outcome]], data: st.DataObject) -> None:
    if not city:
        return
    at = data.draw(st.integers(0, len(city) - 1))
    owner, case = city[at]
    excluded = Outcome(**{**{name: getattr(case, name) for name in Outcome.__slots__}, "excluded": True})

    before, after = _counts(city), _counts([*city[:at], (owner, excluded), *city[at + 1 :]])

    assert all(before[unit] == after[unit] for unit in set("甲乙丙丁") - {owner})
    if why_of(case, _RULE) is Why.COUNTED:
        assert after[owner].valid == before[owner].valid - 1


@given(st.permutations(range(8)), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=8, max_size=8))
@settings(max_examples=60, deadline=None)
def test_a_ranking_is_a_total_preorder_and_knows_no_order_of_its_input(
    order: list[int], drawn: list[tuple[int, int]]
) -> None:
    units = [
        _unit(str(n), volume=60 + more, valid=max(more, solved), solved=solved)
        for n, (more, solved) in enumerate(drawn)
    ]

    standings = rank_units(units, SCHEME)

    assert standings == rank_units([units[at] for at in order], SCHEME)
    ranked = [one for one in standings if one.rank is not None]
    for place, one in enumerate(ranked):
        better = [other for other in ranked if (other.score, other.counts.volume) > (one.score, one.counts.volume)]
        assert one.rank == len(better) + 1
        assert place >= len(better)


@given(_cities)
@settings(max_examples=40, deadline=None)
def test_groups_add_up_to_the_city(city: list[tuple[str, Outcome]]) -> None:
    groups = {"东": "甲乙", "西": "丙丁"}
    counts = _counts(city)

    by_group = [sum((counts[unit] for unit in units), Counts()) for units in groups.values()]

    assert sum(by_group, Counts()) == tally((case for _, case in city), _RULE)
