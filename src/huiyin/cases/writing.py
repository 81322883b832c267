"""Writes what an action did, in one statement: the case's changed fields, its events with the outbox, its clocks.

The parts touch different rows, so that their order does not matter; all of them fail or stand together.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from huiyin.cases import clock_rows, journal
from huiyin.cases.models import Case
from huiyin.domain import case as domain
from huiyin.domain.deadlines import Clock
from huiyin.domain.vocabulary import ClockKind

_EVENTS = "written AS (INSERT INTO case_event ({columns}) VALUES {rows} RETURNING id, at)"
_CASE = "changed AS (UPDATE hotline_case SET {sets} WHERE id = %s)"
_STOPPED = "stopped AS (DELETE FROM case_clock WHERE case_id = %s AND kind = ANY(%s))"
# A clock that runs already has moved: its row takes the new times.
_STARTED = """started AS (INSERT INTO case_clock (case_id, kind, {kept}) VALUES {rows}
    ON CONFLICT (case_id, kind) DO UPDATE SET {moved})"""
_COLUMNS = {field.attname: field for field in Case._meta.concrete_fields}
# Readers find the events by their names in the outbox.
_OUTBOX = "INSERT INTO case_outbox (event_id, event_at) SELECT id, at FROM written"


def write(
    row: Case,
    events: Sequence[domain.Event],
    *,
    changed: Sequence[str] = (),
    before: Mapping[ClockKind, Clock],
    after: Mapping[ClockKind, Clock],
) -> None:
    """`changed`: the fields of the row to save (none for a case that was inserted just now). Inside a transaction."""
    parts = [_EVENTS.format(columns=journal.COLUMNS, rows=", ".join([journal.PLACES] * len(events)))]
    values: list[Any] = [value for event in events for value in journal.as_row(row.pk, event)]
    if changed:
        columns = [_COLUMNS[name] for name in changed]
        parts.append(_CASE.format(sets=", ".join([f"{column.column} = %s" for column in columns])))
        values += [column.get_db_prep_save(getattr(row, column.attname), connection) for column in columns]
        values.append(row.pk)
    stopped = [str(kind) for kind in before if kind not in after]
    if stopped:
        parts.append(_STOPPED)
        values += [row.pk, stopped]
    moved = [clock_rows.row(row.pk, kind, clock) for kind, clock in after.items() if before.get(kind) != clock]
    if moved:
        kept = clock_rows.KEPT
        place = f"({', '.join(['%s'] * (2 + len(kept)))})"
        parts.append(
            _STARTED.format(
                kept=", ".join(kept),
                rows=", ".join([place] * len(moved)),
                moved=", ".join([f"{name} = EXCLUDED.{name}" for name in kept]),
            )
        )
        values += [getattr(clock, name) for clock in moved for name in ("case_id", "kind", *kept)]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(parts)} {_OUTBOX}", values)
