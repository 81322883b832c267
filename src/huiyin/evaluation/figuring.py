"""From counts to the figures of every unit: score, rank and lists as the scheme says; beside them, what chance does."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

import numpy as np
from django.db import connection, transaction
from django.db.models import QuerySet

from huiyin.analytics import casemix, figures
from huiyin.domain.categories import lists_of
from huiyin.domain.evaluation import Standing, UnitCounts, band_of, rank_units
from huiyin.domain.schemes import EvaluationRules
from huiyin.domain.vocabulary import UnitKind
from huiyin.evaluation import counting, periods
from huiyin.evaluation.counting import UnitSums
from huiyin.evaluation.models import Period, UnitResult, Version
from huiyin.evaluation.vocabulary import FIXED, GROUP_OF, Group
from huiyin.registry import directory
from huiyin.registry.directory import UnitInfo
from huiyin.registry.revision import PerRevision

Key = tuple[Group, int]


@transaction.atomic
def figure_units(version: Version) -> None:
    """Writes one row a unit and group, in place of what stood there; by COPY, for it is hundreds of wide rows."""
    version.compared_with = _fixed_before(version.period).first()
    version.save(update_fields=["compared_with"])
    fields = [field for field in UnitResult._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    made = figure(version).values()
    UnitResult.objects.filter(version=version).delete()
    with connection.cursor() as cursor, cursor.copy(f"COPY assessment_unit_result ({columns}) FROM STDIN") as copy:
        for one in made:
            copy.write_row([field.get_db_prep_save(getattr(one, field.attname), connection) for field in fields])


def figure(version: Version, every: Mapping[Key, tuple[int, ...]] | None = None) -> dict[Key, UnitResult]:
    """All figures of a version from its cases, unsaved: for writing them, and for checking lines as they were then."""
    every = lines() if every is None else every
    rules = periods.rules_of(version.scheme_edition_id)
    of_units = counting.unit_sums(version, rules.scheme)
    sums = {key: counting.added(of_units[unit] for unit in units if unit in of_units) for key, units in every.items()}
    before = _before(version)
    results = {key: _counted(version, key, one, every[key]) for key, one in sums.items()}
    standings = rank_units(
        [UnitCounts(unit=str(unit), group=str(group), counts=one.counts) for (group, unit), one in sums.items()],
        rules.scheme,
    )
    for one in standings:
        result = results[Group(one.group), int(one.unit)]
        result.score, result.rank, result.band = one.score, one.rank, band_of(one.counts, rules.scheme)
        last = before.get((Group(one.group), int(one.unit)))
        result.score_before, result.rank_before = (last.score, last.rank) if last else (None, None)
    _put_on_lists(results, standings, before, rules)
    _put_chances(results, sums, rules)
    _put_case_mix(results, version, every)
    return results


@PerRevision
def lines() -> Mapping[Key, tuple[int, ...]]:
    """The lines of the four lists and the lead units that each adds up; every unit of a group has one, idle or not."""
    found: dict[Key, tuple[int, ...]] = {}
    below: dict[int, list[int]] = {}
    for unit in directory.units().values():
        group = GROUP_OF.get(unit.kind)
        if group is not None:
            found[group, unit.id] = (unit.id,)
        if unit.district_id is not None and _answers_for_district(unit):
            below.setdefault(unit.district_id, []).append(unit.id)
    for area in directory.districts():
        government = directory.district_unit(area.id)
        if government is not None:
            found[Group.DISTRICT, government.id] = tuple(sorted({government.id, *below.get(area.id, ())}))
    return MappingProxyType(found)


def leads_of(result: UnitResult) -> tuple[int, ...]:
    """As they were when it was figured: a street that has moved to another district since changes no figure."""
    key = (Group(result.group), result.unit_id)
    return tuple(result.adds_up) or lines().get(key, (result.unit_id,))


def _answers_for_district(unit: UnitInfo) -> bool:
    """A district's list is of what it governs; companies and the city's departments only sit there."""
    return unit.kind in (UnitKind.DISTRICT_GOV, UnitKind.DISTRICT_BUREAU, UnitKind.STREET, UnitKind.COMMUNITY)


def _counted(version: Version, key: Key, sums: UnitSums, leads: Sequence[int]) -> UnitResult:
    group, unit_id = key
    counts = sums.counts
    return UnitResult(
        version=version,
        group=str(group),
        unit_id=unit_id,
        adds_up=list(leads),
        volume=counts.volume,
        valid=counts.valid,
        contacted=counts.contacted,
        solved=counts.solved,
        satisfied=counts.satisfied,
        basically_satisfied=counts.basically_satisfied,
        suggestions=counts.suggestions,
        carried=counts.carried,
        **sums.beside,
    )


def _before(version: Version) -> dict[Key, UnitResult]:
    """The figures of the period before, of the version that this one was compared with, whatever was fixed since.

    Where none is kept there was none, or nobody kept it yet: then it is what was fixed when the draft was made.
    """
    known = version.compared_with_id
    if known is None:
        fixed = _fixed_before(version.period).filter(frozen_at__lte=version.drafted_at)
        known = fixed.values_list("pk", flat=True).first()
    return {(Group(one.group), one.unit_id): one for one in UnitResult.objects.filter(version_id=known)}


def _fixed_before(period: Period) -> QuerySet[Version]:
    """What is fixed of the period before, the latest first."""
    fixed = Version.objects.filter(period__ends_at=period.begins_at, stage__in=[str(stage) for stage in FIXED])
    return fixed.order_by("-number")


def _put_on_lists(
    results: Mapping[Key, UnitResult],
    standings: Iterable[Standing],
    before: Mapping[Key, UnitResult],
    rules: EvaluationRules,
) -> None:
    """先进、进步、整改、治理 are lists of streets. Progress is made from a score that was ranked: one of two or three
    callbacks is chance, and whoever had a bad one would be praised for having had few."""
    streets = [one for one in standings if one.group == Group.STREET]
    scores: dict[str, Decimal] = {
        str(unit): one.score
        for (group, unit), one in before.items()
        if group is Group.STREET and one.score is not None and one.rank is not None
    }
    for category, units in lists_of(streets, scores, rules.lists).items():
        for unit in units:
            results[Group.STREET, int(unit)].categories.append(str(category))


def _put_chances(results: Mapping[Key, UnitResult], sums: Mapping[Key, UnitSums], rules: EvaluationRules) -> None:
    units = [UnitCounts(unit=str(unit), group=str(group), counts=one.counts) for (group, unit), one in sums.items()]
    variances = {(str(group), str(unit)): one.variance for (group, unit), one in sums.items()}
    for group, found in figures.chances(units, rules.scheme, variances).items():
        for unit, chance in found.units.items():
            result = results[Group(group), int(unit)]
            result.resolution_low, result.resolution_high = chance.resolution_low, chance.resolution_high
            result.resolution_shrunken = chance.resolution_shrunken
            result.rank_low, result.rank_high = chance.rank_low, chance.rank_high
            result.alike = unit in found.alike


def _put_case_mix(results: Mapping[Key, UnitResult], version: Version, every: Mapping[Key, tuple[int, ...]]) -> None:
    """Solved against what units of the group together solve of the same kinds of cases (class, type, grade)."""
    kinds = counting.kinds_of(version)
    for group in Group:
        places = {unit: at for at, (of, unit) in enumerate(key for key in every if key[0] is group)}
        line_of = {lead: unit for (of, unit), leads in every.items() if of is group for lead in leads}
        cells = [
            (places[line_of[lead]], kind, judged, solved) for lead, kind, judged, solved in kinds if lead in line_of
        ]
        if not cells:
            continue
        names = {kind: at for at, kind in enumerate(sorted({kind for _, kind, _, _ in cells}))}
        adjusted = casemix.adjust(
            np.array([unit for unit, _, _, _ in cells]),
            np.array([names[kind] for _, kind, _, _ in cells]),
            np.array([judged for _, _, judged, _ in cells], dtype=float),
            np.array([solved for _, _, _, solved in cells], dtype=float),
            units=len(places),
        )
        for unit, at in places.items():
            result = results[group, unit]
            if result.valid == result.suggestions:
                continue
            result.expected = float(adjusted.expected[at])
            result.ratio = _known(adjusted.ratio[at])
            result.ratio_low, result.ratio_high = _known(adjusted.ratio_low[at]), _known(adjusted.ratio_high[at])


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
