"""Sending a case to the unit that must act; ruling on returns, extensions and suspensions."""

from dataclasses import replace

from huiyin.domain.case import Case, Change, Context
from huiyin.domain.deadlines import (
    Clock,
    clock_until,
    due_at,
    extended,
    handle_clock_of_next_unit,
    may_extend,
    start_clock,
)
from huiyin.domain.errors import ActionNotAllowed, InvalidData, UnitAlreadyRefused
from huiyin.domain.fields import Values
from huiyin.domain.moves.intake import handling_clock, unit_clocks, withdrawn
from huiyin.domain.vocabulary import Asked, ClockKind, Disposition, Status


def dispatch(case: Case, values: Values, context: Context) -> Change:
    """派单: the receiving unit becomes the owner, and as the first one stays responsible (首接负责)."""
    if not (case.class_code or values["class_code"]):
        raise InvalidData({"class_code": "请先选择问题分类再派单"})
    unit = _check_units(case, values, context)
    clocks = unit_clocks(context.now, case.grade, context)
    sets = {
        **_owner(unit, values),
        "status": Status.DISPATCHED,
        "disposition": Disposition.DISPATCH,
        "class_code": values["class_code"] or case.class_code,
        "first_unit_id": case.first_unit_id or unit,
        "co_unit_ids": values["co_unit_ids"],
        "dispatched_at": context.now,
        "due_at": clocks[ClockKind.HANDLE].due_at,
    }
    return Change(reason=values["reason"] or "按职责和属地派单", sets=sets, clocks={**clocks, ClockKind.DISPATCH: None})


def redispatch(case: Case, values: Values, context: Context) -> Change:
    """改派: the hotline's own mistake put right before the unit has signed; the handling clock goes on."""
    unit = _check_units(case, values, context)
    if unit == case.lead_unit_id:
        raise InvalidData({"unit_id": "案件已在该单位，请另选单位"})
    clocks = unit_clocks(context.now, case.grade, context)
    clocks[ClockKind.HANDLE] = _handed_on(case, context)
    sets = {
        **_owner(unit, values),
        "first_unit_id": unit if case.first_unit_id == case.lead_unit_id else case.first_unit_id,
        "co_unit_ids": values["co_unit_ids"],
        "dispatched_at": context.now,
        "due_at": clocks[ClockKind.HANDLE].due_at,
    }
    return Change(reason=values["reason"], sets=sets, clocks=clocks)


def rule_return(case: Case, values: Values, context: Context) -> Change:
    """裁决: granted, the next unit gets the case; denied, the unit keeps it and may not ask again. Final either way."""
    if not values["granted"]:
        assert case.lead_unit_id is not None
        return Change(
            reason=values["reason"],
            sets={
                "status": case.resume_status or Status.SIGNED,
                "resume_status": None,
                "denied_unit_ids": (*case.denied_unit_ids, case.lead_unit_id),
            },
            clocks={ClockKind.RULING: None},
        )
    if values["unit_id"] is None:
        raise InvalidData({"unit_id": "同意退单时请选择改派单位"})
    if values["unit_id"] == case.lead_unit_id:
        raise InvalidData({"unit_id": "不能改派给申请退单的单位"})
    if values["sub_unit_id"] == case.lead_unit_id:
        raise UnitAlreadyRefused(field="sub_unit_id")
    unit = _check_units(case, values, context)
    refused = (*case.refused_unit_ids, case.lead_unit_id)
    clocks = unit_clocks(context.now, case.grade, context)
    clocks[ClockKind.HANDLE] = _handed_on(case, context)
    sets = {
        **withdrawn(case),
        **_owner(unit, values),
        "status": Status.DISPATCHED,
        "co_unit_ids": tuple(other for other in case.co_unit_ids if other != unit),
        "dispatched_at": context.now,
        "signed_at": None,
        "contacted_at": None,
        "resume_status": None,
        "refused_unit_ids": refused,
        "escalated": case.escalated or len(refused) >= context.rules.escalate_after_refusals,
        "due_at": clocks[ClockKind.HANDLE].due_at,
    }
    return Change(reason=values["reason"], sets=sets, clocks={**clocks, ClockKind.RULING: None})


