"""Tells many classes apart from few examples each: what a class usually says, and where its words lie in meaning.

With some six ways of speech a class, machines that draw borders between classes learn the ways and not the matter
(docs/intelligence.md has the figures); the mean of a class, with its damped peaks, carries over to new ways best.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from huiyin.nlp import packing
from huiyin.nlp.calibration import Array, softmax
from huiyin.nlp.features import count_features, readable
from huiyin.nlp.vocabulary import Vocabulary
from huiyin.nlp.word_vectors import WordVectors

_KIND, _VERSION = "huiyin-prototypes", 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """How much the words, their meaning and the class's frequency count in the logits."""

    words: float
    meaning: float
    prior: float

    def logits(self, by_words: Array, by_meaning: Array, log_prior: Array) -> Array:
        return (
            by_words * np.float32(self.words)
            + by_meaning * np.float32(self.meaning)
            + log_prior * np.float32(self.prior)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A text as the prototypes see it: its features, their weights, and what each class holds of them."""

    counts: Counter[str]
    numbers: NDArray[np.int64]
    weights: Array
    held: Array  # features × classes


class Prototypes:
    """One prototype a class, over the features and in the space of meaning."""

    def __init__(
        self,
        *,
        classes: Sequence[str],
        vocabulary: Vocabulary,
        weights: NDArray[np.float16],
        vectors: WordVectors,
        places: Array,
        log_prior: Array,
        blend: Blend,
    ) -> None:
        self.classes = list(classes)
        self.vocabulary = vocabulary
        self.vectors = vectors
        self.blend = blend
        self._weights = weights  # features × classes
        self._places = places  # meaning × classes
        self._middle = places.mean(axis=1, keepdims=True)
        self._log_prior = log_prior
        self._number = {label: number for number, label in enumerate(self.classes)}

    def read(self, text: str) -> Reading:
        counts = count_features(text)
        numbers, weights = self.vocabulary.row(counts)
        return Reading(counts=counts, numbers=numbers, weights=weights, held=self._weights[numbers].astype(np.float32))

    def probabilities(self, read: Reading) -> Array:
        """Of each class; all alike where the text says nothing that is known."""
        by_words = read.weights @ read.held
        by_meaning = self.vectors.of(read.counts) @ self._places
        if not by_words.any() and not by_meaning.any():
            return np.full(len(self.classes), 1 / len(self.classes), dtype=np.float32)
        return softmax(self.blend.logits(by_words, by_meaning, self._log_prior))

    def explain(self, read: Reading, labels: Sequence[str], *, limit: int = 5) -> list[list[str]]:
        """For each class the words of the text that speak for it rather than for the others, heaviest first."""
        numbers = [self._number[label] for label in labels]
        usual = read.held.mean(axis=1, keepdims=True)
        by_words = read.weights[:, None] * (read.held[:, numbers] - usual) * np.float32(self.blend.words)
        words, units = self.vectors.each(read.counts)
        share = self.blend.meaning / max(1, sum(feature[0] == "w" for feature in read.counts))
        by_meaning = share * (units @ (self._places[:, numbers] - self._middle))
        features = [self.vocabulary.features[one] for one in read.numbers]
        return [
            _reasons(zip(features, held.tolist(), strict=True), zip(words, meant.tolist(), strict=True), limit)
            for held, meant in zip(by_words.T, by_meaning.T, strict=True)
        ]

    def to_bytes(self) -> bytes:
        facts = {
            "classes": self.classes,
            "blend": [self.blend.words, self.blend.meaning, self.blend.prior],
        }
        arrays = {
            "features": packing.as_array(self.vocabulary.features),
            "rarity": self.vocabulary.rarity,
            "weights": self._weights,
            "words": packing.as_array(self.vectors.words),
            "codes": self.vectors.codes,
            "heed": self.vectors.heed,
            "places": self._places,
            "log_prior": self._log_prior,
        }
        return packing.pack(_KIND, _VERSION, facts, arrays)

    @classmethod
    def from_bytes(cls, data: bytes, *, sha256: str = "") -> "Prototypes":
        facts, arrays = packing.unpack(data, _KIND, _VERSION, sha256=sha256)
        words, meaning, prior = facts["blend"]
        return cls(
            classes=facts["classes"],
            vocabulary=Vocabulary(packing.as_words(arrays["features"]), arrays["rarity"]),
            weights=arrays["weights"],
            vectors=WordVectors(packing.as_words(arrays["words"]), arrays["codes"], arrays["heed"]),
            places=arrays["places"],
            log_prior=arrays["log_prior"],
            blend=Blend(words=words, meaning=meaning, prior=prior),
        )


def class_means(
    rows: sparse.csr_matrix | Array, groups: NDArray[np.int64], labels: NDArray[np.int64], classes: int
) -> Array:
    """Mean of the groups' means, so that a way of speech that is often used does not drown the others."""
    keys, member = np.unique(np.stack([labels, groups]), axis=1, return_inverse=True)
    member = member.ravel()
    size = np.bincount(member)
    group_mean = _averaging(member, 1 / size[member], len(size))
    of_class = np.bincount(keys[0], minlength=classes)
    class_mean = _averaging(keys[0], 1 / of_class[keys[0]], classes)
    means = class_mean @ (group_mean @ rows)
    return np.asarray(means.todense() if sparse.issparse(means) else means, dtype=np.float32)


def _reasons(by_words: Iterable[tuple[str, float]], by_meaning: Iterable[tuple[str, float]], limit: int) -> list[str]:
    named = dict(by_words)
    for feature, gain in by_meaning:
        named[feature] = named.get(feature, 0.0) + gain
    return readable([(gain, feature) for feature, gain in named.items()], limit=limit)


def unit_rows(matrix: Array) -> Array:
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return matrix / np.where(lengths > 0, lengths, 1)


def _averaging(into: NDArray[np.int64], weights: NDArray[np.float64], height: int) -> sparse.csr_matrix:
    return sparse.csr_matrix((weights.astype(np.float32), (into, np.arange(len(into)))), shape=(height, len(into)))
