"""Numbers the features of a corpus and weighs them by rarity; a text becomes one sparse row of length one."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from huiyin.nlp.features import features_of

Row = tuple[NDArray[np.int32], NDArray[np.float32]]


class Vocabulary:
    """The features in order of their number, each with its rarity."""

    def __init__(self, features: Sequence[str], rarity: NDArray[np.float32]) -> None:
        self.features = list(features)
        self.rarity = rarity
        self._number = {feature: number for number, feature in enumerate(self.features)}
        self._rarity = rarity.tolist()

    @classmethod
    def of(cls, counted: Iterable[Iterable[str]], *, at_least: int, largest: int) -> "Vocabulary":
        """Of the texts' features those in `at_least` texts; the most frequent where there are more than `largest`."""
        frequency: Counter[str] = Counter()
        texts = 0
        for features in counted:
            frequency.update(features)
            texts += 1
        kept = sorted(
            (feature for feature, count in frequency.items() if count >= at_least),
            key=lambda feature: (-frequency[feature], feature),
        )[:largest]
        rarity = [1 + log((1 + texts) / (1 + frequency[feature])) for feature in kept]
        return cls(kept, np.array(rarity, dtype=np.float32))

    def __len__(self) -> int:
        return len(self.features)

    def row(self, text: str) -> Row:
        """Numbers and weights of the text's known features; two empty arrays where it has none."""
        return self.row_of(Counter(features_of(text)))

    def row_of(self, counts: Counter[str]) -> Row:
        numbers, weights = [], []
        number_of, rarity = self._number, self._rarity
        for feature, count in counts.items():
            number = number_of.get(feature)
            if number is not None:
                numbers.append(number)
                weights.append(rarity[number] if count == 1 else (1 + log(count)) * rarity[number])
        length = sqrt(sum(weight * weight for weight in weights)) or 1.0
        return np.array(numbers, dtype=np.int32), np.array(weights, dtype=np.float32) / np.float32(length)

    def rows(self, texts: Iterable[str]) -> sparse.csr_matrix:
        return self.matrix(Counter(features_of(text)) for text in texts)

    def matrix(self, counted: Iterable[Counter[str]]) -> sparse.csr_matrix:
        """All texts at once, for training."""
        rows = [self.row_of(counts) for counts in counted]
        starts = np.cumsum([0, *(len(numbers) for numbers, _ in rows)])
        empty: list[NDArray[np.generic]] = [np.empty(0)]
        numbers = np.concatenate([numbers for numbers, _ in rows] or empty).astype(np.int32)
        weights = np.concatenate([weights for _, weights in rows] or empty).astype(np.float32)
        return sparse.csr_matrix((weights, numbers, starts), shape=(len(rows), len(self)))
