"""Where not all are called: plans with a date, frames that nobody chooses, a draw that anybody can recompute."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client

from huiyin.accounts.viewer import Viewer
from huiyin.callbacks import draws, frames, lists, plans
from huiyin.callbacks.lists import Tab
from huiyin.callbacks.models import Frame, FrameCase, Invitation, Plan
from huiyin.callbacks.vocabulary import Scope, Stratum
from huiyin.cases import desk, journal, subscriptions, sweeps
from huiyin.cases.models import Case, RunningClock
from huiyin.domain import sampling
from huiyin.domain.actions import Action
from huiyin.domain.case import Actor
from huiyin.domain.errors import InvalidData, NotPermitted
from huiyin.domain.sampling import Listed, SampleRule
from huiyin.domain.vocabulary import ActorKind, Role, Status, UnitKind
from huiyin.registry import directory
from tests.builders_city import People, replied, street_unit
from tests.builders_evaluation import BAD, GOOD, staff, street_staff

pytestmark = pytest.mark.usefixtures("city")

NOW = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)  # ten in the morning: the statistical day of 10 June, until noon
NOON = datetime(2026, 6, 10, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)
NARROW = SampleRule(half_width=Decimal("0.3"), confidence=Decimal("0.5"), floor=1)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Events are delivered at the moment of these tests."""
    monkeypatch.setattr("huiyin.callbacks.frames.timezone.now", lambda: NOW)


def planned(on: date = date(2026, 6, 10), **changes: Any) -> Plan:
    given: dict[str, Any] = {"scope": Scope.CITY, "rule": NARROW, "stratum": Stratum.NONE, "reason": "回访员不足"}
    return plans.enter(on=on, by=staff(1), now=NOW - 2 * DAY, **{**given, **changes})


def due_cases(people: People, count: int, *, now: datetime = NOW, **changes: Any) -> list[Case]:
    made = []
    for number in range(count):
        case = replied(people, now=now - 8 * DAY, phone=f"1990000{number:04d}", **changes)
        made.append(desk.act(case.pk, Action.START_CALLBACK, actor=Actor.system(), data={}, now=now))
    while subscriptions.deliver():
        pass
    return made


