"""Numbers the features of a corpus and weighs them by rarity; a text becomes one sparse row of length one."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from huiyin.nlp.features import Spec, count_features

Row = tuple[NDArray[np.int32], NDArray[np.float32]]


class Vocabulary:
    """The features in order of their number, each with its rarity."""

    def __init__(self, features: Sequence[str], rarity: NDArray[np.float32], spec: Spec) -> None:
        self.features = list(features)
        self.rarity = rarity
        self.spec = spec
        self._number = {feature: number for number, feature in enumerate(self.features)}
        self._rarity = rarity.tolist()

    @classmethod
    def of(
        cls,
        counted: Sequence[Counter[str]],
        spec: Spec,
        *,
        at_least: int,
        largest: int,
        labels: Sequence[str] = (),
    ) -> "Vocabulary":
        """The features of at least so many texts, the most frequent ones where there are too many.

        A feature is rare by the share of texts that hold it; with `labels` (one a text), by the share of labels.
        """
        frequency: Counter[str] = Counter()
        for features in counted:
            frequency.update(features.keys())
        frequent = sorted(frequency, key=lambda feature: (-frequency[feature], feature))[:largest]
        kept = [feature for feature in frequent if frequency[feature] >= at_least]
        if labels:
            rarity = _rarity_among_labels(kept, counted, labels)
        else:
            rarity = [1 + log((1 + len(counted)) / (1 + frequency[feature])) for feature in kept]
        return cls(kept, np.array(rarity, dtype=np.float32), spec)

    def __len__(self) -> int:
        return len(self.features)

    def row(self, text: str) -> Row:
        """Numbers and weights of the text's known features; two empty arrays where it has none."""
        return self.row_of(count_features(text, self.spec))

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

    def matrix(self, counted: Iterable[Counter[str]]) -> sparse.csr_matrix:
        """All texts at once, for training."""
        rows = [self.row_of(counts) for counts in counted]
        starts = np.cumsum([0, *(len(numbers) for numbers, _ in rows)])
        numbers = np.concatenate([np.empty(0, np.int32), *(numbers for numbers, _ in rows)])
        weights = np.concatenate([np.empty(0, np.float32), *(weights for _, weights in rows)])
        return sparse.csr_matrix((weights, numbers, starts), shape=(len(rows), len(self)))


def _rarity_among_labels(
    features: Sequence[str], counted: Sequence[Counter[str]], labels: Sequence[str]
) -> list[float]:
    together: dict[str, set[str]] = {}
    for counts, label in zip(counted, labels, strict=True):
        together.setdefault(label, set()).update(counts)
    spread: Counter[str] = Counter()
    for held in together.values():
        spread.update(held)
    return [log(1 + len(together) / spread[feature]) ** _DAMPED for feature in features]


_DAMPED = 0.7  # measured on phrases held out: between 0.5 and 0.8 nothing changes
