"""Decides how likely two matters tell of the same event, from place, kind, words, caller and time, and says why.

The weights were fitted on pairs of the demo city and on real messages told twice (docs/intelligence.md); `Likeness`
is symmetric, and a matter is the same as itself.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from huiyin.nlp.sameness_words import Rarity, pairs, spots

# Nats by which each piece of evidence moves the odds.
WEIGHTS: Mapping[str, float] = {
    "base": -6.07,
    "place": 0.39,  # for each nat that the shared place says
    "placed": 3.92,
    "apart": -9.0,
    "spot": 0.34,
    "other_spot": -0.1,
    "leaf": 2.5,
    "branch": 5.0,
    "kindless": 1.7,
    "words": 5.5,
    "unlike": -3.0,  # set by hand: both of a known kind, of no common branch, and in other words
    "caller": 2.0,  # set by hand: in the demo city nobody calls twice about one event
    "hours": -1.3,  # for each e-fold of time
}
VERY_LIKE, LIKE = 0.8, 0.5  # 很像, 相近: from which probability the words are used
_MOST_SPOT, _COMMON_SPOT = 12.0, 2.5
_NO_TIME = timedelta(days=3)  # taken where one has no time: neither near nor far
_SAID = 0.99
_NO_BRANCH = 0.1  # less in common than this is no common branch


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One matter as it was told. `areas` are keys of its place with what agreeing in each says (nats), wide to narrow;
    `kinds` are class codes with their shares; `caller` is any name that only this caller has."""

    text: str
    at: datetime | None = None
    caller: str = ""
    where: str = ""  # the place in words, or as a code
    areas: Sequence[tuple[str, float]] = ()
    kinds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A matter taken apart once, compared often."""

    told: Told
    pairs: Mapping[str, float]
    spots: Mapping[str, float]
    where: Mapping[str, float]
    where_says: float
    norm: float
    kinds: Mapping[str, float]
    branches: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    probability: float
    reasons: tuple[str, ...]

    @property
    def word(self) -> str:
        return "很像" if self.probability >= VERY_LIKE else "相近" if self.probability >= LIKE else "可能"


def prepare(told: Told, rarity: Rarity) -> Prepared:
    words = {pair: rarity.of_pair(pair) for pair in pairs(told.text)}
    return Prepared(
        told=told,
        pairs=words,
        spots={spot: rarity.of_spot(spot) for spot in spots(told.text)},
        where={pair: rarity.of_pair(pair) for pair in pairs(told.where)},
        where_says=rarity.of_place(told.where) if told.where else 0.0,
        norm=math.sqrt(sum(weight * weight for weight in words.values())) or 1.0,
        kinds=_shares(told.kinds, 6),
        branches=_shares(told.kinds, 4),
    )


def compare(one: Prepared, other: Prepared) -> Likeness:
    found = evidence(one, other)
    return Likeness(probability=probability(found), reasons=_reasons(one, other, found))


def probability(found: Mapping[str, float]) -> float:
    odds = WEIGHTS["base"] + sum(WEIGHTS.get(name, 0.0) * value for name, value in found.items())
    return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, odds))))


def evidence(one: Prepared, other: Prepared) -> dict[str, float]:
    """The same either way round."""
    shared = one.pairs.keys() & other.pairs.keys()
    # Two processes may have heard different numbers of texts: the mean keeps it symmetric.
    weights = [(one.pairs[pair] + other.pairs[pair]) / 2 for pair in shared]
    agree, apart = _place(one, other)
    spots_shared = [(one.spots[spot] + other.spots[spot]) / 2 for spot in one.spots.keys() & other.spots.keys()]
    words = sum(weight * weight for weight in weights) / (one.norm * other.norm)
    branch = _overlap(one.branches, other.branches)
    kindless = float(not one.kinds or not other.kinds)
    # One who calls again may call about something else: it counts as far as the matter is of a kind.
    again = float(bool(one.told.caller) and one.told.caller == other.told.caller) * max(branch, kindless, words)
    rarest = min(max(one.spots.values(), default=0.0), max(other.spots.values(), default=0.0))
    return {
        "place": agree,
        "placed": float(agree > 0),
        "apart": apart,
        "spot": min(_MOST_SPOT, sum(max(0.0, weight - _COMMON_SPOT) for weight in spots_shared)),
        "other_spot": 0.0 if spots_shared else rarest,
        "leaf": _overlap(one.kinds, other.kinds),
        "branch": branch,
        "unlike": float(not kindless and branch < _NO_BRANCH and words < _SAME_WORDS),
        "kindless": kindless,
        "words": words,
        "caller": again,
        "hours": math.log1p(_apart_in_time(one.told, other.told) / timedelta(hours=1)),
    }


def _place(one: Prepared, other: Prepared) -> tuple[float, float]:
    """What agreeing says, and how surely they are elsewhere (0 where either is unknown)."""
    agree, apart = 0.0, 0.0
    mine, theirs = one.told.areas, other.told.areas
    if mine and theirs:
        keys = {key for key, _ in theirs}
        agree = max((says for key, says in mine if key in keys), default=0.0)
        narrowest = min(len(mine), len(theirs)) - 1
        apart = 0.0 if mine[narrowest][0] == theirs[narrowest][0] else 0.5 if agree else 1.0
    if one.where and other.where:
        share = _within(one.where, other.where)
        if one.told.where == other.told.where or share > _SAID:
            agree, apart = max(agree, min(one.where_says, other.where_says)), 0.0
        elif not agree:
            apart = max(apart, 1.0 - share)
    return agree, apart


def _within(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """How much of the shorter place the longer one repeats."""
    shared = sum((one[pair] + other[pair]) / 2 for pair in one.keys() & other.keys())
    return shared / (min(sum(one.values()), sum(other.values())) or 1.0)


def _overlap(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """1 for the same shares, 0 for none in common (Bhattacharyya)."""
    return sum(math.sqrt(share * other[code]) for code, share in one.items() if code in other)


def _shares(kinds: Mapping[str, float], length: int) -> Mapping[str, float]:
    summed: Counter[str] = Counter()
    for code, share in kinds.items():
        summed[code[:length]] += share  # type: ignore[assignment]  # Counter adds up floats as well
    total = sum(summed.values())
    return {code: share / total for code, share in summed.items()} if total > 0 else {}


def _apart_in_time(one: Told, other: Told) -> timedelta:
    return abs(one.at - other.at) if one.at is not None and other.at is not None else _NO_TIME


_NAMES = (("同一地点", 7.0), ("同一街道或片区", 0.0))
_SAME_KIND, _NEAR_KIND, _SAME_WORDS = 0.6, 0.5, 0.55


def _reasons(one: Prepared, other: Prepared, found: Mapping[str, float]) -> tuple[str, ...]:
    """What speaks for it, the strongest first, in words for the operator."""
    gap = span_text(_apart_in_time(one.told, other.told)) if one.told.at and other.told.at else ""
    reasons = []
    called = bool(one.told.caller) and one.told.caller == other.told.caller
    if called:
        reasons.append(f"同一来电人，{gap}" if gap else "同一来电人")
    if found["place"]:
        reasons.append(next(name for name, least in _NAMES if found["place"] >= least))
    shared = sorted(one.spots.keys() & other.spots.keys(), key=lambda spot: (-one.spots[spot], spot))
    if shared:
        reasons.append(f"都提到“{shared[0]}”")
    if found["leaf"] >= _SAME_KIND:
        reasons.append("同一类问题")
    elif found["branch"] >= _NEAR_KIND:
        reasons.append("相近的问题")
    if found["words"] >= _SAME_WORDS:
        reasons.append("说法几乎一样")
    if gap and not called:
        reasons.append(f"相隔{gap}")
    return tuple(reasons)


def span_text(span: timedelta) -> str:
    minutes = int(span / timedelta(minutes=1))
    if minutes < 60:
        return f"{max(minutes, 1)}分钟"
    return f"{minutes // 60}小时" if minutes < 48 * 60 else f"{minutes // 1440}天"
