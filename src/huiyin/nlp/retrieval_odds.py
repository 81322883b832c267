"""Says how likely it is that the best passage found is the right answer, so that "no answer" can be said honestly."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huiyin.nlp.retrieval import Hit

_FEATURES = 5
_FLOOR = 0.02  # below this likeness two texts share nothing but chance


@dataclass(frozen=True, slots=True)
class Odds:
    """A logistic curve over what the first two places look like."""

    weights: tuple[float, ...]
    bias: float

    def of(self, hits: Sequence[Hit]) -> float:
        """The probability for the first of the hits; 0 where there is none."""
        if not hits or hits[0].score < _FLOOR:
            return 0.0
        return float(_curve(float(features(hits) @ np.asarray(self.weights)) + self.bias))


def features(hits: Sequence[Hit]) -> NDArray[np.float64]:
    """How like the best is, how far before the next, how much of its question was said."""
    first = hits[0]
    second = hits[1].score if len(hits) > 1 else 0.0
    lead = (first.score - second) / max(first.score, 1e-6)
    return np.array([first.score, first.score**0.5, lead, first.covered, first.near])


def fit(found: Sequence[Sequence[Hit]], right: Sequence[bool]) -> Odds:
    """Fitted by likelihood with a light hand; `right` says whether the first hit was the answer."""
    from sklearn.linear_model import LogisticRegression

    rows = np.array([features(hits) if hits else np.zeros(_FEATURES) for hits in found])
    truth = np.asarray(right, dtype=bool)
    if truth.all() or not truth.any():  # nothing to tell apart
        share = (truth.sum() + 1) / (len(truth) + 2)
        return Odds((0.0,) * _FEATURES, float(np.log(share / (1 - share))))
    curve = LogisticRegression(C=10.0, max_iter=1000).fit(rows, truth)
    return Odds(tuple(float(weight) for weight in curve.coef_[0]), float(curve.intercept_[0]))


def _curve(value: float) -> float:
    return float(1 / (1 + np.exp(-np.clip(value, -30, 30))))
