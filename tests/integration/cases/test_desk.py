"""The one door: what it writes, what it refuses, and that nothing is half-written."""

import threading
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection, connections

from huiyin.accounts import sealed
from huiyin.cases import desk, journal, snapshot
from huiyin.cases.models import Case, CaseEvent, Outbox, Requester
from huiyin.domain.actions import Action
from huiyin.domain.case import Actor, fold
from huiyin.domain.errors import (
    ActionNotAllowed,
    AlreadyJudged,
    CannotMerge,
    DomainError,
    InvalidData,
    NotPermitted,
)
from huiyin.domain.vocabulary import ClockKind, Grade, RequestType, Status
from tests.builders_city import NOW, OTHER_STREET, People, dispatched, registered, replied, statement, street_unit

pytestmark = pytest.mark.usefixtures("city")


def stored(case: Case) -> object:
    row = Case.objects.get(pk=case.pk)
    return snapshot.load(row, row.clocks.all())


def folded(case: Case) -> object:
    row = Case.objects.get(pk=case.pk)
    blank = desk.domain.Case(
        status=Status.RECEIVED,
        registered_at=row.registered_at,
        last_at=row.registered_at,
        requester_id=row.requester_id,
        request_type=RequestType.OTHER,
        class_code="",
        grade=Grade.NORMAL,
    )
    return fold(blank, [journal.as_event(event) for event in journal.of_case(row.pk)])


def test_a_registered_case_has_its_number_its_area_and_its_dispatch_clock(people: People) -> None:
    case = registered(people)

    row = Case.objects.get(pk=case.pk)
    assert row.status == Status.RECEIVED
    assert row.district_id is not None  # taken from the street
    assert [clock.kind for clock in row.clocks.all()] == [str(ClockKind.DISPATCH)]
    assert len(row.case_no) == 17
    assert row.title == "楼道里的灯坏了三个月了，晚上老人上下楼很危险"


def test_the_fold_of_the_events_is_the_stored_case(people: People) -> None:
    case = replied(people)

    assert folded(case) == stored(case)
    assert [event.seq for event in journal.of_case(case.pk)] == [1, 2, 3, 4, 5]


def test_a_case_can_be_registered_and_dispatched_in_one_transaction(people: People) -> None:
    step = desk.Step(action=Action.DISPATCH, data={"unit_id": street_unit()}, actor=Actor.system())

    case = desk.register(actor=people.operator(), data=statement(), now=NOW, then=[step])

    assert folded(case) == stored(case)
    assert Case.objects.get(pk=case.pk).lead_unit_id == street_unit()
    assert Outbox.objects.count() == 2


def test_wrong_input_names_every_wrong_field_and_writes_nothing(people: People) -> None:
    data = statement(phone="12", content="", class_code="999999", request_type="nonsense")

    with pytest.raises(InvalidData) as refused:
        desk.register(actor=people.operator(), data=data, now=NOW)

    assert set(refused.value.errors) == {"content", "request_type"}
    assert not Case.objects.exists()
    assert not Requester.objects.exists()


def test_a_class_that_does_not_exist_is_refused_at_its_field(people: People) -> None:
    with pytest.raises(InvalidData) as refused:
        desk.register(actor=people.operator(), data=statement(class_code="999999"), now=NOW)

    assert set(refused.value.errors) == {"class_code"}


def test_the_same_phone_is_the_same_requester_and_is_stored_sealed(people: People) -> None:
    first, second = registered(people), registered(people, phone="+86 199-0000-1234", requester_name="")

    requester = Requester.objects.get(pk=first.requester_id)
    assert first.requester_id == second.requester_id
    assert sealed.unseal(bytes(requester.phone_sealed)) == "19900001234"
    assert b"1990000" not in bytes(requester.phone_sealed)
    assert sealed.unseal(bytes(requester.name_sealed)) == "王小明"


def test_a_refused_action_leaves_no_trace(people: People) -> None:
    case = dispatched(people)
    before = stored(case)

    with pytest.raises(NotPermitted):
        desk.act(case.pk, Action.SIGN, actor=people.handler(street_unit(OTHER_STREET)), data={}, now=NOW)

    assert stored(case) == before
    assert CaseEvent.objects.filter(case_id=case.pk).count() == 2


