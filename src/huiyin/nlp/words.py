"""Proposes leaf classes for a text by the words of the taxonomy alone: keywords, names, shared pairs of characters.

Nothing is learned here: it works from a city's first day, and a trained model can be held against it.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A class as the words see it; `keywords` are phrases that people use for it."""

    code: str
    names: tuple[str, ...]  # from the widest level to the leaf's own name
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A proposed class. `confidence` is its share of the evidence: it orders, it is no probability."""

    code: str
    confidence: float
    reasons: tuple[str, ...]  # the words that speak for it, the heaviest first


_HAN = re.compile(r"[\u4e00-\u9fff]+")
_KEYWORD, _OWN_NAME, _WIDER_NAME = 3.0, 1.6, 0.5  # a phrase people use says more than the name of a whole branch
_PAIR_OF_KEYWORD = 0.8
_SATURATION = 6.0  # evidence at which a lone candidate is about half sure
_READ = 2000  # characters read of a text; what matters is said early
_REASONS = 5


class WordModel:
    """An inverted index from words to leaves, weighted by how few leaves a word speaks for."""

    def __init__(self, leaves: Iterable[Leaf]) -> None:
        self._codes: list[str] = []
        weights: dict[str, dict[int, float]] = defaultdict(dict)
        for number, leaf in enumerate(leaves):
            self._codes.append(leaf.code)
            for word, weight in _words_of(leaf):
                weights[word][number] = max(weight, weights[word].get(number, 0.0))
        self._phrases = frozenset(word for word in weights if len(word) != 2)
        starts: dict[str, set[int]] = defaultdict(set)
        for word in weights:
            starts[word[:2]].add(len(word))
        # Few pairs of characters begin a word, so most positions of a text cost one look-up.
        self._lengths = {start: sorted(lengths) for start, lengths in starts.items()}
        self._index = {word: self._with_rarity(found) for word, found in weights.items()}

    def _with_rarity(self, found: dict[int, float]) -> list[tuple[int, float]]:
        rarity = math.log(1 + len(self._codes) / len(found))
        return [(number, weight * rarity) for number, weight in found.items()]

    def rank(self, text: str, *, limit: int = 5) -> list[Suggestion]:
        """The best classes, best first; empty where no word of the taxonomy occurs."""
        scores: dict[int, float] = defaultdict(float)
        evidence: dict[int, list[tuple[float, str]]] = defaultdict(list)
        for word in self._occurring(text[:_READ]):
            for number, weight in self._index[word]:
                scores[number] += weight
                evidence[number].append((weight, word))
        best = sorted(scores, key=lambda number: (-scores[number], self._codes[number]))[:limit]
        total = sum(scores[number] for number in best)
        return [
            Suggestion(
                code=self._codes[number],
                confidence=round(scores[number] / total * (1 - math.exp(-scores[number] / _SATURATION)), 3),
                reasons=_heaviest(evidence[number]),
            )
            for number in best
        ]

    def _occurring(self, text: str) -> Sequence[str]:
        """Words of the index that occur in the text, each once."""
        found: dict[str, None] = {}
        for run in _HAN.findall(text):
            for start in range(len(run) - 1):
                for length in self._lengths.get(run[start : start + 2], ()):
                    word = run[start : start + length]
                    if word in self._index:
                        found[word] = None
        return list(found)


def _words_of(leaf: Leaf) -> list[tuple[str, float]]:
    words: list[tuple[str, float]] = []
    for keyword in leaf.keywords:
        words.append((keyword, _KEYWORD))
        words.extend((pair, _PAIR_OF_KEYWORD) for pair in _pairs(keyword))
    *wider, own = leaf.names
    words.append((own, _KEYWORD))
    words.extend((pair, _OWN_NAME) for pair in _pairs(own))
    words.extend((pair, _WIDER_NAME) for name in wider for pair in _pairs(name))
    return [(word, weight) for word, weight in words if len(word) >= 2]


def _pairs(name: str) -> list[str]:
    return [run[start : start + 2] for run in _HAN.findall(name) for start in range(len(run) - 1)]


def _heaviest(evidence: list[tuple[float, str]]) -> tuple[str, ...]:
    """The words shown as reasons; a pair inside a longer word that is shown already says nothing new."""
    shown: list[str] = []
    for _, word in sorted(evidence, key=lambda item: (-item[0], -len(item[1]))):
        if not any(word in longer for longer in shown):
            shown.append(word)
    return tuple(shown[:_REASONS])
