"""Sets slow indexes aside while very many cases are written, and puts them back: building anew is far cheaper.

What was taken away is noted in the same transaction, so that a killed load loses nothing: `restore` finishes its work.
Kept are the keys that the desk itself leans on (one requester a number, one clock a kind), so it stays right meanwhile.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

_TABLES = ("hotline_case", "case_event", "case_clock")
_KEPT = ("case_clock_once",)

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
def set_aside() -> Iterator[None]:
    """For first loads only: while it lasts, lists are slow and the same source number could be written twice."""
    _park()
    try:
        yield
    finally:
        restore()


def is_set_aside() -> bool:
    """Whether a load is running now, or was killed and nobody has called `restore` since."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('case_parked') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT EXISTS (SELECT FROM case_parked)")
        return bool(cursor.fetchone()[0])


def restore() -> int:
    """Puts back what a load (perhaps a killed one) has set aside; returns how many. One by one, each for good."""
    _mend()
    if not is_set_aside():
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, relation, definition, is_constraint FROM case_parked ORDER BY definition ~ 'FOREIGN', name"
        )
        parked = cursor.fetchall()
    for name, relation, definition, is_constraint in parked:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
            if is_constraint:
                cursor.execute(f'ALTER TABLE {relation} ADD CONSTRAINT "{name}" {definition}')
            else:
                cursor.execute(_on_every_partition(definition))
            cursor.execute("DELETE FROM case_parked WHERE name = %s", [name])
    return len(parked)


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
def _park() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_NOTE)
        cursor.execute(_PARK, {"tables": list(_TABLES), "kept": list(_KEPT)})
        for name, relation, is_constraint in cursor.fetchall():
            if is_constraint:
                cursor.execute(f'ALTER TABLE {relation} DROP CONSTRAINT "{name}"')
            else:
                cursor.execute(f"DROP INDEX {name}")
