"""What all packs of a period share, read once by a fixed number of statements: results, classes, places, cases.

A version of published figures never changes, so a process keeps the ground of the last one; what stands beside the
figures (overdue, second handling, 督办) is as of the moment at which it was read and is read anew after a while.
"""

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from huiyin.domain.errors import DomainError
from huiyin.domain.evaluation import Counts
from huiyin.domain.schemes import EvaluationRules
from huiyin.evaluation import periods, selectors
from huiyin.evaluation.models import UnitResult, Version
from huiyin.evaluation.vocabulary import Group, Stage
from huiyin.packs import standing
from huiyin.registry import rulebook
from huiyin.registry.rulebook import Taxonomy

_TREND = 13  # this period and a year before it
_KEPT_SECONDS = 900
_WORST = 10

Key = tuple[Group, int]

_COUNTED = "volume valid contacted solved satisfied basically_satisfied suggestions carried"
# One pass over the version's cases with the case beside each: by lead unit, and by unit and place.
_PLACES = """
WITH line AS (
  SELECT r.unit_id, r.carried, r.contacted, r.solved, r.satisfaction,
         r.why IN ('counted', 'without_resolution') AS judged, r.why = 'counted' AS on_solving,
         r.why IN ('counted', 'without_resolution', 'not_asked_yet', 'callback_invalid') AS inside,
         c.district_id, c.community_id, c.supervised, c.round > 1 AS again,
         coalesce(c.feedback_hotline_at, %(now)s) > c.due_at AS late
    FROM assessment_case_result r JOIN hotline_case c ON c.id = r.case_id
   WHERE r.version_id = %(version)s AND r.unit_id IS NOT NULL
)
SELECT unit_id, grouping(district_id), grouping(community_id), district_id, community_id,
       count(*) FILTER (WHERE inside AND NOT carried), count(*) FILTER (WHERE judged),
       count(*) FILTER (WHERE judged AND contacted), count(*) FILTER (WHERE on_solving AND solved),
       count(*) FILTER (WHERE judged AND satisfaction = 'satisfied'),
       count(*) FILTER (WHERE judged AND satisfaction = 'basically_satisfied'),
       count(*) FILTER (WHERE judged AND NOT on_solving), count(*) FILTER (WHERE judged AND carried),
       count(*) FILTER (WHERE inside AND late), count(*) FILTER (WHERE inside AND again),
       count(*) FILTER (WHERE inside AND supervised)
  FROM line GROUP BY GROUPING SETS ((unit_id), (unit_id, district_id), (unit_id, community_id))
"""
# The cases that most need talking about: 督办 first, then second handling, then what was urged, then by urgency.
# Confidential cases are not shown on a wall.
_CASES = """
SELECT unit_id, case_id, class_code, contacted, solved, satisfaction FROM (
  SELECT r.unit_id, r.case_id, r.class_code, r.contacted, r.solved, r.satisfaction,
         row_number() OVER (PARTITION BY r.unit_id ORDER BY c.supervised DESC, (c.round > 1) DESC, c.urge_count DESC,
           (r.solved IS TRUE), array_position(ARRAY['critical', 'urgent', 'complex', 'normal']::text[], r.grade::text),
           r.case_id) AS place
    FROM assessment_case_result r JOIN hotline_case c ON c.id = r.case_id
   WHERE r.version_id = %(version)s AND r.unit_id IS NOT NULL AND NOT c.confidential
     AND r.why IN ('counted', 'without_resolution')
     AND ((r.why = 'counted' AND r.solved IS NOT TRUE) OR r.satisfaction = 'unsatisfied')
) AS placed WHERE place <= %(most)s ORDER BY unit_id, place
"""


