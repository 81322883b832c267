"""Exclusions and appeals: who may ask and decide, by rules, by pages and in the figures; nobody decides twice."""

from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from huiyin.accounts.models import AccessLog
from huiyin.cases import desk
from huiyin.cases.models import Case, Notice
from huiyin.domain.actions import Action
from huiyin.domain.errors import InvalidData, NotPermitted
from huiyin.domain.exclusions import (
    AlreadyAsked,
    AlreadyRuled,
    AppealTooLate,
    AskedAgain,
    CallbackDone,
    DrawTooEarly,
    ExclusionKind,
    NothingToDraw,
    NotOthers,
    Ruling,
    sample_size,
)
from huiyin.domain.vocabulary import Role
from huiyin.evaluation import appeals, closing, digest, exclusions, live, periods, standing
from huiyin.evaluation.models import Appeal, CaseResult, Exclusion, RecheckDraw
from huiyin.registry import directory
from tests import builders_evaluation as evaluation
from tests.builders_city import NOW, OTHER_STREET, People, dispatched, replied, street_unit
from tests.integration.intake.test_console import signed_in

LATER = NOW + timedelta(hours=6)


@pytest.fixture
def people(city: None) -> People:
    return People()


def district_person(number: int = 50) -> Any:
    unit = directory.district_unit(directory.unit(street_unit()).district_id or 0)
    assert unit is not None
    return evaluation.staff_of(unit, number, Role.UNIT_HEAD)


def applied(case: Case, **changes: Any) -> Exclusion:
    given = {"kind": ExclusionKind.EXCLUSION, "reason_code": "01", "grounds": "两次现场核实均未发现，附照片"}
    return exclusions.apply(case.pk, **(given | changes), by=evaluation.street_staff(), now=LATER)


def granted(case: Case, *, at: datetime = LATER) -> Exclusion:
    asked = applied(case)
    exclusions.preview(asked.pk, supports=True, reason="情况属实", by=district_person(), now=LATER)
    return exclusions.rule(asked.pk, grant=True, reason="佐证齐全", by=evaluation.staff(9), now=at)


def test_three_people_decide_and_the_unit_is_told_why(people: People) -> None:
    case = dispatched(people)
    asked = applied(case)
    assert asked.ruling == Ruling.APPLIED

    with pytest.raises(NotPermitted):
        exclusions.rule(asked.pk, grant=True, reason="佐证齐全", by=evaluation.street_staff(), now=LATER)
    with pytest.raises(NotPermitted):
        exclusions.preview(asked.pk, supports=True, reason="情况属实", by=evaluation.staff(9), now=LATER)
    same = evaluation.street_staff().staff_id
    with pytest.raises(NotOthers):
        exclusions.preview(asked.pk, supports=True, reason="情况属实", by=district_person(same), now=LATER)
    exclusions.preview(asked.pk, supports=True, reason="情况属实", by=district_person(50), now=LATER)
    with pytest.raises(NotOthers):
        exclusions.rule(asked.pk, grant=True, reason="佐证齐全", by=evaluation.staff(50), now=LATER)
    with pytest.raises(InvalidData):
        exclusions.rule(asked.pk, grant=True, reason=" ", by=evaluation.staff(9), now=LATER)
    ruled = exclusions.rule(asked.pk, grant=True, reason="佐证齐全", by=evaluation.staff(9), now=LATER)

    assert ruled.ruling == Ruling.GRANTED
    assert Notice.objects.get(case_id=case.pk, action="evaluation").text == "剔除申请已同意：佐证齐全"
    with pytest.raises(AlreadyRuled):
        exclusions.rule(asked.pk, grant=False, reason="再想想看", by=evaluation.staff(10), now=LATER)


