"""Monthly partitions of the event table: made well ahead by the scheduler, and backwards before an import."""

from datetime import date, datetime, timedelta

from django.db import connection

_MONTHS_AHEAD = 12


def ensure(first: date, last: date) -> None:
    """Makes the partitions of every month from `first` to `last`; cheap and safe to repeat."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_event_ensure_partitions(%s, %s)", [first, last])


def ensure_ahead(now: datetime) -> None:
    ensure(now.date().replace(day=1), now.date() + timedelta(days=31 * _MONTHS_AHEAD))
