"""三率: rates, composite score and ranking of units, exact to the digit (DOMAIN.md §3.1, §3.5).

Counts are whole cases and rates are fractions; rounding happens once, where a figure is shown or compared, half to
even. A rate without valid callbacks is None: shown as "—", never as 0. Every figure of a scheme is a dated setting.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from huiyin.domain.errors import InvalidData


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What the callbacks of one unit in one period say; `volume` is all its cases, called back or not.

    `suggestions` are valid callbacks about something that cannot be solved, only heard: not of the resolution rate.
    `carried` are valid callbacks of cases that were volume of an earlier period and are judged in this one.
    """

    volume: int = 0
    valid: int = 0
    contacted: int = 0
    solved: int = 0
    satisfied: int = 0
    basically_satisfied: int = 0
    suggestions: int = 0
    carried: int = 0

    @property
    def resolution_valid(self) -> int:
        return self.valid - self.suggestions

    def __post_init__(self) -> None:
        faults = dict(_faults(self))
        if faults:
            raise InvalidData(faults)

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in COUNTED})


COUNTED = ("volume", "valid", "contacted", "solved", "satisfied", "basically_satisfied", "suggestions", "carried")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """How counts become a score and scores a ranking; weights sum to 1."""

    name: str
    response_weight: Decimal
    resolution_weight: Decimal
    satisfaction_weight: Decimal
    basically_counts: Decimal  # what 基本满意 counts of a 满意
    score_places: int  # decimals at which scores are shown and compared
    min_valid: int  # valid callbacks that a unit needs to be ranked
    bands: tuple[int, ...] = ()  # valid callbacks at which the next volume band begins

    def __post_init__(self) -> None:
        if self.response_weight + self.resolution_weight + self.satisfaction_weight != 1:
            raise InvalidData({"weights": "三项权重之和应为 1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Exact; of the valid callbacks. No resolution rate where all of them were about suggestions."""

    response: Fraction
    resolution: Fraction | None
    satisfaction: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCounts:
    unit: str
    group: str
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A unit's figures in its group; `rank` is None where it has too few valid callbacks to be compared."""

    unit: str
    group: str
    counts: Counts
    rates: Rates | None
    score: Decimal | None
    rank: int | None


def rates_of(counts: Counts, scheme: Scheme) -> Rates | None:
    """响应率, 解决率, 满意率; None without valid callbacks."""
    if counts.valid == 0:
        return None
    pleased = counts.satisfied + Fraction(scheme.basically_counts) * counts.basically_satisfied
    return Rates(
        response=Fraction(counts.contacted, counts.valid),
        resolution=Fraction(counts.solved, counts.resolution_valid) if counts.resolution_valid else None,
        satisfaction=Fraction(pleased, counts.valid),
    )


def exact_score(rates: Rates, scheme: Scheme) -> Fraction | None:
    """综合成绩, 0 to 100, before rounding; None where a rate is missing."""
    if rates.resolution is None:
        return None
    return 100 * (
        Fraction(scheme.response_weight) * rates.response
        + Fraction(scheme.resolution_weight) * rates.resolution
        + Fraction(scheme.satisfaction_weight) * rates.satisfaction
    )


def score_of(counts: Counts, scheme: Scheme) -> Decimal | None:
    """综合成绩 as shown and compared."""
    rates = rates_of(counts, scheme)
    return None if rates is None else _shown(exact_score(rates, scheme), scheme)


def half_even(value: Fraction, places: int) -> Decimal:
    """The decimal nearest to an exact fraction; a tie goes to the even digit."""
    return Decimal(round(value * 10**places)).scaleb(-places)  # round() of a Fraction is exact, half to even


def rank_units(units: Iterable[UnitCounts], scheme: Scheme) -> list[Standing]:
    """Each group ranked for itself, in the order of the ranking; what is not ranked comes last, by name.

    Scores that are equal as shown are decided by the larger volume; units equal in both share a rank and the next
    rank is left out (1, 2, 2, 4).
    """
    in_groups = sorted(units, key=lambda one: one.group)
    return [
        standing
        for _, group in groupby(in_groups, key=lambda one: one.group)
        for standing in _rank_group(list(group), scheme)
    ]


def band_of(counts: Counts, scheme: Scheme) -> int:
    """Which volume band a unit is compared in, from 0: units of a size are compared with each other."""
    return sum(counts.valid >= start for start in scheme.bands)


Summary = tuple[Counts, Rates | None, Decimal | None]


def summary(standings: Sequence[Standing], scheme: Scheme) -> Summary:
    """The row below a table: sums of counts, arithmetic means of rates over units that have them, their score."""
    total = sum((one.counts for one in standings), Counts())
    known = [one.rates for one in standings if one.rates is not None]
    resolutions = [rates.resolution for rates in known if rates.resolution is not None]
    if not known:
        return total, None, None
    means = Rates(
        response=_mean([rates.response for rates in known]),
        resolution=_mean(resolutions) if resolutions else None,
        satisfaction=_mean([rates.satisfaction for rates in known]),
    )
    return total, means, _shown(exact_score(means, scheme), scheme)


def _rank_group(units: Sequence[UnitCounts], scheme: Scheme) -> list[Standing]:
    scores = {one.unit: score_of(one.counts, scheme) for one in units}
    ranked = [one for one in units if _is_ranked(one.counts, scheme) and scores[one.unit] is not None]
    ranked.sort(key=lambda one: (-_known(scores[one.unit]), -one.counts.volume, one.unit))
    ranks: dict[str, int] = {}
    for place, one in enumerate(ranked, start=1):
        before = ranked[place - 2] if place > 1 else None
        same = before is not None and _merit(before, scores) == _merit(one, scores)
        ranks[one.unit] = ranks[before.unit] if same and before else place
    rest = sorted((one for one in units if one.unit not in ranks), key=lambda one: one.unit)
    return [
        Standing(
            unit=one.unit,
            group=one.group,
            counts=one.counts,
            rates=rates_of(one.counts, scheme),
            score=scores[one.unit],
            rank=ranks.get(one.unit),
        )
        for one in [*ranked, *rest]
    ]


def _is_ranked(counts: Counts, scheme: Scheme) -> bool:
    return counts.valid >= max(1, scheme.min_valid)


def _shown(score: Fraction | None, scheme: Scheme) -> Decimal | None:
    return None if score is None else half_even(score, scheme.score_places)


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction()) / len(values)


def _merit(one: UnitCounts, scores: Mapping[str, Decimal | None]) -> tuple[Decimal, int]:
    return _known(scores[one.unit]), one.counts.volume


def _known(score: Decimal | None) -> Decimal:
    assert score is not None, "only units with a score are ranked"
    return score


def _faults(counts: Counts) -> Iterable[tuple[str, str]]:
    for name in COUNTED:
        if getattr(counts, name) < 0:
            yield name, "不能为负数"
    for name in ("contacted", "suggestions", "carried"):
        if getattr(counts, name) > counts.valid:
            yield name, "不能大于有效回访数"
    if counts.solved > counts.resolution_valid:
        yield "solved", "不能大于有效回访数" + ("（建议类除外）" if counts.suggestions else "")
    if counts.satisfied + counts.basically_satisfied > counts.valid:
        yield "satisfied", "满意与基本满意之和不能大于有效回访数"
    if counts.valid > counts.volume + counts.carried:
        yield "valid", "有效回访数不能大于诉求量" + ("与上期结转之和" if counts.carried else "")
