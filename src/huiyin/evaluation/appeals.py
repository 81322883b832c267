"""Appeals against a callback's answer: another agent calls again; both answers stay, one of them counts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from huiyin.accounts.viewer import Viewer
from huiyin.cases import references
from huiyin.cases.models import Case, CaseEvent
from huiyin.domain import exclusions as rules
from huiyin.domain.actions import FIELDS, Action
from huiyin.domain.errors import InvalidData, NotPermitted
from huiyin.domain.exclusions import AlreadyAsked, AlreadyRuled, AppealTooLate, NothingToAppeal
from huiyin.domain.fields import parse
from huiyin.domain.moves.callback import UNSOLVABLE
from huiyin.domain.vocabulary import ActorKind, Role
from huiyin.evaluation import periods, telling
from huiyin.evaluation.exclusions import UNIT_ROLES
from huiyin.evaluation.models import Appeal
from huiyin.registry import rulebook

_BESIDE = 0  # evidence belongs to no event of the case
_CONCLUDING = (str(Action.RECORD_CALLBACK), str(Action.CLOSE_UNASKED))


@transaction.atomic
def file(case_id: int, *, grounds: str, files: Sequence[int] = (), by: Viewer, now: datetime) -> Appeal:
    """By the lead unit, within the scheme's working days after the answer; once a case."""
    case = Case.objects.select_for_update().get(pk=case_id)
    if not by.has(*UNIT_ROLES) or case.lead_unit_id != by.unit_id:
        raise NotPermitted("只有主办单位可以申诉")
    answer = answer_of(case)
    if not case.callback_valid or answer is None:
        raise NothingToAppeal
    until = until_when(answer)
    if now > until:
        raise AppealTooLate(f"申诉时限为 {until:%m月%d日 %H:%M}，已超过。")
    words = rules.reason_given(grounds, "grounds")
    references.check_files(tuple(files), actor=by.actor())
    try:
        with transaction.atomic():
            made = Appeal.objects.create(
                case_id=case_id,
                unit_id=case.lead_unit_id,
                grounds=words,
                attachment_ids=list(files),
                filed_by_id=by.staff_id,
                filed_by=by.name,
                filed_at=now,
                first_agent_id=answer.actor_id if answer.actor_kind == ActorKind.STAFF else None,
            )
    except IntegrityError as exc:
        raise AlreadyAsked("此案件已申诉过，每件只能申诉一次。") from exc
    references.bind_files(tuple(files), case_id=case_id, seq=_BESIDE)
    return made


@transaction.atomic
def rule(appeal_id: int, *, upheld: bool, answers: Mapping[str, Any], reason: str, by: Viewer, now: datetime) -> Appeal:
    """By a callback agent who did not ask the first time; upheld only with what the citizen answered now."""
    found = Appeal.objects.select_for_update().get(pk=appeal_id)
    if not may_rule(by):
        raise NotPermitted("由回访员复访")
    if found.upheld is not None:
        raise AlreadyRuled
    rules.check_reviewer(by.staff_id, [found.first_agent_id, found.filed_by_id])
    found.reason, found.upheld = rules.reason_given(reason), upheld
    found.ruled_by_id, found.ruled_by, found.ruled_at = by.staff_id, by.name, now
    if upheld:
        rules.check_standing(asked_since=asked_since(found))
        case = Case.objects.get(pk=found.case_id)
        found.contacted, found.solved, found.satisfaction = _answers(answers, about_solving=_solvable(case))
    found.save()
    verdict = "成立，以复访结果计入" if upheld else "不成立，维持原回访结果"
    telling.tell_unit(found, f"申诉{verdict}：{found.reason}", now=now)
    return found


def may_rule(viewer: Viewer) -> bool:
    return viewer.sees == "city" and viewer.has(Role.CALLBACK_AGENT)


def answer_of(case: Case) -> CaseEvent | None:
    """The callback that concluded the case as it stands."""
    return _last_answer(CaseEvent.objects.filter(case_id=case.pk))


def answer_against(appeal: Appeal) -> CaseEvent | None:
    """The answer that the unit appealed against, whatever the citizen said later."""
    return _last_answer(CaseEvent.objects.filter(case_id=appeal.case_id, at__lte=appeal.filed_at))


def asked_since(appeal: Appeal) -> bool:
    """Whether another callback has come to something, so that a second call would be about another handling."""
    later = CaseEvent.objects.filter(case_id=appeal.case_id, at__gt=appeal.filed_at, action__in=_CONCLUDING)
    return any(event.sets.get("callback_valid") is not None for event in later)


def until_when(answer: CaseEvent) -> datetime:
    _, scheme = periods.rules_at(answer.at)
    return rules.appeal_until(answer.at, scheme.review.appeal_working_days, rulebook.calendar())


def _last_answer(events: QuerySet[CaseEvent]) -> CaseEvent | None:
    asked = events.filter(action=str(Action.RECORD_CALLBACK)).order_by("-seq")
    return next((event for event in asked if event.sets.get("callback_valid")), None)


def _solvable(case: Case) -> bool:
    return case.request_type not in {str(kind) for kind in UNSOLVABLE}


def _answers(given: Mapping[str, Any], *, about_solving: bool) -> tuple[bool, bool | None, str]:
    """All that a callback asks; InvalidData names each question without an answer."""
    asked = {"contacted": "请选择是否联系", "satisfaction": "请选择是否满意"}
    if about_solving:
        asked["solved"] = "请选择是否解决"
    fields = tuple(field for field in FIELDS[Action.RECORD_CALLBACK] if field.name in asked)
    values = parse(fields, {name: given.get(name, "") for name in asked})
    missing = {name: words for name, words in asked.items() if values[name] is None}
    if missing:
        raise InvalidData(missing)
    return values["contacted"], values.get("solved"), str(values["satisfaction"])
