"""When things are due: the limits, the two lights, working days over 调休, shares of a limit."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.domain import deadlines
from huiyin.domain.deadlines import Clock
from huiyin.domain.rules import Duration, DurationUnit
from huiyin.domain.vocabulary import ClockKind, Grade, Light, Span
from tests.builders import CALENDAR, DAY, HOUR, MINUTE, MORNING, RULES, at, with_rules

MOMENTS = st.integers(0, 330 * 24 * 60).map(lambda minutes: at("2026-01-01 00:00") + minutes * MINUTE)
GRADES = st.sampled_from(Grade)


@pytest.mark.parametrize(
    ("grade", "limit"),
    [(Grade.CRITICAL, 2 * HOUR), (Grade.URGENT, 24 * HOUR), (Grade.NORMAL, 7 * DAY), (Grade.COMPLEX, 15 * DAY)],
)
def test_the_handling_limit_runs_through_nights_and_holidays(grade: Grade, limit: timedelta):
    start = at("2026-09-30 23:30")

    assert deadlines.due_at(ClockKind.HANDLE, start=start, grade=grade, rules=RULES) == start + limit


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-03-02 09:00", "2026-03-03 09:00"),  # Monday to Tuesday
        ("2026-03-06 15:00", "2026-03-09 15:00"),  # Friday to Monday
        ("2026-03-07 12:00", "2026-03-10 00:00"),  # Saturday: all of Monday
        ("2026-09-30 10:00", "2026-10-08 10:00"),  # over the holiday week
        ("2026-10-03 10:00", "2026-10-09 00:00"),  # within it: all of Thursday the 8th
        ("2026-09-18 10:00", "2026-09-20 10:00"),  # Friday to the Sunday that is worked
        ("2026-10-09 10:00", "2026-10-10 10:00"),  # Friday to the Saturday that is worked
        ("2026-10-10 10:00", "2026-10-12 10:00"),
    ],
)
def test_a_ruling_is_due_one_working_day_later(start: str, due: str):
    assert deadlines.due_at(ClockKind.RULING, start=at(start), grade=Grade.NORMAL, rules=RULES) == at(due)


def test_a_year_without_its_holiday_notice_is_known_as_such():
    assert CALENDAR.knows(2026)
    assert not CALENDAR.knows(2027)


@given(start=MOMENTS, days=st.integers(0, 15))
def test_working_days_end_on_a_later_moment_after_so_many_worked_days(start: datetime, days: int):
    end = CALENDAR.add_working_days(start, days)

    passed = [start.date() + timedelta(days=n) for n in range((end.date() - start.date()).days + 1)]
    worked = [day for day in passed[1:] if CALENDAR.is_workday(day)]
    assert end >= start
    assert CALENDAR.is_workday(end.date())
    assert len(worked) == days + (0 if CALENDAR.is_workday(start.date()) else 1)


def test_working_days_are_not_counted_backwards():
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add_working_days(MORNING, -1)


@given(start=MOMENTS, grade=GRADES, kind=st.sampled_from([*ClockKind]))
def test_the_yellow_light_comes_before_the_red_one(start: datetime, grade: Grade, kind: ClockKind):
    if kind is ClockKind.ASK:
        return
    clock = deadlines.start_clock(kind, at=start, grade=grade, rules=RULES)

    assert clock.warn_at is not None
    assert clock.started_at < clock.warn_at < clock.due_at
    assert clock.next_at == clock.warn_at


@pytest.mark.parametrize(
    ("offset", "light"),
    [
        (timedelta(0), Light.GREEN),
        (90 * MINUTE - timedelta(seconds=1), Light.GREEN),
        (90 * MINUTE, Light.YELLOW),
        (2 * HOUR - timedelta(seconds=1), Light.YELLOW),
        (2 * HOUR, Light.RED),
        (9 * DAY, Light.RED),
    ],
)
def test_yellow_from_three_quarters_and_red_from_the_end(offset: timedelta, light: Light):
    clock = deadlines.start_clock(ClockKind.HANDLE, at=MORNING, grade=Grade.CRITICAL, rules=RULES)

    assert deadlines.light(now=MORNING + offset, warn_at=clock.warn_at, due=clock.due_at) is light


def test_a_clock_without_a_reminder_has_one_light():
    assert deadlines.light(now=MORNING, warn_at=None, due=MORNING + HOUR) is Light.GREEN
    assert Clock(started_at=MORNING, due_at=MORNING + HOUR).next_at == MORNING + HOUR


@pytest.mark.parametrize(
    ("warned", "escalated", "hours"), [(False, False, 3), (True, False, 4), (True, True, None), (False, True, None)]
)
def test_a_clock_says_yellow_then_red_then_nothing(warned: bool, escalated: bool, hours: int | None):
    clock = Clock(
        started_at=MORNING,
        warn_at=MORNING + 3 * HOUR,
        due_at=MORNING + 4 * HOUR,
        warned=warned,
        escalated=escalated,
    )

    assert clock.next_at == (None if hours is None else MORNING + hours * HOUR)


def test_an_extension_is_known_for_slow_cases_only_and_where_the_rules_grant_any():
    assert [grade for grade in Grade if deadlines.may_extend(grade, RULES)] == [Grade.NORMAL, Grade.COMPLEX]
    assert not any(deadlines.may_extend(grade, with_rules(max_extensions=0)) for grade in Grade)


@pytest.mark.parametrize(
    ("passed", "due"),
    [
        (timedelta(0), 7 * DAY),
        (84 * HOUR, 7 * DAY),  # exactly half is left
        (84 * HOUR + MINUTE, 7 * DAY + MINUTE),
        (7 * DAY, 7 * DAY + 84 * HOUR),
        (20 * DAY, 20 * DAY + 84 * HOUR),  # long overdue
    ],
)
def test_the_next_unit_gets_what_remains_and_at_least_half(passed: timedelta, due: timedelta):
    running = deadlines.start_clock(ClockKind.HANDLE, at=MORNING, grade=Grade.NORMAL, rules=RULES)

    clock = deadlines.handle_clock_of_next_unit(now=MORNING + passed, running=running, grade=Grade.NORMAL, rules=RULES)

    assert clock.due_at == MORNING + due
    assert clock.started_at == MORNING


@given(passed=st.timedeltas(timedelta(0), 60 * DAY), grade=GRADES)
def test_handing_on_never_shortens(passed: timedelta, grade: Grade):
    running = deadlines.start_clock(ClockKind.HANDLE, at=MORNING, grade=grade, rules=RULES)
    now = MORNING + passed

    clock = deadlines.handle_clock_of_next_unit(now=now, running=running, grade=grade, rules=RULES)

    assert clock.due_at >= running.due_at
    assert clock.due_at - now >= (running.due_at - MORNING) / 2


@pytest.mark.parametrize(
    ("grade", "limit"),
    [(Grade.CRITICAL, HOUR), (Grade.URGENT, 12 * HOUR), (Grade.NORMAL, 84 * HOUR), (Grade.COMPLEX, 180 * HOUR)],
)
def test_a_second_handling_gets_half_the_limit(grade: Grade, limit: timedelta):
    clock = deadlines.handle_clock_of_rework(now=MORNING, grade=grade, rules=RULES)

    assert clock.due_at == MORNING + limit


@pytest.mark.parametrize(("amount", "days"), [(1, 1), (3, 2), (4, 2), (5, 3)])
def test_half_of_working_days_is_whole_working_days_rounded_up(amount: int, days: int):
    duration = Duration(amount=amount, unit=DurationUnit.WORKING_DAY)
    rules = with_rules(limits={**RULES.limits, (Grade.NORMAL, ClockKind.HANDLE): duration})

    clock = deadlines.handle_clock_of_rework(now=MORNING, grade=Grade.NORMAL, rules=rules)

    assert clock.due_at == CALENDAR.add_working_days(MORNING, days)


def test_a_share_is_never_rounded_down_to_nothing():
    rules = with_rules(
        limits={**RULES.limits, (Grade.CRITICAL, ClockKind.HANDLE): Duration(amount=1, unit=DurationUnit.MINUTE)},
        rework_fraction=Decimal("0.01"),
    )

    clock = deadlines.handle_clock_of_rework(now=MORNING, grade=Grade.CRITICAL, rules=rules)

    assert clock.due_at == MORNING + MINUTE


@pytest.mark.parametrize(
    ("grade", "window"),
    [(Grade.CRITICAL, 30 * MINUTE), (Grade.URGENT, HOUR), (Grade.NORMAL, 6 * HOUR), (Grade.COMPLEX, 6 * HOUR)],
)
def test_the_return_window_opens_when_signing_was_due(grade: Grade, window: timedelta):
    assert deadlines.return_window_ends(dispatched_at=MORNING, grade=grade, rules=RULES) == MORNING + window


def test_every_grade_has_every_limit_and_only_the_slow_ones_an_extension():
    needed = {*ClockKind, Span.RETURN_WINDOW} - {ClockKind.ASK}

    for grade in Grade:
        known = {kind for of, kind in RULES.limits if of is grade}
        assert known - {Span.EXTENSION} == needed
