"""Writes what an action did, in one statement: the case's row or its changed fields, its events with the outbox, its
clocks.

The parts touch different rows, so that their order does not matter; all of them fail or stand together.
Rows travel as JSON: one value each in place of a hundred, and a statement whose text is always the same.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from huiyin.cases import clock_rows, journal
from huiyin.cases.models import Case
from huiyin.domain import case as domain
from huiyin.domain.deadlines import Clock
from huiyin.domain.vocabulary import ClockKind

_COLUMNS = {field.attname: field for field in Case._meta.concrete_fields}
_CASE = ", ".join(field.column for field in _COLUMNS.values())
_EVENT = tuple(journal.COLUMNS.split(", "))
_CLOCK = ", ".join(("case_id", "kind", *clock_rows.KEPT))
_INSERTED = (
    f"inserted AS (INSERT INTO hotline_case ({_CASE}) SELECT {_CASE} FROM json_populate_record(NULL::hotline_case, %s))"
)
_EVENTS = f"""written AS (INSERT INTO case_event ({journal.COLUMNS})
    SELECT {journal.COLUMNS} FROM json_populate_recordset(NULL::case_event, %s) RETURNING id, at)"""
_CHANGED = "changed AS (UPDATE hotline_case SET {sets} WHERE id = %s)"
_STOPPED = "stopped AS (DELETE FROM case_clock WHERE case_id = %s AND kind = ANY(%s))"
# A clock that runs already has moved: its row takes the new times.
_STARTED = f"""started AS (INSERT INTO case_clock ({_CLOCK})
    SELECT {_CLOCK} FROM json_populate_recordset(NULL::case_clock, %s)
    ON CONFLICT (case_id, kind) DO UPDATE SET {", ".join(f"{name} = EXCLUDED.{name}" for name in clock_rows.KEPT)})"""
# Readers find the events by their names in the outbox.
_OUTBOX = "INSERT INTO case_outbox (event_id, event_at) SELECT id, at FROM written"


def insert(row: Case, events: Sequence[domain.Event], *, clocks: Mapping[ClockKind, Clock]) -> None:
    """A new case with what happened to it at once. Inside a transaction."""
    parts = [_INSERTED, _EVENTS]
    values = [_json({field.column: getattr(row, name) for name, field in _COLUMNS.items()}), _as_json(row, events)]
    if clocks:
        parts.append(_STARTED)
        values.append(_json(_running(row, clocks.items())))
    _run(parts, values)
    row._state.adding, row._state.db = False, connection.alias


def update(
    row: Case,
    event: domain.Event,
    *,
    changed: Sequence[str],
    before: Mapping[ClockKind, Clock],
    after: Mapping[ClockKind, Clock],
) -> None:
    """`changed`: the fields of the row to save. Inside a transaction."""
    columns = [_COLUMNS[name] for name in changed]
    parts = [_EVENTS, _CHANGED.format(sets=", ".join([f"{column.column} = %s" for column in columns]))]
    values: list[Any] = [_as_json(row, [event])]
    values += [column.get_db_prep_save(getattr(row, column.attname), connection) for column in columns]
    values.append(row.pk)
    stopped = [str(kind) for kind in before if kind not in after]
    if stopped:
        parts.append(_STOPPED)
        values += [row.pk, stopped]
    moved = [(kind, clock) for kind, clock in after.items() if before.get(kind) != clock]
    if moved:
        parts.append(_STARTED)
        values.append(_json(_running(row, moved)))
    _run(parts, values)


def _run(parts: Sequence[str], values: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(parts)} {_OUTBOX}", values)


def _as_json(row: Case, events: Iterable[domain.Event]) -> str:
    return _json([dict(zip(_EVENT, journal.as_row(row.pk, event), strict=True)) for event in events])


def _running(row: Case, clocks: Iterable[tuple[ClockKind, Clock]]) -> list[dict[str, object]]:
    return [
        {"case_id": row.pk, "kind": str(kind), **{name: getattr(clock, name) for name in clock_rows.KEPT}}
        for kind, clock in clocks
    ]


def _json(rows: object) -> str:
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> object:
    """What JSON does not know: a value that is JSON in the table, and a time."""
    return value.obj if isinstance(value, Jsonb) else value.isoformat()
