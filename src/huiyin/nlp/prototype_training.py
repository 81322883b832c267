"""Makes prototypes from examples and descriptions, and weighs their parts on ways of speech that were kept back."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from huiyin.nlp.calibration import Array, folds_of
from huiyin.nlp.features import count_features
from huiyin.nlp.prototypes import Blend, Prototypes, class_means, unit_rows
from huiyin.nlp.vocabulary import Vocabulary
from huiyin.nlp.word_vectors import WordVectors

# All measured on the demo city's phrases held out by template; the neighbourhood of each is flat.
_DESCRIBED = 0.6  # what the taxonomy says of a class against what its examples say
_WIDER = 0.2  # what a class takes from its neighbours in the same branch
_PEAKS = 0.7  # damps the few features that fill a prototype
_FOLDS = 5
_JUDGED = 6000  # texts that decide the blend
_LARGEST = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A text with its class; `group` and `also` name what it shares with others (a template, a stock sentence)."""

    text: str
    label: str
    group: Hashable
    also: Hashable | None = None


@dataclass(frozen=True, slots=True)
class _Ground:
    rows: sparse.csr_matrix
    meant: Array
    described_rows: Array
    described_meant: Array
    labels: NDArray[np.int64]
    groups: NDArray[np.int64]
    branches: sparse.csr_matrix


def train_prototypes(
    lessons: Sequence[Lesson], described: Sequence[tuple[str, str]], vectors: WordVectors
) -> tuple[Prototypes, sparse.csr_matrix]:
    """The prototypes, and the lessons' rows in their vocabulary. `described`: (class code, what is known of it)."""
    classes = [code for code, _ in described]
    number = {code: place for place, code in enumerate(classes)}
    counted = [count_features(lesson.text) for lesson in lessons]
    told = [count_features(text) for _, text in described]
    names = [lesson.label for lesson in lessons] + classes
    vocabulary = Vocabulary.of(counted + told, at_least=2 if len(lessons) > 2000 else 1, largest=_LARGEST, labels=names)
    vectors = vectors.heeding(_heed(vectors, counted + told, names, len(classes)))
    ground = _Ground(
        vocabulary.matrix(counted),
        _meant(vectors, counted),
        vocabulary.matrix(told).toarray(),
        _meant(vectors, told),
        np.array([number[lesson.label] for lesson in lessons], dtype=np.int64),
        _numbered([lesson.group for lesson in lessons]),
        _branches(classes),
    )
    log_prior = _log_prior(ground.labels, len(classes))
    blend = _blend(ground, lessons, log_prior)
    weights, places = _prototypes(ground, np.arange(len(lessons)))
    made = Prototypes(
        classes=classes,
        vocabulary=vocabulary,
        weights=weights.astype(np.float16),
        vectors=vectors,
        places=places,
        log_prior=log_prior,
        blend=blend,
    )
    return made, ground.rows


def _prototypes(ground: _Ground, seen: NDArray[np.int64]) -> tuple[Array, Array]:
    """Features × classes and meaning × classes, from the lessons seen and all descriptions."""
    classes = len(ground.described_rows)
    labels, groups = ground.labels[seen], ground.groups[seen]
    words = class_means(ground.rows[seen], groups, labels, classes) + _DESCRIBED * ground.described_rows
    words += _WIDER * (ground.branches @ words)
    meant = class_means(ground.meant[seen], groups, labels, classes) + _DESCRIBED * ground.described_meant
    meant = unit_rows(meant)
    meant += _WIDER * (ground.branches @ meant)
    return np.ascontiguousarray(unit_rows(words**_PEAKS).T), np.ascontiguousarray(unit_rows(meant).T)


def _blend(ground: _Ground, lessons: Sequence[Lesson], log_prior: Array) -> Blend:
    """Each judged text meets prototypes that saw neither its group nor anything else it shares."""
    names = [lesson.label for lesson in lessons]
    if len(set(ground.groups.tolist())) < 2 * _FOLDS:
        return Blend(words=20.0, meaning=10.0, prior=0.2)
    fold = folds_of(ground.groups.tolist(), names, _FOLDS)
    shared = np.array([lesson.also is not None for lesson in lessons])
    also = np.where(shared, folds_of([lesson.also for lesson in lessons], names, _FOLDS), -1)
    judged: list[NDArray[np.int64]] = []
    by_words, by_meaning = [], []
    dice = np.random.default_rng(5)
    for one in range(_FOLDS):
        held = np.flatnonzero((fold == one) & (~shared | (also == one)))
        held = dice.permutation(held)[: _JUDGED // _FOLDS]
        words, places = _prototypes(ground, np.flatnonzero((fold != one) & (also != one)))
        judged.append(held)
        by_words.append(ground.rows[held] @ words)
        by_meaning.append(ground.meant[held] @ places)
    rows = np.concatenate(judged)
    return _most_probable(np.concatenate(by_words), np.concatenate(by_meaning), log_prior, ground.labels[rows])


def _most_probable(by_words: Array, by_meaning: Array, log_prior: Array, truth: NDArray[np.int64]) -> Blend:
    """The blend under which the truth is least surprising."""
    rows = np.arange(len(truth))

    def surprise(at: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = Blend(words=at[0], meaning=at[1], prior=at[2]).logits(by_words, by_meaning, log_prior)
        logits -= logits.max(axis=1, keepdims=True)
        found = np.exp(logits)
        total = found.sum(axis=1, keepdims=True)
        loss = float(np.mean(np.log(total[:, 0]) - logits[rows, truth]))
        found /= total
        found[rows, truth] -= 1
        slope = [float((found * part).sum()) / len(truth) for part in (by_words, by_meaning, log_prior[None, :])]
        return loss, np.array(slope)

    from scipy import optimize  # see calibration

    best = optimize.minimize(
        surprise,
        np.array([20.0, 10.0, 0.2]),
        jac=True,
        method="L-BFGS-B",
        bounds=[(1, 200), (0, 200), (0, 1)],
        options={"maxiter": 40},
    )
    return Blend(words=float(best.x[0]), meaning=float(best.x[1]), prior=float(best.x[2]))


def _heed(vectors: WordVectors, counted: Sequence[Counter[str]], labels: Sequence[str], classes: int) -> Array:
    """A word that few classes use says more; one that none used says most."""
    spread: dict[str, set[str]] = {}
    for counts, label in zip(counted, labels, strict=True):
        for feature in counts:
            if feature[0] == "w":
                spread.setdefault(feature[1:], set()).add(label)
    held = np.array([len(spread.get(word, ())) or 1 for word in vectors.words], dtype=np.float32)
    return np.log(1 + classes / held).astype(np.float32)


def _meant(vectors: WordVectors, counted: Sequence[Counter[str]]) -> Array:
    places = np.zeros((len(counted), vectors.size), dtype=np.float32)
    for number, counts in enumerate(counted):
        places[number] = vectors.of(counts)
    return places


def _branches(codes: Sequence[str]) -> sparse.csr_matrix:
    """Row by row the classes of the same branch (the first four digits), as an average."""
    branch = _numbered([code[:4] for code in codes])
    size = np.bincount(branch)
    member = sparse.csr_matrix((np.ones(len(codes), np.float32), (branch, np.arange(len(codes)))))
    return sparse.diags((1 / size[branch]).astype(np.float32)) @ (member.T @ member)


def _numbered(values: Sequence[Hashable]) -> NDArray[np.int64]:
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values], dtype=np.int64)


def _log_prior(labels: NDArray[np.int64], classes: int) -> Array:
    counts = np.bincount(labels, minlength=classes) + 1.0
    return np.log(counts / counts.sum()).astype(np.float32)
