"""Turns scores into probabilities that keep their word: temperature and prior fitted on groups kept back."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
_BINS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """`sharpness` multiplies the scores, `prior` says how much the classes' frequency counts."""

    sharpness: float
    prior: float

    def probabilities(self, scores: Array, log_prior: Array) -> Array:
        return softmax(scores * np.float32(self.sharpness) + log_prior * np.float32(self.prior))


def fit_calibration(scores: Array, truth: NDArray[np.int64], log_prior: Array) -> Calibration:
    """The two numbers under which the truth of kept-back texts was most probable."""
    from scipy import optimize  # for training alone: reading a model need not wait for it

    rows = np.arange(len(truth))

    def surprise(at: NDArray[np.float64]) -> float:
        logits = scores * np.float32(np.exp(at[0])) + log_prior * np.float32(at[1])
        top = logits.max(axis=1)
        total = np.log(np.exp(logits - top[:, None]).sum(axis=1)) + top
        return float(np.mean(total - logits[rows, truth])) + 1e-3 * float(at[1] ** 2)

    spread = float(scores.std()) or 1.0
    best = optimize.minimize(
        surprise, np.array([np.log(1 / spread), 0.3]), method="Nelder-Mead", options={"maxiter": 60, "xatol": 0.01}
    )
    return Calibration(sharpness=float(np.exp(best.x[0])), prior=float(best.x[1]))


def softmax(logits: Array) -> Array:
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


def folds_of(groups: Sequence[Hashable], labels: Sequence[Hashable], count: int, *, seed: int = 7) -> NDArray[np.int64]:
    """A fold for each row; a group is never parted, and the groups of a label are dealt out evenly."""
    dice = np.random.default_rng(seed)
    fold_of: dict[Hashable, int] = {}
    dealt: dict[Hashable, int] = {}
    for row in dice.permutation(len(groups)):
        group, label = groups[row], labels[row]
        if group not in fold_of:
            start = dealt.setdefault(label, int(dice.integers(count)))
            fold_of[group] = start % count
            dealt[label] = start + 1
    return np.array([fold_of[group] for group in groups], dtype=np.int64)


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """ECE: how far confidence and share of right answers lie apart, over fifteen bins of equal width."""
    held = np.asarray(confidences, dtype=float)
    hits = np.asarray(right, dtype=float)
    bins = np.minimum((held * _BINS).astype(int), _BINS - 1)
    gaps = [abs(held[bins == one].mean() - hits[bins == one].mean()) * (bins == one).sum() for one in np.unique(bins)]
    return float(sum(gaps) / len(held)) if len(held) else 0.0
