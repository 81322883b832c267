"""Writes many cases at once by COPY: imports, demo history, benchmarks. The desk remains the door for single cases.

History is not news: nothing goes into the outbox, so no notice and no webhook tells of it.
Each call is one transaction; call `recount` once at the end.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from django.db import connection, transaction

from huiyin.cases import bulk_lives, bulk_registrations, bulk_requesters, partitions, rollups
from huiyin.cases.bulk_lives import Life
from huiyin.cases.bulk_registrations import Closing, Registration, Rows
from huiyin.cases.bulk_requesters import Caller
from huiyin.cases.bulk_text import Document, copy
from huiyin.domain.case import Actor
from huiyin.registry import rulebook

__all__ = [
    "Caller", "Closing", "Document", "Life", "Registration", "ensure_requesters", "recount", "register", "reserve",
    "write",
]  # fmt: skip

ensure_requesters = bulk_requesters.ensure


def reserve(count: int) -> list[int]:
    """Numbers for cases to be written; unused ones are lost, which harms nothing."""
    with connection.cursor() as cursor:
        # The sequence's name is looked up once, not for every number.
        cursor.execute("SELECT pg_get_serial_sequence('hotline_case', 'id')")
        sequence = cursor.fetchone()[0]
        cursor.execute(
            "SELECT array_agg(n) FROM (SELECT nextval(%s::regclass) AS n FROM generate_series(1, %s)) AS drawn",
            [sequence, count],
        )
        return list(cursor.fetchone()[0] or ())


@transaction.atomic
def register(given: Sequence[Registration], *, actor: Actor, clocks_from: datetime | None = None) -> list[int]:
    """Registers all or nothing; returns the new cases' ids in order. For checked values (see Registration)."""
    if not given:
        return []
    _ensure_partitions([row.at for row in given] + [row.closing.at for row in given if row.closing])
    case_ids = reserve(len(given))
    requester_ids = bulk_requesters.ensure_all(
        [row.name for row in given],
        [row.phone for row in given],
        kinds=[row.requester_kind for row in given],
        moments=[row.at for row in given],
    )
    numbered = list(zip(given, case_ids, requester_ids, strict=True))
    for rows in _by_editions(numbered, actor, clocks_from):
        copy("hotline_case", bulk_registrations.COLUMNS, rows.cases)
        copy("case_event", bulk_lives.EVENT_COLUMNS, rows.events)
        copy("case_clock", bulk_lives.CLOCK_COLUMNS, rows.clocks)
    return case_ids


@transaction.atomic
def write(lives: Iterable[Life]) -> int:
    """Writes whole lives; their case and requester ids must have been reserved. Keep a call to some thousands."""
    given = list(lives)
    if not given:
        return 0
    _ensure_partitions(event.at for life in given for event in life.events)
    copy("hotline_case", bulk_lives.CASE_COLUMNS, [bulk_lives.case_line(life) for life in given])
    copy("case_event", bulk_lives.EVENT_COLUMNS, [line for life in given for line in bulk_lives.event_lines(life)])
    copy("case_clock", bulk_lives.CLOCK_COLUMNS, [line for life in given for line in bulk_lives.clock_lines(life)])
    return len(given)


def recount(days: Iterable[date], *, now: datetime) -> None:
    """Brings the counts that boards read up to date for the days that were written, and for what is open now."""
    rollups.recompute_each(days)
    rollups.refresh_open(now)


def _by_editions(
    numbered: list[tuple[Registration, int, int]], actor: Actor, clocks_from: datetime | None
) -> Iterable[Rows]:
    """The rows of each stretch of registrations with the same editions in force; nearly always one stretch."""
    moments = [given.at for given, _case_id, _requester_id in numbered]
    first, last = rulebook.current(min(moments)), rulebook.current(max(moments))
    # Editions only follow one another: the same at both ends is the same all the way.
    stretches = {first: numbered} if first == last else {}
    if not stretches:
        for row in numbered:
            stretches.setdefault(rulebook.current(row[0].at), []).append(row)
    for editions, rows in stretches.items():
        lines = Rows(actor=actor, editions=editions, rules=rulebook.rules(editions.limits_id), clocks_from=clocks_from)
        for given, case_id, requester_id in rows:
            lines.add(given, case_id=case_id, requester_id=requester_id)
        yield lines


_months: set[tuple[int, int]] = set()


def _ensure_partitions(moments: Iterable[datetime]) -> None:
    """The months that are written to and no others: old imports have gaps of years."""
    # Zones differ by less than a day: inside a month, local and UTC agree on which one it is.
    utc = [moment if 2 <= moment.day <= 27 else moment.astimezone(UTC) for moment in moments]
    missing = {(moment.year, moment.month) for moment in utc} - _months
    for year, month in sorted(missing):
        partitions.ensure(date(year, month, 1), date(year, month, 1))
    if missing:
        transaction.on_commit(lambda: _months.update(missing))