def test_a_case_is_applied_for_once_at_a_time_and_never_after_the_citizen_judged(people: People) -> None:
    case = dispatched(people)
    asked = applied(case)
    with pytest.raises(AlreadyAsked):
        applied(case)
    exclusions.preview(asked.pk, supports=False, reason="现场确有问题", by=district_person(), now=LATER)
    second = applied(case)
    exclusions.preview(second.pk, supports=False, reason="现场确有问题", by=district_person(), now=LATER)
    with pytest.raises(AlreadyAsked):
        applied(case)

    with pytest.raises(CallbackDone):
        applied(evaluation.judged(people, phone="19900000003"))
    with pytest.raises(NotPermitted):
        applied(dispatched(people, unit_id=street_unit(OTHER_STREET), phone="19900000004"))
    with pytest.raises(InvalidData) as refused:
        applied(dispatched(people, phone="19900000005"), reason_code="99")
    assert refused.value.errors == {"reason_code": "请选择剔除理由"}


def handled_again(people: People, case: Case, *, at: datetime) -> Case:
    data = {"reason": "请再办理一次"}
    return desk.act(case.pk, Action.REWORK, actor=people.callback_agent(), data=data, now=at)


def test_a_second_handling_does_not_make_an_answer_undone(people: People) -> None:
    case = evaluation.judged(people, answers=evaluation.BAD)
    case = handled_again(people, case, at=NOW + timedelta(days=2))

    assert not standing.of_case(case, viewer=evaluation.street_staff(), now=LATER).may_apply
    with pytest.raises(CallbackDone):
        applied(case)


def test_the_database_itself_refuses_one_person_in_two_parts(people: People) -> None:
    asked = applied(dispatched(people))

    with pytest.raises(IntegrityError), transaction.atomic():
        Exclusion.objects.filter(pk=asked.pk).update(ruled_by_id=asked.applied_by_id)


def test_what_is_granted_leaves_the_figures_and_a_revoked_one_comes_back_in_the_revision(people: People) -> None:
    out = dispatched(people, phone="19900000001")
    granted(out)
    kept = evaluation.judged(people, phone="19900000002")
    first = evaluation.published()
    assert CaseResult.objects.get(version=first, case_id=out.pk).why == "excluded"

    drawn = exclusions.draw_rechecks(first.period, by=evaluation.staff(1), now=evaluation.AFTER)
    assert len(drawn) == 1
    with pytest.raises(NotOthers):
        exclusions.recheck(drawn[0].pk, upheld=False, reason="照片非本处", by=evaluation.staff(9), now=evaluation.AFTER)
    exclusions.recheck(drawn[0].pk, upheld=False, reason="照片非本处", by=evaluation.staff(8), now=evaluation.AFTER)
    later = evaluation.AFTER + timedelta(hours=1)
    second = closing.revise(first.period, reason="复核撤销剔除", by=evaluation.staff(1), now=later)

    assert CaseResult.objects.get(version=second, case_id=out.pk).why == "not_asked_yet"
    assert CaseResult.objects.get(version=second, case_id=kept.pk).why == "counted"
    with pytest.raises(NothingToDraw):
        exclusions.draw_rechecks(first.period, by=evaluation.staff(1), now=later)


def test_a_period_that_runs_is_not_drawn_from(people: People) -> None:
    granted(dispatched(people))
    june = evaluation.june()

    for early in (LATER, june.ends_at - timedelta(seconds=1)):
        with pytest.raises(DrawTooEarly):
            exclusions.draw_rechecks(june, by=evaluation.staff(1), now=early)

    assert len(exclusions.draw_rechecks(june, by=evaluation.staff(1), now=june.ends_at)) == 1


def test_what_is_granted_after_a_draw_is_drawn_from_once_and_each_draw_can_be_repeated(people: People) -> None:
    first = [granted(dispatched(people, phone=f"199000001{number:02}")) for number in range(12)]
    june, by = evaluation.june(), evaluation.staff(1)
    drawn = exclusions.draw_rechecks(june, by=by, now=evaluation.AFTER)
    with pytest.raises(NothingToDraw):
        exclusions.draw_rechecks(june, by=by, now=evaluation.AFTER)
    later = [granted(dispatched(people, phone=f"1990000020{number}"), at=evaluation.AFTER) for number in range(3)]

    drawn_later = exclusions.draw_rechecks(june, by=by, now=evaluation.AFTER + timedelta(days=1))

    assert [len(drawn), len(drawn_later)] == [2, 1]
    draws = exclusions.draws_of(june)
    assert [draw.exclusion_ids for draw in draws] == [[one.pk for one in first], [one.pk for one in later]]
    assert draws[0].seed != draws[1].seed
    for draw, taken in zip(draws, (drawn, drawn_later), strict=True):
        order = sorted(draw.exclusion_ids, key=lambda one: exclusions.drawn_place(draw.seed, one))
        assert order[: len(taken)] == [one.exclusion_id for one in taken]


