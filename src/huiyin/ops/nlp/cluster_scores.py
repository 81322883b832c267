"""Holds clusters that were found against the true ones: by pairs, and by B-cubed (Bagga and Baldwin 1998)."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

Scores = tuple[float, float, float]  # precision, recall, F1


def pairwise(truth: Sequence[Hashable], found: Sequence[Hashable]) -> Scores:
    """Of the pairs put together, how many belong together; and the other way round. No pair at all counts as right."""
    together = _pairs(Counter(zip(truth, found, strict=True)).values())
    return _scores(_share(together, _pairs(Counter(found).values())), _share(together, _pairs(Counter(truth).values())))


def b_cubed(truth: Sequence[Hashable], found: Sequence[Hashable]) -> Scores:
    """The same, but each matter counts once, however large its cluster is."""
    true_sizes, found_sizes = Counter(truth), Counter(found)
    precision = recall = 0.0
    for (true, cluster), shared in Counter(zip(truth, found, strict=True)).items():
        precision += shared * shared / found_sizes[cluster]
        recall += shared * shared / true_sizes[true]
    return _scores(precision / len(truth), recall / len(truth))


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _scores(precision: float, recall: float) -> Scores:
    both = precision + recall
    return precision, recall, 2 * precision * recall / both if both else 0.0
