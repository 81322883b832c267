"""Finds long names written with one slip: a character wrong, missing, doubled or swapped with its neighbour.

One slip leaves one half of a name whole, so the halves are looked up and only names whose half occurs are compared.
What a name shares with hundreds (…家园小区) proves nothing: only its own part counts, and it must be long enough.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from huiyin.nlp.gazetteer_words import COMMON_ENDING, OUTER_ENDING, TELLING

_CROWDED = 80  # names that share a half: beyond, the half tells nothing (…社区)
_SURE_BY_OWN_PART = {2: 0.7, 3: 0.8, 4: 0.88}  # longer ones 0.92
_LATIN = re.compile(r"[0-9A-Za-z]")


class SlipIndex:
    def __init__(self, names: Iterable[str]) -> None:
        heads: dict[str, list[str]] = defaultdict(list)
        tails: dict[str, list[str]] = defaultdict(list)
        for name in names:
            if _LATIN.search(name):
                continue
            half = len(name) // 2
            heads[name[:half]].append(name)
            tails[name[half:]].append(name)
        self._heads = {key: found for key, found in heads.items() if len(found) <= _CROWDED}
        self._tails = {key: found for key, found in tails.items() if len(found) <= _CROWDED}
        lengths: dict[str, set[int]] = defaultdict(set)
        for key in (*self._heads, *self._tails):
            lengths[key[:2]].add(len(key))
        self._lengths = {start: sorted(found) for start, found in lengths.items()}

    def find(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """(start, end, name, how sure) for each name one slip away from a stretch of the text."""
        for at in range(len(text) - 1):
            for length in self._lengths.get(text[at : at + 2], ()):
                key = text[at : at + length]
                for name in self._heads.get(key, ()):
                    yield from _compare(text, name, [(at, at + len(name) + shift) for shift in (0, 1, -1)])
                for name in self._tails.get(key, ()):
                    begin, end = at - len(name) // 2, at + len(key)
                    yield from _compare(
                        text, name, [(begin + shift, end) for shift in (0, -1, 1) if begin + shift >= 0]
                    )


def _compare(text: str, name: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, str, float]]:
    for start, end in spans:
        if is_one_slip(text[start:end], name):
            yield start, end, name, _SURE_BY_OWN_PART.get(len(own_part(name)), 0.92)
            return


@lru_cache(maxsize=1 << 17)
def own_part(name: str) -> str:
    """霍营 of 霍营小区, 翠城 of 翠城馨园: what is left without the endings that hundreds share."""
    return COMMON_ENDING.sub("", OUTER_ENDING.sub("", name))


def is_one_slip(said: str, name: str) -> bool:
    """One edit apart, within the name's own part, and not such that it makes another name (东里, 西里)."""
    short, long = sorted((said, name), key=len)
    if said == name or len(long) - len(short) > 1:
        return False
    first = 0
    while first < len(short) and short[first] == long[first]:
        first += 1
    last = 0
    while last < len(short) - first and short[-1 - last] == long[-1 - last]:
        last += 1
    between, other = short[first : len(short) - last], long[first : len(long) - last]
    own = len(own_part(name))
    if first >= own:
        return False
    if len(between) == len(other) == 2:
        return between == other[::-1]
    if len(between) + len(other) == 1:
        doubled = other in (long[first - 1 : first], long[first + 1 : first + 2])
        return own >= 3 and (doubled or (other not in TELLING and first > 0 and last > 0))
    return own >= 3 and len(between) == len(other) == 1 and not {between, other} & TELLING