def test_earlier_draws_tell_what_they_were_drawn_from(people: People) -> None:
    ids = [granted(dispatched(people, phone=f"1990000010{number}")).pk for number in range(3)]
    june, by = evaluation.june(), evaluation.staff(1)
    drawn = exclusions.draw_rechecks(june, by=by, now=evaluation.AFTER)
    after = evaluation.AFTER + timedelta(hours=1)
    exclusions.recheck(drawn[0].pk, upheld=False, reason="照片非本处", by=evaluation.staff(8), now=after)
    new = granted(dispatched(people, phone="19900000200"), at=after)
    RecheckDraw.objects.all().delete()

    with connection.cursor() as cursor:
        cursor.execute(import_module("huiyin.evaluation.migrations.0006_recheck_draw").FILL)

    assert [(one.seed, one.exclusion_ids) for one in exclusions.draws_of(june)] == [(drawn[0].seed, ids)]
    assert [one.pk for one in exclusions.not_in_a_draw(june)] == [new.pk]


def test_the_page_offers_the_draw_when_the_period_has_ended(people: People) -> None:
    running = periods.period_at(timezone.now())
    granted(dispatched(people, now=running.begins_at))
    live.refresh(timezone.now())

    page = text(signed_in(Role.EVALUATOR).get(f"/evaluation/shares/?period={running.code}&version=0"))

    assert "考核期结束后抽取复核件" in page
    assert "/draw/" not in page


# Ruled while its own period ran; in the days between its end and its draft; after it was closed.
@pytest.mark.parametrize(
    ("ruled_at", "counted"),
    [
        (LATER, {"2026-06": "excluded"}),
        (evaluation.AFTER, {"2026-06": "excluded"}),
        (evaluation.AFTER + timedelta(days=2), {"2026-06": "not_asked_yet", "2026-07": "excluded"}),
    ],
)
def test_a_case_is_left_out_of_one_period_though_asked_in_the_next(
    people: People, ruled_at: datetime, counted: dict[str, str]
) -> None:
    case = replied(people)
    if ruled_at > evaluation.AFTER:
        evaluation.published(now=evaluation.AFTER + timedelta(days=1))
    granted(case, at=ruled_at)
    evaluation.asked(people, case, at=evaluation.AFTER + timedelta(days=3), answers=evaluation.BAD)
    if ruled_at <= evaluation.AFTER:
        evaluation.published(now=evaluation.AFTER + timedelta(days=1))
    july = periods.period_at(evaluation.AFTER)

    version = evaluation.published(july, now=july.ends_at + timedelta(days=1))

    found = CaseResult.objects.filter(case_id=case.pk).values_list("version__period__code", "why")
    assert dict(found) == counted
    assert digest.verify(version).same


@pytest.mark.parametrize(
    ("total", "share", "size"), [(0, 0.1, 0), (1, 0.1, 1), (10, 0.1, 1), (11, 0.1, 2), (3, 1.0, 3)]
)
def test_the_sample_is_the_share_rounded_up(total: int, share: float, size: int) -> None:
    assert sample_size(total, share) == size


