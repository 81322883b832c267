"""The cases behind the figures that a meeting talks about: what it was, what happened; nobody can be recognised."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from huiyin.accounts import sealed
from huiyin.cases.models import Case, CaseEvent
from huiyin.domain.actions import Action
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.privacy import mask_address, mask_person, mask_text
from huiyin.domain.vocabulary import Grade, Satisfaction
from huiyin.packs.contents import CaseLine, Section
from huiyin.packs.ground import Behind
from huiyin.packs.subject import Subject
from huiyin.registry import directory

MOST = 10
_TITLE, _REPLY = 40, 80  # characters that are told of each
_MESSAGE = "{}件未解决或不满意的案件，建议逐件过"
_DONE = "办理情况："  # where a reply in the prescribed form comes to the point
_NAMES = "case_no title district_id street_id community_id grade registered_at feedback_hotline_at"
_FIELDS = (*_NAMES.split(), "round", "supervised", "urge_count", "confidential", "requester__name_sealed")


def told(subject: Subject) -> Section:
    """Two statements. The heaviest of every lead unit were chosen before; of a district the heaviest of those."""
    judged = {one.case_id: one for lead in subject.leads for one in subject.ground.behind.get(lead, ())}
    known = Case.objects.filter(pk__in=judged).select_related("requester").only(*_FIELDS)
    cases = [case for case in known if not case.confidential]
    cases.sort(key=_weight)
    chosen = cases[:MOST]
    replies = _replies([case.pk for case in chosen])
    lines = tuple(_line(case, judged[case.pk], replies.get(case.pk, "")) for case in chosen)
    return Section(
        code="cases",
        heading="数字背后的案件",
        message=_MESSAGE.format(len(lines)) if lines else "本期没有未解决或不满意的案件",
        cases=lines,
    )


def without(section: Section, hidden: Collection[int]) -> Section:
    """The section as it may still be shown after these cases became confidential; its message counts what is left."""
    left = tuple(case for case in section.cases if case.case_id not in hidden)
    if len(left) == len(section.cases):
        return section
    return replace(
        section, cases=left, message=_MESSAGE.format(len(left)) if left else "所列案件均已设为保密，不再显示"
    )


def _weight(case: Case) -> tuple[object, ...]:
    return not case.supervised, case.round < 2, -case.urge_count, list(Grade).index(Grade(case.grade)), case.pk


def _line(case: Case, judged: Behind, reply: str) -> CaseLine:
    place = _place(case)
    name = sealed.unseal(case.requester.name_sealed)
    title = _short(case.title, _TITLE, name)
    return CaseLine(
        case_id=case.pk,
        case_no=case.case_no,
        flags=tuple(_flags(case, judged)),
        what=f"{place}：{title}" if place else title,
        happened="；".join(_happened(case, _short(reply.split(_DONE)[-1], _REPLY, name))) + "。",
    )


def _flags(case: Case, judged: Behind) -> Iterable[str]:
    if judged.solved is False:
        yield "未解决"
    elif judged.solved is None and judged.satisfaction != Satisfaction.UNSATISFIED:
        yield "未确认解决"
    if judged.satisfaction == Satisfaction.UNSATISFIED:
        yield "不满意"
    if judged.contacted is False:
        yield "未联系"
    if case.supervised:
        yield "督办"
    if case.round > 1:
        yield "二次办理"
    if case.grade in (Grade.CRITICAL, Grade.URGENT):
        yield Grade(case.grade).label


def _happened(case: Case, reply: str) -> Iterable[str]:
    yield f"{_day(case.registered_at)}登记"
    if case.urge_count:
        yield f"催办{case.urge_count}次"
    if case.feedback_hotline_at is None:
        yield "尚未答复"
    else:
        yield f"{_day(case.feedback_hotline_at)}答复" + (f"：{reply}" if reply else "")


def _replies(case_ids: list[int]) -> dict[int, str]:
    """The last reply of each, in the unit's words."""
    events = CaseEvent.objects.filter(case_id__in=case_ids, action=str(Action.REPLY)).order_by("case_id", "seq")
    return {event.case_id: str(event.data.get("result", "")) for event in events.only("case_id", "data")}


def _place(case: Case) -> str:
    areas = (directory.find_area(area_id) for area_id in (case.district_id, case.street_id, case.community_id))
    return "".join(area.short_name for area in areas if area)


def _short(text: str, most: int, name: str) -> str:
    """Without the caller's name and without doors, too: what is projected is read by everybody in the room."""
    plain = mask_address(mask_text(mask_person(" ".join(text.split()), name))).rstrip("。")
    return plain if len(plain) <= most else f"{plain[:most]}…"


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(CITY_ZONE):%m月%d日}"
