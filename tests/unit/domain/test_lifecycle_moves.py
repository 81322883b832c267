"""Each action: what it does when it may be done, and the exact refusal when it may not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from huiyin.domain import lifecycle
from huiyin.domain.actions import Action
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.case import Actor
from huiyin.domain.errors import (
    ActionNotAllowed,
    AlreadyExtended,
    AlreadyJudged,
    AlreadyReturned,
    DomainError,
    EventsOutOfOrder,
    FeedbackMissing,
    InvalidData,
    NotPermitted,
    ReturnWindowClosed,
    ReworkExhausted,
    TooLate,
    UnitAlreadyRefused,
)
from huiyin.domain.vocabulary import Asked, ClockKind, Disposition, Grade, Role, Status
from tests import builders as b
from tests.builders import DAY, HOUR, MINUTE, Life, in_status, registered

REASON = "写明理由"


def refusal(life: Life, actor: Actor, action: Action, **data: Any) -> DomainError:
    before, now = life.case, life.now
    with pytest.raises(DomainError) as refused:
        life.act(actor, action, **data)
    assert life.case == before
    life.now = now
    return refused.value


def test_registering_starts_the_dispatch_clock_and_nothing_else():
    life = registered(Grade.CRITICAL)

    assert life.case.status is Status.RECEIVED
    assert set(life.case.clocks) == {ClockKind.DISPATCH}
    assert life.case.clocks[ClockKind.DISPATCH].due_at == b.MORNING + 5 * MINUTE
    assert life.events[0].reason == "登记受理"


def test_a_case_is_registered_once():
    life = registered()

    with pytest.raises(ActionNotAllowed):
        lifecycle.register(life.case, dict(b.REGISTRATION), b.context(b.OPERATOR, life.now))


@pytest.mark.parametrize("role", [role for role in Role if role not in lifecycle.MAY_REGISTER])
def test_only_those_who_take_calls_or_work_at_units_register(role: Role):
    with pytest.raises(NotPermitted):
        lifecycle.register(b.blank(), dict(b.REGISTRATION), b.context(b.at_hotline(role), b.MORNING))


@pytest.mark.parametrize("actor", [b.CITIZEN, b.SYSTEM, b.OPERATOR, b.handler()])
def test_citizens_machines_operators_and_units_register(actor: Actor):
    case, _ = lifecycle.register(b.blank(), dict(b.REGISTRATION), b.context(actor, b.MORNING))

    assert case.status is Status.RECEIVED


@pytest.mark.parametrize(
    ("action", "disposition"),
    [
        (Action.DIRECT_ANSWER, Disposition.DIRECT_ANSWER),
        (Action.REFER_ELSEWHERE, Disposition.REFER_ELSEWHERE),
        (Action.PERSUADE, Disposition.PERSUADE),
    ],
)
def test_what_the_hotline_settles_is_closed_at_once(action: Action, disposition: Disposition):
    life = registered()

    life.act(b.OPERATOR, action, answer="依据规定答复如下")

    assert (life.case.status, life.case.disposition) == (Status.CLOSED, disposition)
    assert life.case.closed_at == life.now
    assert life.case.clocks == {}
    assert life.events[-1].reason == "依据规定答复如下"


def test_a_dispatched_case_is_not_settled_by_the_hotline():
    life = in_status(Status.DISPATCHED)

    assert isinstance(refusal(life, b.OPERATOR, Action.DIRECT_ANSWER, answer="依据规定答复"), ActionNotAllowed)


@pytest.mark.parametrize(
    ("grade", "sign", "contact", "handle"),
    [
        (Grade.CRITICAL, 15 * MINUTE, 30 * MINUTE, 2 * HOUR),
        (Grade.URGENT, 30 * MINUTE, 2 * HOUR, 24 * HOUR),
        (Grade.NORMAL, 2 * HOUR, 24 * HOUR, 7 * DAY),
        (Grade.COMPLEX, 2 * HOUR, 24 * HOUR, 15 * DAY),
    ],
)
def test_dispatch_names_the_owner_and_starts_its_clocks(
    grade: Grade, sign: timedelta, contact: timedelta, handle: timedelta
):
    case = in_status(Status.DISPATCHED, grade).case

    assert case.lead_unit_id == case.first_unit_id == b.STREET
    assert case.dispatched_at is not None
    dues = {kind: clock.due_at - case.dispatched_at for kind, clock in case.clocks.items()}
    assert dues == {ClockKind.SIGN: sign, ClockKind.CONTACT: contact, ClockKind.HANDLE: handle}
    assert case.due_at == case.dispatched_at + handle


def test_a_case_gets_its_class_before_it_is_dispatched():
    life = registered(class_code="")

    wrong = refusal(life, b.DISPATCHER, Action.DISPATCH, unit_id=b.STREET)
    life.dispatch(class_code="020301")

    assert isinstance(wrong, InvalidData)
    assert wrong.field == "class_code"
    assert life.case.class_code == "020301"


def test_a_class_code_is_no_longer_than_the_taxonomys():
    for action, data in ((Action.CORRECT, {"reason": REASON}), (Action.DISPATCH, {"unit_id": b.STREET})):
        wrong = refusal(registered(), b.DISPATCHER, action, class_code="0" * 7, **data)
        assert isinstance(wrong, InvalidData)
        assert wrong.field == "class_code"


def test_dispatch_refuses_a_second_level_unit_that_is_not_below_the_lead():
    wrong = refusal(registered(), b.DISPATCHER, Action.DISPATCH, unit_id=b.STREET, sub_unit_id=b.FAR_STREET)

    assert isinstance(wrong, InvalidData)
    assert wrong.field == "sub_unit_id"


def test_dispatch_refuses_the_lead_as_its_own_helper():
    wrong = refusal(registered(), b.DISPATCHER, Action.DISPATCH, unit_id=b.STREET, co_unit_ids=[b.STREET])

    assert isinstance(wrong, InvalidData)


def test_redispatch_before_signing_moves_the_first_receiver_and_keeps_the_end():
    life = in_status(Status.DISPATCHED)
    due = life.case.due_at

    life.act(b.DISPATCHER, Action.REDISPATCH, after=HOUR, unit_id=b.DEPARTMENT, reason=REASON)

    assert life.case.lead_unit_id == life.case.first_unit_id == b.DEPARTMENT
    assert life.case.due_at == due
    assert life.case.clocks[ClockKind.SIGN].started_at == life.now
    assert life.case.clocks[ClockKind.CONTACT].started_at == life.now


def test_redispatch_after_a_granted_return_leaves_the_first_receiver():
    life = in_status(Status.RETURN_REQUESTED).rule(granted=True, unit=b.DEPARTMENT)

    life.act(b.DISPATCHER, Action.REDISPATCH, unit_id=b.DISTRICT, reason=REASON)

    assert (life.case.lead_unit_id, life.case.first_unit_id) == (b.DISTRICT, b.STREET)


def test_redispatch_to_the_same_unit_is_refused():
    assert isinstance(
        refusal(in_status(Status.DISPATCHED), b.DISPATCHER, Action.REDISPATCH, unit_id=b.STREET, reason=REASON),
        InvalidData,
    )


def test_a_signed_case_is_not_redispatched():
    assert isinstance(
        refusal(in_status(Status.SIGNED), b.DISPATCHER, Action.REDISPATCH, unit_id=b.DISTRICT, reason=REASON),
        ActionNotAllowed,
    )


def test_a_second_handling_is_not_redispatched():
    life = in_status(Status.CALLED_BACK).rework()

    assert isinstance(
        refusal(life, b.DISPATCHER, Action.REDISPATCH, unit_id=b.DISTRICT, reason=REASON), ActionNotAllowed
    )


def test_signing_stops_the_sign_clock_only():
    life = in_status(Status.SIGNED)

    assert life.case.signed_at == life.now
    assert set(life.case.clocks) == {ClockKind.CONTACT, ClockKind.HANDLE}


def test_an_attempt_that_reached_nobody_leaves_the_contact_clock_running():
    life = in_status(Status.SIGNED)

    life.act(b.handler(), Action.NOTE_CONTACT, means="phone", reached=False, note="无人接听")

    assert life.case.contacted_at is None
    assert ClockKind.CONTACT in life.case.clocks
    assert life.case.status is Status.SIGNED


def test_the_first_contact_stays_the_first():
    life = in_status(Status.HANDLING)
    first = life.now

    life.wait(DAY).contact()

    assert life.case.contacted_at == first


def test_handing_down_leaves_the_lead_and_lets_the_lower_unit_reply():
    life = in_status(Status.SIGNED)

    life.act(b.handler(), Action.HAND_DOWN, unit_id=b.COMMUNITY)
    life.act(b.handler(b.COMMUNITY), Action.REPLY, **b.GOOD_REPLY, told_at=life.now)

    assert (life.case.lead_unit_id, life.case.sub_unit_id) == (b.STREET, b.COMMUNITY)
    assert life.case.status is Status.REPLIED


@pytest.mark.parametrize("unit", [b.STREET, b.DISTRICT, b.OTHER_STREET, b.FAR_STREET])
def test_a_case_is_handed_to_lower_units_only(unit: int):
    assert isinstance(refusal(in_status(Status.SIGNED), b.handler(), Action.HAND_DOWN, unit_id=unit), InvalidData)


def test_the_second_level_unit_asks_for_nothing_that_is_the_leads_to_ask():
    life = in_status(Status.SIGNED)
    life.act(b.handler(), Action.HAND_DOWN, unit_id=b.COMMUNITY)

    assert isinstance(refusal(life, b.handler(b.COMMUNITY), Action.REQUEST_RETURN, **b.RETURN), NotPermitted)
    assert isinstance(refusal(life, b.handler(b.COMMUNITY), Action.HAND_DOWN, unit_id=b.COMMUNITY), NotPermitted)


# Returns (退单)


@pytest.mark.parametrize(
    ("grade", "window"),
    [
        (Grade.CRITICAL, 30 * MINUTE),
        (Grade.URGENT, HOUR),
        (Grade.NORMAL, 6 * HOUR),
        (Grade.COMPLEX, 6 * HOUR),
    ],
)
def test_a_return_is_asked_for_until_the_window_ends_and_not_after(grade: Grade, window: timedelta):
    in_time, late = in_status(Status.DISPATCHED, grade), in_status(Status.DISPATCHED, grade)

    in_time.act(b.handler(), Action.REQUEST_RETURN, after=window, **b.RETURN)

    assert in_time.case.status is Status.RETURN_REQUESTED
    late.wait(window)
    assert isinstance(refusal(late, b.handler(), Action.REQUEST_RETURN, **b.RETURN), ReturnWindowClosed)


def test_asking_for_a_return_counts_as_signing_and_stops_no_handling():
    life = in_status(Status.DISPATCHED)
    due = life.case.due_at

    life.ask_return()

    assert life.case.signed_at == life.now
    assert ClockKind.SIGN not in life.case.clocks
    assert life.case.clocks[ClockKind.HANDLE].due_at == life.case.due_at == due


def test_a_unit_does_not_suggest_itself():
    wrong = refusal(
        in_status(Status.SIGNED), b.handler(), Action.REQUEST_RETURN, **b.RETURN, suggested_unit_id=b.STREET
    )

    assert isinstance(wrong, InvalidData)


def test_a_denied_return_stays_and_is_not_asked_for_again():
    life = in_status(Status.HANDLING).ask_return().rule(granted=False)

    assert (life.case.status, life.case.lead_unit_id) == (Status.HANDLING, b.STREET)
    assert ClockKind.RULING not in life.case.clocks
    assert isinstance(refusal(life, b.handler(), Action.REQUEST_RETURN, **b.RETURN), AlreadyReturned)
    assert Action.REQUEST_RETURN not in lifecycle.allowed(life.case, b.handler())


def test_a_granted_return_goes_to_the_next_unit_with_what_remains():
    life = in_status(Status.RETURN_REQUESTED)
    due = life.case.due_at

    life.rule(granted=True, unit=b.DEPARTMENT)

    assert (life.case.status, life.case.lead_unit_id) == (Status.DISPATCHED, b.DEPARTMENT)
    assert life.case.first_unit_id == b.STREET
    assert life.case.due_at == due
    assert set(life.case.clocks) == {ClockKind.SIGN, ClockKind.CONTACT, ClockKind.HANDLE}
    assert life.case.signed_at is None


def test_the_next_unit_contacts_the_citizen_itself():
    life = in_status(Status.HANDLING).ask_return()

    life.rule(granted=True, unit=b.DEPARTMENT)

    assert life.case.contacted_at is None
    assert life.case.clocks[ClockKind.CONTACT].started_at == life.now


def test_the_next_unit_gets_at_least_half_the_limit():
    life = in_status(Status.RETURN_REQUESTED, Grade.CRITICAL).wait(90 * MINUTE)

    life.rule(granted=True, unit=b.DEPARTMENT)

    assert life.case.due_at == life.now + HOUR


def test_a_granted_return_needs_another_unit():
    life = in_status(Status.RETURN_REQUESTED)

    for unit in (None, b.STREET):
        wrong = refusal(life, b.DISPATCHER, Action.RULE_RETURN, granted=True, unit_id=unit, reason=REASON)
        assert isinstance(wrong, InvalidData)
        assert wrong.field == "unit_id"


def test_a_refused_unit_never_gets_the_case_again_from_anybody():
    life = in_status(Status.RETURN_REQUESTED).rule(granted=True, unit=b.DISTRICT)

    assert isinstance(
        refusal(life, b.DISPATCHER, Action.REDISPATCH, unit_id=b.STREET, reason=REASON), UnitAlreadyRefused
    )
    assert isinstance(
        refusal(life, b.DISPATCHER, Action.REDISPATCH, unit_id=b.DEPARTMENT, sub_unit_id=b.STREET, reason=REASON),
        InvalidData,
    )
    life.sign()
    assert isinstance(refusal(life, b.handler(b.DISTRICT), Action.HAND_DOWN, unit_id=b.STREET), UnitAlreadyRefused)
    life.ask_return()
    assert isinstance(
        refusal(life, b.DISPATCHER, Action.RULE_RETURN, granted=True, unit_id=b.STREET, reason=REASON),
        UnitAlreadyRefused,
    )


def test_a_refused_street_does_not_come_back_as_its_districts_second_level_unit():
    life = in_status(Status.RETURN_REQUESTED)

    wrong = refusal(
        life, b.DISPATCHER, Action.RULE_RETURN, granted=True, unit_id=b.DISTRICT, sub_unit_id=b.STREET, reason=REASON
    )
    life.rule(granted=True, unit=b.FAR_DISTRICT)
    again = refusal(life, b.DISPATCHER, Action.REDISPATCH, unit_id=b.DISTRICT, sub_unit_id=b.STREET, reason=REASON)

    assert isinstance(wrong, UnitAlreadyRefused)
    assert isinstance(again, UnitAlreadyRefused)


def test_a_helper_that_becomes_the_lead_is_no_helper_any_more():
    life = registered().dispatch(co_unit_ids=[b.DEPARTMENT, b.BUREAU]).ask_return()

    life.rule(granted=True, unit=b.DEPARTMENT)

    assert life.case.co_unit_ids == (b.BUREAU,)


def test_three_refusals_raise_the_case():
    life = in_status(Status.RETURN_REQUESTED).rule(granted=True, unit=b.DEPARTMENT)
    life.ask_return().rule(granted=True, unit=b.DISTRICT)
    assert life.case.escalated is False

    life.ask_return().rule(granted=True, unit=b.FAR_DISTRICT)

    assert life.case.escalated is True


def test_what_the_last_unit_had_asked_lapses_with_its_return():
    life = in_status(Status.SIGNED)
    life.act(b.handler(), Action.REQUEST_EXTENSION, reason=REASON, citizen_told=True)
    life.act(b.handler(), Action.REQUEST_SUSPENSION, reason=REASON, plan="列入计划")

    life.ask_return().rule(granted=True, unit=b.DEPARTMENT)

    assert (life.case.extension, life.case.suspension) == (Asked.NONE, Asked.NONE)


def test_what_the_unit_had_asked_still_waits_after_a_denied_return():
    life = in_status(Status.SIGNED)
    life.act(b.handler(), Action.REQUEST_EXTENSION, reason=REASON, citizen_told=True)

    life.ask_return().rule(granted=False)

    assert life.case.extension is Asked.REQUESTED
    assert Action.DECIDE_EXTENSION in lifecycle.allowed(life.case, b.DISPATCHER)


def test_a_second_handling_is_not_returned():
    life = in_status(Status.CALLED_BACK).rework()

    assert isinstance(refusal(life, b.handler(), Action.REQUEST_RETURN, **b.RETURN), ActionNotAllowed)


# Extensions (延期)


@pytest.mark.parametrize(("grade", "total"), [(Grade.NORMAL, 15 * DAY), (Grade.COMPLEX, 30 * DAY)])
def test_an_extension_is_added_to_the_end(grade: Grade, total: timedelta):
    life = in_status(Status.HANDLING, grade).extend()

    assert life.case.dispatched_at is not None
    assert life.case.due_at == life.case.clocks[ClockKind.HANDLE].due_at == life.case.dispatched_at + total


@pytest.mark.parametrize("grade", [Grade.CRITICAL, Grade.URGENT])
def test_what_is_urgent_is_not_extended(grade: Grade):
    life = in_status(Status.SIGNED, grade)

    assert isinstance(
        refusal(life, b.handler(), Action.REQUEST_EXTENSION, reason=REASON, citizen_told=True), ActionNotAllowed
    )


def test_an_extension_is_asked_for_before_the_end_and_not_at_it():
    before, at_end = in_status(Status.HANDLING), in_status(Status.HANDLING)
    assert before.case.due_at is not None
    left = before.case.due_at - before.now

    before.act(
        b.handler(), Action.REQUEST_EXTENSION, after=left - timedelta(seconds=1), reason=REASON, citizen_told=True
    )
    at_end.wait(left - MINUTE)

    assert before.case.extension is Asked.REQUESTED
    assert isinstance(refusal(at_end, b.handler(), Action.REQUEST_EXTENSION, reason=REASON, citizen_told=True), TooLate)


def test_an_extension_needs_the_citizen_to_know():
    wrong = refusal(
        in_status(Status.HANDLING), b.handler(), Action.REQUEST_EXTENSION, reason=REASON, citizen_told=False
    )

    assert isinstance(wrong, InvalidData)
    assert wrong.field == "citizen_told"


def test_an_extension_comes_once_whatever_was_decided():
    granted, denied = in_status(Status.HANDLING).extend(), in_status(Status.HANDLING)
    denied.act(b.handler(), Action.REQUEST_EXTENSION, reason=REASON, citizen_told=True)
    due = denied.case.due_at
    denied.act(b.DISPATCHER, Action.DECIDE_EXTENSION, granted=False, reason="可以按时完成")

    assert denied.case.due_at == due
    for life in (granted, denied):
        assert isinstance(
            refusal(life, b.handler(), Action.REQUEST_EXTENSION, reason=REASON, citizen_told=True), AlreadyExtended
        )


def test_a_case_made_urgent_since_the_request_is_not_extended():
    life = in_status(Status.HANDLING)
    life.act(b.handler(), Action.REQUEST_EXTENSION, reason=REASON, citizen_told=True)
    life.act(b.DISPATCHER, Action.CORRECT, grade="urgent", reason=REASON)

    assert isinstance(
        refusal(life, b.DISPATCHER, Action.DECIDE_EXTENSION, granted=True, reason=REASON), ActionNotAllowed
    )
    life.act(b.DISPATCHER, Action.DECIDE_EXTENSION, granted=False, reason=REASON)
    assert life.case.extension is Asked.DENIED


def test_nobody_decides_what_nobody_asked():
    life = in_status(Status.HANDLING)

    for action in (Action.DECIDE_EXTENSION, Action.DECIDE_SUSPENSION):
        assert isinstance(refusal(life, b.DISPATCHER, action, granted=True, reason=REASON), ActionNotAllowed)
        assert action not in lifecycle.allowed(life.case, b.DISPATCHER)


# Suspension (挂账)


def test_a_suspended_case_has_a_review_and_no_other_clock():
    life = in_status(Status.SUSPENDED)

    assert set(life.case.clocks) == {ClockKind.REVIEW}
    assert life.case.clocks[ClockKind.REVIEW].due_at == life.now + 30 * DAY


def test_the_review_comes_when_the_hotline_says():
    life = in_status(Status.HANDLING)
    until = life.now + 90 * DAY

    life.suspend(until=until)

    assert life.case.clocks[ClockKind.REVIEW].due_at == until


def test_a_review_in_the_past_is_refused():
    life = in_status(Status.HANDLING)
    asked = refusal(life, b.handler(), Action.REQUEST_SUSPENSION, reason=REASON, plan="列入计划", until=life.now - DAY)
    life.act(b.handler(), Action.REQUEST_SUSPENSION, reason=REASON, plan="列入计划")
    decided = refusal(life, b.DISPATCHER, Action.DECIDE_SUSPENSION, granted=True, reason=REASON, until=life.now)

    assert isinstance(asked, InvalidData)
    assert isinstance(decided, InvalidData)


def test_a_suspension_is_not_asked_for_while_one_waits_but_after_a_denial():
    life = in_status(Status.HANDLING)
    ask = {"reason": REASON, "plan": "列入计划"}
    life.act(b.handler(), Action.REQUEST_SUSPENSION, **ask)

    assert isinstance(refusal(life, b.handler(), Action.REQUEST_SUSPENSION, **ask), ActionNotAllowed)
    life.act(b.DISPATCHER, Action.DECIDE_SUSPENSION, granted=False, reason="可以立即解决")
    life.act(b.handler(), Action.REQUEST_SUSPENSION, **ask)
    assert life.case.suspension is Asked.REQUESTED


def test_released_it_goes_on_with_the_time_that_was_left():
    life = in_status(Status.SUSPENDED)
    assert life.case.due_at is not None
    assert life.case.suspended_at is not None
    left = life.case.due_at - life.case.suspended_at

    life.act(b.handler(), Action.RELEASE, after=40 * DAY, reason="工程已完工")

    assert life.case.status is Status.HANDLING
    assert life.case.due_at == life.case.clocks[ClockKind.HANDLE].due_at == life.now + left
    assert ClockKind.REVIEW not in life.case.clocks


def test_suspending_twice_loses_no_time():
    life = in_status(Status.HANDLING, Grade.COMPLEX)
    assert life.case.due_at is not None
    left = life.case.due_at - life.now

    for _ in range(2):
        life.suspend().act(b.DISPATCHER, Action.RELEASE, after=30 * DAY, reason="工程已完工")

    assert life.case.due_at == life.now + left - 4 * MINUTE  # the minutes in which it was asked for and decided
    handle = life.case.clocks[ClockKind.HANDLE]
    assert handle.due_at - handle.started_at == 15 * DAY


def test_a_case_suspended_when_overdue_stays_overdue_and_is_not_raised_twice():
    life = in_status(Status.HANDLING).wait(8 * DAY)
    life.act(b.SYSTEM, Action.ESCALATE, clock="handle")
    life.suspend()

    life.act(b.DISPATCHER, Action.RELEASE, after=30 * DAY, reason="工程已完工")

    handle = life.case.clocks[ClockKind.HANDLE]
    assert handle.due_at < life.now
    assert handle.next_at is None


def test_a_case_suspended_when_overdue_and_not_yet_raised_is_raised_after_release():
    life = in_status(Status.HANDLING).wait(8 * DAY).suspend()

    life.act(b.DISPATCHER, Action.RELEASE, after=30 * DAY, reason="工程已完工")

    assert life.case.clocks[ClockKind.HANDLE].escalated is False
    life.act(b.SYSTEM, Action.ESCALATE, clock="handle")
    assert life.case.escalated is True


@pytest.mark.parametrize(("passed", "warned"), [(5 * DAY, False), (6 * DAY, True)])
def test_a_yellow_light_seen_before_the_suspension_is_not_lit_again(passed: timedelta, warned: bool):
    life = in_status(Status.HANDLING).wait(passed).suspend()

    life.act(b.DISPATCHER, Action.RELEASE, after=30 * DAY, reason="工程已完工")

    assert life.case.clocks[ClockKind.HANDLE].warned is warned


def test_released_without_a_contact_so_far_the_contact_limit_runs_anew():
    life = in_status(Status.SIGNED).suspend()

    life.act(b.DISPATCHER, Action.RELEASE, after=30 * DAY, reason="工程已完工")

    assert life.case.clocks[ClockKind.CONTACT].due_at == life.now + DAY


def test_a_supplement_reaches_a_suspended_case_and_moves_nothing():
    life = in_status(Status.SUSPENDED)
    clocks = life.case.clocks

    life.act(b.CITIZEN, Action.SUPPLEMENT, note="今天又漏水了")

    assert (life.case.status, life.case.supplement_count, life.case.clocks) == (Status.SUSPENDED, 1, clocks)


# Reply (双反馈)


@pytest.mark.parametrize("missing", ["outcome", "means", "told_at", "result"])
def test_half_a_feedback_is_no_reply(missing: str):
    life = in_status(Status.HANDLING)
    data = {**b.GOOD_REPLY, "told_at": life.now}
    del data[missing]

    wrong = refusal(life, b.handler(), Action.REPLY, **data)

    assert isinstance(wrong, InvalidData)
    assert set(wrong.errors) == {missing}


def test_a_reply_without_evidence_is_refused_and_a_file_is_evidence():
    life = in_status(Status.HANDLING)
    data = {**b.GOOD_REPLY, "told_at": life.now, "evidence": " "}

    assert isinstance(refusal(life, b.handler(), Action.REPLY, **data), FeedbackMissing)
    life.act(b.handler(), Action.REPLY, **data, files=[4])
    assert life.case.status is Status.REPLIED


def test_the_citizen_was_told_between_the_dispatch_and_now():
    life = in_status(Status.HANDLING)
    dispatched = life.case.dispatched_at
    assert dispatched is not None

    for told_at in (dispatched - timedelta(seconds=1), life.now + 2 * MINUTE):
        wrong = refusal(life, b.handler(), Action.REPLY, **b.GOOD_REPLY, told_at=told_at)
        assert isinstance(wrong, InvalidData)
        assert wrong.field == "told_at"
    life.act(b.handler(), Action.REPLY, **b.GOOD_REPLY, told_at=dispatched)
    assert life.case.feedback_requester_at == dispatched
    assert life.case.feedback_hotline_at == life.now


def test_a_reply_without_a_noted_contact_is_a_contact():
    life = in_status(Status.SIGNED).reply()

    assert life.case.contacted_at == life.case.feedback_requester_at
    assert set(life.case.clocks) == {ClockKind.ASK}


def test_a_reply_after_a_contact_leaves_the_first_contact():
    life = in_status(Status.HANDLING)
    first = life.case.contacted_at

    life.wait(DAY).reply()

    assert life.case.contacted_at == first


def test_the_citizen_is_asked_when_the_limit_ends():
    life = in_status(Status.REPLIED)

    assert life.case.clocks[ClockKind.ASK].due_at == life.case.due_at


def test_the_citizen_is_asked_at_once_when_the_limit_is_over_or_the_rules_say_so():
    late = in_status(Status.HANDLING).wait(9 * DAY).reply()
    eager = in_status(Status.REPLIED, rules=b.with_rules(callback_at_due=False))

    for life in (late, eager):
        assert life.case.clocks[ClockKind.ASK].due_at == life.now


def test_what_was_asked_for_and_not_decided_lapses_with_the_reply():
    life = in_status(Status.HANDLING)
    life.act(b.handler(), Action.REQUEST_EXTENSION, reason=REASON, citizen_told=True)
    life.act(b.handler(), Action.REQUEST_SUSPENSION, reason=REASON, plan="列入计划")

    life.reply()

    assert (life.case.extension, life.case.suspension) == (Asked.NONE, Asked.NONE)


# Callback (回访), second handling (重办), closing


def test_a_good_answer_closes():
    life = in_status(Status.CALLBACK_PENDING)

    life.act(b.CALLBACK_AGENT, Action.RECORD_CALLBACK, reached=True, **b.GOOD_ANSWER)

    case = life.case
    assert (case.status, case.closed_at, case.clocks) == (Status.CLOSED, life.now, {})
    assert (case.callback_valid, case.contacted, case.solved) == (True, True, True)
    assert life.events[-1].reason == "已联系，已解决，满意"


@pytest.mark.parametrize(
    "answer",
    [
        {"contacted": True, "solved": False, "satisfaction": "satisfied"},
        {"contacted": True, "solved": True, "satisfaction": "unsatisfied"},
    ],
)
def test_a_bad_answer_waits_for_the_hotline_under_the_callback_limit(answer: dict[str, object]):
    life = in_status(Status.REPLIED)

    life.judge(answer)

    assert life.case.status is Status.CALLED_BACK
    assert life.case.callback_valid is True
    assert life.case.clocks[ClockKind.CALLBACK].due_at == life.now + 2 * DAY


@pytest.mark.parametrize("missing", ["contacted", "solved", "satisfaction"])
def test_all_three_questions_are_answered(missing: str):
    life = in_status(Status.CALLBACK_PENDING)
    answer = {name: value for name, value in b.GOOD_ANSWER.items() if name != missing}

    wrong = refusal(life, b.CALLBACK_AGENT, Action.RECORD_CALLBACK, reached=True, **answer)

    assert isinstance(wrong, InvalidData)
    assert set(wrong.errors) == {missing}


def test_a_suggestion_is_not_asked_whether_it_is_solved():
    life = registered(request_type="suggestion").dispatch().sign().reply()

    life.judge({"contacted": True, "satisfaction": "basically_satisfied"})

    assert life.case.status is Status.CLOSED
    assert life.case.solved is None


def test_three_unanswered_calls_in_other_parts_of_two_days_make_the_callback_invalid_and_close():
    life = in_status(Status.CALLBACK_PENDING)
    planned = []
    for attempt in (1, 2):
        life.act(b.CALLBACK_AGENT, Action.RECORD_CALLBACK, reached=False)
        assert (life.case.status, life.case.callback_attempts) == (Status.CALLBACK_PENDING, attempt)
        planned.append(life.case.callback_next_at)
        life.now = planned[-1] - MINUTE

    life.act(b.CALLBACK_AGENT, Action.RECORD_CALLBACK, reached=False)

    case = life.case
    assert [f"{each.astimezone(CITY_ZONE):%d %H:%M}" for each in planned] == ["02 17:06", "03 18:30"]
    assert (case.status, case.callback_valid, case.callback_attempts) == (Status.CLOSED, False, 3)
    assert (case.solved, case.satisfaction) == (None, None)


def test_an_unanswered_call_is_not_repeated_at_once_but_an_answer_always_counts():
    life = in_status(Status.CALLBACK_PENDING)
    life.act(b.CALLBACK_AGENT, Action.RECORD_CALLBACK, reached=False)

    assert isinstance(refusal(life, b.CALLBACK_AGENT, Action.RECORD_CALLBACK, reached=False), ActionNotAllowed)
    life.act(b.CITIZEN, Action.RECORD_CALLBACK, **b.GOOD_ANSWER)
    assert life.case.status is Status.CLOSED


def test_the_callbacks_limit_runs_from_its_start_through_all_attempts():
    life = in_status(Status.CALLBACK_PENDING)
    clock = life.case.clocks[ClockKind.CALLBACK]

    life.act(b.CALLBACK_AGENT, Action.RECORD_CALLBACK, after=HOUR, reached=False)
    life.act(b.CITIZEN, Action.RECORD_CALLBACK, **b.BAD_ANSWER)

    assert life.case.clocks == {ClockKind.CALLBACK: clock}


def test_an_unanswered_call_before_the_due_time_starts_the_callback():
    life = in_status(Status.REPLIED)

    life.act(b.CALLBACK_AGENT, Action.RECORD_CALLBACK, reached=False)

    assert life.case.status is Status.CALLBACK_PENDING
    assert set(life.case.clocks) == {ClockKind.CALLBACK}


def test_who_was_not_drawn_and_did_not_answer_is_closed_as_invalid_when_the_callbacks_limit_ends():
    life = in_status(Status.CALLBACK_PENDING)
    ends = life.case.clocks[ClockKind.CALLBACK].due_at
    life.now = ends - MINUTE

    life.act(b.SYSTEM, Action.CLOSE_UNASKED)

    case = life.case
    assert (case.status, case.closed_at, case.callback_valid) == (Status.CLOSED, ends, False)
    assert (case.callback_attempts, case.contacted, case.solved, case.satisfaction) == (0, None, None, None)
    assert (case.clocks, case.callback_next_at) == ({}, None)
    assert "未抽中" in life.events[-1].change.reason


def test_not_being_drawn_ends_no_callback_before_its_limit():
    life = in_status(Status.CALLBACK_PENDING)
    life.now = life.case.clocks[ClockKind.CALLBACK].due_at - 2 * MINUTE

    assert isinstance(refusal(life, b.SYSTEM, Action.CLOSE_UNASKED), ActionNotAllowed)


def test_after_a_second_handling_everybody_is_asked():
    life = in_status(Status.CALLED_BACK).rework().sign().reply()
    life.act(b.SYSTEM, Action.START_CALLBACK)
    life.wait(3 * DAY)

    assert isinstance(refusal(life, b.SYSTEM, Action.CLOSE_UNASKED), ActionNotAllowed)


@pytest.mark.parametrize("status", [Status.REPLIED, Status.CALLED_BACK, Status.CLOSED])
def test_only_a_callback_that_waits_ends_for_not_being_drawn(status: Status):
    assert isinstance(refusal(in_status(status), b.SYSTEM, Action.CLOSE_UNASKED), ActionNotAllowed)


@pytest.mark.parametrize("actor", [b.CALLBACK_AGENT, b.EVALUATOR, b.CITIZEN, b.handler()])
def test_nobody_can_say_of_a_case_that_it_was_not_drawn(actor: Actor):
    life = in_status(Status.CALLBACK_PENDING).wait(3 * DAY)

    assert isinstance(refusal(life, actor, Action.CLOSE_UNASKED), NotPermitted)


@pytest.mark.parametrize("status", [Status.REPLIED, Status.CALLBACK_PENDING, Status.CALLED_BACK, Status.CLOSED])
@pytest.mark.parametrize("action", [Action.START_CALLBACK, Action.RECORD_CALLBACK, Action.REWORK, Action.CLOSE])
@pytest.mark.parametrize("role", [Role.HANDLER, Role.UNIT_HEAD, Role.LEADER])
def test_a_unit_neither_asks_nor_alters_nor_settles_an_answer_about_itself(status: Status, action: Action, role: Role):
    life = in_status(status)
    data = dict(b.GOOD_ANSWER) if action is Action.RECORD_CALLBACK else {"reason": REASON}

    assert isinstance(refusal(life, b.staff(role, unit=b.STREET), action, **data), NotPermitted)


@pytest.mark.parametrize("actor", [b.CALLBACK_AGENT, b.CITIZEN])
@pytest.mark.parametrize("status", [Status.CALLED_BACK, Status.CLOSED])
def test_an_answer_is_given_once(status: Status, actor: Actor):
    other = b.GOOD_ANSWER if status is Status.CALLED_BACK else b.BAD_ANSWER

    assert isinstance(refusal(in_status(status), actor, Action.RECORD_CALLBACK, **other), ActionNotAllowed)


def test_a_citizen_cannot_be_unreached_by_himself():
    assert isinstance(refusal(in_status(Status.REPLIED), b.CITIZEN, Action.RECORD_CALLBACK, reached=False), InvalidData)


def test_a_second_handling_is_the_same_units_with_half_the_limit_and_all_its_steps():
    life = in_status(Status.CALLED_BACK).rework()

    case = life.case
    assert (case.status, case.lead_unit_id, case.round) == (Status.DISPATCHED, b.STREET, 2)
    assert case.due_at == case.clocks[ClockKind.HANDLE].due_at == life.now + 84 * HOUR
    assert set(case.clocks) == {ClockKind.SIGN, ClockKind.CONTACT, ClockKind.HANDLE}
    assert (case.contacted_at, case.feedback_hotline_at, case.satisfaction) == (None, None, None)
    assert (case.callback_attempts, case.callback_valid) == (0, None)


def test_after_the_last_second_handling_it_is_closed_under_supervision():
    life = in_status(Status.CALLED_BACK).rework().sign().reply().judge()

    assert isinstance(refusal(life, b.CALLBACK_AGENT, Action.REWORK, reason=REASON), ReworkExhausted)
    life.act(b.CALLBACK_AGENT, Action.CLOSE, reason="重办后仍未解决")
    assert (life.case.status, life.case.supervised) == (Status.CLOSED, True)


def test_the_second_handlings_clock_is_its_own_and_fires_its_own_lights():
    life = in_status(Status.HANDLING).wait(8 * DAY)
    life.act(b.SYSTEM, Action.ESCALATE, clock="handle")
    life.reply().judge().rework()

    clock = life.case.clocks[ClockKind.HANDLE]

    assert (clock.started_at, clock.warned, clock.escalated) == (life.now, False, False)


def test_how_often_a_case_is_handled_again_is_the_editions_word():
    none = in_status(Status.CALLED_BACK, rules=b.with_rules(max_reworks=0))

    assert isinstance(refusal(none, b.CALLBACK_AGENT, Action.REWORK, reason=REASON), ReworkExhausted)
    none.act(b.CALLBACK_AGENT, Action.CLOSE, reason="本市不再重办")
    assert none.case.supervised


def test_the_third_second_handling_raises_the_case_where_an_edition_allows_so_many():
    life = in_status(Status.CALLED_BACK, rules=b.with_rules(max_reworks=3))
    raised = []
    for _ in range(3):
        life.rework()
        raised.append(life.case.escalated)
        life.sign().reply().judge()

    assert raised == [False, False, True]


def test_a_case_once_raised_stays_so_through_a_second_handling():
    life = in_status(Status.HANDLING).wait(8 * DAY)
    life.act(b.SYSTEM, Action.ESCALATE, clock="handle")

    life.reply().judge().rework()

    assert life.case.escalated


def test_an_unreasonable_wish_is_closed_without_supervision():
    life = in_status(Status.CALLED_BACK)

    life.act(b.CALLBACK_AGENT, Action.CLOSE, reason="诉求超出政策规定，已解释")

    assert (life.case.status, life.case.supervised) == (Status.CLOSED, False)


# Merging, cancelling, reopening


@pytest.mark.parametrize(
    "status",
    [Status.RECEIVED, Status.DISPATCHED, Status.SIGNED, Status.HANDLING, Status.RETURN_REQUESTED, Status.SUSPENDED],
)
def test_a_case_at_work_is_merged_and_leaves_nothing_open(status: Status):
    life = in_status(status)

    life.act(b.DISPATCHER, Action.MERGE, into_id=99)

    case = life.case
    assert (case.status, case.merged_into_id, case.clocks) == (Status.MERGED, 99, {})
    assert case.closed_at == life.now
    assert (case.suspended_at, case.resume_status) == (None, None)


@pytest.mark.parametrize("status", [Status.REPLIED, Status.CALLBACK_PENDING, Status.CALLED_BACK])
def test_who_has_been_answered_is_asked_and_not_merged_away(status: Status):
    assert isinstance(refusal(in_status(status), b.DISPATCHER, Action.MERGE, into_id=99), ActionNotAllowed)


def test_a_signed_case_is_no_wrong_registration():
    assert isinstance(refusal(in_status(Status.SIGNED), b.OPERATOR, Action.CANCEL, reason=REASON), ActionNotAllowed)


def _handled_again() -> Life:
    return in_status(Status.CALLED_BACK).rework()


def _taken_up_again() -> Life:
    life = in_status(Status.CLOSED)
    life.act(b.DISPATCHER, Action.REOPEN, reason="诉求人反映问题复发")
    return life


@pytest.mark.parametrize("again", [_handled_again, _taken_up_again])
@pytest.mark.parametrize(
    ("action", "data"),
    [
        (Action.CANCEL, {"reason": "误登记作废"}),
        (Action.MERGE, {"into_id": 99}),
        (Action.CORRECT, {"request_type": "consultation", "reason": REASON}),
    ],
)
def test_a_case_that_a_citizen_judged_is_not_taken_out_of_the_figures(
    again: Callable[[], Life], action: Action, data: dict[str, object]
):
    life = again()

    assert isinstance(refusal(life, b.DISPATCHER, action, **data), AlreadyJudged)
    assert {Action.CANCEL, Action.MERGE}.isdisjoint(lifecycle.allowed(life.case, b.DISPATCHER))


def test_class_and_place_of_a_judged_case_are_still_corrected():
    life = _handled_again()

    life.act(b.DISPATCHER, Action.CORRECT, request_type="help", class_code="010203", reason=REASON)

    assert life.case.class_code == "010203"


def test_who_could_not_be_asked_has_not_judged():
    life = in_status(Status.CALLBACK_PENDING)
    while life.case.callback_next_at is not None:
        life.now = max(life.now, life.case.callback_next_at)
        life.act(b.CALLBACK_AGENT, Action.RECORD_CALLBACK, reached=False)
    life.act(b.DISPATCHER, Action.REOPEN, reason="诉求人反映问题复发")

    life.act(b.DISPATCHER, Action.CANCEL, reason="误登记作废")

    assert (life.case.judged, life.case.status) == (False, Status.CANCELLED)


def test_reopened_a_case_is_judged_anew_by_its_last_unit():
    life = in_status(Status.CALLED_BACK).rework().sign().reply().judge(b.GOOD_ANSWER)

    life.act(b.DISPATCHER, Action.REOPEN, reason="诉求人反映问题复发")

    case = life.case
    assert (case.status, case.lead_unit_id, case.round) == (Status.DISPATCHED, b.STREET, 1)
    assert (case.closed_at, case.solved, case.satisfaction, case.contacted_at) == (None, None, None, None)
    assert case.extension is Asked.NONE
    assert case.due_at == life.now + 7 * DAY
    life.sign().reply().judge().rework()
    assert life.case.round == 2


def test_reopened_a_case_may_be_extended_once_more_and_stays_supervised():
    life = in_status(Status.HANDLING).extend()
    life.act(b.DISPATCHER, Action.SUPERVISE, note="三日内办结并报告")
    life.reply().judge()
    life.act(b.CALLBACK_AGENT, Action.CLOSE, reason="诉求超出政策规定，已解释")

    life.act(b.DISPATCHER, Action.REOPEN, reason="政策已经调整")

    assert (life.case.extension, life.case.supervised) == (Asked.NONE, True)
    assert life.case.due_at == life.now + 7 * DAY


@pytest.mark.parametrize("action", [Action.CANCEL, Action.DIRECT_ANSWER])
def test_reopened_without_a_unit_it_waits_for_dispatch(action: Action):
    life = registered()
    life.act(b.OPERATOR, action, **{"reason" if action is Action.CANCEL else "answer": REASON})

    life.act(b.DISPATCHER, Action.REOPEN, reason="登记无误，应予受理")

    assert (life.case.status, life.case.disposition) == (Status.RECEIVED, None)
    assert set(life.case.clocks) == {ClockKind.DISPATCH}


def test_a_merged_case_comes_back_to_its_unit_alone():
    life = in_status(Status.MERGED)

    life.act(b.DISPATCHER, Action.REOPEN, reason="不是同一问题")

    assert (life.case.status, life.case.merged_into_id) == (Status.DISPATCHED, None)
    assert life.case.disposition is Disposition.DISPATCH


def test_a_reopened_case_keeps_the_record_of_its_returns():
    life = in_status(Status.RETURN_REQUESTED).rule(granted=True, unit=b.DEPARTMENT)
    life.act(b.DISPATCHER, Action.MERGE, into_id=99)

    life.act(b.DISPATCHER, Action.REOPEN, reason="不是同一问题")

    assert isinstance(
        refusal(life, b.DISPATCHER, Action.REDISPATCH, unit_id=b.STREET, reason=REASON), UnitAlreadyRefused
    )


@pytest.mark.parametrize("status", [Status.CLOSED, Status.MERGED, Status.CANCELLED])
def test_reopening_needs_a_reason_and_nothing_else_moves_a_finished_case(status: Status):
    life = in_status(status)

    assert isinstance(refusal(life, b.DISPATCHER, Action.REOPEN, reason="  "), InvalidData)
    assert lifecycle.allowed(life.case, b.DISPATCHER) == [Action.MARK_CONFIDENTIAL, Action.REOPEN]


# Correcting, marking, attention


def test_another_grade_keeps_the_starts_and_moves_the_ends():
    life = in_status(Status.SIGNED).wait(HOUR)
    before = life.case

    life.act(b.DISPATCHER, Action.CORRECT, grade="complex", reason=REASON)

    after = life.case
    assert after.dispatched_at is not None
    assert after.due_at == after.clocks[ClockKind.HANDLE].due_at == after.dispatched_at + 15 * DAY
    assert after.clocks[ClockKind.HANDLE].started_at == before.clocks[ClockKind.HANDLE].started_at
    assert after.clocks[ClockKind.CONTACT] == before.clocks[ClockKind.CONTACT]  # the same limit in both grades


def test_a_light_is_not_lit_again_by_a_grade_with_the_same_limit():
    life = in_status(Status.DISPATCHED).wait(100 * MINUTE)
    life.act(b.SYSTEM, Action.WARN, clock="sign")

    life.act(b.DISPATCHER, Action.CORRECT, grade="complex", reason=REASON)

    assert life.case.clocks[ClockKind.SIGN].warned is True
    assert life.case.clocks[ClockKind.HANDLE].warned is False


def test_regraded_after_a_return_the_next_unit_keeps_its_least_share():
    life = in_status(Status.RETURN_REQUESTED).wait(3 * DAY).rule(granted=True, unit=b.DEPARTMENT)
    handed_on = life.now

    life.act(b.DISPATCHER, Action.CORRECT, grade="critical", reason=REASON)

    assert life.case.due_at == handed_on + HOUR


def test_regraded_after_a_return_the_limit_counts_from_the_first_dispatch():
    life = in_status(Status.RETURN_REQUESTED).wait(3 * DAY)
    first = life.case.dispatched_at
    assert first is not None

    life.rule(granted=True, unit=b.DEPARTMENT).act(b.DISPATCHER, Action.CORRECT, grade="complex", reason=REASON)

    assert life.case.due_at == first + 15 * DAY


def test_regraded_a_second_handling_keeps_its_half():
    life = in_status(Status.CALLED_BACK).rework()
    start = life.now

    life.act(b.DISPATCHER, Action.CORRECT, grade="urgent", reason=REASON)

    assert life.case.due_at == start + 12 * HOUR


def test_regraded_an_extended_case_keeps_an_extension_where_the_grade_knows_one():
    life = in_status(Status.HANDLING).extend()
    start = life.case.dispatched_at
    assert start is not None

    life.act(b.DISPATCHER, Action.CORRECT, grade="complex", reason=REASON)
    assert life.case.due_at == start + 30 * DAY
    life.act(b.DISPATCHER, Action.CORRECT, grade="urgent", reason=REASON)
    assert life.case.due_at == start + DAY


def test_regraded_while_suspended_the_new_limit_holds_after_release():
    life = in_status(Status.SUSPENDED)
    used = life.now - (life.case.dispatched_at or life.now)
    life.act(b.DISPATCHER, Action.CORRECT, grade="complex", reason=REASON)

    life.act(b.DISPATCHER, Action.RELEASE, after=30 * DAY, reason="工程已完工")

    assert life.case.due_at == life.now + 15 * DAY - used


def test_correcting_the_place_after_dispatch_moves_no_owner_and_forgets_the_narrower_place():
    life = registered(community_id=901).dispatch()

    life.act(b.DISPATCHER, Action.CORRECT, district_id=b.FAR_DISTRICT_AREA, reason=REASON)

    case = life.case
    assert (case.district_id, case.street_id, case.community_id) == (b.FAR_DISTRICT_AREA, None, None)
    assert case.lead_unit_id == b.STREET


def test_a_community_named_with_its_street_is_kept():
    life = registered(community_id=901)

    life.act(b.DISPATCHER, Action.CORRECT, street_id=502, community_id=901, reason=REASON)

    assert (life.case.street_id, life.case.community_id) == (502, 901)


def test_a_correction_that_changes_nothing_is_refused():
    assert isinstance(refusal(registered(), b.DISPATCHER, Action.CORRECT, grade="normal", reason=REASON), InvalidData)


@pytest.mark.parametrize("status", list(Status))
def test_confidentiality_is_set_at_any_time_and_moves_nothing(status: Status):
    life = in_status(status)
    clocks = life.case.clocks

    life.act(b.OPERATOR, Action.MARK_CONFIDENTIAL, confidential=True, reason="诉求人要求保密")

    assert (life.case.confidential, life.case.status, life.case.clocks) == (True, status, clocks)


def test_attention_counts_and_moves_nothing():
    life = in_status(Status.HANDLING)
    due = life.case.due_at

    life.act(b.CITIZEN, Action.URGE)
    life.act(b.DISPATCHER, Action.SUPERVISE, note="三日内办结并报告")

    case = life.case
    assert (case.urge_count, case.supervised, case.status, case.due_at) == (1, True, Status.HANDLING, due)


# Lights


def test_each_light_comes_in_its_time_and_once():
    life = in_status(Status.HANDLING)
    handle = life.case.clocks[ClockKind.HANDLE]
    assert handle.warn_at is not None
    second = timedelta(seconds=1)

    def refused(action: Action, moment: datetime) -> bool:
        return isinstance(refusal(life, b.SYSTEM, action, after=moment - life.now, clock="handle"), ActionNotAllowed)

    assert refused(Action.WARN, handle.warn_at - second)
    life.act(b.SYSTEM, Action.WARN, after=handle.warn_at - life.now, clock="handle")
    assert refused(Action.WARN, handle.warn_at)
    assert refused(Action.ESCALATE, handle.due_at - second)
    life.act(b.SYSTEM, Action.ESCALATE, after=handle.due_at - life.now, clock="handle")
    assert life.case.escalated is True
    assert refused(Action.ESCALATE, handle.due_at)
    assert refused(Action.WARN, handle.due_at)
    assert life.case.clocks[ClockKind.HANDLE].next_at is None


def test_only_the_handling_limit_raises_the_case():
    life = in_status(Status.DISPATCHED).wait(3 * HOUR)

    life.act(b.SYSTEM, Action.ESCALATE, clock="sign")

    assert life.case.escalated is False


def test_a_clock_that_does_not_run_has_no_lights():
    assert isinstance(refusal(in_status(Status.SIGNED), b.SYSTEM, Action.WARN, clock="sign"), ActionNotAllowed)


def test_the_end_of_the_limit_after_a_reply_starts_the_callback_and_is_no_overdue():
    life = in_status(Status.REPLIED).wait(9 * DAY)

    assert isinstance(refusal(life, b.SYSTEM, Action.ESCALATE, clock="ask"), ActionNotAllowed)
    life.act(b.SYSTEM, Action.START_CALLBACK)
    assert life.case.status is Status.CALLBACK_PENDING
    assert life.case.clocks[ClockKind.CALLBACK].due_at == life.now + 2 * DAY


def test_time_does_not_run_backwards():
    life = in_status(Status.DISPATCHED)

    with pytest.raises(EventsOutOfOrder):
        life.act(b.handler(), Action.SIGN, after=-timedelta(seconds=1))
