"""Sets slow indexes aside while very many cases are written, and puts them back: building anew is far cheaper.

What was taken away is noted in the same transaction, so that a killed load loses nothing: `restore` finishes its work.
Kept are the keys that the desk itself leans on (one requester a number, one clock a kind), so it stays right meanwhile.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from django.db import connection, transaction

_TABLES = ("hotline_case", "case_event", "case_clock")
_KEPT = ("case_clock_once",)
# What registrations hardly fill, or fill in order: kept, it costs less than being built anew (measured one by one).
UNMOVED_BY_REGISTRATIONS = (
    "case_event_of_case", "case_event_by_actor", "case_event_fired", "case_event_callbacks", "case_clock_next",
    "case_clock_due", "case_open_sub", "case_of_sub", "case_callbacks", "case_decisions", "case_replied",
    "case_merged_into",
)  # fmt: skip
Parked = tuple[str, str, str, bool]  # name, table, definition, whether it is a constraint
Hands = Callable[[Sequence[Callable[[], None]]], object]  # does all of these, several at a time

_NOTE = """
CREATE TABLE IF NOT EXISTS case_parked (
    name text PRIMARY KEY, relation text NOT NULL, definition text NOT NULL, is_constraint boolean NOT NULL)
"""
_PARK = """
WITH found AS (
    SELECT conname::text AS name, conrelid::regclass::text AS relation, pg_get_constraintdef(oid) AS definition, true
      FROM pg_constraint WHERE contype IN ('f', 'u') AND conrelid::regclass::text = ANY(%(tables)s)
    UNION ALL
    SELECT indexrelid::regclass::text, indrelid::regclass::text, pg_get_indexdef(indexrelid), false
      FROM pg_index WHERE indrelid::regclass::text = ANY(%(tables)s) AND NOT indisprimary
       AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u')))
INSERT INTO case_parked SELECT * FROM found WHERE name <> ALL(%(kept)s) RETURNING name, relation, is_constraint
"""
_HOLLOW = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
 WHERE indrelid::regclass::text = ANY(%(tables)s) AND NOT indisvalid
"""


@contextmanager
def set_aside(*, keep: Collection[str] = (), hands: Hands | None = None) -> Iterator[None]:
    """For first loads only: while it lasts, lists are slow and the same source number could be written twice.

    `hands`: processes with connections of their own that build several indexes at a time.
    """
    _park(keep)
    try:
        yield
    finally:
        restore(hands)


def is_set_aside() -> bool:
    """Whether a load is running now, or was killed and nobody has called `restore` since."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('case_parked') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT EXISTS (SELECT FROM case_parked)")
        return bool(cursor.fetchone()[0])


def restore(hands: Hands | None = None) -> int:
    """Puts back what a load (perhaps a killed one) has set aside; returns how many. One by one, each for good."""
    _mend()
    if not is_set_aside():
        return 0
    parked = _parked()
    if hands is not None:
        hands([partial(_put_back_beside_others, one) for one in parked if not one[-1]])
    for one in _parked():  # constraints, and whatever a hand that died has left
        _put_back(one)
    return len(parked)


def _parked() -> list[Parked]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, relation, definition, is_constraint FROM case_parked ORDER BY definition ~ 'FOREIGN', name"
        )
        return list(cursor.fetchall())


@transaction.atomic
def _put_back(one: Parked) -> None:
    name, relation, definition, is_constraint = one
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        if is_constraint:
            cursor.execute(f'ALTER TABLE {relation} ADD CONSTRAINT "{name}" {definition}')
        else:
            cursor.execute(_on_every_partition(definition))
        cursor.execute("DELETE FROM case_parked WHERE name = %s", [name])


@transaction.atomic
def _put_back_beside_others(one: Parked) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL max_parallel_maintenance_workers = 0")  # the others are at work already
    _put_back(one)


def _on_every_partition(definition: str) -> str:
    """PostgreSQL describes a partitioned table's index as the parent's ONLY; built so, its parts would have none."""
    return definition.replace(" ON ONLY ", " ON ", 1)


@transaction.atomic
def _mend() -> None:
    """Builds indexes anew that stand on the parent alone, as an interrupted or faulty restore leaves them."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLLOW, {"tables": list(_TABLES)})
        for name, definition in cursor.fetchall():
            cursor.execute(f"DROP INDEX {name}")
            cursor.execute(_on_every_partition(definition))


@transaction.atomic
def _park(keep: Collection[str] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_NOTE)
        cursor.execute(_PARK, {"tables": list(_TABLES), "kept": [*_KEPT, *keep]})
        for name, relation, is_constraint in cursor.fetchall():
            if is_constraint:
                cursor.execute(f'ALTER TABLE {relation} DROP CONSTRAINT "{name}"')
            else:
                cursor.execute(f"DROP INDEX {name}")
