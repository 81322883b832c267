"""Attempts to reach a citizen: each in another part of the day, on two days before it is given up."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.domain import day_parts
from huiyin.domain.actions import Action
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.day_parts import DayPart, city_day, next_try, part_of
from huiyin.domain.errors import InvalidData
from huiyin.domain.vocabulary import Status
from tests import builders as b
from tests.builders import at, in_status, with_rules

_MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda after: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=after)
)
_PAUSES = st.integers(0, 72).map(lambda hours: timedelta(hours=hours))


def tried_thrice(first: datetime, late: tuple[float, float], *, begun: timedelta = timedelta(0)) -> list[datetime]:
    """A life by the preset's rules, called in vain from `first` on.

    Each later call comes when it is planned, or `late` by a share of what is left of that part of the day. The callback
    began `begun` earlier: its limit runs from there.
    """
    life = in_status(Status.REPLIED)
    life.now = first - begun
    life.act(b.SYSTEM, Action.START_CALLBACK, after=timedelta(0))
    tries = [first]
    life.now = first
    life.act(b.CALLBACK_AGENT, Action.RECORD_CALLBACK, after=timedelta(0), reached=False)
    for share in late:
        life.now = planned = life.case.callback_next_at
        life.act(b.CALLBACK_AGENT, Action.RECORD_CALLBACK, after=share * _rest_of_part(planned), reached=False)
        tries.append(life.now)
    assert life.case.callback_valid is False
    assert day_parts.moments_of(life.case.callback_tried) == tuple(
        each.astimezone(CITY_ZONE).replace(second=0, microsecond=0) for each in tries
    )
    return tries


def _rest_of_part(moment: datetime) -> timedelta:
    """Less than the time until the part of the day ends in which people are called."""
    local = moment.astimezone(CITY_ZONE)
    ends = {DayPart.MORNING: (12, 0), DayPart.AFTERNOON: (18, 0), DayPart.EVENING: (20, 30)}[part_of(moment)]
    return local.replace(hour=ends[0], minute=ends[1], second=0) - local - timedelta(seconds=1)


_FIRST = st.integers(0, 14 * 24 * 60).map(lambda after: at("2026-06-15 00:00") + timedelta(minutes=after))
_SHARE = st.floats(0, 1)


@given(first=_FIRST)
def test_whenever_the_first_call_was_three_lie_in_three_parts_of_two_days_before_the_limit(first: datetime) -> None:
    tries = tried_thrice(first, (0, 0))

    assert len({part_of(each) for each in tries}) == 3
    assert len({city_day(each) for each in tries}) == 2
    assert tries[0] < tries[1] < tries[2] < first + timedelta(days=2)
    assert all(later - earlier >= timedelta(hours=8) for earlier, later in pairwise(tries))


@given(first=_FIRST, late=st.tuples(_SHARE, _SHARE))
def test_calls_that_come_late_within_their_part_still_lie_in_three_parts(
    first: datetime, late: tuple[float, float]
) -> None:
    tries = tried_thrice(first, late)

    assert len({part_of(each) for each in tries}) == 3
    assert 2 <= len({city_day(each) for each in tries}) <= 3
    assert all(later - earlier >= timedelta(hours=8) for earlier, later in pairwise(tries))


@given(first=_FIRST, begun=st.integers(0, 47 * 60).map(lambda minutes: timedelta(minutes=minutes)))
def test_no_call_is_planned_after_the_limit_where_two_more_could_lie_before_it(
    first: datetime, begun: timedelta
) -> None:
    limit = first - begun + timedelta(days=2)
    moments = [first + timedelta(hours=8) + step * timedelta(minutes=30) for step in range(96)]
    possible = any(
        part_of(second) is not part_of(first)
        and part_of(third) is not part_of(second)
        and third >= second + timedelta(hours=8)
        and len({city_day(each) for each in (first, second, third)}) > 1
        for second in moments
        for third in moments
        if second < third < limit and _is_called(second) and _is_called(third)
    )

    tries = tried_thrice(first, (0, 0), begun=begun)

    assert not possible or tries[-1] < limit
    assert len({city_day(each) for each in tries}) >= 2


def _is_called(moment: datetime) -> bool:
    local = moment.astimezone(CITY_ZONE).time()
    return any(begins <= local < ends for begins, ends in _HOURS)


_HOURS = ((time(9), time(12)), (time(14), time(18)), (time(18, 30), time(20, 30)))


@given(tried=_MOMENTS, pause=_PAUSES, left=st.integers(1, 40))
def test_the_next_try_is_after_the_pause_in_another_part_and_the_last_on_another_day(
    tried: datetime, pause: timedelta, left: int
) -> None:
    planned = next_try([tried], left=left, pause=pause)

    assert planned >= tried + pause
    assert part_of(planned) is not part_of(tried)
    assert _is_called(planned)
    assert left > 1 or city_day(planned) > city_day(tried)
    assert planned - (tried + pause) < timedelta(days=3)


@pytest.mark.parametrize(
    ("first", "second", "third"),
    [
        ("2026-06-15 09:30", "2026-06-15 17:30", "2026-06-16 18:30"),
        ("2026-06-15 11:00", "2026-06-15 19:00", "2026-06-16 14:00"),
        ("2026-06-15 13:00", "2026-06-16 09:00", "2026-06-16 18:30"),
        ("2026-06-15 14:00", "2026-06-16 09:00", "2026-06-16 18:30"),
        ("2026-06-15 19:00", "2026-06-16 09:00", "2026-06-16 17:00"),
    ],
)
def test_eight_hours_apart_means_these_hours(first: str, second: str, third: str) -> None:
    assert tried_thrice(at(first), (0, 0)) == [at(first), at(second), at(third)]


def test_the_earliest_part_is_left_out_where_it_would_leave_the_last_call_none_before_the_limit() -> None:
    """The callback began on Sunday afternoon: an afternoon and then an evening would be too late."""
    tries = tried_thrice(at("2026-06-15 09:30"), (0, 0), begun=timedelta(hours=19))

    assert tries == [at("2026-06-15 09:30"), at("2026-06-15 18:30"), at("2026-06-16 14:00")]


def test_a_second_handling_begins_with_no_part_tried() -> None:
    life = in_status(Status.CALLBACK_PENDING)
    life.act(b.CALLBACK_AGENT, Action.RECORD_CALLBACK, reached=False)
    life.act(b.CITIZEN, Action.RECORD_CALLBACK, **b.BAD_ANSWER)
    tried = life.case.callback_tried
    life.rework()

    assert tried
    assert life.case.callback_tried == ""


@given(
    needed=st.integers(0, 5),
    hours=st.integers(0, 30),
    delays=st.lists(st.integers(0, 3 * 24 * 60), min_size=6, max_size=6),
    begin=st.integers(0, 24 * 60),
)
def test_no_callback_is_invalid_before_the_attempts_lie_on_two_days(
    needed: int, hours: int, delays: list[int], begin: int
) -> None:
    life = in_status(Status.CALLBACK_PENDING, rules=with_rules(callback_attempts=needed, callback_retry_hours=hours))
    life.wait(timedelta(minutes=begin))
    tries = []
    for delay in delays:
        life.now = max(life.now, life.case.callback_next_at)
        life.act(b.CALLBACK_AGENT, Action.RECORD_CALLBACK, after=timedelta(minutes=delay), reached=False)
        tries.append(life.now)
        if life.case.callback_valid is False:
            break

    assert life.case.callback_valid is False
    assert len(tries) == max(needed, 2)
    assert len({city_day(each) for each in tries}) >= 2


def test_why_nobody_was_reached_is_kept_and_belongs_to_unanswered_calls_only() -> None:
    life = in_status(Status.CALLBACK_PENDING)

    life.act(b.CALLBACK_AGENT, Action.RECORD_CALLBACK, reached=False, missed="refused")

    assert (life.events[-1].data["missed"], life.events[-1].reason) == ("refused", "第1次回访未接通：拒绝回访")
    with pytest.raises(InvalidData) as wrong:
        life.act(b.CALLBACK_AGENT, Action.RECORD_CALLBACK, missed="off", **b.GOOD_ANSWER)
    assert set(wrong.value.errors) == {"missed"}


def test_the_attitude_is_written_down_and_changes_no_answer() -> None:
    life = in_status(Status.CALLBACK_PENDING)

    life.act(b.CALLBACK_AGENT, Action.RECORD_CALLBACK, attitude="bad", **b.GOOD_ANSWER)

    assert life.events[-1].data["attitude"] == "bad"
    assert (life.case.status, life.case.callback_valid) == (Status.CLOSED, True)
