"""What a revision changed: the cases that enter otherwise than before, and the figures that moved with them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from huiyin.evaluation.digest import EXACT
from huiyin.evaluation.models import UnitResult, Version


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDifference:
    """`before` or `after` is None where the case is in one version only; else (unit id, why, the three answers)."""

    case_id: int
    before: tuple[Any, ...] | None
    after: tuple[Any, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureDifference:
    group: str
    unit_id: int
    name: str
    before: Any
    after: Any


_CASES = """
SELECT coalesce(o.case_id, n.case_id), o.case_id IS NOT NULL, n.case_id IS NOT NULL,
       o.unit_id, o.why, o.contacted, o.solved, o.satisfaction, n.unit_id, n.why, n.contacted, n.solved, n.satisfaction
  FROM (SELECT * FROM assessment_case_result WHERE version_id = %(older)s) AS o
  FULL JOIN (SELECT * FROM assessment_case_result WHERE version_id = %(newer)s) AS n ON n.case_id = o.case_id
 WHERE (o.unit_id, o.why, o.contacted, o.solved, o.satisfaction, o.carried)
       IS DISTINCT FROM (n.unit_id, n.why, n.contacted, n.solved, n.satisfaction, n.carried)
 ORDER BY 1 LIMIT %(most)s
"""


def cases_between(older: Version, newer: Version, *, most: int = 1000) -> list[CaseDifference]:
    with connection.cursor() as cursor:
        cursor.execute(_CASES, {"older": older.pk, "newer": newer.pk, "most": most})
        return [
            CaseDifference(case_id=row[0], before=row[3:8] if row[1] else None, after=row[8:13] if row[2] else None)
            for row in cursor.fetchall()
        ]


def figures_between(older: Version, newer: Version) -> list[FigureDifference]:
    """Every exact figure that is another now, by group and unit."""
    return list(_figures(older, newer))


def _figures(older: Version, newer: Version) -> Iterator[FigureDifference]:
    old = {(one.group, one.unit_id): one for one in UnitResult.objects.filter(version=older)}
    new = {(one.group, one.unit_id): one for one in UnitResult.objects.filter(version=newer)}
    for key in sorted(old.keys() | new.keys()):
        for name in EXACT:
            before = getattr(old[key], name) if key in old else None
            after = getattr(new[key], name) if key in new else None
            if before != after:
                yield FigureDifference(group=key[0], unit_id=key[1], name=name, before=before, after=after)
