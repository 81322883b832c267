"""Settling a case at the hotline without a unit, merging, correcting, cancelling, reopening."""

from datetime import datetime

from huiyin.domain.case import Case, Change, Context
from huiyin.domain.deadlines import Clock, clock_until, handle_clock_of_grade, start_clock
from huiyin.domain.errors import AlreadyJudged, InvalidData
from huiyin.domain.fields import Values
from huiyin.domain.rules import Rules
from huiyin.domain.vocabulary import Asked, ClockKind, Disposition, Grade, Status


def stop_all(case: Case) -> dict[ClockKind, Clock | None]:
    return dict.fromkeys(case.clocks)


def withdrawn(case: Case) -> dict[str, object]:
    """What a unit asked for and nobody decided lapses when the case leaves its hands."""
    return {name: Asked.NONE for name in ("extension", "suspension") if getattr(case, name) is Asked.REQUESTED}


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
    """并单: the matter goes on in the other case. That it is another and an open one is checked by the desk."""
    _not_judged(case)
    return Change(
        reason=values["reason"] or "反映同一问题，并单办理",
        sets={
            **_left_open(case),
            "status": Status.MERGED,
            "disposition": Disposition.MERGED,
            "merged_into_id": values["into_id"],
            "closed_at": context.now,
        },
        clocks=stop_all(case),
    )


def cancel(case: Case, values: Values, context: Context) -> Change:
    _not_judged(case)
    sets = {"status": Status.CANCELLED, "disposition": Disposition.CANCELLED, "closed_at": context.now}
    return Change(reason=values["reason"], sets=sets, clocks=stop_all(case))


def _not_judged(case: Case, *, field: str | None = None) -> None:
    """What leaves the figures (作废, 并单, a type that is not scored) would take a citizen's answer along."""
    if case.judged:
        raise AlreadyJudged(field=field)


def _left_open(case: Case) -> dict[str, object]:
    return {**withdrawn(case), "resume_status": None, "suspended_at": None}


def mark_confidential(_case: Case, values: Values, _context: Context) -> Change:
    return Change(reason=values["reason"], sets={"confidential": values["confidential"]})


def correct(case: Case, values: Values, context: Context) -> Change:
    """更正 type, class, grade or place; another grade gives the running clocks another end, never another start."""
    names = ("request_type", "class_code", "grade", "district_id", "street_id", "community_id", "address")
    sets = {name: values[name] for name in names if values[name] is not None and values[name] != getattr(case, name)}
    if not sets:
        raise InvalidData({"class_code": "没有任何改动，请修改要更正的内容"})
    if "request_type" in sets:
        _not_judged(case, field="request_type")
    moved = {"district_id", "street_id"} & set(sets)
    if moved and values["community_id"] is None:
        sets["community_id"] = None
    if "district_id" in sets and values["street_id"] is None:
        sets["street_id"] = None
    clocks: dict[ClockKind, Clock | None] = {}
    if "grade" in sets:
        grade: Grade = sets["grade"]
        clocks = {kind: _regraded(case, kind, grade, context.rules) for kind in _GRADED & set(case.clocks)}
        if case.due_at is not None:
            sets["due_at"] = _handling_at(case, grade, context.rules).due_at
    return Change(reason=values["reason"], sets=sets, clocks=clocks)


def reopen(case: Case, values: Values, context: Context) -> Change:
    """重新办理: the only way out of a finished case, judged anew.

    Its last unit takes it up again; without one it waits for dispatch. Refused and denied returns stay on record.
    """
    rules, now = context.rules, context.now
    sets = {
        "status": Status.RECEIVED,
        "disposition": None,
        "closed_at": None,
        "merged_into_id": None,
        "suspension": Asked.NONE,
        "suspended_at": None,
        "resume_status": None,
        "extension": Asked.NONE,
        "round": 1,
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
    }
    return Change(reason=values["reason"], sets=sets, clocks=clocks)


def clear_answers() -> dict[str, object]:
    """A new round of handling starts without the contact, the feedback and the judgement of the last one."""
    return {
        "contacted_at": None,
        "feedback_requester_at": None,
        "feedback_hotline_at": None,
        "callback_attempts": 0,
        "callback_tried": "",
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


def handling_clock(case: Case, rules: Rules) -> Clock:
    """The handling clock; while it stands still (挂账), as it stood: its start is told by its end and the limit."""
    running = case.clocks.get(ClockKind.HANDLE)
    if running is not None:
        return running
    assert case.due_at is not None
    assert case.dispatched_at is not None
    whole = _handling(case, case.grade, rules, started_at=case.dispatched_at)
    length = whole.due_at - whole.started_at
    return clock_until(case.due_at, started_at=case.due_at - length, rules=rules)


def _regraded(case: Case, kind: ClockKind, grade: Grade, rules: Rules) -> Clock:
    old = case.clocks[kind]
    if kind is ClockKind.HANDLE:
        new = _handling_at(case, grade, rules)
    else:
        new = start_clock(kind, at=old.started_at, grade=grade, rules=rules)
    return old if new.due_at == old.due_at else new  # lights lit for the same end are not lit again


def _handling_at(case: Case, grade: Grade, rules: Rules) -> Clock:
    return _handling(case, grade, rules, started_at=handling_clock(case, rules).started_at)


def _handling(case: Case, grade: Grade, rules: Rules, *, started_at: datetime) -> Clock:
    assert case.dispatched_at is not None
    return handle_clock_of_grade(
        started_at=started_at,
        dispatched_at=case.dispatched_at,
        grade=grade,
        rules=rules,
        again=case.round > 1,
        longer=case.extension is Asked.GRANTED,
    )
