"""Finds the passages that answer a text: words and pairs of characters, weighted by rarity, compared by direction.

Texts are compared as vectors of tf-idf over character pairs (which survive a wrong word boundary and a typo) and words
(which know that 公积金 is one thing). A passage has faces: the questions that it answers, its title, its text; the
face that is most like the text speaks for it. Nothing is learned here, so an index is ready as soon as it is built.
Where vectors of meaning are given for passages and question (huiyin.nlp.meaning), they lead and the words refine.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import rjieba
import scipy.sparse as sparse
from numpy.typing import NDArray

from huiyin.nlp.retrieval_meanings import Meanings, joined
from huiyin.nlp.retrieval_words import expanded

_RUN = re.compile(r"[^\W_]+")
_CLAUSE = re.compile(r"[^。！？!?；;，,：:\n]+")
_READ = 2000  # characters read of a text; what matters is said early
_WORD_SHARE = 0.5  # of the weight of pairs; 0.3-1.0 makes no difference of a point (docs/intelligence.md)
_QUESTION, _TITLE, _BODY = range(3)
_WEIGHT = (1.0, 0.92, 0.75)  # of a face's kind: a question form is the most like what is asked
_BODY_SHARE, _WHOLE_SHARE = 0.5, 1.0  # what text and whole add to the face that is nearest
_COMMON_CLAUSE = 0.02  # a clause in more than this share of the passages is a formula, not content
_LEAST_COMMON = 8
_FIRST_LOOK = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What can be found. `questions` are forms in which people ask for it."""

    key: int
    text: str = ""
    title: str = ""
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """`score` lies between 0 and 1; `covered` is the share of the weight of the face's words that the text has."""

    key: int
    score: float
    face: str
    covered: float
    near: float = 0.0  # likeness of meaning, where vectors were given


class Index:
    """Searched by many threads at once; built anew when what it holds changes."""

    def __init__(
        self, passages: Iterable[Passage], *, meanings: Mapping[int, NDArray[np.float16]] | None = None
    ) -> None:
        """`meanings`: by key, a row for each question and title and a last one for the text."""
        self._passages = list(passages)
        formulas = _formulas(passage.text for passage in self._passages)
        faces = list(_faces(self._passages, formulas))
        self._faces = [face for _, face, _ in faces]
        self._is_body = np.array([kind == _BODY for _, _, kind in faces], dtype=bool)
        owners = np.array([number for number, _, _ in faces], dtype=np.intp)
        self._starts = np.searchsorted(owners, np.arange(len(self._passages)))
        self._vocabulary: dict[str, int] = {}
        counted = _counted([_terms(face) for face in self._faces], self._vocabulary, grow=True)
        belongs = sparse.csr_matrix(
            (np.ones(len(faces), dtype=np.float32), (owners, np.arange(len(faces)))),
            shape=(len(self._passages), len(faces)),
        )
        wholes = sparse.csr_matrix(belongs @ counted)
        self._weight = _rarity(wholes) * _share(self._vocabulary)
        self._rows = _directed(counted, self._weight)
        weights = np.array(_WEIGHT, dtype=np.float32)[[kind for _, _, kind in faces]]
        self._columns = sparse.csr_matrix(self._rows.multiply(weights[:, None]).T)
        self._wholes = sparse.csr_matrix(_directed(wholes, self._weight).T)
        self._place = {passage.key: number for number, passage in enumerate(self._passages)}

        self._meanings = Meanings([passage.key for passage in self._passages], meanings) if meanings else None

    @property
    def has_meanings(self) -> bool:
        return self._meanings is not None

    def __len__(self) -> int:
        return len(self._passages)

    def search(
        self,
        text: str,
        *,
        headline: str = "",
        limit: int = 5,
        keep: Callable[[int], bool] | None = None,
        meaning: NDArray[np.float32] | None = None,
    ) -> list[Hit]:
        """The best passages, best first; `keep` says by key which may be shown at all. `headline` counts double."""
        query = self._query(text, headline)
        faces = _product(query, self._columns)
        scores = self._by_passage(faces, query)
        near = self._meanings.near(meaning) if self._meanings is not None and meaning is not None else None
        if near is not None and len(scores):
            scores = joined(scores, near)
        return [
            self._hit(number, scores, faces, query, near)
            for number in _first(self._ranked(scores), limit, lambda number: self._may(number, keep))
        ]

    def rank_of(self, wanted: int, text: str, *, headline: str = "") -> int | None:
        """At which place the passage with this key comes, from 1; None where it shares nothing with the text."""
        query = self._query(text, headline)
        scores = self._by_passage(_product(query, self._columns), query)
        place = self._place[wanted]
        own = scores[place]
        # Of equals the one that was given first comes first, as in a search.
        return int((scores > own).sum() + (scores[:place] == own).sum()) + 1 if own > 0 else None

    def _may(self, number: int, keep: Callable[[int], bool] | None) -> bool:
        return keep is None or keep(self._passages[number].key)

    def _query(self, text: str, headline: str) -> "sparse.csr_matrix":
        said = f"{headline}\n{headline}\n{text}" if headline else text
        terms = _terms(said[:_READ])
        for term, weight in expanded(said[:_READ]):
            for part in _terms(term):
                terms[part] = max(terms.get(part, 0.0), weight)
        return _directed(_counted([terms], self._vocabulary, grow=False), self._weight)

    def _by_passage(self, faces: NDArray[np.float32], query: "sparse.csr_matrix") -> NDArray[np.float32]:
        if not self._passages:
            return faces
        best = np.maximum.reduceat(faces, self._starts)
        body = np.maximum.reduceat(np.where(self._is_body, faces, np.float32(0)), self._starts)
        together = best + _BODY_SHARE * np.minimum(body, best) + _WHOLE_SHARE * _product(query, self._wholes)
        return (together / (1 + _BODY_SHARE + _WHOLE_SHARE)).astype(np.float32)

    def _ranked(self, scores: NDArray[np.float32]) -> Iterator[int]:
        if len(scores) > 2 * _FIRST_LOOK:
            near = np.argpartition(-scores, _FIRST_LOOK)[:_FIRST_LOOK]
            near = near[np.lexsort((near, -scores[near]))]
            yield from (int(number) for number in near[:-1] if scores[number] > 0)
            seen = set(near[:-1].tolist())
        else:
            seen = set()
        for number in np.lexsort((np.arange(len(scores)), -scores)):
            if scores[number] <= 0:
                return
            if int(number) not in seen:
                yield int(number)

    def _hit(
        self,
        number: int,
        scores: NDArray[np.float32],
        faces: NDArray[np.float32],
        query: object,
        near: NDArray[np.float32] | None,
    ) -> Hit:
        start = int(self._starts[number])
        end = int(self._starts[number + 1]) if number + 1 < len(self._starts) else len(faces)
        face = start + int(np.argmax(faces[start:end]))
        row = self._rows[face]
        shared = np.isin(row.indices, query.indices)  # type: ignore[attr-defined]  # scipy has no stubs here
        weight = float((row.data**2).sum())
        covered = float((row.data[shared] ** 2).sum()) / weight if weight else 0.0
        return Hit(
            key=self._passages[number].key,
            score=float(scores[number]),
            face=self._faces[face],
            covered=covered,
            near=0.0 if near is None else float(near[number]),
        )


