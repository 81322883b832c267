"""Finds names by their sound: other characters of the same pinyin, or pinyin typed in Latin letters."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product

from huiyin.nlp.gazetteer_slips import own_part

# Readings beside the first one that place names use.
_OTHER_READINGS = "长chang 朝chao 乐le 堡pu 行hang 重chong 都du 什shi 圈quan 漷huo 泊po 厂chang 区qu"
_ALSO = {pair[0]: pair[1:] for pair in _OTHER_READINGS.split(" ")}
_LATIN = re.compile(r"[a-zü]{2,}(?:[ '’-]+[a-zü]{2,})*")
_HAN = re.compile(r"[\u4e00-\u9fff]{3,}")
_I_LIVE = ("wo zhu", "wo zai", "zhu zai")  # no part of a name
_LONGEST = 60
_SURE_BY_OWN_PART = {2: 0.72, 3: 0.82}  # longer ones 0.9


@lru_cache(maxsize=8192)
def syllable(char: str) -> str:
    """The first reading without its tone; a character without one stands for itself."""
    from pypinyin.constants import PINYIN_DICT  # half a second, which commands that read no text need not wait

    readings = PINYIN_DICT.get(ord(char), char).split(",")
    plain = "".join(c for c in unicodedata.normalize("NFD", readings[0]) if not unicodedata.combining(c))
    return plain.replace("ü", "v")


class SoundIndex:
    def __init__(self, names: Iterable[str]) -> None:
        self._sounding: dict[str, list[str]] = defaultdict(list)
        self._latin: dict[str, list[str]] = defaultdict(list)
        lengths: dict[str, set[int]] = defaultdict(set)
        for name in names:
            parts = [syllable(char) for char in name]
            self._sounding[" ".join(parts)].append(name)
            lengths[" ".join(parts[:2])].add(len(parts))
            for spelling in _spellings(name, parts):
                self._latin[spelling].append(name)
        self._lengths = {start: sorted(found, reverse=True) for start, found in lengths.items()}

    def find(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        for run in _HAN.finditer(text):
            yield from self._like(text, run.start(), run.end())
        for run in _LATIN.finditer(text.lower()):
            yield from self._typed(run[0][:_LONGEST], run.start())

    def _like(self, text: str, start: int, end: int) -> Iterator[tuple[int, int, str, float]]:
        parts = [syllable(char) for char in text[start:end]]
        for at in range(len(parts) - 2):
            for length in self._lengths.get(f"{parts[at]} {parts[at + 1]}", ()):
                if at + length > len(parts):
                    continue
                said = text[start + at : start + at + length]
                for name in self._sounding.get(" ".join(parts[at : at + length]), ()):
                    if name != said:
                        yield (
                            start + at,
                            start + at + length,
                            name,
                            0.68 if length == 3 else _SURE_BY_OWN_PART.get(len(own_part(name)), 0.9),
                        )

    def _typed(self, run: str, start: int) -> Iterator[tuple[int, int, str, float]]:
        """Whole words at their start and end, however they are spaced; the longest stretch at each word."""
        words = [(word.start(), word.end()) for word in re.finditer(r"[a-zü]+", run)]
        for first, (begin, after) in enumerate(words):
            if first and run[words[first - 1][0] : after] in _I_LIVE:
                continue
            for _, end in reversed(words[first:]):
                typed = re.sub(r"[^a-zü]", "", run[begin:end]).replace("ü", "v")
                names = self._latin.get(typed)
                if names:
                    for name in names:
                        yield start + begin, start + end, name, 0.88 if len(name) >= 3 else 0.8
                    break


def _spellings(name: str, parts: list[str]) -> Iterator[str]:
    if _ALSO.keys().isdisjoint(name):
        yield "".join(parts)
    else:
        ways = [
            (part, *(way for way in _ALSO.get(char, ()) if way != part)) for char, part in zip(name, parts, strict=True)
        ]
        if sum(len(way) > 1 for way in ways) <= 3:
            yield from {"".join(way) for way in product(*ways)}
