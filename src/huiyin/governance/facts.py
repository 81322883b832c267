"""What the rules of entry and exit look at, from published months alone; and the verdicts, line by line."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from huiyin.domain.evaluation import Counts
from huiyin.domain.governed import EntryFacts, ExitFacts, Verdict, entry_verdict, exit_verdict
from huiyin.domain.schemes import EvaluationRules
from huiyin.evaluation import periods, selectors
from huiyin.evaluation.models import UnitResult, Version
from huiyin.evaluation.vocabulary import Group
from huiyin.governance.models import GovernedStreet, Measure, Residents

_YEAR = 12  # periods
_OLDEST = 4  # years that a count of residents is good for


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """Streets of one published period: counts and rank by volume; the city's rates over all cases of all units."""

    version: Version
    counts: Mapping[int, Counts]
    ranks: Mapping[int, int]
    city: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """The published months, newest first, and the residents by street and year. Read once for a whole page."""

    months: tuple[Month, ...]
    residents: Mapping[tuple[int, int], int]

    @property
    def newest(self) -> Month | None:
        return self.months[0] if self.months else None


def read_city(version: Version | None = None) -> City:
    """Three statements. With `version`, as it was known when that one was the newest."""
    known = [
        one for one in selectors.published() if version is None or one.period.begins_at <= version.period.begins_at
    ]
    versions = known[: 2 * _YEAR]
    rows: dict[int, list[UnitResult]] = {one.pk: [] for one in versions}
    for row in UnitResult.objects.filter(version__in=versions):
        rows[row.version_id].append(row)
    return City(
        months=tuple(_month(one, rows[one.pk]) for one in versions),
        residents={(one.unit_id, one.year): one.count for one in Residents.objects.all()},
    )


def entry_of(city: City, unit_id: int) -> Verdict | None:
    """None without a published month that has the street."""
    month = city.newest
    if month is None or unit_id not in month.counts:
        return None
    own = month.counts[unit_id]
    facts = EntryFacts(
        volume_rank=month.ranks[unit_id],
        population=_residents(city, unit_id, month.version.period.year),
        resolution=resolution(own),
        satisfaction=satisfaction(own, month.version),
        city_resolution=resolution(month.city) or Fraction(0),
        city_satisfaction=satisfaction(month.city, month.version) or Fraction(0),
    )
    return entry_verdict(facts, _rules(month).governed)


def exit_of(city: City, street: GovernedStreet, measures: list[Measure]) -> Verdict | None:
    month = city.newest
    if month is None or street.unit_id not in month.counts:
        return None
    unit_id, year = street.unit_id, month.version.period.year
    volumes = [one.counts[unit_id].volume for one in city.months if unit_id in one.counts]
    own, standing = month.counts[unit_id], [one for one in measures if one.dropped_at is None]
    facts = ExitFacts(
        volume_ranks=[one.ranks[unit_id] for one in city.months if unit_id in one.ranks],
        volume=sum(volumes[:_YEAR]),
        volume_before=sum(volumes[_YEAR : 2 * _YEAR]),
        population=_residents(city, unit_id, year),
        population_before=_residents(city, unit_id, year - 1) if len(volumes) >= 2 * _YEAR else None,
        resolution=resolution(own),
        satisfaction=satisfaction(own, month.version),
        city_resolution=resolution(month.city) or Fraction(0),
        city_satisfaction=satisfaction(month.city, month.version) or Fraction(0),
        projects=len(standing),
        projects_done=sum(one.done_at is not None for one in standing),
    )
    return exit_verdict(facts, _rules(month).governed)


def _month(version: Version, rows: list[UnitResult]) -> Month:
    streets = {row.unit_id: selectors.counts_of(row) for row in rows if row.group == Group.STREET}
    volumes = sorted((counts.volume for counts in streets.values()), reverse=True)
    others = [selectors.counts_of(row) for row in rows if row.group != Group.STREET]  # a district holds its streets
    return Month(
        version=version,
        counts=streets,
        ranks={unit_id: 1 + volumes.index(counts.volume) for unit_id, counts in streets.items()},
        city=sum(others, Counts()),
    )


def _residents(city: City, unit_id: int, year: int) -> int | None:
    """Of that year, or of the last one before it that is known, so far back as it is good for."""
    known = (city.residents.get((unit_id, one)) for one in range(year, year - _OLDEST, -1))
    return next((count for count in known if count is not None), None)


def resolution(counts: Counts) -> Fraction | None:
    return Fraction(counts.solved, counts.resolution_valid) if counts.resolution_valid else None


def satisfaction(counts: Counts, version: Version) -> Fraction | None:
    if not counts.valid:
        return None
    basically = Fraction(selectors.scheme_of(version).basically_counts)
    return (counts.satisfied + basically * counts.basically_satisfied) / counts.valid


def _rules(month: Month) -> EvaluationRules:
    return periods.rules_of(month.version.scheme_edition_id)
