"""Talks: named by the rule once a period is published, called by hand, held, closed, dropped; the head is told."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from huiyin.cases import inboxes
from huiyin.cases.models import Notice
from huiyin.domain.errors import InvalidData, NotPermitted
from huiyin.domain.vocabulary import Role, UnitKind
from huiyin.evaluation.vocabulary import Group
from huiyin.governance import jobs, talk_lists, talking, telling
from huiyin.governance.models import Talk
from huiyin.governance.talk_lists import Shown
from huiyin.governance.vocabulary import TalkState
from huiyin.registry import directory
from tests import builders_governance as build
from tests.builders_city import OTHER_STREET, street_unit
from tests.builders_evaluation import staff, staff_of
from tests.integration.cases.conftest import staff_at

pytestmark = pytest.mark.usefixtures("city")


def called(unit_id: int | None = None) -> Talk:
    return talking.call(Group.STREET, unit_id or street_unit(), reason=build.WHY, by=build.leader(), now=build.NOW)


def held(talk: Talk | None = None, *, days: int = 30) -> Talk:
    return talking.hold(
        (talk or called()).pk,
        on=build.NOW.date(),
        minutes="通报三率，分析失分原因。",
        promises="两个月内解决率提高五个百分点",
        until=build.NOW.date() + timedelta(days=days),
        by=build.evaluator(),
        now=build.NOW,
    )


def test_two_periods_running_on_the_list_propose_a_talk_once() -> None:
    build.published(1, rectified=[street_unit()])
    assert talking.propose_newest(build.NOW) == []
    build.published(0, rectified=[street_unit()])

    made = talking.propose_newest(build.NOW)
    again = talking.propose_newest(build.NOW)

    assert [(one.unit_id, one.reason, one.by_rule) for one in made] == [
        (street_unit(), "2026年6月：连续 2 期列入整改类", True)
    ]
    assert again == []
    assert Talk.objects.count() == 1


def test_three_of_twelve_propose_too_and_a_gap_ends_the_look_back() -> None:
    for back in range(6):
        build.published(back, rectified=[street_unit()] if back in (0, 2, 4) else [])
    assert [one.reason for one in talking.propose_newest(build.NOW)] == ["2026年6月：近 12 期中 3 期列入整改类"]


def test_months_before_a_gap_are_not_in_a_row() -> None:
    build.published(2, rectified=[street_unit()])
    build.published(0, rectified=[street_unit()])

    assert talking.propose_newest(build.NOW) == []


def test_a_revision_names_nobody_a_second_time() -> None:
    build.published(1, rectified=[street_unit()])
    build.published(0, rectified=[street_unit()])
    held(talking.propose_newest(build.NOW)[0])
    build.published(0, rectified=[street_unit(), street_unit(OTHER_STREET)])

    assert talking.propose_newest(build.NOW) == []
    assert Talk.objects.count() == 1


def test_a_talk_that_waits_takes_the_next_months_reason() -> None:
    for back in (2, 1):
        build.published(back, rectified=[street_unit()])
    first = talking.propose_newest(build.NOW)[0]
    build.published(0, rectified=[street_unit()])

    again = talking.propose_newest(build.NOW)

    assert [one.pk for one in again] == [first.pk]
    assert again[0].reason == "2026年5月：连续 2 期列入整改类；2026年6月：连续 3 期列入整改类"


def test_a_leaders_own_reason_stays_where_the_rule_names_the_unit_too() -> None:
    called()
    for back in (1, 0):
        build.published(back, rectified=[street_unit()])

    talk = talking.propose_newest(build.NOW)[0]

    assert talk.reason == f"{build.WHY}；2026年6月：连续 2 期列入整改类"
    assert (talk.by_rule, talk.proposed_by) == (True, build.leader().name)


def test_the_job_proposes_and_runs_again_without_harm() -> None:
    for back in (1, 0):
        build.published(back, rectified=[street_unit()])

    assert [jobs.propose_talks(0), jobs.propose_talks(0)] == [1, 0]


def test_nothing_published_names_nobody() -> None:
    assert jobs.propose_talks(0) == 0


def test_a_talk_goes_from_call_to_close() -> None:
    talk = held()
    assert (talk.state, talk.held_by, talk.promised_until) == (
        TalkState.HELD,
        build.evaluator().name,
        build.NOW.date() + timedelta(days=30),
    )

    closed = talking.close(talk.pk, kept=False, outcome="解决率只提高了两个百分点", by=build.leader(), now=build.NOW)

    assert (closed.state, closed.kept, closed.ended_by) == (TalkState.CLOSED, False, build.leader().name)


def test_a_proposal_is_dropped_with_a_reason_and_stays_on_record() -> None:
    talk = called()
    with pytest.raises(InvalidData):
        talking.drop(talk.pk, reason="", by=build.leader(), now=build.NOW)

    dropped = talking.drop(talk.pk, reason="成绩已修订，不再符合", by=build.leader(), now=build.NOW)

    assert (dropped.state, dropped.outcome) == (TalkState.DROPPED, "成绩已修订，不再符合")


def test_no_step_is_taken_out_of_turn() -> None:
    talk = called()
    with pytest.raises(talking.TalkMoved):
        talking.close(talk.pk, kept=True, outcome="都落实了呀", by=build.leader(), now=build.NOW)
    talk = held(talk)
    with pytest.raises(talking.TalkMoved):
        held(talk)
    with pytest.raises(talking.TalkMoved):
        talking.drop(talk.pk, reason="不再需要约谈", by=build.leader(), now=build.NOW)


def test_a_unit_has_one_talk_that_waits() -> None:
    talk = called()
    with pytest.raises(talking.TalkWaits):
        called()
    held(talk)

    assert called().pk != talk.pk


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"on": None}, "on"),
        ({"on": build.NOW.date() + timedelta(days=1)}, "on"),
        ({"promises": "好"}, "promises"),
        ({"until": None}, "until"),
        ({"until": build.NOW.date() - timedelta(days=1)}, "until"),
        ({"minutes": "长" * 2001}, "minutes"),
    ],
)
def test_what_is_wrong_with_a_held_talk_is_told_at_its_field(change: dict[str, object], field: str) -> None:
    given = {"on": build.NOW.date(), "minutes": "", "promises": "落实整改", "until": build.NOW.date(), **change}

    with pytest.raises(InvalidData) as refusal:
        talking.hold(called().pk, by=build.leader(), now=build.NOW, **given)

    assert list(refusal.value.errors) == [field]
    assert Talk.objects.get().state == TalkState.PROPOSED


def test_only_units_of_the_four_lists_are_called() -> None:
    hotline = directory.hotline()
    assert hotline is not None

    for group, unit_id in ((Group.STREET, hotline.id), (Group.COMPANY, street_unit()), (Group.STREET, 2**31 - 1)):
        with pytest.raises(InvalidData):
            talking.call(group, unit_id, reason=build.WHY, by=build.leader(), now=build.NOW)


def test_nobody_else_calls_holds_closes_or_drops() -> None:
    waiting, open_one = called(), held(called(street_unit(OTHER_STREET)))
    today = build.NOW.date()

    for by in (build.head(), build.district_head(), staff(5, Role.ANALYST)):
        for act in (
            lambda by: talking.call(Group.STREET, street_unit(), reason=build.WHY, by=by, now=build.NOW),
            lambda by: talking.hold(
                waiting.pk, on=today, minutes="", promises="落实整改", until=today, by=by, now=build.NOW
            ),
            lambda by: talking.drop(waiting.pk, reason="不再约谈了", by=by, now=build.NOW),
            lambda by: talking.close(open_one.pk, kept=True, outcome="已经落实", by=by, now=build.NOW),
        ):
            with pytest.raises(NotPermitted):
                act(by)


def test_each_head_of_the_unit_is_told_at_every_step_and_nobody_else() -> None:
    heads = [staff_at(street_unit(), Role.UNIT_HEAD), staff_at(street_unit(), Role.UNIT_HEAD, Role.HANDLER)]
    staff_at(street_unit(), Role.HANDLER)
    staff_at(street_unit(OTHER_STREET), Role.UNIT_HEAD)
    talk = held()
    talking.close(talk.pk, kept=True, outcome="承诺全部落实", by=build.leader(), now=build.NOW)

    assert sorted(set(Notice.objects.values_list("staff_id", flat=True))) == sorted(one.pk for one in heads)
    assert Notice.objects.filter(unit_id=street_unit(), case=None).count() == 2 * 3
    assert set(Notice.objects.values_list("link", flat=True)) == {f"/governance/talks/{talk.pk}/"}
    assert inboxes.unread(heads[0].viewer, build.NOW) == 3


def test_heads_hear_of_each_reason_that_a_waiting_talk_takes_and_of_none_twice() -> None:
    head = staff_at(street_unit(), Role.UNIT_HEAD)
    called()
    for back in (1, 0):
        build.published(back, rectified=[street_unit()])

    talk = talking.propose_newest(build.NOW)[0]
    telling.tell_heads(talk, "本单位被列入约谈：再次运行", now=build.NOW)

    assert list(Notice.objects.filter(staff_id=head.pk).order_by("pk").values_list("text", flat=True)) == [
        f"本单位被列入约谈：{build.WHY}",
        "本单位被列入约谈：2026年6月：连续 2 期列入整改类",
    ]


def test_no_talk_is_called_whose_notice_cannot_be_written() -> None:
    staff_at(street_unit(), Role.UNIT_HEAD)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE case_notice ADD CONSTRAINT none_of_talks CHECK (action <> 'talk')")

    with pytest.raises(IntegrityError):
        called()

    assert not Talk.objects.exists()


def test_a_notice_leads_somewhere() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(unit_id=street_unit(), event_id=-1, action="talk", text="无处可去", at=build.NOW)


def test_promises_past_their_day_are_overdue_until_closed() -> None:
    talk = held(days=1)
    today = build.NOW.date() + timedelta(days=2)
    viewer = build.leader()

    assert [line.overdue for line in talk_lists.talk_lines(viewer, Shown.OPEN, today)] == [True]
    assert talk_lists.counts_of(viewer, today) == {Shown.OPEN: 1, Shown.OVERDUE: 1, Shown.ENDED: 0}
    assert talk_lists.counts_of(viewer, build.NOW.date())[Shown.OVERDUE] == 0
    talking.close(talk.pk, kept=True, outcome="承诺全部落实", by=viewer, now=build.NOW)
    assert talk_lists.counts_of(viewer, today) == {Shown.OPEN: 0, Shown.OVERDUE: 0, Shown.ENDED: 1}


def test_a_unit_sees_its_own_talks_and_a_district_its_streets_too() -> None:
    street, department = called(), _department_talk()
    government = talking.call(
        Group.DISTRICT, build.district_head().unit_id or 0, reason=build.WHY, by=build.leader(), now=build.NOW
    )

    def seen(viewer: object) -> set[int]:
        return set(talk_lists.talks_for(viewer).values_list("pk", flat=True))  # type: ignore[arg-type]

    assert seen(build.leader()) == {street.pk, department.pk, government.pk}
    assert seen(build.head()) == {street.pk}
    assert seen(build.head(street_unit(OTHER_STREET))) == set()
    assert seen(build.district_head()) == {street.pk, government.pk}
    head = staff_of(directory.unit(department.unit_id), 90, Role.UNIT_HEAD)
    assert seen(head) == {department.pk}
    assert seen(staff(5, Role.ANALYST)) == seen(staff(7, Role.AUDITOR)) == seen(build.leader())
    for stranger in (staff_of(directory.unit(street_unit()), 91, Role.HANDLER), staff(6, Role.OPERATOR)):
        assert seen(stranger) == set()


def _department_talk() -> Talk:
    unit = next(unit for unit in directory.units().values() if unit.kind is UnitKind.MUNICIPAL_DEPT)
    return talking.call(Group.DEPARTMENT, unit.id, reason=build.WHY, by=build.leader(), now=build.NOW)