def test_an_upheld_appeal_counts_the_second_answers_and_keeps_the_first(people: People) -> None:
    case = evaluation.judged(people, answers=evaluation.BAD)
    at = NOW + timedelta(days=1, hours=2)
    filed = appeals.file(case.pk, grounds="已解决，附现场照片", by=evaluation.street_staff(), now=at)
    with pytest.raises(AlreadyAsked):
        appeals.file(case.pk, grounds="已解决，附现场照片", by=evaluation.street_staff(), now=at)
    answers = {"contacted": "yes", "solved": "yes", "satisfaction": "satisfied"}
    agent = evaluation.staff(60, Role.CALLBACK_AGENT)
    first = evaluation.staff(filed.first_agent_id or 0, Role.CALLBACK_AGENT)
    rule = {"upheld": True, "reason": "复访确认已解决", "now": at}
    with pytest.raises(NotOthers):
        appeals.rule(filed.pk, answers=answers, by=first, **rule)
    with pytest.raises(InvalidData) as refused:
        appeals.rule(filed.pk, answers={"contacted": "yes"}, by=agent, **rule)
    assert set(refused.value.errors) == {"solved", "satisfaction"}
    appeals.rule(filed.pk, answers=answers, by=agent, **rule)

    version = evaluation.published()
    counted = CaseResult.objects.get(version=version, case_id=case.pk)
    assert (counted.basis, counted.solved, counted.satisfaction) == ("appeal", True, "satisfied")
    assert Case.objects.get(pk=case.pk).satisfaction == "unsatisfied"


SECOND_CALL = {"contacted": "yes", "solved": "yes", "satisfaction": "satisfied"}


def ruled_for_the_unit(filed: Appeal, *, at: datetime) -> Appeal:
    agent = evaluation.staff(60, Role.CALLBACK_AGENT)
    return appeals.rule(filed.pk, upheld=True, answers=SECOND_CALL, reason="复访确认已解决", by=agent, now=at)


def answered_again(people: People, case: Case, *, at: datetime, answers: dict[str, object]) -> Case:
    """Handled for the second time from `at`, asked again a day later."""
    handled_again(people, case, at=at)
    handler = people.handler(street_unit())
    told = {"means": "phone", "reached": True, "note": "已电话联系，约定下午上门"}
    reply = {"outcome": "solved", "means": "visit", "told_at": at.isoformat(), "evidence": "现场照片与居民签字确认单"}
    reply["result"] = "物业已更换楼道灯具并逐层检查，现场试亮正常。"
    for action, data in ((Action.SIGN, {}), (Action.NOTE_CONTACT, told), (Action.REPLY, reply)):
        desk.act(case.pk, action, actor=handler, data=data, now=at + timedelta(hours=1))
    return evaluation.asked(people, case, at=at + timedelta(days=1), answers=answers)


def test_an_upheld_appeal_does_not_speak_for_the_second_handling(people: People) -> None:
    case = evaluation.judged(people, answers=evaluation.BAD)
    at = NOW + timedelta(days=1, hours=2)
    filed = appeals.file(case.pk, grounds="已解决，附现场照片", by=evaluation.street_staff(), now=at)
    ruled_for_the_unit(filed, at=at)
    answered_again(people, case, at=at + timedelta(hours=1), answers=evaluation.BAD)

    counted = CaseResult.objects.get(version=evaluation.published(), case_id=case.pk)

    assert (counted.basis, counted.solved, counted.satisfaction) == ("callback", False, "unsatisfied")


def test_an_appeal_against_the_second_answer_leaves_the_period_of_the_first_alone(people: People) -> None:
    case = evaluation.judged(people, answers=evaluation.BAD)
    answered_again(people, case, at=evaluation.AFTER, answers=evaluation.BAD)
    later = evaluation.AFTER + timedelta(days=1, hours=1)
    filed = appeals.file(case.pk, grounds="已解决，附现场照片", by=evaluation.street_staff(), now=later)
    ruled_for_the_unit(filed, at=later)

    version = evaluation.published(now=later + timedelta(hours=1))

    assert CaseResult.objects.get(version=version, case_id=case.pk).basis == "callback"


