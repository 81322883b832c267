"""A reopened case is asked anew: links, answers and draws of the handling before are past."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from huiyin.callbacks import draws, jobs_to_come, links, lists, sending
from huiyin.callbacks.links import LinkOver
from huiyin.callbacks.lists import Tab
from huiyin.callbacks.models import Frame, FrameCase, Invitation, Message
from huiyin.callbacks.vocabulary import Channel
from huiyin.cases import desk, subscriptions
from huiyin.cases.models import Case
from huiyin.domain.actions import Action
from huiyin.domain.case import Actor
from huiyin.domain.vocabulary import ActorKind, Status
from tests.builders_city import People, replied, street_unit
from tests.builders_evaluation import BAD, GOOD
from tests.integration.callbacks.conftest import due, invited
from tests.integration.callbacks.test_sampling import DAY, NOON, NOW, drawn_frame

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def delivered_before_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huiyin.callbacks.frames.timezone.now", lambda: NOW)


def handled_again(people: People, case: Case, at: datetime, *, called_from: datetime) -> Case:
    """Signed, answered and due for its callback once more."""
    unit = people.handler(street_unit())
    told = {"outcome": "solved", "means": "phone", "told_at": at.isoformat(), "result": "已经重新修好并试用正常。"}
    contact = {"means": "phone", "reached": True, "note": "已电话联系"}
    desk.act(case.pk, Action.SIGN, actor=unit, data={}, now=at)
    desk.act(case.pk, Action.NOTE_CONTACT, actor=unit, data=contact, now=at)
    desk.act(case.pk, Action.REPLY, actor=unit, data={**told, "evidence": "现场照片"}, now=at)
    return desk.act(case.pk, Action.START_CALLBACK, actor=Actor.system(), data={}, now=called_from)


def reopened(people: People, case: Case, at: datetime) -> Case:
    reason = {"reason": "诉求人来电说没有修好"}
    return desk.act(case.pk, Action.REOPEN, actor=people.callback_agent(), data=reason, now=at)


def tabs_of(case: Case, now: datetime) -> set[Tab]:
    return {tab for tab in Tab if case.pk in [one.pk for one in lists.lines(tab, now, "").rows]}


@pytest.mark.usefixtures("delivered_before_noon")
def test_a_reopened_case_that_was_not_drawn_is_called(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn_frame(people, monkeypatch)
    row = FrameCase.objects.filter(drawn=False).select_related("case").first()
    assert row is not None
    desk.act(row.case_id, Action.CLOSE_UNASKED, actor=Actor.system(), data={}, now=NOON + 3 * DAY)
    reopened(people, row.case, NOON + 4 * DAY)

    case = handled_again(people, row.case, NOON + 4 * DAY, called_from=NOON + 11 * DAY)
    subscriptions.deliver()
    draws.run(NOON + 12 * DAY)

    assert tabs_of(case, NOON + 12 * DAY) == {Tab.DUE}
    assert lists.counts(NOON + 12 * DAY)[0][Tab.DUE] == 1
    assert draws.ending(case.pk) is None


def test_a_link_of_the_handling_before_judges_nothing_and_a_new_one_goes_out(people: People) -> None:
    case = due(people, phone="19900004444")
    old = invited(case)
    desk.act(
        case.pk,
        Action.RECORD_CALLBACK,
        actor=people.callback_agent(),
        data={"reached": True, **BAD},
        now=timezone.now(),
    )
    desk.act(case.pk, Action.CLOSE, actor=people.callback_agent(), data={"reason": "已解释清楚"}, now=timezone.now())
    reopened(people, case, timezone.now())
    again = handled_again(people, case, timezone.now(), called_from=timezone.now())

    with pytest.raises(LinkOver):
        links.answer(old, answers=GOOD, now=timezone.now())
    new = links.invite(again, channel=Channel.SMS, now=timezone.now())

    assert links.answer(new, answers=GOOD, now=timezone.now()).case.status == Status.CLOSED
    assert list(Invitation.objects.order_by("pk").values_list("superseded", flat=True)) == [True, False]


@pytest.mark.usefixtures("delivered_before_noon")
def test_who_answered_unasked_and_was_dissatisfied_replaces_nobody(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = drawn_frame(people, monkeypatch, 2)
    row = FrameCase.objects.filter(drawn=False).select_related("case").first()
    assert row is not None
    himself = Actor(kind=ActorKind.CITIZEN, requester_id=row.case.requester_id)
    desk.act(row.case_id, Action.RECORD_CALLBACK, actor=himself, data=BAD, now=NOON)
    again = desk.act(row.case_id, Action.REWORK, actor=people.callback_agent(), data={"reason": "未修好"}, now=NOON)
    handled_again(people, again, NOON, called_from=NOON + 4 * DAY)
    missed = FrameCase.objects.get(drawn=True).case_id
    Case.objects.filter(pk=missed).update(status="closed", closed_at=NOON, callback_valid=False)

    assert draws.replace(frame) == 0
    row.refresh_from_db()
    assert row.drawn is False


@pytest.mark.usefixtures("delivered_before_noon")
def test_what_is_delivered_behind_the_draw_enters_the_next_day(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = drawn_frame(people, monkeypatch)
    late = replied(people, now=NOW - 8 * DAY, phone="19900007777")
    desk.act(late.pk, Action.START_CALLBACK, actor=Actor.system(), data={}, now=NOW)

    subscriptions.deliver()

    entered = FrameCase.objects.get(case=late).frame
    assert (entered.day, entered.drawn_at) == (frame.day + DAY, None)
    assert Frame.objects.count() == 2


def test_a_link_sent_anew_has_a_key_of_its_own(people: People) -> None:
    invitation = invited(due(people, phone="19900004444"))
    message = Message.objects.get()
    before = sending._letter(message).key
    sending.receive(message.gateway_id, delivered=False, words="停机", now=timezone.now())

    links._again(Invitation.objects.get(pk=invitation.pk), "", timezone.now())

    message.refresh_from_db()
    assert sending._letter(message).key != before
    assert (message.gateway_id, message.last_error, message.sent_at) == ("", "", None)


def test_what_falls_due_at_night_is_sent_in_the_morning(settings: Any) -> None:
    settings.CALLBACK_SEND_FROM, settings.CALLBACK_SEND_UNTIL = 8, 21
    night, evening, noon = (datetime(2026, 6, 10, hour, 30, tzinfo=UTC) for hour in (19, 13, 4))  # 3:30, 21:30, 12:30

    assert jobs_to_come.by_day(noon) == noon
    assert jobs_to_come.by_day(night) == datetime(2026, 6, 11, 0, 0, tzinfo=UTC)
    assert jobs_to_come.by_day(evening) == datetime(2026, 6, 11, 0, 0, tzinfo=UTC)
    assert jobs_to_come.by_day(night) - night < timedelta(hours=5)
