"""Finds long names written with one slip: a character wrong, missing, doubled or swapped with its neighbour.

One slip leaves one half of a name whole, so the halves are looked up and only names whose half occurs are compared.
What a name shares with hundreds (…家园小区) proves nothing: only its own part counts, and it must be long enough.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from huiyin.nlp.gazetteer_words import COMMON_ENDING, OUTER_ENDING, PLAIN_BEFORE, TELLING

_CROWDED = 80  # names that share a half: beyond, the half tells nothing (…社区)
_SURE_BY_OWN_PART = {2: 0.7, 3: 0.8, 4: 0.88}  # longer ones 0.92
_TELLING = 0.6  # how sure a slip is that turns one name into another: it is only a rival to surer ones
_ALL_THERE = 0.8  # at least so sure where characters are only swapped or doubled
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
        said = text[start:end]
        slip = slip_between(said, name) if said.isalnum() else None
        if slip is not None:
            sure = _SURE_BY_OWN_PART.get(len(own_part(name)), 0.92)
            yield start, end, name, _TELLING if slip & TELLING else sure if slip else max(sure, _ALL_THERE)
            return


@lru_cache(maxsize=1 << 17)
def own_part(name: str) -> str:
    """霍营 of 霍营小区, 翠城 of 翠城馨园: what is left without the endings that hundreds share."""
    return COMMON_ENDING.sub("", OUTER_ENDING.sub("", name))


def slip_between(said: str, name: str) -> frozenset[str] | None:
    """The characters of the one edit, within the name's own part, that make `said` of `name`; None if it is no slip."""
    short, long = sorted((said, name), key=len)
    if said == name or len(long) - len(short) > 1:
        return None
    first = 0
    while first < len(short) and short[first] == long[first]:
        first += 1
    last = 0
    while last < len(short) - first and short[-1 - last] == long[-1 - last]:
        last += 1
    between, other = short[first : len(short) - last], long[first : len(long) - last]
    own = len(own_part(name))
    swapped = len(between) == len(other) == 2 and between == other[::-1]
    doubled = not between and other in (long[first - 1 : first], long[first + 1 : first + 2])
    if first > own or (first == own and not doubled) or len(between) > 2:
        return None
    if swapped or doubled:
        return frozenset()  # what was meant is still all there
    if own < 3 or len(between + other) > 2:
        return None
    if first == 0 and said[:1] in PLAIN_BEFORE:
        return None  # 住林台村 is 林台村, not 青林台村
    return frozenset(between + other)
