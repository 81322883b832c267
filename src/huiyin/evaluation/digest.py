"""The fingerprint of a version, over every case and every figure, and the proof that events still give the same digits.

The fingerprint is SHA-256 over lines of text in a fixed order (docs/periods.md): one line a case by its number, one
line a unit by group and code, so anybody with an export can check it without this program.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection, transaction

from huiyin.evaluation import counting, facts, figuring
from huiyin.evaluation.models import UnitResult, Version
from huiyin.evaluation.vocabulary import Group

CASE_LINES = """
SELECT concat_ws(',', c.case_no, u.code, r.why, r.basis, r.carried, coalesce(r.contacted::text, '-'),
       coalesce(r.solved::text, '-'), coalesce(r.satisfaction, '-'), r.class_code, r.request_type, r.grade)
  FROM assessment_case_result r JOIN hotline_case c ON c.id = r.case_id
  LEFT JOIN registry_unit u ON u.id = r.unit_id
 WHERE r.version_id = {version} ORDER BY c.case_no COLLATE "C"
"""
UNIT_LINES = """
SELECT concat_ws(',', r."group", u.code, volume, valid, contacted, solved, satisfied, basically_satisfied, suggestions,
       carried, excluded, suspended, exempt, not_asked, invalid, coalesce(score::text, '-'), coalesce(rank::text, '-'),
       band, array_to_string(categories, '|'), coalesce(score_before::text, '-'), coalesce(rank_before::text, '-'))
  FROM assessment_unit_result r JOIN registry_unit u ON u.id = r.unit_id
 WHERE r.version_id = {version} ORDER BY r."group" COLLATE "C", u.code COLLATE "C"
"""

# What must come out again to the digit; intervals are estimates beside it.
EXACT = (
    "volume",
    "valid",
    "contacted",
    "solved",
    "satisfied",
    "basically_satisfied",
    "suggestions",
    "carried",
    "excluded",
    "suspended",
    "exempt",
    "not_asked",
    "invalid",
    "score",
    "rank",
    "band",
    "categories",
)

_COLUMNS = "case_id, unit_id, why, basis, carried, contacted, solved, satisfaction, class_code, request_type, grade"
_UNLIKE = f"""
SELECT case_id FROM (
  (SELECT {_COLUMNS} FROM assessment_case_result WHERE version_id = %(version)s EXCEPT ALL SELECT {_COLUMNS} FROM again)
  UNION ALL
  (SELECT {_COLUMNS} FROM again EXCEPT ALL SELECT {_COLUMNS} FROM assessment_case_result WHERE version_id = %(version)s)
) AS unlike GROUP BY case_id ORDER BY case_id LIMIT 200
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """`digest_holds`: the stored rows are those that were frozen. `cases`, `figures`: what events give otherwise."""

    digest_holds: bool
    cases: tuple[int, ...] = ()
    figures: tuple[tuple[str, int, str, str, str], ...] = field(default=())  # group, unit, name, stored, again

    @property
    def same(self) -> bool:
        return self.digest_holds and not self.cases and not self.figures


def digest_of(version: Version) -> str:
    """SHA-256, hexadecimal, of the version's text as its rows stand in the tables."""
    found = hashlib.sha256()
    for block in text_of(version):
        found.update(block)
    return found.hexdigest()


def text_of(version: Version) -> Iterator[bytes]:
    """What the fingerprint is of, in UTF-8: the version's head, a line a case, a line a unit (docs/periods.md)."""
    head = (version.period.code, version.number, version.scheme_edition_id, version.as_of.isoformat())
    yield (",".join(str(part) for part in head) + "\n").encode()
    for query in (CASE_LINES, UNIT_LINES):
        yield from _copied(query.format(version=int(version.pk)))


@transaction.atomic
def verify(version: Version) -> Verification:
    """Counts the period once more from the events and compares case by case and figure by figure."""
    with connection.cursor() as cursor:
        counting.gather(cursor, version)
        cursor.execute("DROP TABLE IF EXISTS again")
        cut = {"cut": counting.cut_of(version)}
        cursor.execute(f"CREATE TEMP TABLE again ON COMMIT DROP AS {facts.LINES}", cut)
        cursor.execute(_UNLIKE, {"version": version.pk})
        cases = tuple(row[0] for row in cursor.fetchall())
    return Verification(
        digest_holds=not version.digest or digest_of(version) == version.digest,
        cases=cases,
        figures=tuple(_other_figures(version)),
    )


def _other_figures(version: Version) -> Iterator[tuple[str, int, str, str, str]]:
    """Figures that do not follow from the version's own cases."""
    stored = {(one.group, one.unit_id): one for one in UnitResult.objects.filter(version=version)}
    every = {(Group(one.group), one.unit_id): figuring.leads_of(one) for one in stored.values()}
    again = {(str(one.group), one.unit_id): one for one in figuring.figure(version, every or None).values()}
    for key in sorted(stored.keys() | again.keys()):
        for name in EXACT:
            before = getattr(stored[key], name, None) if key in stored else None
            after = getattr(again[key], name, None) if key in again else None
            if before != after:
                yield key[0], key[1], name, str(before), str(after)


def _copied(query: str) -> Iterator[bytes]:
    with connection.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT") as copy:
        for block in copy:
            yield bytes(block)
