"""Which cases a version's figures rest on, and the counts of each unit: sums over those cases and nothing else."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from huiyin.domain.evaluation import Counts, Scheme
from huiyin.evaluation import facts, periods
from huiyin.evaluation.models import CaseResult, Version
from huiyin.evaluation.vocabulary import Stage

_COLUMNS = (
    "case_id, unit_id, why, basis, carried, contacted, solved, satisfaction, class_code, request_type, grade,"
    " nonresponse"
)

_JUDGED = "why IN ('counted', 'without_resolution')"
_SUMS = f"""
       count(*) FILTER (WHERE ({_JUDGED} OR why IN ('not_asked_yet', 'not_sampled', 'callback_invalid'))
                          AND NOT carried) AS volume,
       count(*) FILTER (WHERE {_JUDGED}) AS valid,
       count(*) FILTER (WHERE {_JUDGED} AND contacted) AS contacted,
       count(*) FILTER (WHERE why = 'counted' AND solved) AS solved,
       count(*) FILTER (WHERE {_JUDGED} AND satisfaction = 'satisfied') AS satisfied,
       count(*) FILTER (WHERE {_JUDGED} AND satisfaction = 'basically_satisfied') AS basically_satisfied,
       count(*) FILTER (WHERE why = 'without_resolution') AS suggestions,
       count(*) FILTER (WHERE {_JUDGED} AND carried) AS carried,
       count(*) FILTER (WHERE why = 'excluded') AS excluded,
       count(*) FILTER (WHERE why = 'suspended') AS suspended,
       count(*) FILTER (WHERE why = 'volume_exempt') AS exempt,
       count(*) FILTER (WHERE why = 'not_asked_yet') AS not_asked,
       count(*) FILTER (WHERE why IN ('callback_invalid', 'not_sampled')) AS invalid
"""
# What one callback adds to the score, 0 to 1: its variance gives the intervals the answers' correlation.
_VARIANCE = f"""
       coalesce(var_samp(%(response)s * (contacted IS TRUE)::int + %(resolution)s * (solved IS TRUE)::int
         + %(satisfaction)s * CASE satisfaction WHEN 'satisfied' THEN 1 WHEN 'basically_satisfied' THEN %(basically)s
           ELSE 0 END) FILTER (WHERE {_JUDGED}), 0)::float8 AS variance
"""
_BY_UNIT = f"SELECT unit_id, {_SUMS}, {_VARIANCE} FROM assessment_case_result WHERE version_id = %(version)s GROUP BY 1"
_BY_CLASS = f"""
SELECT unit_id, class_code, {_SUMS} FROM assessment_case_result
 WHERE version_id = %(version)s AND (%(units)s::int[] IS NULL OR unit_id = ANY(%(units)s)) GROUP BY 1, 2
"""
_BY_KIND = """
SELECT unit_id, left(class_code, 4) || request_type || grade, count(*), count(*) FILTER (WHERE solved)
  FROM assessment_case_result WHERE version_id = %s AND why = 'counted' GROUP BY 1, 2
"""

BESIDE = ("excluded", "suspended", "exempt", "not_asked", "invalid")
_NAMES = (
    "volume",
    "valid",
    "contacted",
    "solved",
    "satisfied",
    "basically_satisfied",
    "suggestions",
    "carried",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSums:
    """Of one unit, or of several added up: the counts that make figures and those beside them; `variance` of one."""

    counts: Counts = field(default_factory=Counts)
    beside: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(BESIDE, 0))
    variance: float = 0.0


def cut_of(version: Version) -> datetime:
    """The moment at which cases are looked at: the period's end, or now for an estimate of a running one."""
    return version.as_of if version.stage == Stage.LIVE else version.period.ends_at


@transaction.atomic
def count_cases(version: Version) -> int:
    """Writes one row a case of the period, in place of what stood there; returns how many."""
    with connection.cursor() as cursor:
        gather(cursor, version)
        CaseResult.objects.filter(version=version).delete()
        cursor.execute(
            f"INSERT INTO assessment_case_result (version_id, {_COLUMNS}) SELECT %(version)s, {_COLUMNS}"
            f" FROM ({facts.LINES}) AS lines ORDER BY unit_id, why, case_id",
            {"version": version.pk, "cut": cut_of(version)},
        )
        found: int = cursor.rowcount
    version.case_count = found
    version.save(update_fields=["case_count"])
    return found


def gather(cursor: object, version: Version) -> None:
    """The facts of a version's cases into temporary tables, as `facts.LINES` reads them."""
    cut, rules = cut_of(version), periods.rules_of(version.scheme_edition_id)
    cuts = [end for end in _earlier_cuts(version) if end <= version.period.begins_at]
    facts.gather(
        cursor,  # type: ignore[arg-type]  # Django's own wrapper
        begins=version.period.begins_at,
        cut=cut,
        cuts=cuts,
        as_of=version.as_of,
        rule=rules.entering,
    )


def unit_sums(version: Version, scheme: Scheme) -> dict[int, UnitSums]:
    """By lead unit; one pass over the version's cases."""
    with connection.cursor() as cursor:
        cursor.execute(
            _BY_UNIT,
            {
                "version": version.pk,
                "response": float(scheme.response_weight),
                "resolution": float(scheme.resolution_weight),
                "satisfaction": float(scheme.satisfaction_weight),
                "basically": float(scheme.basically_counts),
            },
        )
        rows = cursor.fetchall()
    return {
        row[0]: UnitSums(
            counts=_counts(row[1:]),
            beside=dict(zip(BESIDE, row[1 + len(_NAMES) : -1], strict=True)),
            variance=row[-1],
        )
        for row in rows
    }


def class_counts(version: Version, unit_ids: Collection[int] | None = None) -> dict[tuple[int, str], Counts]:
    """By lead unit and class of the taxonomy; of these units only, if any are named."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_CLASS, {"version": version.pk, "units": None if unit_ids is None else sorted(unit_ids)})
        return {(row[0], row[1]): _counts(row[2:]) for row in cursor.fetchall()}


def kinds_of(version: Version) -> list[tuple[int, str, int, int]]:
    """(lead unit, kind of case, judged on resolution, solved): the cells of the case-mix adjustment."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_KIND, [version.pk])
        return [(row[0], row[1], row[2], row[3]) for row in cursor.fetchall()]


def added(parts: Iterable[UnitSums]) -> UnitSums:
    """Units added up, as a district's are; the variance pooled over their valid callbacks, means apart as one crowd."""
    every = list(parts)
    total = sum((one.counts for one in every), Counts())
    beside = {name: sum(one.beside[name] for one in every) for name in BESIDE}
    freedom = sum(max(0, one.counts.valid - 1) for one in every)
    within = sum(max(0, one.counts.valid - 1) * one.variance for one in every)
    return UnitSums(counts=total, beside=beside, variance=within / freedom if freedom else 0.0)


def _counts(values: tuple[int, ...]) -> Counts:
    return Counts(**dict(zip(_NAMES, values[: len(_NAMES)], strict=True)))


def _earlier_cuts(version: Version) -> list[datetime]:
    """Ends of the periods since the oldest case that was asked in this one was registered."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(c.registered_at) FROM (SELECT DISTINCT case_id FROM case_event"
            " WHERE action = 'record_callback' AND at >= %s AND at < %s) AS called"
            " JOIN hotline_case c ON c.id = called.case_id",
            [version.period.begins_at, cut_of(version)],
        )
        oldest = cursor.fetchone()[0]
    return [] if oldest is None else periods.cuts_before(version.period, oldest)
