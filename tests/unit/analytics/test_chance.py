"""Intervals, shrinkage, places and sets: worked cases, and promises kept on drawn data."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.analytics.figures import chances
from huiyin.analytics.funnel import funnel
from huiyin.analytics.indistinguishable import differ, largest_alike, tiers
from huiyin.analytics.rank_intervals import rank_intervals
from huiyin.analytics.scores import CountTable, Weights
from huiyin.analytics.shipped import shipped_rules
from huiyin.analytics.shrinkage import shrink
from huiyin.analytics.wilson import wilson
from huiyin.domain.evaluation import Counts, UnitCounts

WEIGHTS = Weights(response=0.1, resolution=0.5, satisfaction=0.4, basically=0.9)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(5, 10, 0.2366, 0.7634), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_wilson_agrees_with_published_examples(successes: int, trials: int, low: float, high: float) -> None:
    found = wilson([successes], [trials])

    assert [float(end[0]) for end in found] == pytest.approx([low, high], abs=1e-4)


def test_no_trial_has_no_interval() -> None:
    assert np.isnan(wilson([0], [0])).all()
    assert np.isnan(shrink([0, 5], [0, 9]).mean[0])
    assert np.isnan(shrink([0], [0]).mean).all()


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=12))
@settings(max_examples=50, deadline=None)
def test_a_shrunken_rate_lies_inside_its_interval_and_inside_zero_and_one(rows: list[tuple[int, int]]) -> None:
    hits, trials = np.array([low for low, _ in rows]), np.array([low + more for low, more in rows])

    found = shrink(hits, trials)

    known = trials > 0
    assert (np.isnan(found.mean) == ~known).all()
    assert ((found.low <= found.mean) & (found.mean <= found.high))[known].all()
    assert ((found.mean > 0) & (found.mean < 1))[known].all()


def test_few_callbacks_are_drawn_further_than_many() -> None:
    rates = shrink([5, 500, 40, 60, 45, 300], [5, 500, 80, 100, 60, 400])

    assert rates.prior_mean < rates.mean[0] < rates.mean[1]


def test_units_all_alike_are_drawn_together() -> None:
    hits = np.random.default_rng(1).binomial(50, 0.8, 200)

    spread = shrink(hits, np.full(200, 50)).mean.std()

    assert spread < (hits / 50).std() / 3


def _group(random: np.random.Generator, units: int) -> tuple[CountTable, np.ndarray, np.ndarray]:
    """Units whose three answers go together entirely: the variance of a callback's score is counted."""
    n = np.maximum(random.lognormal(5, 0.8, units).astype(int), 30)
    true = random.beta(40, 8, units)
    solved = random.binomial(n, true).astype(float)
    rate = solved / n
    table = CountTable(n.astype(float), n.astype(float), solved, solved, solved, np.zeros(units))
    return table, rate * (1 - rate), true


def test_nine_of_ten_places_lie_in_their_interval() -> None:
    random, held = np.random.default_rng(7), []
    for _ in range(6):
        table, variance, true = _group(random, 200)
        found = rank_intervals(table, WEIGHTS, variance_within=variance)
        places = np.empty(200, dtype=int)
        places[np.argsort(-true)] = np.arange(1, 201)
        held.append(np.mean((found.low <= places) & (places <= found.high)))

    assert 0.86 <= np.mean(held) <= 0.94


def test_the_same_figures_give_the_same_places() -> None:
    table, variance, _ = _group(np.random.default_rng(1), 40)

    first, second = (rank_intervals(table, WEIGHTS, variance_within=variance) for _ in range(2))

    assert (first.low == second.low).all()
    assert (first.high == second.high).all()


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.001, 0.2)), min_size=1, max_size=15))
@settings(max_examples=60, deadline=None)
def test_no_pair_differs_within_a_set_that_cannot_be_told_apart(rows: list[tuple[float, float]]) -> None:
    mean, sd = np.array([m for m, _ in rows]), np.array([s for _, s in rows])

    sets = tiers(mean, sd)

    assert sorted(unit for one in sets for unit in one.units) == list(range(len(rows)))
    assert not any(differ(mean, sd, a, b, 0.9001) for one in sets for a in one.units for b in one.units)
    assert len(largest_alike(mean, sd).units) >= max(len(one.units) for one in sets)


def test_units_far_apart_are_told_apart() -> None:
    assert largest_alike(np.array([0.9, 0.5, 0.1]), np.full(3, 0.01)).units == (0,)


def test_a_funnel_without_more_than_chance_is_the_plain_one() -> None:
    plain = funnel([80, 160, 240], [100, 200, 300])

    low, high = plain.limits([100])

    assert (plain.centre, plain.dispersion, plain.between) == (0.8, 1.0, 0.0)
    assert [float(low[0]), float(high[0])] == pytest.approx([0.8 - 1.96 * 0.04, 0.8 + 1.96 * 0.04], abs=1e-4)


@pytest.mark.parametrize("model", ["additive", "multiplicative"])
def test_ordinary_differences_widen_the_funnel_until_few_lie_outside(model: str) -> None:
    random = np.random.default_rng(3)
    n = random.integers(100, 2000, 300)
    hits = random.binomial(n, random.beta(80, 20, 300))

    found = funnel(hits, n, model)  # type: ignore[arg-type]  # both of the two words

    assert found.dispersion > 5
    assert np.mean(np.abs(found.z(hits, n)) > 1.96) < 0.12


def test_units_under_the_minimum_have_an_interval_but_no_place() -> None:
    scheme = shipped_rules().scheme
    units = [
        UnitCounts(
            unit=str(n), group="街道", counts=Counts(volume=n, valid=n, contacted=n, solved=n // 2, satisfied=n // 2)
        )
        for n in (0, 29, 30, 400)
    ]

    found = chances(units, scheme)["街道"].units

    assert [one.rank_low is None for one in found.values()] == [True, True, False, False]
    assert [one.resolution_low is None for one in found.values()] == [True, False, False, False]


@given(st.lists(st.tuples(*[st.integers(0, 40)] * 5), min_size=1, max_size=8), st.booleans())
@settings(max_examples=60, deadline=None)
def test_whatever_the_counts_every_interval_is_sound(rows: list[tuple[int, ...]], with_cases: bool) -> None:
    scheme = replace(shipped_rules().scheme, min_valid=1)
    units = []
    for at, (valid, more, a, b, c) in enumerate(rows):
        solved, fully = min(a, valid), min(b, valid)
        counts = Counts(
            volume=valid + more,
            valid=valid,
            contacted=min(c, valid),
            solved=solved,
            satisfied=fully,
            basically_satisfied=valid - fully,
        )
        units.append(UnitCounts(unit=str(at), group="街道", counts=counts))
    variances = {("街道", one.unit): 0.05 for one in units} if with_cases else None

    found = chances(units, scheme, variances)["街道"]

    for one in units:
        known = found.units[one.unit]
        assert (known.rank_low is None) == (one.counts.valid == 0)
        if known.rank_low is not None and known.rank_high is not None:
            assert 1 <= known.rank_low <= known.rank_high <= len(units)
            assert known.score_mean is not None
            assert 0 < known.score_mean < 100
    assert len(set(found.alike)) == len(found.alike)
