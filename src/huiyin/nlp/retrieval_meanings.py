"""Vectors of meaning beside an index of words: how near each passage is, and how both become one order."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

_WORDS = 0.15  # of the weight: meaning leads, words decide between neighbours (docs/intelligence.md)
_LOWEST, _SPAN = 0.70, 0.30  # the model's likenesses lie between these


class Meanings:
    def __init__(self, keys: Sequence[int], vectors: Mapping[int, NDArray[np.float16]]) -> None:
        self._numbers = np.array([number for number, key in enumerate(keys) if key in vectors], dtype=np.intp)
        rows = [vectors[keys[number]] for number in self._numbers]
        self._starts = np.cumsum([0, *(len(row) for row in rows[:-1])]) if rows else np.zeros(0, dtype=np.intp)
        self._last = self._starts + np.array([len(row) - 1 for row in rows], dtype=np.intp) if rows else self._starts
        self._rows = np.concatenate(rows).astype(np.float32) if rows else np.zeros((0, 1), dtype=np.float32)
        self._size = len(keys)

    def near(self, question: NDArray[np.float32]) -> NDArray[np.float32]:
        """The mean of the nearest face and the text; a passage without vectors counts as the middling one."""
        if not len(self._numbers):
            return np.zeros(self._size, dtype=np.float32)
        likeness = self._rows @ question
        found = (np.maximum.reduceat(likeness, self._starts) + likeness[self._last]) / 2
        every = np.full(self._size, np.median(found), dtype=np.float32)
        every[self._numbers] = found
        return every


def joined(words: NDArray[np.float32], near: NDArray[np.float32]) -> NDArray[np.float32]:
    """Between 0 and 1."""
    both = (near + _WORDS * words) / (1 + _WORDS)
    return np.clip((both - _LOWEST) / _SPAN, 0.001, 1).astype(np.float32)
