"""The threshold above which the machine acts alone keeps its promise, or there is none."""

import itertools
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.nlp.monotone import Monotone, expected_calibration_error, fit_monotone
from huiyin.nlp.risk import NEVER, choose_threshold, wrong_share_above, wrong_share_below

BOUND = 0.02


def simulated(rng: random.Random, count: int) -> tuple[list[float], list[bool]]:
    """Cases whose confidence is the chance of being right."""
    confidences = [rng.random() ** 0.2 for _ in range(count)]
    return confidences, [rng.random() < confidence for confidence in confidences]


def test_the_true_wrong_share_seldom_exceeds_the_bound():
    """Over 200 cities at most the promised tenth, with room for the luck of 200 draws."""
    broken = 0
    for seed in range(200):
        found = choose_threshold(*simulated(random.Random(seed), 3000), bound=BOUND, doubt=0.1)
        fresh, right = simulated(random.Random(10_000 + seed), 20_000)
        passed = [one for confidence, one in zip(fresh, right, strict=True) if confidence >= found.at_least]
        broken += bool(passed) and 1 - sum(passed) / len(passed) > BOUND

    assert broken <= 30


def test_a_sure_machine_is_let_act():
    confidences = list(np.linspace(0.5, 1, 4000))

    found = choose_threshold(confidences, [confidence > 0.6 for confidence in confidences], bound=BOUND)

    assert 0.55 < found.at_least < 0.65
    assert found.share > 0.75


@pytest.mark.parametrize("count", [0, 1, 50])
def test_too_few_cases_let_nothing_through(count):
    assert choose_threshold([1.0] * count, [True] * count, bound=BOUND).at_least == NEVER


def test_a_machine_that_errs_evenly_is_never_let_act():
    rng = random.Random(3)

    found = choose_threshold(
        [rng.random() for _ in range(5000)], [rng.random() < 0.9 for _ in range(5000)], bound=BOUND
    )

    assert found.at_least == NEVER


@settings(max_examples=50)
@given(st.integers(1, 400), st.data())
def test_the_interval_of_the_wrong_share_holds_what_was_seen(passed, data):
    wrong = data.draw(st.integers(0, passed))

    assert wrong_share_above(passed, wrong) <= wrong / passed <= wrong_share_below(passed, wrong)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=300))
def test_a_surer_score_is_never_a_lesser_share(cases):
    found = fit_monotone([score for score, _ in cases], [right for _, right in cases])
    grid = [found(score) for score in np.linspace(0, 1, 50)]

    assert all(one <= other + 1e-12 for one, other in itertools.pairwise(grid))
    assert all(0 < share < 1 for share in grid)
    assert Monotone.from_json(found.as_json()) == found


def test_calibration_brings_claims_down_to_what_comes_true():
    rng = random.Random(5)
    scores = [rng.random() for _ in range(6000)]
    right = [rng.random() < score**3 for score in scores]

    found = fit_monotone(scores[:3000], right[:3000])

    assert expected_calibration_error(scores[3000:], right[3000:]) > 0.2
    assert expected_calibration_error(list(found.many(scores[3000:])), right[3000:]) < 0.04
