"""What a citizen reads of a case: where it stands, in steps; who has it; what was answered; what happened when.

Only what is listed here is told: no notes between offices, no person's name, no word that somebody else wrote, but the
answers meant for the citizen, and these without telephone numbers and names in them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _

from huiyin.cases import journal
from huiyin.cases.models import Case, CaseEvent
from huiyin.domain import privacy
from huiyin.domain.actions import Action
from huiyin.domain.vocabulary import ActorKind, ClockKind, Disposition, Outcome, Satisfaction, Status
from huiyin.registry import directory
from huiyin.registry.directory import UnitInfo
from huiyin.ui import wording

DONE, CURRENT, COMING = "done", "current", ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    label: str
    state: str = COMING
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the unit, or the hotline itself, answered to the citizen."""

    at: datetime
    by: str
    outcome: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    at: datetime
    label: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    headline: str
    note: str
    tone: str
    steps: Sequence[Step]
    units: Sequence[UnitInfo]
    answer: Answer | None
    lines: Sequence[Line]
    unasked: bool  # the callback ended because nobody was to call


def tell(case: Case, events: Sequence[CaseEvent], now: datetime) -> Story:
    """`events` is the whole history, oldest first; the case's clocks are prefetched."""
    headline, note, tone = _headline(case, now)
    unasked = journal.ended_unasked(events)
    return Story(
        headline=headline,
        note=note,
        tone=tone,
        steps=steps_of(case, now, unasked=unasked),
        units=units_of(case),
        answer=answer_of(events),
        lines=[line for event in reversed(events) if (line := _line(event)) is not None],
        unasked=unasked,
    )


def units_of(case: Case) -> list[UnitInfo]:
    """Who has it: the lead unit, then whoever works for it."""
    found = (directory.find_unit(unit_id) for unit_id in (case.lead_unit_id, case.sub_unit_id))
    return [unit for unit in found if unit is not None]


def clocks_of(case: Case) -> dict[ClockKind, datetime]:
    return {ClockKind(clock.kind): clock.due_at for clock in case.clocks.all()}


def answer_of(events: Sequence[CaseEvent]) -> Answer | None:
    """The last answer, unless the matter was taken up again since."""
    found = None
    for event in events:
        if event.action in _TAKEN_UP_AGAIN:
            found = None
        elif event.action == Action.REPLY:
            outcome = Outcome(event.data["outcome"]).label
            found = _answer(event, _unit_name(event.unit_id), outcome, event.data["result"])
        elif event.action in _SETTLED_BY_HOTLINE:
            found = _answer(event, _("12345热线"), Action(event.action).label, event.data["answer"])
    return found


def judgement_of(case: Case) -> list[tuple[str, str]]:
    """The citizen's own answers, question and answer; empty before they were given."""
    said = [
        (_("联系您了吗"), _yes_no(case.contacted)),
        (_("解决了吗"), _yes_no(case.solved)),
        (_("满意吗"), Satisfaction(case.satisfaction).label if case.satisfaction else ""),
    ]
    return [(question, answer) for question, answer in said if answer]


def _yes_no(value: bool | None) -> str:
    return "" if value is None else _("是") if value else _("否")


def _answer(event: CaseEvent, by: str, outcome: str, text: str) -> Answer:
    return Answer(at=event.at, by=by, outcome=outcome, text=privacy.mask_text(text))


# ---- steps

_REACHED: Mapping[Status, int] = {
    Status.RECEIVED: 1,
    Status.DISPATCHED: 2,
    Status.SIGNED: 2,
    Status.HANDLING: 2,
    Status.RETURN_REQUESTED: 2,
    Status.SUSPENDED: 2,
    Status.REPLIED: 4,
    Status.CALLBACK_PENDING: 4,
    Status.CALLED_BACK: 4,
    Status.CLOSED: 6,
}


def steps_of(case: Case, now: datetime, *, unasked: bool) -> list[Step]:
    """已受理 → 已派单 → 办理中 → 已反馈 → 回访 → 办结; matters that ended otherwise have a shorter way."""
    received = Step(label=_("已受理"), state=DONE, at=case.registered_at)
    status = Status(case.status)
    if status is Status.MERGED:
        return [received, *_sent(case), Step(label=_("已并入同一问题办理"), state=DONE, at=case.closed_at)]
    if status is Status.CANCELLED:
        return [received, Step(label=_("已作废"), state=DONE, at=case.closed_at)]
    if status is Status.CLOSED and case.disposition != Disposition.DISPATCH:
        return [received, Step(label=_("已答复，办结"), state=DONE, at=case.closed_at)]
    here = _REACHED[status]
    callback_step = partial(_callback_step, unasked=unasked)
    rest = (_dispatch_step, _handling_step, _feedback_step, callback_step, _closing_step)
    return [
        received,
        *(
            make(case, now, DONE if n < here else CURRENT if n == here else COMING)
            for n, make in enumerate(rest, start=1)
        ),
    ]


