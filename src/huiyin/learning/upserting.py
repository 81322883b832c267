"""Writes many rows in one statement, whether they are new or not; a row that says nothing new is not touched."""

from collections.abc import Collection, Sequence

from django.db import connection
from django.db.models import Model

_STATEMENT = """
INSERT INTO {table} AS held ({columns}) SELECT * FROM unnest({arrays})
ON CONFLICT ({key}) DO UPDATE SET {sets}
WHERE ({compared}) IS DISTINCT FROM ({excluded})
"""


def upsert(rows: Sequence[Model], *, key: Collection[str], passive: Collection[str] = ()) -> int:
    """Returns how many rows were written. `key`: columns of a unique constraint; `passive`: columns (times of change)
    that are written with the others but are no change by themselves."""
    if not rows:
        return 0
    fields = [field for field in type(rows[0])._meta.concrete_fields if field.column != "id"]
    columns = [field.column for field in fields]
    said = [column for column in columns if column not in key]
    compared = [column for column in said if column not in passive]
    statement = _STATEMENT.format(
        table=type(rows[0])._meta.db_table,
        columns=", ".join(columns),
        arrays=", ".join(f"%s::{_type(field)}[]" for field in fields),
        key=", ".join(key),
        sets=", ".join(f"{column} = EXCLUDED.{column}" for column in said),
        compared=", ".join(f"held.{column}" for column in compared),
        excluded=", ".join(f"EXCLUDED.{column}" for column in compared),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [[getattr(row, field.attname) for row in rows] for field in fields])
        return int(cursor.rowcount)


def _type(field: object) -> str:
    kind = field.db_type(connection)  # type: ignore[attr-defined]  # Django's fields are untyped here
    return str(kind).split("(")[0]
