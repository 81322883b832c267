"""Which assessment period (考核期) and which statistical day a moment belongs to (DOMAIN.md §3.2).

A period begins on a fixed day of the month and is named by the month in which it ends; a statistical day D runs from
noon of the day before to noon of D. Both figures are dated settings; all is counted in Asia/Shanghai.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.errors import InvalidData

_LAST_START = 28  # the last day that every month has
_MONTHS = 12
_DAY_HOURS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRule:
    start_day: int  # the day of the month on which a period begins
    day_turns_at: int  # the hour at which the statistical day ends
    year_begins_in: int  # the month that the first period of an assessment year is named by

    def __post_init__(self) -> None:
        faults = {
            "start_day": "考核期起始日应为 1 至 28 日" if not 1 <= self.start_day <= _LAST_START else "",
            "day_turns_at": "统计日截止时刻应为 0 至 23 时" if not 0 <= self.day_turns_at < _DAY_HOURS else "",
            "year_begins_in": "考核年度起始月应为 1 至 12 月" if not 1 <= self.year_begins_in <= _MONTHS else "",
        }
        found = {name: fault for name, fault in faults.items() if fault}
        if found:
            raise InvalidData(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """`first` to `last`, both days included; `year` and `month` are its name."""

    year: int
    month: int
    first: date
    last: date

    @property
    def label(self) -> str:
        return f"{self.year}年{self.month}月"

    @property
    def code(self) -> str:
        return f"{self.year}-{self.month:02d}"

    @property
    def begins_at(self) -> datetime:
        return datetime.combine(self.first, time(), tzinfo=CITY_ZONE)

    @property
    def ends_at(self) -> datetime:
        """The first moment that is no longer of the period."""
        return datetime.combine(self.last + timedelta(days=1), time(), tzinfo=CITY_ZONE)

    def __contains__(self, moment: datetime) -> bool:
        return self.begins_at <= moment < self.ends_at


def period_labelled(year: int, month: int, rule: PeriodRule) -> Period:
    """The period named by this month: it ends in it."""
    if rule.start_day == 1:
        first, after = date(year, month, 1), _shifted(date(year, month, 1), 1)
    else:
        after = date(year, month, rule.start_day)
        first = _shifted(after, -1)
    return Period(year=year, month=month, first=first, last=after - timedelta(days=1))


def period_of(day: date, rule: PeriodRule) -> Period:
    """The period that a calendar day (in the city) lies in."""
    named = day.replace(day=1)
    if rule.start_day > 1 and day.day >= rule.start_day:
        named = _shifted(named, 1)
    return period_labelled(named.year, named.month, rule)


def period_at(moment: datetime, rule: PeriodRule) -> Period:
    return period_of(moment.astimezone(CITY_ZONE).date(), rule)


def neighbour(period: Period, by: int, rule: PeriodRule) -> Period:
    """The period `by` months later, or earlier when negative."""
    named = _shifted(date(period.year, period.month, 1), by)
    return period_labelled(named.year, named.month, rule)


def assessment_year(period: Period, rule: PeriodRule) -> tuple[Period, Period]:
    """First and last period of the assessment year that this one belongs to, e.g. 2021年10月—2022年9月."""
    begins = period.year if period.month >= rule.year_begins_in else period.year - 1
    first = period_labelled(begins, rule.year_begins_in, rule)
    return first, neighbour(first, _MONTHS - 1, rule)


def day_of(moment: datetime, rule: PeriodRule) -> date:
    """The statistical day: after the turn it is already tomorrow's."""
    local = moment.astimezone(CITY_ZONE)
    turned = rule.day_turns_at > 0 and local.hour >= rule.day_turns_at
    return local.date() + timedelta(days=1) if turned else local.date()


def day_bounds(day: date, rule: PeriodRule) -> tuple[datetime, datetime]:
    """[from, to) of a statistical day."""
    if rule.day_turns_at == 0:
        return _midnight(day), _midnight(day + timedelta(days=1))
    turn = timedelta(hours=rule.day_turns_at)
    return _midnight(day - timedelta(days=1)) + turn, _midnight(day) + turn


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=CITY_ZONE)


def _shifted(day: date, months: int) -> date:
    number = day.year * _MONTHS + day.month - 1 + months
    return day.replace(year=number // _MONTHS, month=number % _MONTHS + 1)
