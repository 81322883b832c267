"""Asking the citizen: contacted? solved? satisfied? - and what follows from the answer."""

from datetime import timedelta

from huiyin.domain.case import Case, Change, Context
from huiyin.domain.day_parts import LEAST_ATTEMPTS, moments_of, next_try, noted
from huiyin.domain.deadlines import Clock, handle_clock_of_rework, start_clock
from huiyin.domain.errors import ActionNotAllowed, InvalidData, ReworkExhausted
from huiyin.domain.fields import Values
from huiyin.domain.moves.intake import clear_answers, stop_all, unit_clocks
from huiyin.domain.vocabulary import ActorKind, ClockKind, RequestType, Satisfaction, Status

# 建议 is judged on response and satisfaction, not on resolution (DOMAIN.md §3.3). A question that a unit had to answer
# was answered or was not: it is scored on resolution, so the citizen must be asked.
UNSOLVABLE = frozenset({RequestType.SUGGESTION, RequestType.PRAISE})


def start_callback(case: Case, _values: Values, context: Context) -> Change:
    return Change(
        reason="办理时限期满，开始回访" if case.due_at and context.now >= case.due_at else "提前开始回访",
        sets={"status": Status.CALLBACK_PENDING, "callback_next_at": context.now},
        clocks=_callback_clocks(case, context),
    )


def record_callback(case: Case, values: Values, context: Context) -> Change:
    """回访结果: good closes the case; bad waits for the hotline to decide; unanswered is tried again, then invalid.

    The callback's limit goes on until the hotline has decided.
    """
    if values["reached"] is False:
        if context.actor.kind is ActorKind.CITIZEN:
            raise InvalidData({"reached": "请直接评价办理结果"})
        return _unanswered(case, values, context)
    if values["missed"] is not None:
        raise InvalidData({"missed": "接通了的回访不填未接通原因"})
    _check_complete(case, values)
    sets = {
        "callback_attempts": case.callback_attempts + 1,
        "callback_next_at": None,
        "callback_valid": True,
        "contacted": values["contacted"],
        "solved": values["solved"],
        "satisfaction": values["satisfaction"],
    }
    good = values["solved"] is not False and values["satisfaction"] is not Satisfaction.UNSATISFIED
    sets |= {"status": Status.CLOSED, "closed_at": context.now} if good else {"status": Status.CALLED_BACK}
    clocks = stop_all(case) if good else _callback_clocks(case, context)
    return Change(reason=values["remark"] or _in_words(values), sets=sets, clocks=clocks)


def close_unasked(case: Case, _values: Values, context: Context) -> Change:
    """未抽中: where not all are called, who was not drawn and has not answered by the end of the callback's limit.

    Only in the first round: who was dissatisfied once is asked whether the second handling helped.
    """
    clock = case.clocks.get(ClockKind.CALLBACK)
    if case.round > 1 or clock is None or context.now < clock.due_at:
        raise ActionNotAllowed("回访时限未到，或是重办后的回访，不能按未抽中结束")
    sets = {"status": Status.CLOSED, "closed_at": context.now, "callback_next_at": None, "callback_valid": False}
    return Change(reason="未抽中电话回访，时限内未自行评价，回访无效", sets=sets, clocks=stop_all(case))


def rework(case: Case, values: Values, context: Context) -> Change:
    """重办: the same unit again, with its own, shorter clock; so often as the rules allow.

    It must contact the citizen again, too. So many of them raise the case (提级督办), as so many returns do (§2.3).
    """
    if case.round > context.rules.max_reworks:
        raise ReworkExhausted
    handle = handle_clock_of_rework(now=context.now, grade=case.grade, rules=context.rules)
    clocks = {**stop_all(case), **unit_clocks(context.now, case.grade, context), ClockKind.HANDLE: handle}
    return Change(
        reason=values["reason"],
        sets={
            **clear_answers(),
            "status": Status.DISPATCHED,
            "round": case.round + 1,
            "escalated": case.escalated or case.round >= context.rules.escalate_after_refusals,
            "dispatched_at": context.now,
            "signed_at": None,
            "due_at": handle.due_at,
        },
        clocks=clocks,
    )


def close(case: Case, values: Values, context: Context) -> Change:
    """办结 in spite of a bad answer; where no second handling is left, under supervision (督办)."""
    exhausted = case.round > context.rules.max_reworks
    sets = {"status": Status.CLOSED, "closed_at": context.now, "supervised": case.supervised or exhausted}
    return Change(reason=values["reason"], sets=sets, clocks=stop_all(case))


def _unanswered(case: Case, values: Values, context: Context) -> Change:
    """Attempts keep their distance, each in another part of the day, all together on two days (day_parts).

    Who says that he does not want to be asked is tried again, too: one agent's word alone ends no callback.
    """
    if case.callback_next_at is not None and context.now < case.callback_next_at:
        raise ActionNotAllowed("未到下次回访时间，请换个时段再拨")
    attempts, tried = case.callback_attempts + 1, noted(case.callback_tried, context.now)
    needed = max(context.rules.callback_attempts, LEAST_ATTEMPTS)
    if attempts >= needed:
        sets = {
            "status": Status.CLOSED,
            "closed_at": context.now,
            "callback_attempts": attempts,
            "callback_tried": tried,
            "callback_next_at": None,
            "callback_valid": False,
        }
        return Change(reason=f"{attempts}次回访均未接通，回访无效", sets=sets, clocks=stop_all(case))
    clocks = _callback_clocks(case, context)
    limit = clocks.get(ClockKind.CALLBACK) or case.clocks[ClockKind.CALLBACK]
    again = next_try(
        (*moments_of(case.callback_tried), context.now),
        left=needed - attempts,
        pause=timedelta(hours=context.rules.callback_retry_hours),
        until=limit.due_at,
    )
    why = f"：{values['missed'].label}" if values["missed"] else ""
    sets = {
        "status": Status.CALLBACK_PENDING,
        "callback_attempts": attempts,
        "callback_tried": tried,
        "callback_next_at": again,
    }
    return Change(reason=values["remark"] or f"第{attempts}次回访未接通{why}", sets=sets, clocks=clocks)


def _callback_clocks(case: Case, context: Context) -> dict[ClockKind, Clock | None]:
    """From the first attempt on the limit of the callback runs, and goes on running."""
    if ClockKind.CALLBACK in case.clocks:
        return {}
    clock = start_clock(ClockKind.CALLBACK, at=context.now, grade=case.grade, rules=context.rules)
    return {ClockKind.ASK: None, ClockKind.CALLBACK: clock}


def _check_complete(case: Case, values: Values) -> None:
    missing = {name: f"请选择{label}" for name, label in _QUESTIONS.items() if values[name] is None}
    if case.request_type in UNSOLVABLE:
        missing.pop("solved", None)
    if missing:
        raise InvalidData(missing)


def _in_words(values: Values) -> str:
    contacted = "已联系" if values["contacted"] else "未联系"
    solved = {True: "已解决", False: "未解决", None: "不涉及解决"}[values["solved"]]
    return f"{contacted}，{solved}，{values['satisfaction'].label}"


_QUESTIONS = {"contacted": "是否联系", "solved": "是否解决", "satisfaction": "是否满意"}
