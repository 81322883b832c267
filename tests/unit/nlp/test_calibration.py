"""Calibration: scores become probabilities that keep their word; groups are never parted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.nlp.calibration import calibration_error, fit_calibration, folds_of, softmax


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from("abc")), min_size=1, max_size=60))
def test_a_group_is_never_parted(rows: list[tuple[int, str]]) -> None:
    folds = folds_of([group for group, _ in rows], [label for _, label in rows], 4)

    for group in {group for group, _ in rows}:
        assert len({int(fold) for fold, (other, _) in zip(folds, rows, strict=True) if other == group}) == 1


def test_the_groups_of_a_label_are_dealt_out_evenly() -> None:
    folds = folds_of(list(range(40)), ["a"] * 40, 4)

    assert np.bincount(folds).tolist() == [10, 10, 10, 10]


def test_overconfident_scores_are_brought_down_to_what_they_are_worth() -> None:
    dice = np.random.default_rng(1)
    truth = dice.integers(3, size=2000)
    scores = 9 * np.eye(3, dtype=np.float32)[np.where(dice.random(2000) < 0.7, truth, dice.integers(3, size=2000))]
    log_prior = np.log(np.full(3, 1 / 3)).astype(np.float32)
    before = softmax(scores)

    after = fit_calibration(scores, truth, log_prior).probabilities(scores, log_prior)

    right = (scores.argmax(axis=1) == truth).tolist()
    assert calibration_error(before.max(axis=1).tolist(), right) > 0.15
    assert calibration_error(after.max(axis=1).tolist(), right) < 0.02


def test_calibration_error_of_known_answers() -> None:
    assert calibration_error([0.8] * 10, [True] * 8 + [False] * 2) == pytest.approx(0)
    assert calibration_error([0.9] * 10, [False] * 10) == pytest.approx(0.9)
    assert calibration_error([], []) == 0
