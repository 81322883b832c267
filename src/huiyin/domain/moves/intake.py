"""Settling a case at the hotline without a unit, merging, correcting, cancelling, reopening."""

from datetime import datetime

from huiyin.domain.case import Case, Change, Context
from huiyin.domain.deadlines import Clock, clock_until, due_at, extended, start_clock
from huiyin.domain.errors import CannotMerge, InvalidData
from huiyin.domain.fields import Values
from huiyin.domain.vocabulary import Asked, ClockKind, Disposition, Grade, Status


def stop_all(case: Case) -> dict[ClockKind, Clock | None]:
    return dict.fromkeys(case.clocks)


def _settle(case: Case, values: Values, context: Context, disposition: Disposition) -> Change:
    return Change(
        reason=values["answer"],
        sets={"status": Status.CLOSED, "disposition": disposition, "closed_at": context.now},
        clocks=stop_all(case),
    )


def direct_answer(case: Case, values: Values, context: Context) -> Change:
    return _settle(case, values, context, Disposition.DIRECT_ANSWER)


def refer_elsewhere(case: Case, values: Values, context: Context) -> Change:
    return _settle(case, values, context, Disposition.REFER_ELSEWHERE)


def persuade(case: Case, values: Values, context: Context) -> Change:
    return _settle(case, values, context, Disposition.PERSUADE)


def merge(case: Case, values: Values, context: Context) -> Change:
    """并单: the matter goes on in the other case. That the other case exists and is open is checked by the desk."""
    if values["into_id"] == case.merged_into_id:
        raise CannotMerge
    return Change(
        reason=values["reason"] or "反映同一问题，并单办理",
        sets={
            "status": Status.MERGED,
            "disposition": Disposition.MERGED,
            "merged_into_id": values["into_id"],
            "closed_at": context.now,
        },
        clocks=stop_all(case),
    )


def cancel(case: Case, values: Values, context: Context) -> Change:
    sets = {"status": Status.CANCELLED, "disposition": Disposition.CANCELLED, "closed_at": context.now}
    return Change(reason=values["reason"], sets=sets, clocks=stop_all(case))


def mark_confidential(_case: Case, values: Values, _context: Context) -> Change:
    return Change(reason=values["reason"], sets={"confidential": values["confidential"]})


def correct(case: Case, values: Values, context: Context) -> Change:
    """更正 type, class, grade or place; another grade gives the running clocks another end, never another start."""
    names = ("request_type", "class_code", "grade", "district_id", "street_id", "community_id", "address")
    sets = {name: values[name] for name in names if values[name] is not None and values[name] != getattr(case, name)}
    if not sets:
        raise InvalidData({"class_code": "没有任何改动，请修改要更正的内容"})
    moved = {"district_id", "street_id"} & set(sets)
    if moved and "community_id" not in sets:
        sets["community_id"] = None
    if "district_id" in sets and "street_id" not in sets:
        sets["street_id"] = None
    clocks: dict[ClockKind, Clock | None] = {}
    if "grade" in sets:
        clocks = {kind: _regraded(case, kind, sets["grade"], context) for kind in _GRADED & set(case.clocks)}
        handle = clocks.get(ClockKind.HANDLE)
        if handle is not None:
            sets["due_at"] = handle.due_at
    return Change(reason=values["reason"], sets=sets, clocks=clocks)


def reopen(case: Case, values: Values, context: Context) -> Change:
    """重新办理: the only way out of a closed case. Its last unit takes it up again; without one it waits for dispatch."""
    rules, now = context.rules, context.now
    sets = {
        "status": Status.RECEIVED,
        "disposition": None,
        "closed_at": None,
        "merged_into_id": None,
        "suspension": Asked.NONE,
        "suspended_at": None,
        "resume_status": None,
        **clear_answers(),
    }
    if case.lead_unit_id is None:
        return Change(
            reason=values["reason"],
            sets=sets,
            clocks={ClockKind.DISPATCH: start_clock(ClockKind.DISPATCH, at=now, grade=case.grade, rules=rules)},
        )
    clocks = unit_clocks(now, case.grade, context)
    handle = clocks[ClockKind.HANDLE]
    sets |= {
        "status": Status.DISPATCHED,
        "disposition": Disposition.DISPATCH,
        "dispatched_at": now,
        "signed_at": None,
        "due_at": handle.due_at,
        "extension": Asked.NONE,
    }
    return Change(reason=values["reason"], sets=sets, clocks=clocks)


def clear_answers() -> dict[str, object]:
    """A new round of handling starts without the feedback and the judgement of the last one."""
    return {
        "feedback_requester_at": None,
        "feedback_hotline_at": None,
        "callback_attempts": 0,
        "callback_next_at": None,
        "callback_valid": None,
        "contacted": None,
        "solved": None,
        "satisfaction": None,
    }


def unit_clocks(now: datetime, grade: Grade, context: Context) -> dict[ClockKind, Clock]:
    """What starts to run when a unit receives a case."""
    kinds = (ClockKind.SIGN, ClockKind.CONTACT, ClockKind.HANDLE)
    return {kind: start_clock(kind, at=now, grade=grade, rules=context.rules) for kind in kinds}


_GRADED = frozenset({ClockKind.DISPATCH, ClockKind.SIGN, ClockKind.CONTACT, ClockKind.HANDLE, ClockKind.RULING})


def _regraded(case: Case, kind: ClockKind, grade: Grade, context: Context) -> Clock:
    started_at = case.clocks[kind].started_at
    due = due_at(kind, start=started_at, grade=grade, rules=context.rules)
    clock = clock_until(due, started_at=started_at, rules=context.rules)
    granted = kind is ClockKind.HANDLE and case.extension is Asked.GRANTED
    return extended(clock, grade=grade, rules=context.rules) if granted else clock
