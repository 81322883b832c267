"""Takes a text apart for comparing: pairs of characters, numbers and named spots, each as rare as it is."""

import csv
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

_READ = 1500  # characters read of a text; what matters is said early
_UNITS = re.compile(r"[0-9]+|[a-z]+|[\u4e00-\u9fff]")
_ENDINGS = (
    "小区|家园|花园|嘉园|佳苑|新村|公寓|大厦|广场|号楼|号院|单元|胡同|大街|中路|东路|西路|南街|北街|"
    "学校|小学|中学|大学|学院|幼儿园|医院|市场|商场|超市|公园|公司|工地|酒店|地铁站|车站|"
    "南里|北里|东里|西里|一区|二区|三区|四区|路|街|巷|村|桥|苑|里|园|城|府|湾|庄|楼|店|厂|站|河|湖|镇|乡"
)
_SPOT = re.compile(rf"(?=((?:[\u4e00-\u9fff]{{2}}|[a-z0-9]{{1,4}})(?:{_ENDINGS})))")
_NO_NAME = re.compile(r"[的了在我有没不这那哪个是家屋道]")  # 楼道里, 我家里: no names of places
_COMMON = Path(__file__).with_name("common_pairs.csv")
_UNHEARD = 2e-4  # share of texts assumed for a pair that is not among the common ones


def pairs(text: str) -> frozenset[str]:
    """Neighbouring characters, numbers whole; marks and blanks between them do not count."""
    units = _UNITS.findall(unicodedata.normalize("NFKC", text[:_READ]).lower())
    return frozenset(map("".join, pairwise(units))) or frozenset(units)


def spots(text: str) -> frozenset[str]:
    """What sounds like the name of a place: the two characters (or the number) before 小区, 路, 号楼 …, with it."""
    plain = unicodedata.normalize("NFKC", text[:_READ]).lower()
    return frozenset(found for found in _SPOT.findall(plain) if not _NO_NAME.search(found))


class Rarity:
    """How much it says that two texts share a pair, a spot or a place: the logarithm of how few others have it.

    Begins with what is common in the language of hotlines (`common_pairs.csv`) and learns on where it is told to.
    """

    def __init__(self, *, begun_with: float = 1000.0) -> None:
        self._common = common_pairs()
        self._begun_with = begun_with
        self._texts = 0
        self._pairs: Counter[str] = Counter()
        self._spots: Counter[str] = Counter()
        self._places: Counter[str] = Counter()
        self._placed = 0

    def learn(self, *, pairs: Iterable[str], spots: Iterable[str], place: str = "") -> None:
        self._texts += 1
        self._pairs.update(pairs)
        self._spots.update(spots)
        if place:
            self._places[place] += 1
            self._placed += 1

    def of_pair(self, pair: str) -> float:
        expected = self._common.get(pair, _UNHEARD) * self._begun_with
        return -math.log((expected + self._pairs[pair]) / (self._begun_with + self._texts))

    def of_spot(self, spot: str) -> float:
        return -math.log((0.3 + self._spots[spot]) / (self._begun_with + self._texts))

    def of_place(self, place: str) -> float:
        """As long as few places were told, a place counts like a street among a few hundred."""
        share = (self._places[place] + 0.5) / (self._placed + 20)
        sure = self._placed / (self._placed + 200)
        return sure * -math.log(share) + (1 - sure) * 5.5


@cache
def common_pairs() -> Mapping[str, float]:
    """Share of the texts that hold each of the common pairs."""
    with _COMMON.open(encoding="utf-8", newline="") as file:
        return {row["pair"]: float(row["share"]) for row in csv.DictReader(file)}
