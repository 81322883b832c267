"""Sorts Chinese texts into a few classes: one weight a feature and class, probabilities that keep their word."""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from huiyin.nlp import packing
from huiyin.nlp.calibration import Array, Calibration, fit_calibration, folds_of
from huiyin.nlp.features import readable
from huiyin.nlp.text_features import SHARES, count_text_features, is_cut, tokens_of
from huiyin.nlp.vocabulary import Row, Vocabulary

_KIND, _VERSION = "huiyin-text-classifier", 2
_LARGEST = 200_000  # features kept
_FOLDS = 3


class TextClassifier:
    """Made by `fit` or `from_bytes`; serving needs numpy alone."""

    def __init__(
        self,
        *,
        classes: Sequence[str],
        vocabulary: Vocabulary,
        weights: NDArray[np.float16],
        offsets: Array,
        log_prior: Array,
        calibration: Calibration,
        stripped: bool,
    ) -> None:
        self.classes = list(classes)
        self.vocabulary = vocabulary
        self.calibration = calibration
        self.stripped = stripped  # learned from texts without stop words: what it never saw is left out
        self._weights = weights
        self._offsets = offsets
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
    ) -> "TextClassifier":
        """Learns from labelled texts and from `described` (text, label, emphasis): what is known before any example.

        Texts of one group (near copies, one template) stay on one side when the probabilities are calibrated.
        """
        from huiyin.nlp.fitting import fit_weights  # serving needs no scikit-learn, which takes a second to load

        told = [label for _, label, _ in described]
        classes = sorted({*labels, *told})
        number = {label: place for place, label in enumerate(classes)}
        counted = [count_text_features(tokens_of(text)) for text in (*texts, *(text for text, _, _ in described))]
        vocabulary = Vocabulary.of(counted, at_least=2 if len(texts) > _SMALL else 1, largest=largest, shares=SHARES)
        rows = vocabulary.matrix(counted)
        truth = np.array([number[label] for label in (*labels, *told)], dtype=np.int64)
        emphasis = np.array([1.0] * len(texts) + [weight for *_, weight in described], dtype=np.float32)
        log_prior = _log_prior(truth[: len(texts)], len(classes))
        weights, offsets = fit_weights(rows, truth, len(classes), emphasis)
        return cls(
            classes=classes,
            vocabulary=vocabulary,
            weights=weights.astype(np.float16),
            offsets=offsets,
            log_prior=log_prior,
            calibration=_calibrated(rows, truth, emphasis, log_prior, list(groups or range(len(texts)))),
            stripped=sum(map(is_cut, texts)) > len(texts) / 2,
        )

    def probabilities(self, texts: Sequence[str]) -> Array:
        """Texts × classes, each row summing to one."""
        scores = np.stack([self.scores(text) for text in texts]) if texts else np.zeros((0, len(self.classes)), "f4")
        return self.calibration.probabilities(scores, self._log_prior)

    def scores(self, text: str) -> Array:
        numbers, weights = self._row(text)
        return weights @ self._weights[numbers].astype(np.float32) + self._offsets

    def explain(self, text: str, label: str, *, limit: int = 5) -> list[str]:
        """The words of the text that speak most for the label rather than for the average class, heaviest first."""
        numbers, weights = self._row(text)
        held = self._weights[numbers].astype(np.float32)
        gains = weights * (held[:, self._number[label]] - held.mean(axis=1))
        named = [(float(gain), self.vocabulary.features[number]) for number, gain in zip(numbers, gains, strict=True)]
        return readable([(gain, feature) for gain, feature in named if "_" not in feature], limit=limit)

    def to_bytes(self) -> bytes:
        facts = {
            "classes": self.classes,
            "sharpness": self.calibration.sharpness,
            "prior": self.calibration.prior,
            "stripped": self.stripped,
        }
        arrays = {
            "features": packing.as_array(self.vocabulary.features),
            "rarity": self.vocabulary.rarity,
            "weights": self._weights,
            "offsets": self._offsets,
            "log_prior": self._log_prior,
        }
        return packing.pack(_KIND, _VERSION, facts, arrays)

    @classmethod
    def from_bytes(cls, data: bytes, *, sha256: str = "") -> "TextClassifier":
        facts, arrays = packing.unpack(data, _KIND, _VERSION, sha256=sha256)
        return cls(
            classes=facts["classes"],
            vocabulary=Vocabulary(packing.as_words(arrays["features"]), arrays["rarity"], shares=SHARES),
            weights=arrays["weights"],
            offsets=arrays["offsets"],
            log_prior=arrays["log_prior"],
            calibration=Calibration(sharpness=facts["sharpness"], prior=facts["prior"]),
            stripped=facts["stripped"],
        )

    def _row(self, text: str) -> Row:
        known = self.vocabulary if self.stripped else None
        return self.vocabulary.row(count_text_features(tokens_of(text), known=known))


def _log_prior(labels: NDArray[np.int64], classes: int) -> Array:
    counts = np.bincount(labels, minlength=classes) + 1.0
    return np.log(counts / counts.sum()).astype(np.float32)


def _calibrated(
    rows: sparse.csr_matrix, truth: NDArray[np.int64], emphasis: Array, log_prior: Array, groups: list[Hashable]
) -> Calibration:
    """Each text is scored by weights that saw no text of its group."""
    from huiyin.nlp.fitting import fit_weights

    count, classes = len(groups), len(log_prior)
    if len(set(groups)) < 2 * _FOLDS:
        return Calibration(sharpness=1.0, prior=0.5)
    fold = folds_of(groups, truth[:count].tolist(), _FOLDS)
    scores = np.zeros((count, classes), dtype=np.float32)
    for one in range(_FOLDS):
        held = np.flatnonzero(fold == one)
        seen = np.concatenate([np.flatnonzero(fold != one), np.arange(count, len(truth))])
        weights, offsets = fit_weights(rows[seen], truth[seen], classes, emphasis[seen])
        scores[held] = rows[held] @ weights + offsets
    return fit_calibration(scores, truth[:count], log_prior)


_SMALL = 200