class NotPublished(DomainError):
    """该考核期的成绩尚未发布，发布后才能制作点评会材料。"""

    code = "period_not_published"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What one unit did at one place (or everywhere): counts as the figures count, and what stands beside them."""

    counts: Counts
    late: int
    again: int
    supervised: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """A case that went badly, as the version judged it."""

    case_id: int
    class_code: str
    contacted: bool | None
    solved: bool | None
    satisfaction: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    version: Version
    rules: EvaluationRules
    taxonomy: Taxonomy
    lines: Mapping[Key, tuple[int, ...]]
    timeline: tuple[Version, ...]  # newest first, this version's period first
    before: Version | None
    year_ago: Version | None
    results: Mapping[int, Mapping[Key, UnitResult]]  # by version
    classes: Mapping[int, Mapping[str, Counts]]  # lead unit -> class -> counts
    classes_before: Mapping[int, Mapping[str, Counts]]
    totals: Mapping[int, Place]
    in_districts: Mapping[int, Mapping[int | None, Place]]
    in_communities: Mapping[int, Mapping[int | None, Place]]
    behind: Mapping[int, tuple[Behind, ...]]
    read_at: datetime

    @property
    def now(self) -> Mapping[Key, UnitResult]:
        return self.results[self.version.pk]


_held: dict[int, tuple[float, Ground]] = {}


def ground_of(version: Version, *, now: datetime) -> Ground:
    """Of a published version; kept for a quarter of an hour, so the packs of a batch share it."""
    kept = _held.get(version.pk)
    if kept is not None and time.monotonic() - kept[0] < _KEPT_SECONDS:
        return kept[1]
    made = read(version, now=now)
    _held.clear()
    _held[version.pk] = (time.monotonic(), made)
    return made


def forget() -> None:
    _held.clear()


def read(version: Version, *, now: datetime) -> Ground:
    """The same number of statements however many units, classes and cases there are."""
    if version.stage != Stage.PUBLISHED:
        raise NotPublished
    known = [one for one in selectors.published() if one.period.begins_at < version.period.begins_at]
    before = next((one for one in known if one.period.ends_at == version.period.begins_at), None)
    year_ago = next((one for one in known if _is_year_before(one, version)), None)
    timeline = (version, *known[: _TREND - 1])
    totals, districts, communities = _places(version, now)
    return Ground(
        version=version,
        rules=periods.rules_of(version.scheme_edition_id),
        taxonomy=rulebook.taxonomy(rulebook.current(version.period.begins_at).taxonomy_id),
        lines=standing.lines(),
        timeline=timeline,
        before=before,
        year_ago=year_ago,
        results=_results({one.pk for one in (*timeline, year_ago) if one is not None}),
        classes=_by_unit(selectors.class_counts(version)),
        classes_before=_by_unit(selectors.class_counts(before)) if before else {},
        totals=totals,
        in_districts=districts,
        in_communities=communities,
        behind=_behind(version),
        read_at=now,
    )


def _is_year_before(one: Version, version: Version) -> bool:
    return (one.period.year, one.period.month) == (version.period.year - 1, version.period.month)


def _results(version_ids: set[int]) -> dict[int, dict[Key, UnitResult]]:
    found: dict[int, dict[Key, UnitResult]] = {version_id: {} for version_id in version_ids}
    for one in UnitResult.objects.filter(version__in=version_ids):
        found[one.version_id][Group(one.group), one.unit_id] = one
    return found


def _by_unit(counted: Mapping[tuple[int, str], Counts]) -> dict[int, dict[str, Counts]]:
    found: dict[int, dict[str, Counts]] = defaultdict(dict)
    for (unit_id, code), counts in counted.items():
        found[unit_id][code] = counts
    return dict(found)


Places = dict[int, dict[int | None, Place]]


def _places(version: Version, now: datetime) -> tuple[dict[int, Place], Places, Places]:
    totals: dict[int, Place] = {}
    districts: Places = defaultdict(dict)
    communities: Places = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, {"version": version.pk, "now": min(now, version.period.ends_at)})
        for unit_id, over_districts, over_communities, district_id, community_id, *numbers in cursor.fetchall():
            counts = Counts(**dict(zip(_COUNTED.split(), numbers[:8], strict=True)))
            place = Place(counts=counts, late=numbers[8], again=numbers[9], supervised=numbers[10])
            if not over_districts:
                districts[unit_id][district_id] = place
            elif not over_communities:
                communities[unit_id][community_id] = place
            else:
                totals[unit_id] = place
    return totals, dict(districts), dict(communities)


def _behind(version: Version) -> dict[int, tuple[Behind, ...]]:
    found: dict[int, list[Behind]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_CASES, {"version": version.pk, "most": _WORST})
        for unit_id, case_id, code, contacted, solved, satisfaction in cursor.fetchall():
            found[unit_id].append(
                Behind(
                    case_id=case_id,
                    class_code=code,
                    contacted=contacted,
                    solved=solved,
                    satisfaction=satisfaction,
                )
            )
    return {unit_id: tuple(cases) for unit_id, cases in found.items()}