def decide_extension(case: Case, values: Values, context: Context) -> Change:
    if not values["granted"]:
        return Change(reason=values["reason"], sets={"extension": Asked.DENIED})
    if not may_extend(case.grade, context.rules):  # made more urgent since the unit asked
        raise ActionNotAllowed(f"“{case.grade.label}”案件不能延期，请不予同意")
    clock = extended(case.clocks[ClockKind.HANDLE], grade=case.grade, rules=context.rules)
    return Change(
        reason=values["reason"],
        sets={"extension": Asked.GRANTED, "due_at": clock.due_at},
        clocks={ClockKind.HANDLE: clock},
    )


def decide_suspension(case: Case, values: Values, context: Context) -> Change:
    """挂账: the handling clock stands still until release; the review clock brings the case back to mind."""
    if not values["granted"]:
        return Change(reason=values["reason"], sets={"suspension": Asked.DENIED})
    until = values["until"] or due_at(ClockKind.REVIEW, start=context.now, grade=case.grade, rules=context.rules)
    if until <= context.now:
        raise InvalidData({"until": "复核时间应晚于现在"})
    stopped = dict.fromkeys({ClockKind.CONTACT, ClockKind.HANDLE} & set(case.clocks))
    return Change(
        reason=values["reason"],
        sets={
            "status": Status.SUSPENDED,
            "suspension": Asked.GRANTED,
            "suspended_at": context.now,
            "resume_status": case.status,
        },
        clocks={**stopped, ClockKind.REVIEW: clock_until(until, started_at=context.now, rules=context.rules)},
    )


def release(case: Case, values: Values, context: Context) -> Change:
    """销账: handling goes on with the time that was left when it was suspended; lights lit before stay lit."""
    assert case.suspended_at is not None
    rules, now = context.rules, context.now
    stood = handling_clock(case, rules)
    assert stood.warn_at is not None
    pause = now - case.suspended_at
    handle = replace(
        clock_until(stood.due_at + pause, started_at=stood.started_at + pause, rules=rules),
        warned=stood.warn_at <= case.suspended_at,
        escalated=case.escalated and stood.due_at <= case.suspended_at,
    )
    clocks: dict[ClockKind, Clock | None] = {ClockKind.HANDLE: handle, ClockKind.REVIEW: None}
    if case.contacted_at is None:
        clocks[ClockKind.CONTACT] = start_clock(ClockKind.CONTACT, at=now, grade=case.grade, rules=rules)
    sets = {
        "status": case.resume_status or Status.HANDLING,
        "resume_status": None,
        "suspension": Asked.NONE,
        "suspended_at": None,
        "due_at": handle.due_at,
    }
    return Change(reason=values["reason"], sets=sets, clocks=clocks)


def _check_units(case: Case, values: Values, context: Context) -> int:
    unit: int = values["unit_id"]
    if unit in case.refused_unit_ids:
        raise UnitAlreadyRefused(field="unit_id")
    sub_unit = values["sub_unit_id"]
    if sub_unit is not None and not context.is_below(sub_unit, unit):
        raise InvalidData({"sub_unit_id": "二级承办单位须是主办单位的下级单位"})
    if sub_unit in case.refused_unit_ids:
        raise UnitAlreadyRefused(field="sub_unit_id")
    if unit in values.get("co_unit_ids", ()):
        raise InvalidData({"co_unit_ids": "主办单位不能同时是协办单位"})
    return unit


def _owner(unit: int, values: Values) -> dict[str, object]:
    return {"lead_unit_id": unit, "sub_unit_id": values["sub_unit_id"], "handler_id": None}


def _handed_on(case: Case, context: Context) -> Clock:
    running = case.clocks[ClockKind.HANDLE]
    return handle_clock_of_next_unit(now=context.now, running=running, grade=case.grade, rules=context.rules)
