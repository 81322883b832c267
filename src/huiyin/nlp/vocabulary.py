"""Numbers the features of a corpus and weighs them by rarity; a text becomes one sparse row of length one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Row = tuple[NDArray[np.int32], NDArray[np.float32]]


class Vocabulary:
    """The features in order of their number, each with its rarity."""

    def __init__(
        self, features: Sequence[str], rarity: NDArray[np.float32], *, shares: Mapping[str, float] | None = None
    ) -> None:
        """`shares`: what the features of each first letter weigh together in a row; none given, all are one kind."""
        self.features = list(features)
        self.rarity = rarity
        self._kinds = {letter: number for number, letter in enumerate(shares or ())}
        self._shares = np.array(list((shares or {"": 1.0}).values()), dtype=np.float32)
        self._kind = np.array([self._kinds.get(feature[:1], 0) for feature in self.features], dtype=np.int64)
        self._number = {feature: number for number, feature in enumerate(self.features)}
        self._rarity = rarity.tolist()

    @classmethod
    def of(
        cls,
        counted: Sequence[Counter[str]],
        *,
        at_least: int,
        largest: int,
        labels: Sequence[str] = (),
        shares: Mapping[str, float] | None = None,
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
        return cls(kept, np.array(rarity, dtype=np.float32), shares=shares)

    def __len__(self) -> int:
        return len(self.features)

    def __contains__(self, feature: str) -> bool:
        return feature in self._number

    def row(self, counts: Counter[str]) -> Row:
        """Numbers and weights of the known features; two empty arrays where there is none."""
        numbers, weights = [], []
        number_of, rarity = self._number, self._rarity
        for feature, count in counts.items():
            number = number_of.get(feature)
            if number is not None:
                numbers.append(number)
                weights.append(rarity[number] if count == 1 else (1 + log(count)) * rarity[number])
        found = np.array(numbers, dtype=np.int32)
        return found, self._brought_to_shares(found, np.array(weights, dtype=np.float32))

    def _brought_to_shares(self, numbers: NDArray[np.int32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
        kinds = self._kind[numbers]
        lengths = np.sqrt(np.bincount(kinds, weights=weights * weights, minlength=len(self._shares)))
        scales = self._shares / np.where(lengths > 0, lengths, 1)
        return (weights * scales[kinds]).astype(np.float32)

    def matrix(self, counted: Iterable[Counter[str]]) -> sparse.csr_matrix:
        """All texts at once, for training."""
        rows = [self.row(counts) for counts in counted]
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
