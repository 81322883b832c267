"""Recomputing the counts that boards read. Whole small tables are rewritten, so a count can never drift."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from huiyin.cases.lit import UNITS_OWN
from huiyin.domain.calendar import CITY_ZONE

# One pass over the partial index of open cases (case_open_lead) and their rows, beside the clocks that run.
# Near due and overdue as cases.lit has it: by the unit's own clock that ends first.
_OPEN = f"""
WITH presses AS (
    SELECT DISTINCT ON (case_id) case_id, warn_at, due_at FROM case_clock
     WHERE kind IN ({", ".join(f"'{kind}'" for kind in UNITS_OWN)}) ORDER BY case_id, due_at)
INSERT INTO case_open_count (counted_at, lead_unit_id, district_id, class_prefix, open, undispatched, unsigned,
                             near_due, overdue, suspended, in_return, urgent)
SELECT %(now)s, lead_unit_id, district_id, left(class_code, 4), count(*),
       count(*) FILTER (WHERE status = 'received'),
       count(*) FILTER (WHERE status = 'dispatched'),
       count(*) FILTER (WHERE presses.warn_at <= %(now)s AND presses.due_at > %(now)s),
       count(*) FILTER (WHERE presses.due_at <= %(now)s),
       count(*) FILTER (WHERE status = 'suspended'),
       count(*) FILTER (WHERE status = 'return_requested'),
       count(*) FILTER (WHERE grade IN ('critical', 'urgent'))
  FROM hotline_case LEFT JOIN presses ON presses.case_id = hotline_case.id WHERE closed_at IS NULL
 GROUP BY lead_unit_id, district_id, left(class_code, 4)
"""

# Received and dispatched by the day of registration (case_newest), closed by the day of closing (case_closed).
_DAYS = f"""
INSERT INTO case_day_count (day, lead_unit_id, district_id, class_prefix, channel, received, dispatched, closed)
SELECT day, lead_unit_id, district_id, prefix, channel, sum(received), sum(dispatched), sum(closed)
  FROM (SELECT (registered_at AT TIME ZONE '{CITY_ZONE.key}')::date AS day, lead_unit_id, district_id,
               left(class_code, 4) AS prefix, channel, count(*) AS received,
               count(*) FILTER (WHERE disposition = 'dispatch') AS dispatched, 0 AS closed
          FROM hotline_case WHERE registered_at >= %(start)s AND registered_at < %(end)s GROUP BY 1, 2, 3, 4, 5
        UNION ALL
        SELECT (closed_at AT TIME ZONE '{CITY_ZONE.key}')::date, lead_unit_id, district_id,
               left(class_code, 4), channel, 0, 0, count(*)
          FROM hotline_case WHERE closed_at >= %(start)s AND closed_at < %(end)s GROUP BY 1, 2, 3, 4, 5) AS counted
 GROUP BY day, lead_unit_id, district_id, prefix, channel
"""
_TOGETHER = 31


def refresh(now: datetime) -> None:
    """What is open now, and the day so far (with yesterday in the first hour, when late writes still land)."""
    refresh_open(now)
    local = now.astimezone(CITY_ZONE)
    first = local.date() - timedelta(days=1) if local.hour == 0 else local.date()
    recompute_days(first, local.date())


def refresh_open(now: datetime) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        _one_at_a_time(cursor)
        cursor.execute("DELETE FROM case_open_count")
        cursor.execute(_OPEN, {"now": now})


def recompute_days(first: date, last: date) -> None:
    """Both included; a month at most in one statement, so that the scheduler never waits long for its turn."""
    while first <= last:
        until = min(last, first + timedelta(days=_TOGETHER - 1))
        _recompute(first, until)
        first = until + timedelta(days=1)


def recompute_each(days: Iterable[date]) -> None:
    """The days given and no others: imports of old files have gaps of years."""
    stretch: list[date] = []
    for day in sorted(set(days)):
        if stretch and day != stretch[-1] + timedelta(days=1):
            recompute_days(stretch[0], stretch[-1])
            stretch = []
        stretch.append(day)
    if stretch:
        recompute_days(stretch[0], stretch[-1])


def _recompute(first: date, last: date) -> None:
    end = last + timedelta(days=1)
    span = {
        "first": first,
        "last": last,
        "start": datetime(first.year, first.month, first.day, tzinfo=CITY_ZONE),
        "end": datetime(end.year, end.month, end.day, tzinfo=CITY_ZONE),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        _one_at_a_time(cursor)
        cursor.execute("DELETE FROM case_day_count WHERE day BETWEEN %(first)s AND %(last)s", span)
        cursor.execute(_DAYS, span)


def _one_at_a_time(cursor) -> None:  # type: ignore[no-untyped-def]  # Django's cursor wrapper has no public type
    cursor.execute("SELECT pg_advisory_xact_lock(hashtext('case_rollups'))")
