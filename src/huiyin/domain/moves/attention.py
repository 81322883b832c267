"""What draws attention to a case without moving it: supplements, urging, supervision, lights."""

from dataclasses import replace

from huiyin.domain.case import Case, Change, Context
from huiyin.domain.deadlines import Clock
from huiyin.domain.errors import ActionNotAllowed
from huiyin.domain.fields import Values
from huiyin.domain.vocabulary import ClockKind


def supplement(case: Case, values: Values, _context: Context) -> Change:
    return Change(reason=values["note"], sets={"supplement_count": case.supplement_count + 1})


def urge(case: Case, values: Values, _context: Context) -> Change:
    return Change(reason=values["note"] or "诉求人催办", sets={"urge_count": case.urge_count + 1})


def supervise(_case: Case, values: Values, _context: Context) -> Change:
    return Change(reason=values["note"], sets={"supervised": True})


def warn(case: Case, values: Values, context: Context) -> Change:
    """黄灯: one reminder before the limit."""
    kind, clock = _running(case, values)
    if clock.warned or clock.escalated or clock.warn_at is None or context.now < clock.warn_at:
        raise ActionNotAllowed("现在无须提醒")
    return Change(reason=f"{kind.label}时限将到，请抓紧", clocks={kind: replace(clock, warned=True)})


def escalate(case: Case, values: Values, context: Context) -> Change:
    """红灯: once, over the limit; over the handling limit the case is raised (提级办)."""
    kind, clock = _running(case, values)
    if kind is ClockKind.ASK:
        raise ActionNotAllowed("到期应开始回访，不是超期")
    if clock.escalated or context.now < clock.due_at:
        raise ActionNotAllowed("时限未到或已升级")
    return Change(
        reason=f"{kind.label}已超时限",
        sets={"escalated": True} if kind is ClockKind.HANDLE else {},
        clocks={kind: replace(clock, warned=True, escalated=True)},
    )


def _running(case: Case, values: Values) -> tuple[ClockKind, Clock]:
    kind: ClockKind = values["clock"]
    if kind not in case.clocks:
        raise ActionNotAllowed("该时限已不在计时")
    return kind, case.clocks[kind]
