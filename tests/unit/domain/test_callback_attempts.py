"""Attempts to reach a citizen: another part of the day each time, on two days at the least before it is given up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@given(tried=_MOMENTS, pause=_PAUSES, other_day=st.booleans())
def test_the_next_try_is_after_the_pause_in_another_part_and_if_asked_on_another_day(
    tried: datetime, pause: timedelta, other_day: bool
) -> None:
    planned = next_try(tried, pause=pause, other_day=other_day)

    assert planned >= tried + pause
    assert part_of(planned) is not part_of(tried)
    assert 9 <= planned.astimezone(CITY_ZONE).hour <= 20
    assert not other_day or city_day(planned) > city_day(tried)
    assert planned - (tried + pause) < timedelta(days=3)


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


@pytest.mark.parametrize(
    ("tried", "planned", "part"),
    [
        ("2026-03-02 09:30", "2026-03-02 17:30", DayPart.AFTERNOON),
        ("2026-03-02 11:00", "2026-03-02 19:00", DayPart.EVENING),
        ("2026-03-02 19:00", "2026-03-03 09:00", DayPart.MORNING),
    ],
)
def test_eight_hours_later_means_the_next_good_hour(tried: str, planned: str, part: DayPart) -> None:
    found = next_try(at(tried), pause=timedelta(hours=8), other_day=False)

    assert (found, part_of(found)) == (at(planned), part)


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
