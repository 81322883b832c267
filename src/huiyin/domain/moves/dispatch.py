"""Sending a case to the unit that must act; ruling on returns, extensions and suspensions."""

from huiyin.domain.case import Case, Change, Context
from huiyin.domain.deadlines import Clock, clock_until, due_at, extended, handle_clock_of_next_unit
from huiyin.domain.errors import ActionNotAllowed, InvalidData, UnitAlreadyRefused
from huiyin.domain.fields import Values
from huiyin.domain.moves.intake import unit_clocks
from huiyin.domain.vocabulary import Asked, ClockKind, Disposition, Status


def dispatch(case: Case, values: Values, context: Context) -> Change:
    """派单: the receiving unit becomes the owner, and as the first one stays responsible (首接负责)."""
    unit = _check_units(case, values, context)
    clocks = unit_clocks(context.now, case.grade, context)
    sets = {
        **_owner(unit, values),
        "status": Status.DISPATCHED,
        "disposition": Disposition.DISPATCH,
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
        "first_unit_id": unit,
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
    unit = _check_units(case, values, context)
    refused = (*case.refused_unit_ids, case.lead_unit_id)
    clocks = unit_clocks(context.now, case.grade, context)
    clocks[ClockKind.HANDLE] = _handed_on(case, context)
    sets = {
        **_owner(unit, values),
        "status": Status.DISPATCHED,
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
    if ClockKind.HANDLE not in case.clocks:
        raise ActionNotAllowed
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
    """销账: handling goes on with the time that was left when it was suspended."""
    assert case.due_at is not None and case.suspended_at is not None
    rules, now = context.rules, context.now
    due = case.due_at + (now - case.suspended_at)  # in the past if it was overdue before: it stays overdue
    sets = {
        "status": case.resume_status or Status.HANDLING,
        "resume_status": None,
        "suspension": Asked.NONE,
        "suspended_at": None,
        "due_at": due,
    }
    handle = clock_until(due, started_at=min(now, due), rules=rules)
    clocks = {ClockKind.HANDLE: handle, ClockKind.REVIEW: None}
    return Change(reason=values["reason"], sets=sets, clocks=clocks)


def _check_units(case: Case, values: Values, context: Context) -> int:
    unit: int = values["unit_id"]
    if unit in case.refused_unit_ids:
        raise UnitAlreadyRefused(field="unit_id")
    sub_unit = values["sub_unit_id"]
    if sub_unit is not None and not context.is_below(sub_unit, unit):
        raise InvalidData({"sub_unit_id": "二级承办单位须是主办单位的下级单位"})
    if unit in values.get("co_unit_ids", ()):
        raise InvalidData({"co_unit_ids": "主办单位不能同时是协办单位"})
    return unit


def _owner(unit: int, values: Values) -> dict[str, object]:
    return {"lead_unit_id": unit, "sub_unit_id": values["sub_unit_id"], "handler_id": None}


def _handed_on(case: Case, context: Context) -> Clock:
    assert case.due_at is not None
    return handle_clock_of_next_unit(now=context.now, old_due=case.due_at, grade=case.grade, rules=context.rules)