def _first(numbers: Iterator[int], limit: int, may: Callable[[int], bool]) -> Iterator[int]:
    if limit <= 0:
        return
    taken = 0
    for number in numbers:
        if may(number):
            yield number
            taken += 1
            if taken == limit:
                return


def _faces(passages: Sequence[Passage], formulas: frozenset[str]) -> Iterator[tuple[int, str, int]]:
    """In the order of the passages: questions, title, text; a text always, so that each passage has a face."""
    for number, passage in enumerate(passages):
        body = "，".join(clause for clause in _CLAUSE.findall(passage.text) if clause.strip() not in formulas)
        yield from ((number, question, _QUESTION) for question in passage.questions if question.strip())
        if passage.title.strip():
            yield number, passage.title, _TITLE
        yield number, (body or passage.text)[:_READ], _BODY


def _formulas(texts: Iterable[str]) -> frozenset[str]:
    """Clauses that recur in many texts: greetings, thanks, 现将有关情况回复如下."""
    count: Counter[str] = Counter()
    total = 0
    for total, text in enumerate(texts, 1):  # noqa: B007
        count.update({clause.strip() for clause in _CLAUSE.findall(text)})
    least = max(_LEAST_COMMON, total * _COMMON_CLAUSE)
    return frozenset(clause for clause, number in count.items() if number >= least)


def _terms(text: str) -> dict[str, float]:
    """Pairs of characters and words (marked, so that the two kinds do not mix), each with how often it occurs."""
    low = text.lower()
    found: Counter[str] = Counter()
    for run in _RUN.findall(low):
        if len(run) == 1:
            found[run] += 1
        else:
            found.update(run[start : start + 2] for start in range(len(run) - 1))
    found.update(f"\t{word}" for word in rjieba.cut(low) if _RUN.match(word))
    return dict(found)


def _counted(texts: Sequence[dict[str, float]], vocabulary: dict[str, int], *, grow: bool) -> "sparse.csr_matrix":
    rows, columns, values = [], [], []
    for number, terms in enumerate(texts):
        for term, count in terms.items():
            place = vocabulary.setdefault(term, len(vocabulary)) if grow else vocabulary.get(term)
            if place is None:
                continue
            rows.append(number)
            columns.append(place)
            values.append(count)
    shape = (len(texts), len(vocabulary))
    return sparse.csr_matrix((np.array(values, dtype=np.float32), (rows, columns)), shape=shape)


def _rarity(wholes: "sparse.csr_matrix") -> NDArray[np.float32]:
    """By passages, not by faces: the many questions of one entry do not make its words common."""
    often = np.bincount(wholes.indices, minlength=wholes.shape[1])
    return np.log((wholes.shape[0] + 1) / np.maximum(often, 1)).astype(np.float32)


def _share(vocabulary: dict[str, int]) -> NDArray[np.float32]:
    return np.array([_WORD_SHARE**0.5 if term[0] == "\t" else 1.0 for term in vocabulary], dtype=np.float32)


def _product(query: "sparse.csr_matrix", columns: "sparse.csr_matrix") -> NDArray[np.float32]:
    return np.asarray((query @ columns).todense(), dtype=np.float32).ravel()


def _directed(counted: "sparse.csr_matrix", weight: NDArray[np.float32]) -> "sparse.csr_matrix":
    """Each term by the logarithm of how often it occurs and by its weight; every row of length one."""
    found = counted.copy()
    found.data = np.where(found.data >= 1, 1 + np.log(np.maximum(found.data, 1)), found.data) * weight[found.indices]
    lengths = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
    scale = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return sparse.csr_matrix(sparse.diags(scale) @ found, dtype=np.float32)