def test_an_appeal_filed_after_the_cut_against_an_answer_before_it_counts(people: People) -> None:
    cut = evaluation.june().ends_at
    case = evaluation.judged(people, at=cut - timedelta(hours=3), answers=evaluation.BAD)
    filed = appeals.file(case.pk, grounds="已解决，附现场照片", by=evaluation.street_staff(), now=evaluation.AFTER)
    ruled_for_the_unit(filed, at=evaluation.AFTER)

    version = evaluation.published(now=evaluation.AFTER + timedelta(hours=1))

    assert CaseResult.objects.get(version=version, case_id=case.pk).basis == "appeal"


def test_an_appeal_is_not_upheld_when_the_citizen_was_asked_again_since(people: People) -> None:
    case = evaluation.judged(people, answers=evaluation.BAD)
    at = NOW + timedelta(days=1, hours=2)
    filed = appeals.file(case.pk, grounds="已解决，附现场照片", by=evaluation.street_staff(), now=at)
    answered_again(people, case, at=at + timedelta(hours=1), answers=evaluation.BAD)
    later = at + timedelta(days=2)

    with pytest.raises(AskedAgain):
        ruled_for_the_unit(filed, at=later)
    Appeal.objects.update(first_agent_id=None)  # the first answer is not the reader's own
    page = text(signed_in(Role.CALLBACK_AGENT).get(f"/evaluation/appeals/{filed.pk}/"))
    agent = evaluation.staff(60, Role.CALLBACK_AGENT)
    closed = appeals.rule(filed.pk, upheld=False, answers={}, reason="已再次回访", by=agent, now=later)

    assert "不必再致电" in page
    assert closed.upheld is False


def test_an_appeal_has_its_time(people: People) -> None:
    case = evaluation.judged(people, answers=evaluation.BAD)

    with pytest.raises(AppealTooLate):
        appeals.file(case.pk, grounds="已解决，附现场照片", by=evaluation.street_staff(), now=NOW + timedelta(days=9))
    assert not Appeal.objects.exists()


def test_a_unit_applies_on_the_case_page_and_the_desks_decide_one_after_the_other(people: People) -> None:
    case = dispatched(people)
    unit = signed_in(Role.UNIT_HEAD, unit_id=street_unit())
    assert "申请剔除" in text(unit.get(f"/evaluation/of/{case.case_no}/"))
    refused = unit.post(f"/evaluation/of/{case.case_no}/apply/", {"kind": "exclusion", "grounds": ""})
    assert refused.status_code == 422
    assert "请选择剔除理由" in text(refused)
    sent = {"kind": "exclusion", "reason_code": "01", "grounds": "两次现场核实均未发现"}
    assert unit.post(f"/evaluation/of/{case.case_no}/apply/", sent).status_code == 302
    asked = Exclusion.objects.get()
    here = f"/evaluation/exclusions/{asked.pk}/"
    district = signed_in(Role.HANDLER, unit_id=district_person().unit_id)
    desk = text(district.get("/evaluation/reviews/"))
    assert here in desk
    refused = district.post(here, {"verdict": "yes", "reason": ""})
    assert (refused.status_code, len(refused.context["form"].errors["reason"])) == (422, 1)
    assert "这个字段" not in refused.content.decode()
    assert district.post(here, {"verdict": "yes", "reason": "情况属实"}).status_code == 302
    evaluator = signed_in(Role.EVALUATOR)
    assert "同意剔除" in text(evaluator.get(here))
    assert evaluator.post(here, {"verdict": "no", "reason": "佐证不足"}).status_code == 302
    asked.refresh_from_db()
    assert asked.ruling == Ruling.DENIED
    assert "佐证不足" in text(unit.get(here))


_ODD = {
    "too long": ("长" * 401, 422),
    "lines of a browser": ("\r\n".join(["理" * 29] * 13), 302),
    "unstorable": ("理由充分\x00", 422),
}