def test_a_call_that_a_unit_is_not_told_of_does_not_stand_in_its_way(people: People) -> None:
    case = replied(people)
    begun = NOW + timedelta(days=8)
    seen = desk.act(case.pk, Action.START_CALLBACK, actor=Actor.system(), data={}, now=begun).seq
    agent, later = people.callback_agent(), begun + timedelta(hours=1)
    desk.act(case.pk, Action.RECORD_CALLBACK, actor=agent, data={"reached": False}, now=later)
    handler, note = people.handler(street_unit()), {"note": "已再次到现场核实"}

    with pytest.raises(desk.MovedSince, match="热线人员已记录回访"):
        desk.act(case.pk, Action.URGE, actor=people.operator(), data={}, now=later, expected_seq=seen)
    with pytest.raises(desk.MovedSince):
        desk.act(case.pk, Action.SUPPLEMENT, actor=handler, data=note, now=later, expected_seq=seen + 9)
    with pytest.raises(DomainError) as refused:  # by the table, not for what happened meanwhile
        desk.act(case.pk, Action.SIGN, actor=handler, data={}, now=later, expected_seq=seen)
    assert not isinstance(refused.value, desk.MovedSince)


def test_whoever_comes_second_is_told_what_changed(people: People) -> None:
    case = dispatched(people)
    handler = people.handler(street_unit())
    desk.act(case.pk, Action.SIGN, actor=handler, data={}, now=NOW + timedelta(minutes=6), expected_seq=2)

    with pytest.raises(desk.MovedSince, match="承办人已签收") as moved:
        desk.act(case.pk, Action.SIGN, actor=handler, data={}, now=NOW + timedelta(minutes=7), expected_seq=2)

    assert [event.action for event in moved.value.events] == ["sign"]


def test_a_case_cannot_be_merged_into_itself_or_into_a_closed_one(people: People) -> None:
    case, other = registered(people), registered(people, phone="19900004321")
    cancel = {"reason": "重复登记"}
    desk.act(other.pk, Action.CANCEL, actor=people.dispatcher(), data=cancel, now=NOW + timedelta(minutes=1))

    for target in (case.pk, other.pk, 999_999):
        with pytest.raises(CannotMerge):
            desk.act(case.pk, Action.MERGE, actor=people.dispatcher(), data={"into_id": target}, now=NOW)


def test_who_has_judged_stays_known_through_a_second_handling(people: People) -> None:
    case = _handled_again(people)

    row = Case.objects.get(pk=case.pk)
    assert (row.callback_valid, row.judged) == (None, True)
    assert folded(case) == stored(case)
    with pytest.raises(AlreadyJudged):
        desk.act(case.pk, Action.CANCEL, actor=people.dispatcher(), data={"reason": "误登记"}, now=row.last_at)
    assert Action.CANCEL not in desk.allowed(row, people.dispatcher())


def test_old_histories_tell_who_has_judged(people: People) -> None:
    case, untouched = _handled_again(people), replied(people, phone="19900004321")
    Case.objects.update(judged=False)

    with connection.cursor() as cursor:
        cursor.execute(import_module("huiyin.cases.migrations.0009_judged_before").FILL)

    assert list(Case.objects.filter(judged=True).values_list("pk", flat=True)) == [case.pk]
    assert folded(untouched) == stored(untouched)


def _handled_again(people: People) -> Case:
    case, agent = replied(people), people.callback_agent()
    bad = {"reached": True, "contacted": True, "solved": False, "satisfaction": "unsatisfied"}
    desk.act(case.pk, Action.RECORD_CALLBACK, actor=agent, data=bad, now=NOW + timedelta(days=1))
    return desk.act(case.pk, Action.REWORK, actor=agent, data={"reason": "未修好"}, now=NOW + timedelta(days=2))


def test_events_can_be_neither_changed_nor_deleted(people: People) -> None:
    case = registered(people)

    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        cursor.execute("UPDATE case_event SET reason = 'x' WHERE case_id = %s", [case.pk])


@pytest.mark.django_db(transaction=True)
def test_of_two_who_act_at_the_same_moment_one_wins(people: People) -> None:
    case = dispatched(people)
    handler = people.handler(street_unit())
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def sign() -> None:
        together.wait()
        try:
            desk.act(case.pk, Action.SIGN, actor=handler, data={}, now=NOW + timedelta(minutes=9))
            outcomes.append("won")
        except ActionNotAllowed:
            outcomes.append("told")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=sign) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["told", "won"]
    assert CaseEvent.objects.filter(case_id=case.pk, action="sign").count() == 1
