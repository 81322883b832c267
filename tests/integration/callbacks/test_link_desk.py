"""Links and second answers at the desk: one key sends, badges tell, and a unit sees nothing of either."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction
from django.test import Client
from django.utils import timezone

from huiyin.accounts.models import Staff
from huiyin.callbacks import links, second_answers
from huiyin.callbacks.lists import Tab, counts, waiting
from huiyin.callbacks.models import Invitation, SecondAnswer
from huiyin.callbacks.vocabulary import Channel
from huiyin.cases import desk, journal, subscriptions
from huiyin.cases.models import Case, CaseEvent
from huiyin.domain.actions import Action
from huiyin.domain.lifecycle import TABLE
from huiyin.domain.vocabulary import Role, Status
from tests.builders_city import People, replied, street_unit
from tests.integration.callbacks.conftest import BAD, GOOD, due, invited, signed_in

pytestmark = pytest.mark.usefixtures("city")
UNIT_ROLES = (Role.HANDLER, Role.UNIT_HEAD)


@pytest.fixture
def agent(client: Client) -> Client:
    return signed_in(client, Role.CALLBACK_AGENT)


def test_one_key_sends_a_link_and_the_case_waits_for_it_off_the_phone_list(agent: Client, people: People) -> None:
    case = due(people)
    page = agent.get(f"/callbacks/{case.case_no}/").content.decode()

    agent.post(f"/callbacks/{case.case_no}/invite/")

    now = timezone.now()
    made = Invitation.objects.get()
    lists = [waiting(tab, now).count() for tab in (Tab.DUE, Tab.LINKED)]
    later = [waiting(tab, made.phone_after).count() for tab in (Tab.DUE, Tab.LINKED)]
    assert 'data-hotkey="l"' in page
    assert (made.case_id, made.made_by) == (case.pk, "人员")
    assert (lists, later) == ([0, 1], [1, 0])
    assert counts(now)[0][Tab.LINKED] == 1
    assert counts(made.phone_after)[0][Tab.DUE] == 1


def test_the_list_and_the_page_say_how_far_the_link_came_and_never_the_link(agent: Client, people: People) -> None:
    case = due(people)
    made = invited(case)
    links.opened(made, timezone.now())

    queue = agent.get("/callbacks/?tab=linked").content.decode()
    page = agent.get(f"/callbacks/{case.case_no}/").content.decode()

    assert "已打开" in queue
    assert "已打开" in page
    assert "199****1234" in page
    assert 'data-hotkey="l"' not in page
    for text in (queue, page):
        assert links.token_of(made) not in text
        assert "/hf/" not in text


def test_why_nobody_was_reached_takes_one_press(agent: Client, people: People) -> None:
    case = due(people)

    agent.post(f"/callbacks/{case.case_no}/", {"missed": "off"})

    event = journal.of_case(case.pk)[-1]
    assert event.data == {"reached": False, "missed": "off"}
    assert Case.objects.get(pk=case.pk).callback_attempts == 1


def test_what_is_said_later_on_the_phone_needs_a_reason_and_stands_beside(agent: Client, people: People) -> None:
    case = due(people)
    desk.act(case.pk, Action.RECORD_CALLBACK, actor=people.callback_agent(), data=GOOD, now=timezone.now())
    before = _history(case)

    refused = agent.post(f"/callbacks/{case.case_no}/again/", BAD)
    agent.post(f"/callbacks/{case.case_no}/again/", {**BAD, "reason": "修好第三天又坏", "remark": "希望换新的"})
    panel = agent.get(f"/callbacks/{case.case_no}/beside/").content.decode()

    second = SecondAnswer.objects.get()
    assert refused.status_code == 422
    assert (second.way, second.by_name, second.satisfaction) == ("phone", "人员", "unsatisfied")
    assert "修好第三天又坏" in panel
    assert _history(case) == before


@pytest.mark.parametrize("role", UNIT_ROLES)
def test_a_unit_sees_neither_links_nor_second_answers(client: Client, people: People, role: Role) -> None:
    case, other = due(people), due(people, phone="19900005678")
    made = invited(case)
    invited(other)
    desk.act(other.pk, Action.RECORD_CALLBACK, actor=people.callback_agent(), data=GOOD, now=timezone.now())
    marks = {"remark": "第二回答的话", "reason": "第二回答的缘由"}
    second_answers.keep(
        Case.objects.get(pk=other.pk),
        way=second_answers.Way.PAGE,
        answers={**BAD, "remark": marks["remark"]},
        reason=marks["reason"],
        now=timezone.now(),
    )
    unit = signed_in(client, role, street_unit())

    texts = [unit.get(f"/cases/{one.case_no}/").content.decode() for one in (case, other)]
    texts += [unit.get(f"/callbacks/{one.case_no}/beside/").content.decode() for one in (case, other)]
    closed = [
        unit.post(f"/callbacks/{case.case_no}/invite/").status_code,
        unit.get(f"/callbacks/{case.case_no}/").status_code,
        unit.get(f"/callbacks/{other.case_no}/again/").status_code,
        unit.post(f"/callbacks/{other.case_no}/again/", {**BAD, "reason": "单位自己写的"}).status_code,
        unit.get("/callbacks/").status_code,
    ]

    assert closed == [403] * len(closed)
    assert SecondAnswer.objects.count() == 1
    for text in texts:
        for mark in (*marks.values(), links.token_of(made), "/hf/", "已发链接"):
            assert mark not in text


def test_no_action_and_no_statement_alters_an_answer(people: People) -> None:
    case = due(people)
    after = desk.act(case.pk, Action.RECORD_CALLBACK, actor=people.callback_agent(), data=GOOD, now=timezone.now())

    row = CaseEvent.objects.filter(case_id=case.pk, action=str(Action.RECORD_CALLBACK))
    for change in (lambda: row.update(reason="改写"), row.delete):
        with pytest.raises(Error), transaction.atomic():
            change()
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE case_event SET data = '{}' WHERE case_id = %s", [case.pk])

    settled = {status for status, action in TABLE if action is Action.RECORD_CALLBACK}
    assert after.status == Status.CLOSED
    assert settled == {Status.REPLIED, Status.CALLBACK_PENDING}


@pytest.mark.parametrize("action", [action for action in Action if action not in (Action.REOPEN, Action.REWORK)])
def test_nothing_done_to_a_judged_case_touches_its_answer(people: People, action: Action) -> None:
    case = due(people)
    now = timezone.now()
    after = desk.act(case.pk, Action.RECORD_CALLBACK, actor=people.callback_agent(), data=BAD, now=now)
    answer = _history(case)
    data: dict[str, Any] = {"reason": "试着改掉", "note": "试着改掉", **GOOD, "confidential": True}

    for actor in (people.hotline(*Role), people.handler(street_unit())):
        fields = {one.name for one in _fields(action)}
        try:
            desk.act(case.pk, action, actor=actor, data={k: v for k, v in data.items() if k in fields}, now=now)
        except Exception as refusal:  # noqa: BLE001 - whatever refuses it, the answer must stand
            assert type(refusal).__module__.startswith("huiyin.")

    case.refresh_from_db()
    assert _history(case)[: len(answer)] == answer
    assert (case.contacted, case.solved, case.satisfaction) == (after.contacted, after.solved, after.satisfaction)


def test_badges_cost_the_same_for_one_case_and_for_many(
    agent: Client, people: People, django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        invited(due(people, phone=f"1990000700{number}"))

    with django_assert_max_num_queries(25):
        agent.get("/callbacks/?tab=linked")


def test_who_may_not_be_called_before_is_on_the_list_when_the_message_failed(people: People) -> None:
    made = invited(due(people))
    Invitation.objects.filter(pk=made.pk).update(phone_after=timezone.now() - timedelta(seconds=1))

    assert waiting(Tab.DUE, timezone.now()).count() == 1


def _fields(action: Action) -> Any:
    from huiyin.domain.actions import FIELDS

    return FIELDS[action]


def _history(case: Case) -> list[tuple[int, str, dict[str, Any]]]:
    return [(event.seq, event.reason, event.data) for event in journal.of_case(case.pk)]


@pytest.mark.parametrize("written", ["19900001234", "+86 199-0000-1234"])
def test_a_unit_gets_no_link_on_a_telephone_of_its_own(
    people: People, settings: Any, client: Client, written: str
) -> None:
    case = due(people, phone="19900001234")
    signed_in(client, Role.HANDLER, street_unit())
    Staff.objects.filter(posts__unit_id=street_unit()).update(phone=written)
    settings.CALLBACK_LINK_FIRST = True

    with pytest.raises(links.UnitsOwnNumber):
        links.invite(case, channel=Channel.SMS, now=timezone.now())
    while subscriptions.deliver():
        pass

    assert not Invitation.objects.exists()
    assert case.pk in [one.pk for one in waiting(Tab.DUE, timezone.now())]


def test_somebody_of_another_unit_is_a_citizen_like_any_other(people: People, client: Client) -> None:
    case = due(people, phone="19900001234")
    signed_in(client, Role.HANDLER, street_unit("110105027"))
    Staff.objects.filter(posts__unit_id=street_unit("110105027")).update(phone="19900001234")

    links.invite(case, channel=Channel.SMS, now=timezone.now())

    assert Invitation.objects.count() == 1


@pytest.mark.parametrize("role", UNIT_ROLES)
def test_before_the_hotline_has_asked_a_unit_can_record_nothing(client: Client, people: People, role: Role) -> None:
    waiting_for_it = [due(people), replied(people, now=timezone.now() - timedelta(hours=6), phone="19900005678")]
    unit = signed_in(client, role, street_unit())

    for case in waiting_for_it:
        seq = case.seq
        codes = [
            unit.post(f"/callbacks/{case.case_no}/", GOOD).status_code,
            unit.post(f"/callbacks/{case.case_no}/number/").status_code,
            unit.post(f"/cases/{case.case_no}/do/record_callback/", GOOD).status_code,
            unit.post(f"/cases/{case.case_no}/do/start_callback/").status_code,
            unit.post(f"/cases/{case.case_no}/do/close_unasked/").status_code,
        ]
        case.refresh_from_db()
        assert not set(codes) & {200, 204, 302}
        assert (case.seq, case.callback_valid, case.satisfaction) == (seq, None, None)
