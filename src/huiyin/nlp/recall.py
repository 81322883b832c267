"""Finds the past texts most like a new one, through an index that takes a few hundred bytes a text."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from huiyin.nlp.vocabulary import Row

_KEPT = 32  # heaviest features of a text
_MOST = 50_000  # texts


class PastTexts:
    """Postings: for each feature the texts that hold it."""

    def __init__(self, ids: Sequence[str], postings: sparse.csc_matrix) -> None:
        self.ids = list(ids)
        self._starts, self._texts, self._weights = postings.indptr, postings.indices, postings.data
        self.postings = postings

    @classmethod
    def of(cls, ids: Sequence[str], rows: sparse.csr_matrix) -> "PastTexts":
        """The last texts where there are too many."""
        first = max(0, len(ids) - _MOST)
        kept = [_heaviest(rows, number) for number in range(first, len(ids))]
        starts = np.cumsum([0, *(len(numbers) for numbers, _ in kept)])
        numbers = np.concatenate([numbers for numbers, _ in kept] or [np.empty(0, np.int32)])
        weights = np.concatenate([weights for _, weights in kept] or [np.empty(0, np.float32)])
        found = sparse.csr_matrix((weights, numbers, starts), shape=(len(kept), rows.shape[1]))
        return cls(ids[first:], found.tocsc())

    def nearest(self, row: Row, *, limit: int = 3) -> list[tuple[str, float]]:
        """(id, cosine) best first; texts that share nothing are left out."""
        numbers, weights = row
        if not len(numbers) or not self.ids:
            return []
        spans = [slice(self._starts[number], self._starts[number + 1]) for number in numbers]
        texts = np.concatenate([self._texts[span] for span in spans])
        shares = np.concatenate(
            [self._weights[span].astype(np.float32) * weight for span, weight in zip(spans, weights, strict=True)]
        )
        likeness = np.bincount(texts, weights=shares, minlength=len(self.ids))
        best = np.argsort(-likeness, kind="stable")[:limit] if limit else []
        return [(self.ids[one], min(1.0, round(float(likeness[one]), 4))) for one in best if likeness[one] > 0]


def _heaviest(rows: sparse.csr_matrix, number: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The features that tell most of a text, as a row of length one."""
    span = slice(rows.indptr[number], rows.indptr[number + 1])
    numbers, weights = rows.indices[span], rows.data[span]
    if len(numbers) > _KEPT:
        best = np.sort(np.argpartition(-weights, _KEPT)[:_KEPT])
        numbers, weights = numbers[best], weights[best]
    length = float(np.linalg.norm(weights)) or 1.0
    return numbers, (weights / np.float32(length)).astype(np.float32)
