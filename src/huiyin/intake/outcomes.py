"""What the operator reads out and sees after an entry: number, code, where it went and why, what is due when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from huiyin.accounts.viewer import Viewer
from huiyin.cases import disclosure, numbers
from huiyin.cases.models import Case
from huiyin.cases.presenters import lights, names
from huiyin.domain.vocabulary import ClockKind, Disposition, Status
from huiyin.intake.filing import Filed

_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`headline` says what happened; `script` can be read out to the caller as it stands.

    `code` is empty where the viewer may not have it.
    """

    case: Case
    headline: str
    number: str
    code: str
    where: str
    why: str
    clocks: Sequence[lights.ShownClock]
    script: str


def of(filed: Filed, *, viewer: Viewer, now: datetime) -> Outcome:
    case = filed.case
    told = filed.into or case  # a merged case goes on under the other one's number, but keeps its own receipt
    clocks = lights.shown(case.clocks.all(), now)
    number = numbers.grouped(case.case_no)
    code = disclosure.access_code_for(viewer, case)
    return Outcome(
        case=case,
        headline=_headline(filed),
        number=number,
        code=code,
        where=_where(filed),
        why=_why(case),
        clocks=clocks,
        script=_script(case, told, number, code, clocks),
    )


def _headline(filed: Filed) -> str:
    match filed.case.disposition:
        case Disposition.DIRECT_ANSWER:
            return "已直接答复并办结"
        case Disposition.REFER_ELSEWHERE:
            return "已告知其他渠道并办结"
        case Disposition.PERSUADE:
            return "已劝导教育并办结"
        case Disposition.MERGED:
            return "已登记并入已有工单"
    return "已派单" if filed.case.status == Status.DISPATCHED else "已登记，待派单员派单"


def _where(filed: Filed) -> str:
    case = filed.case
    if filed.into is not None:
        unit = names.unit_name(filed.into.lead_unit_id) or "待派单"
        return f"并入 {numbers.grouped(filed.into.case_no)}（{unit}）"
    if not case.lead_unit_id:
        return "热线派单员" if case.closed_at is None else "热线中心"
    sub = names.unit_name(case.sub_unit_id)
    return names.unit_name(case.lead_unit_id) + (f" › {sub}" if sub else "")


def _why(case: Case) -> str:
    if case.closed_at is not None or not case.proposal:
        return ""
    reasons = "；".join(case.proposal["unit"]["reasons"])
    return reasons if case.lead_unit_id else f"把握不足，未自动派单。{reasons}"


def _script(case: Case, told: Case, number: str, code: str, clocks: Sequence[lights.ShownClock]) -> str:
    if case.closed_at is not None and told is case:
        return ""
    spoken = number.replace("-", " ")
    asking = f"查询码 {code}" if code else "查进度请拨打 12345"
    lines = [f"您反映的问题已受理，编号 {spoken}，{asking}。"]
    unit = names.unit_name(told.lead_unit_id)
    contact = next((clock for clock in clocks if clock.kind is ClockKind.CONTACT), None)
    if told is not case:
        lines.append("这个问题已有工单在办，办理结果会一并答复您。")
    elif unit and contact:
        lines.append(f"已转{unit}办理，{_day(contact.due_at)}前会与您联系。")
    else:
        lines.append("将尽快转承办单位办理，办理单位会与您联系。")
    return "".join(lines)


def _day(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local.month}月{local.day}日（周{_WEEKDAYS[local.weekday()]}）{local:%H:%M}"
