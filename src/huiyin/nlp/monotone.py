"""Turns a score into the share of cases that were right at such a score: never falling, learned from decided cases."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_BINS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Monotone:
    """Straight lines between knots; below the first and above the last the nearest knot's value."""

    scores: tuple[float, ...]
    shares: tuple[float, ...]

    def __call__(self, score: float) -> float:
        return float(np.interp(score, self.scores, self.shares))

    def many(self, scores: Sequence[float]) -> np.ndarray:
        return np.interp(np.asarray(scores, dtype=float), self.scores, self.shares)

    def as_json(self) -> dict[str, list[float]]:
        return {"scores": list(self.scores), "shares": list(self.shares)}

    @classmethod
    def from_json(cls, data: dict[str, list[float]]) -> "Monotone":
        return cls(scores=tuple(data["scores"]), shares=tuple(data["shares"]))


def fit_monotone(scores: Sequence[float], right: Sequence[bool], *, at_most: int = 40) -> Monotone:
    """Isotonic regression over groups of equal size, so that a handful of cases at the top does not say "always".

    Each group's share is drawn to the half by one case right and one wrong (Laplace). Needs one case at least.
    """
    from sklearn.isotonic import IsotonicRegression  # heavy; only learning needs it

    order = np.argsort(np.asarray(scores, dtype=float), kind="stable")
    x, y = np.asarray(scores, dtype=float)[order], np.asarray(right, dtype=float)[order]
    groups = np.array_split(np.arange(len(x)), max(1, min(at_most, len(x) // 25)))
    middle = np.array([x[group].mean() for group in groups])
    share = np.array([(y[group].sum() + 1) / (len(group) + 2) for group in groups])
    weight = np.array([len(group) for group in groups])
    smooth = IsotonicRegression(out_of_bounds="clip").fit(middle, share, sample_weight=weight).predict(middle)
    knots = {float(score): float(value) for score, value in zip(middle, smooth, strict=True)}
    return Monotone(scores=tuple(knots), shares=tuple(knots.values()))


def expected_calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """ECE over groups of equal size: the mean gap between what was claimed and what came true, 0 to 1."""
    order = np.argsort(np.asarray(confidences, dtype=float), kind="stable")
    claimed, true = np.asarray(confidences, dtype=float)[order], np.asarray(right, dtype=float)[order]
    groups = [group for group in np.array_split(np.arange(len(order)), _BINS) if len(group)]
    gaps = [len(group) * abs(claimed[group].mean() - true[group].mean()) for group in groups]
    return float(sum(gaps) / len(order)) if len(order) else 0.0
