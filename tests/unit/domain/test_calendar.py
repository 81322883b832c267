"""Working days over holidays and worked weekends."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.domain.calendar import CITY_ZONE, WorkCalendar

# The notice for 2026: Spring Festival 15 to 23 February, 14 and 28 February are worked.
SPRING = {date(2026, 2, day): False for day in range(15, 24)} | {date(2026, 2, 14): True, date(2026, 2, 28): True}
CALENDAR = WorkCalendar(exceptions=SPRING)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CITY_ZONE)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-03-02 09:30", 1, "2026-03-03 09:30"),  # Monday to Tuesday
        ("2026-03-06 16:00", 1, "2026-03-09 16:00"),  # over a weekend
        ("2026-02-13 10:00", 1, "2026-02-14 10:00"),  # Friday to the worked Saturday
        ("2026-02-14 10:00", 1, "2026-02-24 10:00"),  # over the whole Spring Festival
        ("2026-02-27 10:00", 1, "2026-02-28 10:00"),  # to the worked Saturday after it
        ("2026-02-17 12:00", 1, "2026-02-25 00:00"),  # made on a day off: the first working day is spent in full
        ("2026-03-07 12:00", 0, "2026-03-09 00:00"),
        ("2026-03-02 09:30", 0, "2026-03-02 09:30"),
    ],
)
def test_working_days_skip_rest_and_count_worked_weekends(start: str, days: int, end: str) -> None:
    assert CALENDAR.add_working_days(at(start), days) == at(end)


def test_the_city_s_day_counts_not_the_utc_day() -> None:
    late_on_friday_in_utc = datetime(2026, 3, 6, 17, 0, tzinfo=ZoneInfo("UTC"))  # Saturday 01:00 in the city

    assert CALENDAR.add_working_days(late_on_friday_in_utc, 1) == at("2026-03-10 00:00")


def test_an_unknown_year_is_told_from_a_known_one() -> None:
    assert CALENDAR.knows(2026)
    assert not CALENDAR.knows(2027)
    assert CALENDAR.is_workday(date(2027, 1, 1))  # a Friday, until the notice is entered


def test_negative_days_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add_working_days(at("2026-03-02 09:30"), -1)


_moments = st.datetimes(datetime(2025, 12, 1), datetime(2026, 4, 1)).map(lambda m: m.replace(tzinfo=CITY_ZONE))  # noqa: DTZ001
_calendars = st.dictionaries(st.dates(date(2025, 12, 1), date(2026, 5, 1)), st.booleans(), max_size=40).map(
    lambda days: WorkCalendar(exceptions=days)
)


@given(_calendars, _moments, st.integers(0, 15))
def test_time_never_runs_backwards_and_ends_on_a_working_day_or_at_its_midnight(
    calendar: WorkCalendar, start: datetime, days: int
) -> None:
    end = calendar.add_working_days(start, days)

    assert end >= start
    assert calendar.is_workday(end.date())


@given(_calendars, _moments, st.integers(0, 15))
def test_more_days_end_later(calendar: WorkCalendar, start: datetime, days: int) -> None:
    assert calendar.add_working_days(start, days + 1) > calendar.add_working_days(start, days)


@given(_calendars, _moments, st.timedeltas(timedelta(), timedelta(days=9)), st.integers(0, 10))
def test_what_starts_later_never_ends_earlier(
    calendar: WorkCalendar, start: datetime, later: timedelta, days: int
) -> None:
    assert calendar.add_working_days(start + later, days) >= calendar.add_working_days(start, days)


@given(_calendars, _moments, st.integers(0, 8), st.integers(0, 8))
def test_two_steps_are_one(calendar: WorkCalendar, start: datetime, first: int, second: int) -> None:
    halfway = calendar.add_working_days(start, first)

    assert calendar.add_working_days(halfway, second) == calendar.add_working_days(start, first + second)