def _sent(case: Case) -> list[Step]:
    if case.lead_unit_id is None:
        return []
    return [Step(label=_("已派单至%(unit)s") % {"unit": _lead(case)}, state=DONE, at=case.dispatched_at)]


def _dispatch_step(case: Case, now: datetime, state: str) -> Step:
    if state == DONE:
        return _sent(case)[0]
    due = clocks_of(case).get(ClockKind.DISPATCH)
    note = _("正在确认由哪个单位办理") + _before(due, now, _("，%(time)s前派出"))
    return Step(label=_("派单"), state=state, note=note)


def _handling_step(case: Case, now: datetime, state: str) -> Step:
    if state != CURRENT:
        return Step(label=_("办理") if state == COMING else _("已办理"), state=state, at=case.signed_at)
    words = {
        Status.DISPATCHED: _("等待承办单位签收"),
        Status.RETURN_REQUESTED: _("正在重新确认由哪个单位办理"),
        Status.SUSPENDED: _("条件暂不具备，列入长期跟踪，定期复核"),
    }
    default = _("承办单位已与您联系") if case.contacted_at else _("承办单位已签收，将与您联系")
    return Step(label=_("办理中"), state=state, at=case.signed_at, note=words.get(Status(case.status), default))


def _feedback_step(case: Case, now: datetime, state: str) -> Step:
    if state == DONE:
        return Step(label=_("已反馈"), state=state, at=case.feedback_hotline_at)
    return Step(label=_("反馈结果"), note=_before(case.due_at, now, _("应于%(time)s前")))


def _callback_step(case: Case, now: datetime, state: str, *, unasked: bool) -> Step:
    if state == DONE and unasked:
        return Step(label=_("回访结束"), state=state, note=_("未抽中电话回访，时限内未收到评价"))
    if state == DONE:
        unheard = case.callback_valid is False
        return Step(label=_("已回访"), state=state, note=_("多次未能接通") if unheard else "")
    if state == COMING:
        return Step(label=_("回访"))
    words = {
        Status.REPLIED: _("热线将请您评价；您也可以现在就评价"),
        Status.CALLBACK_PENDING: _("等待您的评价"),
        Status.CALLED_BACK: _("已收到评价，热线正在核实"),
    }
    return Step(label=_("回访"), state=state, note=words[Status(case.status)])


def _closing_step(case: Case, now: datetime, state: str) -> Step:
    return Step(label=_("已办结") if state == DONE else _("办结"), state=state, at=case.closed_at)


# ---- the first sentence


def _headline(case: Case, now: datetime) -> tuple[str, str, str]:
    status = Status(case.status)
    unit = {"unit": _lead(case)}
    if status is Status.RECEIVED:
        return _("已受理，正在安排承办单位"), _limit(case, now), ""
    if status is Status.REPLIED:
        return _("%(unit)s已答复") % unit, _("请看下面的办理结果，并告诉我们您是否满意。"), "green"
    if status is Status.SUSPENDED:
        return _("这件事需要较长时间"), _("%(unit)s继续跟踪，条件具备后恢复办理。") % unit, "amber"
    if status in _SAID:
        say = _SAID[status]
        return say(case)
    text = _("已派给%(unit)s") if status is Status.DISPATCHED else _("%(unit)s正在办理")
    late = case.due_at is not None and case.due_at < now
    return text % unit, _limit(case, now), "amber" if late else ""


def _closed(case: Case) -> tuple[str, str, str]:
    if case.disposition != Disposition.DISPATCH:
        return _("已答复"), _("请看下面的答复。如还有疑问，请拨打12345。"), "green"
    return _("已办结"), _("如果问题又出现或没有真正解决，请拨打12345，我们为您重新登记或重新办理。"), "green"


_SAID: Mapping[Status, Callable[[Case], tuple[str, str, str]]] = {
    Status.CALLBACK_PENDING: lambda case: (_("请您评价办理情况"), _("您的评价直接计入承办单位的考评。"), ""),
    Status.CALLED_BACK: lambda case: (
        _("已收到您的评价"),
        _("您反映问题没有解决好，热线正在核实，将决定是否退回重新办理。"),
        "",
    ),
    Status.CLOSED: _closed,
    Status.MERGED: lambda case: (_("已与同一问题合并办理"), _("办理进展见下面，结果同样会答复您。"), ""),
    Status.CANCELLED: lambda case: (_("这次登记已作废"), _("如有疑问，请拨打12345并报编号。"), ""),
}


