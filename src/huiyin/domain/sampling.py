"""Which of the due callbacks are made where not all are: size, shares, and an order that anybody can recompute.

A frame is all callbacks that fall due in one statistical day, by unit and stratum. The order of a case is the SHA-256
of its frame's seed and its number, so nobody chooses. A unit's share is fixed before the period begins, from the
width that is wished for and from what is expected of the unit; it is applied stratum by stratum and counted on from
day to day, so that every case of a unit has the same chance, whichever day it falls on.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from statistics import NormalDist

from huiyin.domain.errors import InvalidData

Cell = tuple[str, str]  # unit and stratum


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRule:
    """How exact a unit's rates of one period shall be: half of the interval's width, at a confidence; never below
    `floor` callbacks. A unit that is expected to have no more than it needs is asked in full."""

    half_width: Decimal
    confidence: Decimal
    floor: int

    def __post_init__(self) -> None:
        faults = {
            "half_width": "" if Decimal("0.01") <= self.half_width <= Decimal("0.3") else "误差应为 1% 至 30%",
            "confidence": "" if Decimal("0.5") <= self.confidence <= Decimal("0.999") else "置信度应为 50% 至 99.9%",
            "floor": "" if 1 <= self.floor <= _MOST else f"每单位最少件数应为 1 至 {_MOST}",
        }
        found = {name: fault for name, fault in faults.items() if fault}
        if found:
            raise InvalidData(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One case of a frame, as it stood when its callback fell due."""

    case_no: str
    unit: str
    stratum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """`place` is the published order (hexadecimal); `rank` counts it within the unit's stratum, from 1."""

    listed: Listed
    place: str
    rank: int
    taken: bool


def commitment_of(seed: str) -> str:
    """What is published before the frame closes; the seed itself only when its callbacks are over."""
    return hashlib.sha256(seed.encode()).hexdigest()


def place_of(seed: str, case_no: str) -> str:
    """By hand: printf '%s' 'SEED:CASE_NO' | sha256sum."""
    return hashlib.sha256(f"{seed}:{case_no}".encode()).hexdigest()


def sample_size(population: int, rule: SampleRule) -> int:
    """Callbacks needed of so many for the wished width, with the correction for a finite population.

    At a rate of one half, where chance does most; so the width holds for every rate.
    """
    if population <= 0:
        return 0
    z = NormalDist().inv_cdf((1 + float(rule.confidence)) / 2)
    endless = z * z / 4 / float(rule.half_width) ** 2
    needed = ceil(endless * population / (endless + population - 1) - _ROUNDING)
    return min(population, max(needed, rule.floor))


def half_width_of(answered: int, population: int, confidence: Decimal) -> float | None:
    """The width that so many answers give, at a rate of one half; None without answers."""
    if answered <= 0:
        return None
    if answered >= population:
        return 0.0
    z = NormalDist().inv_cdf((1 + float(confidence)) / 2)
    return float(z * (0.25 / answered * (population - answered) / (population - 1)) ** 0.5)


def shares_of(expected: Mapping[str, int], rule: SampleRule) -> dict[str, Fraction]:
    """Each unit's share of a period; one that nothing is known of is asked in full."""
    return {unit: Fraction(sample_size(n, rule), n) if n > 0 else Fraction(1) for unit, n in expected.items()}


def quota(share: Fraction, *, before: int, now: int) -> int:
    """How many of a cell's `now` cases are taken, `before` of the same period having been listed on earlier days.

    Rounded up over the whole period and not each day, so days add up to the share and the first of a stratum is in.
    """
    return min(now, ceil(share * (before + now)) - ceil(share * before))


def draw(
    frame: Iterable[Listed],
    *,
    seed: str,
    shares: Mapping[str, Fraction],
    before: Mapping[Cell, int] | None = None,
) -> list[Drawn]:
    """Every case of the frame with its place, in the published order; those within their cell's quota are taken."""
    cells: dict[Cell, list[Listed]] = defaultdict(list)
    for one in frame:
        cells[(one.unit, one.stratum)].append(one)
    listed_before = before or {}
    found: list[Drawn] = []
    for cell, members in cells.items():
        share = shares.get(cell[0], Fraction(1))
        take = quota(share, before=listed_before.get(cell, 0), now=len(members))
        places = sorted(((place_of(seed, one.case_no), one) for one in _distinct(members)), key=lambda each: each[0])
        found += [
            Drawn(listed=one, place=place, rank=rank, taken=rank <= take)
            for rank, (place, one) in enumerate(places, start=1)
        ]
    return sorted(found, key=lambda one: one.place)


def replacements(drawn: Sequence[Drawn], *, missed: Collection[str], free: Collection[str]) -> list[str]:
    """Who is asked in place of those that could not be reached: the next of the same unit and stratum, in order.

    `free` are the cases not taken that can still be asked. The missed stay non-responses: a replacement gives the
    number back, not the answer that was not given.
    """
    short: dict[Cell, int] = defaultdict(int)
    for one in drawn:
        if one.taken and one.listed.case_no in missed:
            short[(one.listed.unit, one.listed.stratum)] += 1
    found: list[str] = []
    for one in sorted(drawn, key=lambda each: each.place):
        cell = (one.listed.unit, one.listed.stratum)
        if short[cell] and not one.taken and one.listed.case_no in free:
            short[cell] -= 1
            found.append(one.listed.case_no)
    return found


def _distinct(members: Sequence[Listed]) -> Iterable[Listed]:
    numbers = [one.case_no for one in members]
    if len(set(numbers)) != len(numbers):
        raise InvalidData({"case_no": "同一编号在抽样框中出现了两次"})
    return members


_MOST = 100_000
_ROUNDING = 1e-9  # of binary fractions: a size that is a whole number is not raised by one
