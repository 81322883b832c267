"""Working days: weekends, statutory holidays and 调休 (weekend days worked in exchange), counted in Asia/Shanghai."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

CITY_ZONE = ZoneInfo("Asia/Shanghai")
_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCalendar:
    """Days that differ from the plain week. A year without any entry is counted by weekends (see `knows`)."""

    exceptions: Mapping[date, bool] = field(default_factory=dict)  # day -> is it worked?

    def is_workday(self, day: date) -> bool:
        worked = self.exceptions.get(day)
        return day.weekday() < _SATURDAY if worked is None else worked

    def knows(self, year: int) -> bool:
        """Whether the yearly holiday notice has been entered; if not, figures rest on weekends alone."""
        return any(day.year == year for day in self.exceptions)

    def add_working_days(self, start: datetime, days: int) -> datetime:
        """The same time of day, `days` working days later; from a day off, counting starts with the next working day.

        A start on a day off counts as made at the end of that rest, so the first working day is spent in full:
        one working day from Saturday noon ends Monday 24:00, written as Tuesday 00:00 in the city's zone.
        """
        if days < 0:
            raise ValueError("days must not be negative")
        local = start.astimezone(CITY_ZONE)
        day, clock = local.date(), local.timetz()
        if not self.is_workday(day):
            day = self._next_workday(day)
            clock = clock.replace(hour=0, minute=0, second=0, microsecond=0)
        for _ in range(days):
            day = self._next_workday(day)
        return datetime.combine(day, clock.replace(tzinfo=None), tzinfo=CITY_ZONE)

    def _next_workday(self, day: date) -> date:
        day += timedelta(days=1)
        while not self.is_workday(day):
            day += timedelta(days=1)
        return day
