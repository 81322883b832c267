"""When to try a citizen again: the parts of a day in which people are called, and the next one worth trying.

Three attempts over two days, in different parts of the day (DOMAIN.md §2.7): who works in the mornings may well be
reached in the evening. The hours are this product's own choice; no source gives them.
"""

from datetime import date, datetime, time, timedelta

from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.vocabulary import Term

LEAST_ATTEMPTS = 2  # one attempt cannot lie on two days, whatever an edition says


class DayPart(Term):
    MORNING = "morning", "上午"
    AFTERNOON = "afternoon", "午后"
    EVENING = "evening", "晚间"


_CALLED: dict[DayPart, tuple[time, time]] = {
    DayPart.MORNING: (time(9), time(12)),
    DayPart.AFTERNOON: (time(14), time(18)),
    DayPart.EVENING: (time(18, 30), time(20, 30)),
}
_NEXT = {
    DayPart.MORNING: DayPart.AFTERNOON,
    DayPart.AFTERNOON: DayPart.EVENING,
    DayPart.EVENING: DayPart.MORNING,
}


def part_of(moment: datetime) -> DayPart:
    """The part that a moment belongs to; the pauses between two belong to the earlier one."""
    local = moment.astimezone(CITY_ZONE).time()
    reached = [part for part, (begins, _) in _CALLED.items() if local >= begins]
    return reached[-1] if reached else DayPart.MORNING


def city_day(moment: datetime) -> date:
    return moment.astimezone(CITY_ZONE).date()


def next_try(tried_at: datetime, *, pause: timedelta, other_day: bool) -> datetime:
    """The first moment after the pause in another part of the day than the one just tried.

    With `other_day` it lies on a later day, in the part that follows: the last attempt is put so, and thereby all
    attempts together lie on two days at the least.
    """
    tried, first = part_of(tried_at), tried_at + pause
    day = city_day(first)
    while True:
        for part, (begins, ends) in _CALLED.items():
            fits = (part is _NEXT[tried] and day > city_day(tried_at)) if other_day else part is not tried
            begin, end = (datetime.combine(day, each, tzinfo=CITY_ZONE) for each in (begins, ends))
            if fits and max(first, begin) < end:
                return max(first, begin)
        day += timedelta(days=1)
