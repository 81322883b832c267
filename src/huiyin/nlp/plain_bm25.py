"""Plain BM25 over words: what a search engine finds by its default settings, to measure retrieval against."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import rjieba
import scipy.sparse as sparse
from numpy.typing import NDArray

_K1, _B = 1.5, 0.75


class PlainBm25:
    def __init__(self, texts: Sequence[str]) -> None:
        self._vocabulary: dict[str, int] = {}
        rows, columns, counts = [], [], []
        lengths = np.zeros(len(texts))
        for number, text in enumerate(texts):
            words = _words(text)
            lengths[number] = len(words)
            for word, count in Counter(words).items():
                rows.append(number)
                columns.append(self._vocabulary.setdefault(word, len(self._vocabulary)))
                counts.append(float(count))
        at, often = np.array(rows, dtype=np.intp), np.array(counts)
        found_in = np.bincount(np.array(columns, dtype=np.intp), minlength=len(self._vocabulary))
        rarity = np.log(1 + (len(texts) - found_in + 0.5) / (found_in + 0.5))
        longer = 1 - _B + _B * lengths[at] / max(lengths.mean(), 1e-9)
        values = rarity[columns] * often * (_K1 + 1) / (often + _K1 * longer)
        self._matrix = sparse.csr_matrix((values, (columns, at)), shape=(len(self._vocabulary), len(texts)))

    def scores(self, text: str) -> NDArray[np.float64]:
        """One score a text, in the order given; each word of the query counts as often as it is said."""
        count = Counter(self._vocabulary[word] for word in _words(text) if word in self._vocabulary)
        query = sparse.csr_matrix(
            (list(count.values()), ([0] * len(count), list(count))), shape=(1, len(self._vocabulary)), dtype=float
        )
        return np.asarray((query @ self._matrix).todense(), dtype=float).ravel()


def _words(text: str) -> list[str]:
    return [word for word in rjieba.cut(text.lower()) if any(sign.isalnum() for sign in word)]