def expect(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """As if the unit had had so many cases in the period before."""
    monkeypatch.setattr(draws, "_expected", lambda frame: {directory.unit(street_unit()).code: count})


def drawn_frame(people: People, monkeypatch: pytest.MonkeyPatch, count: int = 6) -> Frame:
    """One in six, or few more, of the street's cases is called."""
    planned()
    due_cases(people, count)
    expect(monkeypatch, 1000)
    return draws.draw(Frame.objects.get(), NOON)


def test_without_a_plan_all_are_called_and_no_frame_is_kept(people: People) -> None:
    due_cases(people, 2)
    draws.run(NOW)

    assert not Frame.objects.exists()
    assert lists.counts(NOW)[0][Tab.DUE] == 2


def test_the_seed_is_committed_to_before_the_frame_opens_and_sealed_until_its_callbacks_are_over(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(on=date(2026, 6, 11))
    draws.run(NOW)

    (frame,) = Frame.objects.all()
    assert frame.day == date(2026, 6, 11)
    assert frame.committed_at < frame.begins_at
    assert frame.commitment == sampling.commitment_of(frames.seed_of(frame))
    assert frames.seed_of(frame).encode() not in bytes(frame.seed_sealed)
    assert frame.revealed_at is None


def test_every_callback_that_begins_in_scope_enters_the_frame_of_its_day(people: People) -> None:
    planned()
    agent, citizen = people.callback_agent(), replied(people, now=NOW - DAY, phone="19900009001")
    (by_itself,) = due_cases(people, 1)
    early = replied(people, now=NOW - DAY, phone="19900009002")
    desk.act(early.pk, Action.RECORD_CALLBACK, actor=agent, data=GOOD, now=NOW)
    himself = Actor(kind=ActorKind.CITIZEN, requester_id=citizen.requester_id)
    desk.act(citizen.pk, Action.RECORD_CALLBACK, actor=himself, data=BAD, now=NOW)

    while subscriptions.deliver():
        pass

    assert set(FrameCase.objects.values_list("case_id", flat=True)) == {by_itself.pk, early.pk, citizen.pk}
    assert Frame.objects.get().day == date(2026, 6, 10)


def test_a_case_out_of_scope_is_called_as_before(people: People) -> None:
    planned(scope=Scope.UNIT, value=directory.unit(street_unit("110105027")).code)

    due_cases(people, 1)

    assert not FrameCase.objects.exists()
    assert lists.counts(NOW)[0][Tab.DUE] == 1


def test_until_the_draw_nobody_is_called_then_the_drawn_in_the_published_order(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned()
    due_cases(people, 6)
    before = lists.counts(NOW)[0]
    expect(monkeypatch, 15)

    frame = draws.draw(Frame.objects.get(), NOON)

    seed = frames.seed_of(frame)
    listed = [Listed(case_no=one, unit="u", stratum="") for one in Case.objects.values_list("case_no", flat=True)]
    share = Fraction(sampling.sample_size(15, NARROW), 15)
    again = [one.listed.case_no for one in sampling.draw(listed, seed=seed, shares={"u": share}) if one.taken]
    called = [case.case_no for case in lists.lines(Tab.DRAWN, NOON, "").rows]
    after = lists.counts(NOON)[0]
    assert (before[Tab.DUE], before[Tab.DRAWN], before[Tab.ASIDE]) == (0, 0, 6)
    assert called == again
    assert 0 < len(called) < 6
    assert (after[Tab.DUE], after[Tab.DRAWN], after[Tab.ASIDE]) == (0, len(again), 6 - len(again))
    assert {tab: len(lists.lines(tab, NOON, "").rows) for tab in Tab} == after


def test_a_frame_is_drawn_once_and_not_before_it_closes(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    planned()
    due_cases(people, 3)
    expect(monkeypatch, 9)
    frame = Frame.objects.get()

    early = draws.draw(frame, NOON - timedelta(seconds=1))
    first = draws.draw(frame, NOON)
    second = draws.draw(frame, NOON + DAY)

    assert early.drawn_at is None
    assert (first.drawn_at, second.drawn_at) == (NOON, NOON)


def test_what_comes_behind_the_draw_enters_the_day_that_runs(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = drawn_frame(people, monkeypatch, 2)
    monkeypatch.setattr("huiyin.callbacks.frames.timezone.now", lambda: NOON + timedelta(minutes=1))

    late = replied(people, now=NOW - 8 * DAY, phone="19900009009")
    desk.act(late.pk, Action.START_CALLBACK, actor=Actor.system(), data={}, now=NOW)
    subscriptions.deliver()

    assert FrameCase.objects.get(case_id=late.pk).frame.day == frame.day + DAY


def test_earlier_days_of_the_period_count_on(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = drawn_frame(people, monkeypatch, 4)
    monkeypatch.setattr("huiyin.callbacks.frames.timezone.now", lambda: NOW + DAY)
    case = replied(people, now=NOW - 7 * DAY, phone="19900009009")
    desk.act(case.pk, Action.START_CALLBACK, actor=Actor.system(), data={}, now=NOW + DAY)
    subscriptions.deliver()

    second = draws.draw(Frame.objects.latest("day"), NOON + DAY)

    assert frame.taken == 1  # the first of the period is in, then one in so many
    assert second.before == {f"{directory.unit(street_unit()).code},": 4}
    assert (second.cases, second.taken) == (1, 0)


def test_who_was_not_drawn_gets_a_link_where_a_number_is_known(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn_frame(people, monkeypatch)

    draws.run(NOON)
    draws.run(NOON)

    undrawn = set(FrameCase.objects.filter(drawn=False).values_list("case_id", flat=True))
    assert undrawn
    assert set(Invitation.objects.values_list("case_id", flat=True)) == undrawn


def test_the_limits_end_closes_who_was_not_drawn_and_shows_a_red_light_for_who_was(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn_frame(people, monkeypatch)

    for clock in RunningClock.objects.filter(kind="callback"):
        sweeps.fire(clock, clock.due_at)

    for row in FrameCase.objects.select_related("case"):
        last = journal.of_case(row.case_id)[-1]
        if row.drawn:
            assert (row.case.status, last.action) == (Status.CALLBACK_PENDING, Action.ESCALATE)
        else:
            assert (row.case.status, row.case.callback_valid) == (Status.CLOSED, False)
            assert (last.action, last.actor_kind) == (Action.CLOSE_UNASKED, "system")


def test_a_limit_that_ended_before_the_draw_is_made_up_for(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    planned()
    due_cases(people, 6)
    for clock in RunningClock.objects.filter(kind="callback"):
        sweeps.fire(clock, NOW + 3 * DAY)
    assert not Case.objects.filter(status=Status.CLOSED).exists()
    expect(monkeypatch, 1000)

    draws.run(NOW + 3 * DAY)

    closed = Case.objects.filter(status=Status.CLOSED).count()
    assert closed == FrameCase.objects.filter(drawn=False).count() > 0


def test_one_who_was_dissatisfied_once_is_called_after_the_second_handling_drawn_or_not(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn_frame(people, monkeypatch)
    row = FrameCase.objects.filter(drawn=False).select_related("case").first()
    assert row is not None
    himself = Actor(kind=ActorKind.CITIZEN, requester_id=row.case.requester_id)
    desk.act(row.case_id, Action.RECORD_CALLBACK, actor=himself, data=BAD, now=NOON)
    again = desk.act(row.case_id, Action.REWORK, actor=people.callback_agent(), data={"reason": "未修好"}, now=NOON)
    unit = people.handler(street_unit())
    desk.act(again.pk, Action.SIGN, actor=unit, data={}, now=NOON)
    answer = {"outcome": "solved", "means": "phone", "told_at": NOON.isoformat(), "result": "已经重新修好并试用正常。"}
    desk.act(again.pk, Action.REPLY, actor=unit, data={**answer, "evidence": "现场照片"}, now=NOON)
    desk.act(again.pk, Action.START_CALLBACK, actor=Actor.system(), data={}, now=NOON + 4 * DAY)

    waiting = lists.lines(Tab.DUE, NOON + 4 * DAY, "").rows

    assert again.pk in [case.pk for case in waiting]
    assert draws.ending(again.pk) is None


def test_where_somebody_cannot_be_reached_the_next_in_order_is_asked_once(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = drawn_frame(people, monkeypatch)
    taken = FrameCase.objects.get(drawn=True)
    Case.objects.filter(pk=taken.case_id).update(status="closed", closed_at=NOON, callback_valid=False)
    order = list(FrameCase.objects.filter(drawn=False).order_by("position").values_list("case_id", flat=True))

    asked = [draws.replace(frame), draws.replace(frame)]

    assert asked == [1, 0]
    assert FrameCase.objects.get(instead=True).case_id == order[0]


def test_after_two_attempts_the_next_is_asked_while_there_is_time(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = drawn_frame(people, monkeypatch)
    taken = FrameCase.objects.get(drawn=True)
    asked = []
    at: datetime | None = NOON + timedelta(minutes=30)
    for _attempt in range(2):
        missed = {"reached": False, "missed": "no_answer"}
        desk.act(taken.case_id, Action.RECORD_CALLBACK, actor=people.callback_agent(), data=missed, now=at)
        at = Case.objects.get(pk=taken.case_id).callback_next_at
        asked.append(draws.replace(frame))

    assert asked == [0, 1]
    assert Case.objects.get(pk=taken.case_id).status == Status.CALLBACK_PENDING


def test_the_seed_is_revealed_when_nobody_of_the_frame_can_be_called_any_more(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = drawn_frame(people, monkeypatch, 2)
    draws.run(NOON + DAY)
    frame.refresh_from_db()
    assert frame.revealed_at is None

    for case_id in FrameCase.objects.filter(drawn=True).values_list("case_id", flat=True):
        desk.act(case_id, Action.RECORD_CALLBACK, actor=people.callback_agent(), data=GOOD, now=NOON + DAY)
    draws.run(NOON + 3 * DAY)

    frame.refresh_from_db()
    assert frame.revealed_at == NOON + 3 * DAY


def test_everybody_sees_the_commitment_before_and_the_seed_only_afterwards(
    people: People, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    frame = drawn_frame(people, monkeypatch)
    seed = frames.seed_of(frame)

    before = client.get("/draws/").content.decode()
    Frame.objects.update(revealed_at=NOON + 3 * DAY)
    after = client.get("/draws/").content.decode()

    assert frame.commitment in before
    assert seed not in before
    assert f"<code>{seed}</code>" in after
    assert not any(row.case.case_no in after for row in FrameCase.objects.select_related("case"))


def test_a_draw_is_recomputed_from_its_file(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = drawn_frame(people, monkeypatch)

    heading, *rows = draws.export(frame)
    listed = [Listed(case_no=row[0], unit=row[1], stratum=row[2]) for row in rows]
    shares = sampling.shares_of({row[1]: int(row[3]) for row in rows}, NARROW)
    again = sampling.draw(listed, seed=frames.seed_of(frame), shares=shares)

    assert heading[0] == "case_no"
    assert {one.listed.case_no for one in again if one.taken} == {row[0] for row in rows if row[-1] == "1"}


@pytest.mark.parametrize(
    ("scope", "value", "inside"),
    [
        (Scope.CITY, "", True),
        (Scope.DISTRICT, "110105", True),
        (Scope.DISTRICT, "110101", False),
        (Scope.KIND, str(UnitKind.STREET), True),
        (Scope.KIND, str(UnitKind.MUNICIPAL_DEPT), False),
        (Scope.UNIT, "the street", True),
        (Scope.UNIT, "its government", True),
    ],
)
def test_a_plan_is_for_a_city_a_district_a_kind_or_a_unit_and_what_is_below_it(
    scope: Scope, value: str, inside: bool
) -> None:
    street = directory.unit(street_unit())
    government = directory.district_unit(street.district_id or 0)
    assert government is not None
    names = {"the street": street.code, "its government": government.code}
    planned(scope=scope, value=names.get(value, value))

    assert (plans.book_at(NOW).plan_for(street.id) is not None) is inside


def test_the_newest_plan_decides_and_one_without_a_width_calls_all_again() -> None:
    planned()
    ended = planned(on=date(2026, 6, 11), scope=Scope.DISTRICT, value="110105", rule=None)

    assert plans.book_at(NOW).plan_for(street_unit()) is not None
    assert plans.book_at(ended.effective_from).plan_for(street_unit()) is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"on": date(2026, 6, 8)}, "on"),
        ({"scope": Scope.DISTRICT, "value": "999999"}, "value"),
        ({"scope": Scope.UNIT, "value": ""}, "value"),
        ({"scope": Scope.KIND, "value": "x"}, "value"),
        ({"reason": " "}, "reason"),
    ],
)
def test_a_plan_names_a_day_to_come_a_scope_and_a_reason(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidData) as refused:
        planned(**changes)

    assert list(refused.value.errors) == [field]


@pytest.mark.parametrize("role", [Role.CALLBACK_AGENT, Role.AUDITOR, Role.ANALYST, Role.LEADER])
def test_only_the_hotlines_evaluator_plans(role: Role) -> None:
    by: Viewer = staff(1, role)

    with pytest.raises(NotPermitted):
        plans.enter(on=date(2026, 7, 1), scope=Scope.CITY, rule=NARROW, reason="试行", by=by, now=NOW)


def test_a_unit_does_not_plan_who_is_asked_about_it() -> None:
    by = street_staff(Role.EVALUATOR, Role.UNIT_HEAD)

    with pytest.raises(NotPermitted):
        plans.enter(on=date(2026, 7, 1), scope=Scope.CITY, rule=NARROW, reason="试行", by=by, now=NOW)


def test_a_plan_is_withdrawn_before_it_holds_and_never_after() -> None:
    plan = planned(on=date(2026, 6, 20))

    plans.withdraw(plan.pk, by=staff(1), now=NOW)

    assert plans.book_at(plan.effective_from).plan_for(street_unit()) is None
    with pytest.raises(plans.PlanBegun):
        plans.withdraw(plan.pk, by=staff(1), now=NOW)
    with pytest.raises(plans.PlanBegun):
        plans.withdraw(planned().pk, by=staff(1), now=NOW)
    with pytest.raises(NotPermitted):
        plans.withdraw(planned(on=date(2026, 6, 21)).pk, by=staff(1, Role.AUDITOR), now=NOW)


def test_strata_are_taken_as_the_case_stood_when_its_callback_began(people: People) -> None:
    planned(stratum=Stratum.BRANCH)

    due_cases(people, 1)

    assert FrameCase.objects.get().stratum == "01"
