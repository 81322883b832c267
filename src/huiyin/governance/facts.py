"""What the rules of entry and exit look at, from published months alone; and the verdicts, line by line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from huiyin.domain.evaluation import Counts, Rates, rates_of
from huiyin.domain.governed import (
    EntryFacts,
    ExitFacts,
    GovernedRule,
    Rate,
    Verdict,
    entry_verdict,
    exit_verdict,
)
from huiyin.domain.governed import Residents as Counted
from huiyin.evaluation import periods, selectors
from huiyin.evaluation.models import UnitResult, Version
from huiyin.evaluation.vocabulary import Group
from huiyin.governance.models import GovernedStreet, Measure, Residents

_YEAR = 12  # periods
_OLDEST = 4  # years that a count of residents is good for


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Streets of one published period: counts and rank by volume; the sum of all cases of all units of the city."""

    counts: Mapping[int, Counts]
    ranks: Mapping[int, int]
    city: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    version: Version
    figures: Figures

    def rates(self, unit_id: int) -> Rates | None:
        return rates_of(self.figures.counts[unit_id], selectors.scheme_of(self.version))

    @property
    def city(self) -> Rates | None:
        return rates_of(self.figures.city, selectors.scheme_of(self.version))

    @property
    def rule(self) -> GovernedRule:
        return periods.rules_of(self.version.scheme_edition_id).governed


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """The published months of two years, newest first, and the residents by street and year."""

    months: tuple[Month, ...]
    residents: Mapping[int, Mapping[int, int]]

    @property
    def newest(self) -> Month | None:
        return self.months[0] if self.months else None

    def running(self, unit_id: int) -> list[Month]:
        """The months that have the street, back from the newest to the first gap: a missing month ends a row."""
        found: list[Month] = []
        for month in self.months:
            follows = not found or found[-1].version.period.begins_at == month.version.period.ends_at
            if not follows or unit_id not in month.figures.counts:
                break
            found.append(month)
        return found


def read_city() -> City:
    """Two statements once this process has met the months."""
    known = selectors.published()
    residents: dict[int, dict[int, int]] = {}
    for unit_id, year, count in Residents.objects.values_list("unit_id", "year", "count"):
        residents.setdefault(unit_id, {})[year] = count
    return City(
        months=tuple(Month(version=one, figures=_figures(one.pk, one.digest)) for one in known[: 2 * _YEAR]),
        residents=residents,
    )


def entry_of(city: City, unit_id: int) -> Verdict | None:
    """None without a published month that has the street."""
    month = city.newest
    if month is None or unit_id not in month.figures.counts:
        return None
    facts = EntryFacts(
        volume=month.figures.counts[unit_id].volume,
        volume_rank=month.figures.ranks[unit_id],
        residents=residents_of(city, unit_id, month.version.period.year),
        rates=_rates(month, unit_id),
    )
    return entry_verdict(facts, month.rule)


def large_or_busy(city: City) -> list[int]:
    """The only streets that can meet the rule of entry, the largest volume first: some tens of hundreds."""
    month = city.newest
    if month is None:
        return []
    ranks, rule, year = month.figures.ranks, month.rule, month.version.period.year

    def is_large(unit_id: int) -> bool:
        counted = residents_of(city, unit_id, year)
        return counted is not None and counted.count >= rule.entry_population

    found = [unit_id for unit_id, rank in ranks.items() if rank <= rule.entry_rank or is_large(unit_id)]
    return sorted(found, key=lambda unit_id: (ranks[unit_id], unit_id))


def exit_of(city: City, street: GovernedStreet, measures: Sequence[Measure]) -> Verdict | None:
    unit_id, running = street.unit_id, city.running(street.unit_id)
    if not running:
        return None
    month, year = running[0], running[0].version.period.year
    volumes = [one.figures.counts[unit_id].volume for one in running]
    two_years = len(volumes) >= 2 * _YEAR
    standing = [one for one in measures if one.dropped_at is None]
    facts = ExitFacts(
        volume_ranks=[one.figures.ranks[unit_id] for one in running],
        volume=sum(volumes[:_YEAR]) if two_years else None,
        volume_before=sum(volumes[_YEAR : 2 * _YEAR]) if two_years else None,
        residents=residents_of(city, unit_id, year),
        residents_before=residents_of(city, unit_id, year - 1),
        rates=_rates(month, unit_id),
        projects=len(standing),
        projects_done=sum(one.done_at is not None for one in standing),
    )
    return exit_verdict(facts, month.rule)


def residents_of(city: City, unit_id: int, year: int) -> Counted | None:
    """Of that year, or of the last one before it that is known, so far back as it is good for."""
    known = city.residents.get(unit_id, {})
    found = next((one for one in range(year, year - _OLDEST, -1) if one in known), None)
    return None if found is None else Counted(count=known[found], year=found)


@lru_cache(maxsize=96)  # eight years of periods; what was published never changes (assessment_version's triggers)
def _figures(version_id: int, digest: str) -> Figures:
    """`digest` is part of the key, so that a number that is given anew in another database names other figures."""
    rows = UnitResult.objects.filter(version=version_id).values_list("group", "unit_id", *selectors.COUNTED)
    streets: dict[int, Counts] = {}
    city = Counts()
    for group, unit_id, *numbers in rows:
        counts = Counts(**dict(zip(selectors.COUNTED, numbers, strict=True)))
        if group == Group.STREET:
            streets[unit_id] = counts
        else:  # a district's line holds its streets
            city += counts
    return Figures(counts=streets, ranks=_ranks(streets), city=city)


def _ranks(streets: Mapping[int, Counts]) -> dict[int, int]:
    """By volume; who is level shares the place, and the next ones are left out."""
    order = sorted(streets, key=lambda unit_id: -streets[unit_id].volume)
    ranks: dict[int, int] = {order[0]: 1} if order else {}
    for place, (above, unit_id) in enumerate(pairwise(order), start=2):
        level = streets[above].volume == streets[unit_id].volume
        ranks[unit_id] = ranks[above] if level else place
    return ranks


def _rates(month: Month, unit_id: int) -> tuple[Rate, ...]:
    own, city = month.rates(unit_id), month.city
    return (
        Rate(name="解决率", own=own.resolution if own else None, city=city.resolution if city else None),
        Rate(name="满意率", own=_satisfaction(own), city=_satisfaction(city)),
    )


def _satisfaction(rates: Rates | None) -> Fraction | None:
    return rates.satisfaction if rates else None