@pytest.mark.parametrize(("reason", "status"), _ODD.values(), ids=_ODD)
def test_a_reason_that_cannot_be_stored_is_refused_and_one_that_can_is_not(
    people: People, reason: str, status: int
) -> None:
    asked = applied(dispatched(people))
    district = signed_in(Role.HANDLER, unit_id=district_person().unit_id)
    judged = evaluation.judged(people, answers=evaluation.BAD, phone="19900000002")
    at = NOW + timedelta(days=1, hours=2)
    filed = appeals.file(judged.pk, grounds="已解决，附现场照片", by=evaluation.street_staff(), now=at)
    sent = {"verdict": "no", "reason": reason}

    assert district.post(f"/evaluation/exclusions/{asked.pk}/", {**sent, "verdict": "yes"}).status_code == status
    assert signed_in(Role.CALLBACK_AGENT).post(f"/evaluation/appeals/{filed.pk}/", sent).status_code == status


def test_what_an_applicant_writes_cannot_break_the_page(people: People) -> None:
    case = dispatched(people)
    unit = signed_in(Role.UNIT_HEAD, unit_id=street_unit())
    sent = {"kind": "exclusion", "reason_code": "01", "platform": "平台\x00", "grounds": "现场核实" * 200}
    there = f"/evaluation/of/{case.case_no}/apply/"

    assert unit.post(there, {**sent, "grounds": "现场核实\x00"}).status_code == 422
    assert unit.post(there, sent).status_code == 302
    assert Exclusion.objects.get().platform == "平台"


def test_another_unit_sees_nothing_of_it_and_each_look_at_the_words_is_written_down(people: People) -> None:
    asked = applied(dispatched(people))
    here = f"/evaluation/exclusions/{asked.pk}/"
    stranger = signed_in(Role.UNIT_HEAD, unit_id=street_unit(OTHER_STREET))
    assert stranger.get(here).status_code == 404
    assert here not in text(stranger.get("/evaluation/reviews/?tab=preview"))
    assert not AccessLog.objects.exists()

    auditor = signed_in(Role.AUDITOR)
    assert "审核" in text(auditor.get(here))
    assert AccessLog.objects.filter(case_id=asked.case_id, page="exclusion").count() == 1
    assert auditor.post(here, {"verdict": "yes", "reason": "情况属实"}).status_code == 422


def test_the_case_page_says_how_the_case_counts_only_when_the_viewer_may_know(people: People) -> None:
    case = evaluation.judged(people, answers=evaluation.BAD)
    version = evaluation.frozen()
    unit, evaluator = signed_in(Role.UNIT_HEAD, unit_id=street_unit()), signed_in(Role.EVALUATOR)
    here = f"/evaluation/of/{case.case_no}/"

    assert "计入三率" not in text(unit.get(here))
    assert "计入三率：已联系，未解决，不满意" in text(evaluator.get(here))
    closing.publish(version, by=evaluation.staff(1), now=evaluation.AFTER)
    assert "计入三率：已联系，未解决，不满意" in text(unit.get(here))


def test_the_desk_asks_as_often_for_many_as_for_one(people: People, django_assert_max_num_queries: Any) -> None:
    for number in range(6):
        applied(dispatched(people, phone=f"1990000010{number}"))
    client = signed_in(Role.HANDLER, unit_id=district_person().unit_id)
    client.get("/evaluation/reviews/")

    with django_assert_max_num_queries(16):
        client.get("/evaluation/reviews/")


def test_shares_are_published_and_alarm(people: People) -> None:
    granted(dispatched(people, phone="19900000001"))
    evaluation.judged(people, phone="19900000002")
    version = evaluation.published()

    page = text(signed_in(Role.UNIT_HEAD, unit_id=street_unit(OTHER_STREET)).get("/evaluation/shares/"))

    assert "50.00%" in page
    assert "预警" in page
    evaluator = signed_in(Role.EVALUATOR)
    assert evaluator.post(f"/evaluation/shares/{version.period.code}/draw/").status_code == 302
    after = text(evaluator.get("/evaluation/shares/"))
    assert "已抽样复核 0/1 件" in after
    assert exclusions.draws_of(version.period)[0].seed in after
    assert "抽取复核件" not in after


def text(answer: Any) -> str:
    return str(answer.content.decode())