def _limit(case: Case, now: datetime) -> str:
    if case.due_at is None:
        return ""
    if case.due_at < now:
        return _("已超过办理时限（%(time)s），系统已催促承办单位。") % {"time": wording.relative(case.due_at, now)}
    return _("应于%(time)s前办理完并答复您。") % {"time": wording.relative(case.due_at, now)}


def _before(moment: datetime | None, now: datetime, words: str) -> str:
    return "" if moment is None or moment < now else words % {"time": wording.relative(moment, now)}


# ---- the history

_TAKEN_UP_AGAIN = frozenset({Action.REWORK, Action.REOPEN})
_SETTLED_BY_HOTLINE = frozenset({Action.DIRECT_ANSWER, Action.REFER_ELSEWHERE, Action.PERSUADE})


def _line(event: CaseEvent) -> Line | None:
    say = _LINES.get(Action(event.action))
    label = say(event) if say else ""
    if not label:
        return None
    mine = event.actor_kind == ActorKind.CITIZEN
    text = str(event.data.get("note") or "") if mine and event.action in _OWN_WORDS else ""
    return Line(at=event.at, label=label, text=text)


def _by_unit(words: str) -> Callable[[CaseEvent], str]:
    return lambda event: words % {"unit": _unit_name(event.unit_id)}


def _to_unit(event: CaseEvent) -> str:
    units = (directory.find_unit(event.sets.get(name)) for name in ("lead_unit_id", "sub_unit_id"))
    told = "、".join(unit.short_name for unit in units if unit is not None)
    return _("派单至%(unit)s") % {"unit": told} if told else ""


def _judged(event: CaseEvent) -> str:
    if event.data.get("reached") is False:
        return _("热线回访，未能接通")
    return _("您作了评价") if event.actor_kind == ActorKind.CITIZEN else _("热线回访，您作了评价")


def _if_granted(words: str) -> Callable[[CaseEvent], str]:
    return lambda event: words if event.data.get("granted") else ""


_OWN_WORDS = frozenset({Action.SUPPLEMENT, Action.URGE})
_LINES: Mapping[Action, Callable[[CaseEvent], str]] = {
    Action.REGISTER: lambda event: _("已受理"),
    Action.DISPATCH: _to_unit,
    Action.REDISPATCH: _to_unit,
    Action.RULE_RETURN: _to_unit,
    Action.HAND_DOWN: _to_unit,
    Action.SIGN: _by_unit("%(unit)s已签收"),
    Action.NOTE_CONTACT: lambda event: _by_unit(
        "%(unit)s与您联系" if event.data.get("reached") else "%(unit)s联系您，未能接通"
    )(event),
    Action.ADD_NOTE: _by_unit("%(unit)s记录了办理进展"),
    Action.DECIDE_EXTENSION: _if_granted("经批准，办理时间延长"),
    Action.DECIDE_SUSPENSION: _if_granted("条件暂不具备，经批准列入长期跟踪"),
    Action.RELEASE: lambda event: _("恢复办理"),
    Action.SUPPLEMENT: lambda event: (
        _("您补充了情况") if event.actor_kind == ActorKind.CITIZEN else _("热线代您补充了情况")
    ),
    Action.URGE: lambda event: _("您催办了一次") if event.actor_kind == ActorKind.CITIZEN else _("热线代您催办"),
    Action.SUPERVISE: lambda event: _("已督办"),
    Action.REPLY: _by_unit("%(unit)s反馈了办理结果"),
    Action.START_CALLBACK: lambda event: _("开始回访"),
    Action.RECORD_CALLBACK: _judged,
    Action.CLOSE_UNASKED: lambda event: _("回访结束，没有收到您的评价"),
    Action.REWORK: lambda event: _("退回承办单位重新办理"),
    Action.REOPEN: lambda event: _("重新办理"),
    Action.CLOSE: lambda event: _("办结"),
    Action.DIRECT_ANSWER: lambda event: _("热线已答复，办结"),
    Action.REFER_ELSEWHERE: lambda event: _("热线已告知办理渠道，办结"),
    Action.PERSUADE: lambda event: _("热线已答复，办结"),
    Action.MERGE: lambda event: _("并入同一问题办理"),
    Action.CANCEL: lambda event: _("登记作废"),
}


def _unit_name(unit_id: int | None) -> str:
    unit = directory.find_unit(unit_id)
    return unit.short_name if unit else _("承办单位")


def _lead(case: Case) -> str:
    return _unit_name(case.lead_unit_id)
