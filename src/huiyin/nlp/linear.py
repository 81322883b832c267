"""A classifier of short Chinese texts: one weight a feature and class, and probabilities that keep their word."""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from huiyin.nlp import packing
from huiyin.nlp.calibration import Array, Calibration, fit_calibration, folds_of
from huiyin.nlp.features import LONG, Spec, count_features, readable
from huiyin.nlp.fitting import fit_weights
from huiyin.nlp.vocabulary import Row, Vocabulary

_KIND, _VERSION = "huiyin-text-classifier", 1
_LARGEST = 60_000  # features kept
_FOLDS = 4


class TextClassifier:
    """Made by `fit` or `from_bytes`; serving needs numpy alone."""

    def __init__(
        self,
        *,
        classes: Sequence[str],
        vocabulary: Vocabulary,
        weights: NDArray[np.float16],
        log_prior: Array,
        calibration: Calibration,
    ) -> None:
        self.classes = list(classes)
        self.vocabulary = vocabulary
        self.calibration = calibration
        self._weights = weights
        self._log_prior = log_prior
        self._number = {label: number for number, label in enumerate(self.classes)}

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        *,
        groups: Sequence[Hashable] | None = None,
        described: Sequence[tuple[str, str, float]] = (),
        largest: int = _LARGEST,
        spec: Spec = LONG,
    ) -> "TextClassifier":
        """Learns from labelled texts and from `described` (text, label, emphasis): what is known before any example.

        Texts of one group (near copies, one template) stay on one side when the probabilities are calibrated.
        """
        told = [label for _, label, _ in described]
        classes = sorted({*labels, *told})
        number = {label: place for place, label in enumerate(classes)}
        counted = [count_features(text, spec) for text in (*texts, *(text for text, _, _ in described))]
        vocabulary = Vocabulary.of(counted, spec, at_least=2 if len(texts) > 200 else 1, largest=largest)
        rows = vocabulary.matrix(counted)
        truth = np.array([number[label] for label in (*labels, *told)], dtype=np.int64)
        emphasis = np.array([1.0] * len(texts) + [weight for *_, weight in described], dtype=np.float32)
        log_prior = _log_prior(truth[: len(texts)], len(classes))
        return cls(
            classes=classes,
            vocabulary=vocabulary,
            weights=fit_weights(rows, truth, len(classes), emphasis).astype(np.float16),
            log_prior=log_prior,
            calibration=_calibrated(rows, truth, emphasis, log_prior, list(groups or range(len(texts)))),
        )

    def probabilities(self, texts: Sequence[str]) -> Array:
        """Texts × classes, each row summing to one; a text without a known feature gets the classes' frequency."""
        scores = np.stack([self.scores(text) for text in texts]) if texts else np.zeros((0, len(self.classes)), "f4")
        return self.calibration.probabilities(scores, self._log_prior)

    def scores(self, text: str) -> Array:
        return self.scores_of_row(self.vocabulary.row(text))

    def probabilities_of_row(self, row: Row) -> Array:
        return self.calibration.probabilities(self.scores_of_row(row), self._log_prior)

    def scores_of_row(self, row: Row) -> Array:
        numbers, weights = row
        return weights @ self._weights[numbers].astype(np.float32)

    def explain(self, text: str, label: str, *, limit: int = 5) -> list[str]:
        """The words of the text that speak most for the label rather than for the average class, heaviest first."""
        numbers, weights = self.vocabulary.row(text)
        held = self._weights[numbers].astype(np.float32)
        gains = weights * (held[:, self._number[label]] - held.mean(axis=1))
        named = [(float(gain), self.vocabulary.features[number]) for number, gain in zip(numbers, gains, strict=True)]
        return readable(named, limit=limit)

    def to_bytes(self) -> bytes:
        facts = {"classes": self.classes, "sharpness": self.calibration.sharpness, "prior": self.calibration.prior}
        facts["spec"] = [self.vocabulary.spec.pairs, list(self.vocabulary.spec.characters)]
        arrays = {
            "features": packing.as_array(self.vocabulary.features),
            "rarity": self.vocabulary.rarity,
            "weights": self._weights,
            "log_prior": self._log_prior,
        }
        return packing.pack(_KIND, _VERSION, facts, arrays)

    @classmethod
    def from_bytes(cls, data: bytes, *, sha256: str = "") -> "TextClassifier":
        facts, arrays = packing.unpack(data, _KIND, _VERSION, sha256=sha256)
        pairs, sizes = facts["spec"]
        return cls(
            classes=facts["classes"],
            vocabulary=Vocabulary(packing.as_words(arrays["features"]), arrays["rarity"], Spec(pairs, tuple(sizes))),
            weights=arrays["weights"],
            log_prior=arrays["log_prior"],
            calibration=Calibration(sharpness=facts["sharpness"], prior=facts["prior"]),
        )


def _log_prior(labels: NDArray[np.int64], classes: int) -> Array:
    counts = np.bincount(labels, minlength=classes) + 1.0
    return np.log(counts / counts.sum()).astype(np.float32)


def _calibrated(
    rows: sparse.csr_matrix, truth: NDArray[np.int64], emphasis: Array, log_prior: Array, groups: list[Hashable]
) -> Calibration:
    """Each text is scored by weights that saw no text of its group."""
    count, classes = len(groups), len(log_prior)
    fold = folds_of(groups, truth[:count].tolist(), _FOLDS)
    scores = np.zeros((count, classes), dtype=np.float32)
    if len(set(groups)) < 2 * _FOLDS:
        return Calibration(sharpness=1.0, prior=0.5)
    for one in range(_FOLDS):
        held = np.flatnonzero(fold == one)
        seen = np.concatenate([np.flatnonzero(fold != one), np.arange(count, len(truth))])
        weights = fit_weights(rows[seen], truth[seen], classes, emphasis[seen])
        scores[held] = rows[held] @ weights
    return fit_calibration(scores, truth[:count], log_prior)
