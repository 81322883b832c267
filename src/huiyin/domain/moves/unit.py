"""What a unit does: sign, contact, hand on, ask for a return, an extension or a suspension, and the double feedback."""

from huiyin.domain.case import Case, Change, Context
from huiyin.domain.deadlines import Clock, may_extend, return_window_ends, start_clock
from huiyin.domain.errors import (
    ActionNotAllowed,
    AlreadyExtended,
    AlreadyReturned,
    FeedbackMissing,
    InvalidData,
    ReturnWindowClosed,
    TooLate,
    UnitAlreadyRefused,
)
from huiyin.domain.fields import Values
from huiyin.domain.moves.intake import withdrawn
from huiyin.domain.vocabulary import Asked, ClockKind, Outcome, Status


def sign(_case: Case, _values: Values, context: Context) -> Change:
    return Change(
        reason="签收办理",
        sets={"status": Status.SIGNED, "signed_at": context.now},
        clocks={ClockKind.SIGN: None},
    )


def note_contact(case: Case, values: Values, context: Context) -> Change:
    """首次联系 counts only when the citizen was reached; an attempt is kept on record all the same."""
    if not values["reached"]:
        return Change(reason=values["note"])
    sets = {"status": Status.HANDLING, "contacted_at": case.contacted_at or context.now}
    return Change(reason=values["note"], sets=sets, clocks={ClockKind.CONTACT: None})


def assign_handler(_case: Case, values: Values, _context: Context) -> Change:
    sets = {"status": Status.HANDLING, "handler_id": values["handler_id"]}
    return Change(reason=values["note"] or "交承办人办理", sets=sets)


def hand_down(case: Case, values: Values, context: Context) -> Change:
    """转下级: the second-level unit does the work; the lead unit stays the owner."""
    assert case.lead_unit_id is not None
    if not context.is_below(values["unit_id"], case.lead_unit_id):
        raise InvalidData({"unit_id": "只能转给本单位的下级单位"})
    if values["unit_id"] in case.refused_unit_ids:
        raise UnitAlreadyRefused(field="unit_id")
    sets = {"status": Status.HANDLING, "sub_unit_id": values["unit_id"], "handler_id": None}
    return Change(reason=values["note"] or "转下级单位办理", sets=sets)


def add_note(_case: Case, values: Values, _context: Context) -> Change:
    return Change(reason=values["note"])


def request_return(case: Case, values: Values, context: Context) -> Change:
    """退单: for cause, in time, once. Asking counts as having received the case."""
    assert case.dispatched_at is not None
    if case.lead_unit_id in case.denied_unit_ids:
        raise AlreadyReturned
    if values["suggested_unit_id"] == case.lead_unit_id:
        raise InvalidData({"suggested_unit_id": "不能建议派给本单位"})
    ends = return_window_ends(dispatched_at=case.dispatched_at, grade=case.grade, rules=context.rules)
    if context.now > ends:
        raise ReturnWindowClosed
    resume = Status.SIGNED if case.status is Status.DISPATCHED else case.status
    clocks: dict[ClockKind, Clock | None] = {
        ClockKind.SIGN: None,
        ClockKind.RULING: start_clock(ClockKind.RULING, at=context.now, grade=case.grade, rules=context.rules),
    }
    return Change(
        reason=values["reason"],
        sets={
            "status": Status.RETURN_REQUESTED,
            "resume_status": resume,
            "signed_at": case.signed_at or context.now,
        },
        clocks=clocks,
    )


def request_extension(case: Case, values: Values, context: Context) -> Change:
    if case.extension is not Asked.NONE:
        raise AlreadyExtended
    if not may_extend(case.grade, context.rules):
        raise ActionNotAllowed("特急、紧急案件不能延期，请抓紧办理")
    if context.now >= case.clocks[ClockKind.HANDLE].due_at:
        raise TooLate
    if not values["citizen_told"]:
        raise InvalidData({"citizen_told": "申请延期前须先告知诉求人"})
    return Change(reason=values["reason"], sets={"extension": Asked.REQUESTED})


def request_suspension(case: Case, values: Values, context: Context) -> Change:
    if case.suspension is Asked.REQUESTED:
        raise ActionNotAllowed("挂账申请正在审批")
    if values["until"] is not None and values["until"] <= context.now:
        raise InvalidData({"until": "复核时间应晚于现在"})
    return Change(reason=values["reason"], sets={"suspension": Asked.REQUESTED})


def reply(case: Case, values: Values, context: Context) -> Change:
    """双反馈: to the citizen (means and time) and to the hotline (text and evidence); neither alone is a reply.

    The citizen is asked when the handling limit ends, not when the unit says that it is done (DOMAIN.md §2.7),
    unless the rules in force say otherwise.
    """
    assert case.dispatched_at is not None
    assert case.due_at is not None
    if not values["files"] and not values["evidence"]:
        raise FeedbackMissing("请上传佐证附件或填写佐证说明", field="evidence")
    if not case.dispatched_at <= values["told_at"] <= context.now:
        raise InvalidData({"told_at": "向诉求人反馈的时间应在派单之后、现在之前"})
    stopped: dict[ClockKind, Clock | None] = dict.fromkeys(
        {ClockKind.SIGN, ClockKind.CONTACT, ClockKind.HANDLE} & set(case.clocks)
    )
    asked_at = max(case.due_at, context.now) if context.rules.callback_at_due else context.now
    outcome: Outcome = values["outcome"]
    return Change(
        reason=f"{outcome.label}，已向诉求人和热线反馈",
        sets={
            **withdrawn(case),
            "status": Status.REPLIED,
            "contacted_at": case.contacted_at or values["told_at"],
            "feedback_requester_at": values["told_at"],
            "feedback_hotline_at": context.now,
        },
        clocks={**stopped, ClockKind.ASK: Clock(started_at=context.now, due_at=asked_at)},
    )
