"""Which period and which statistical day a moment belongs to."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.errors import InvalidData
from huiyin.domain.periods import (
    PeriodRule,
    assessment_year,
    day_bounds,
    day_of,
    neighbour,
    period_at,
    period_labelled,
    period_of,
)

RULE = PeriodRule(start_day=19, day_turns_at=12, year_begins_in=10)


def _at(*when: int) -> datetime:
    return datetime(*when, tzinfo=CITY_ZONE)  # type: ignore[misc,arg-type]  # year to minute


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 11, 18), "2026-11"),
        (date(2026, 11, 19), "2026-12"),
        (date(2026, 12, 19), "2027-01"),
        (date(2026, 1, 1), "2026-01"),
    ],
)
def test_a_period_is_named_by_the_month_in_which_it_ends(day: date, code: str) -> None:
    assert period_of(day, RULE).code == code


def test_a_period_runs_from_the_19th_to_the_18th() -> None:
    period = period_labelled(2026, 3, RULE)

    assert (period.first, period.last, period.label) == (date(2026, 2, 19), date(2026, 3, 18), "2026年3月")
    assert _at(2026, 3, 18, 23, 59) in period
    assert _at(2026, 3, 19, 0, 0) not in period
    assert period_at(datetime(2026, 3, 18, 16, 0, tzinfo=UTC), RULE) == neighbour(period, 1, RULE)  # 19th in the city


def test_calendar_months_are_a_rule_like_any_other() -> None:
    months = PeriodRule(start_day=1, day_turns_at=0, year_begins_in=1)

    period = period_of(date(2028, 2, 29), months)

    assert (period.code, period.first, period.last) == ("2028-02", date(2028, 2, 1), date(2028, 2, 29))
    assert day_bounds(date(2028, 2, 29), months) == (_at(2028, 2, 29), _at(2028, 3, 1))


def test_a_statistical_day_runs_from_noon_to_noon() -> None:
    assert day_of(_at(2026, 11, 18, 11, 59), RULE) == date(2026, 11, 18)
    assert day_of(_at(2026, 11, 18, 12, 0), RULE) == date(2026, 11, 19)
    assert day_bounds(date(2026, 11, 19), RULE) == (_at(2026, 11, 18, 12), _at(2026, 11, 19, 12))


def test_an_assessment_year_runs_from_october_to_september() -> None:
    first, last = assessment_year(period_labelled(2022, 3, RULE), RULE)

    assert (first.code, last.code) == ("2021-10", "2022-09")


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 28))
def test_periods_lie_side_by_side_without_gap(day: date, start: int) -> None:
    rule = PeriodRule(start_day=start, day_turns_at=12, year_begins_in=10)

    period = period_of(day, rule)

    assert period.first <= day <= period.last
    assert neighbour(period, 1, rule).first == period.last + timedelta(days=1)
    assert neighbour(neighbour(period, 1, rule), -1, rule) == period


def test_a_day_that_not_every_month_has_cannot_begin_a_period() -> None:
    with pytest.raises(InvalidData):
        PeriodRule(start_day=29, day_turns_at=12, year_begins_in=10)
