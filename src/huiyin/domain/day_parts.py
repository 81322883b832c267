"""When to try a citizen again: the parts of a day in which people are called, and the next one worth trying.

Three attempts over two days, each in another part of the day (DOMAIN.md §2.7): who works in the mornings may well be
reached in the evening. The hours are this product's own choice; no source gives them.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.vocabulary import Term

LEAST_ATTEMPTS = 2  # one attempt cannot lie on two days, whatever an edition says
_LOOKED_AHEAD = 3  # attempts; every one doubles the plans, and an edition may ask for many


class DayPart(Term):
    MORNING = "morning", "上午"
    AFTERNOON = "afternoon", "午后"
    EVENING = "evening", "晚间"


_CALLED: dict[DayPart, tuple[time, time]] = {
    DayPart.MORNING: (time(9), time(12)),
    DayPart.AFTERNOON: (time(14), time(18)),
    DayPart.EVENING: (time(18, 30), time(20, 30)),
}


def part_of(moment: datetime) -> DayPart:
    """The part that a moment belongs to.

    Noon belongs to the afternoon: taken for a morning, a call at one o'clock left the two that follow, eight hours
    apart, no way to lie in the other parts within two days. The pause before the evening belongs to the afternoon, too.
    """
    local = moment.astimezone(CITY_ZONE).time()
    if local < _CALLED[DayPart.MORNING][1]:
        return DayPart.MORNING
    return DayPart.EVENING if local >= _CALLED[DayPart.EVENING][0] else DayPart.AFTERNOON


def city_day(moment: datetime) -> date:
    return moment.astimezone(CITY_ZONE).date()


def noted(tried: str, moment: datetime) -> str:
    """The attempts as a case keeps them, with one more: a short text, for most cases have none at all."""
    return f"{tried} {moment.astimezone(CITY_ZONE):%Y-%m-%dT%H:%M}".strip()


def moments_of(tried: str) -> tuple[datetime, ...]:
    return tuple(datetime.fromisoformat(each).replace(tzinfo=CITY_ZONE) for each in tried.split())


def next_try(tried: Sequence[datetime], *, left: int, pause: timedelta, until: datetime | None = None) -> datetime:
    """The next of the best plan for the attempts that are `left` after those already `tried`, the last of which is now.

    Best is a plan that keeps to the callback's limit (`until`), then one that repeats no part of the day, then one of
    fewer days, then one that asks earlier. Whole plans are compared, because the part that is earliest now may leave
    the attempt after it none before the limit; with three attempts there are four.
    """
    plans = _plans(tuple(tried), left, pause, ahead=min(left, _LOOKED_AHEAD))
    return min(plans, key=lambda plan: _rank(plan, until))[len(tried)]


def _rank(plan: Sequence[datetime], until: datetime | None) -> tuple[int, int, int, Sequence[datetime]]:
    late = sum(until is not None and moment >= until for moment in plan)
    repeated = len(plan) - len({part_of(moment) for moment in plan})
    return late, repeated, len({city_day(moment) for moment in plan}), plan


def _plans(tried: tuple[datetime, ...], left: int, pause: timedelta, *, ahead: int) -> list[tuple[datetime, ...]]:
    if not ahead:
        return [tried]
    choices = _choices(tried, pause, last=left == 1)
    return [plan for moment in choices for plan in _plans((*tried, moment), left - 1, pause, ahead=ahead - 1)]


def _choices(tried: tuple[datetime, ...], pause: timedelta, *, last: bool) -> list[datetime]:
    """The first moment of every other part of the day than that just tried.

    The last attempt is put on another day if all before it lie on one: none is given up within a day.
    """
    after, day = tried[-1] + pause, city_day(tried[-1])
    if last and all(city_day(each) == day for each in tried):
        after = max(after, datetime.combine(day + timedelta(days=1), time(), tzinfo=CITY_ZONE))
    return [_first_in(part, after) for part in DayPart if part is not part_of(tried[-1])]


def _first_in(part: DayPart, after: datetime) -> datetime:
    begins, ends = _CALLED[part]
    day = city_day(after)
    if after >= datetime.combine(day, ends, tzinfo=CITY_ZONE):
        day += timedelta(days=1)
    return max(after, datetime.combine(day, begins, tzinfo=CITY_ZONE))
