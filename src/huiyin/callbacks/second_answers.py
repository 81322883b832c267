"""A second answer of a citizen: kept beside the first with its reason; it alters no event and no figure.

What it may lead to is decided by people: an appeal's second call (evaluation.appeals), or taking the case up again.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from huiyin.accounts.viewer import Viewer
from huiyin.callbacks.models import Invitation, SecondAnswer
from huiyin.callbacks.vocabulary import Way
from huiyin.cases.models import Case, CaseEvent
from huiyin.domain.actions import FIELDS, Action
from huiyin.domain.errors import DomainError, InvalidData, NotPermitted
from huiyin.domain.fields import parse
from huiyin.domain.moves.callback import UNSOLVABLE
from huiyin.domain.vocabulary import ActorKind, Role, Status

READERS = (Role.CALLBACK_AGENT, Role.EVALUATOR, Role.AUDITOR)
_TOLD_WITHIN = timedelta(days=90)
_MOST = 5  # of one case: who has more to say is better heard by a person
_REASON_CHARS = 200


class NothingFirst(DomainError):
    """这件诉求还没有回访结果，请直接作答。"""

    code = "nothing_first"


class EnoughSaid(DomainError):
    """这件诉求已多次补充评价，请拨打12345由热线当面核实。"""

    code = "enough_said"


def may_read(viewer: Viewer) -> bool:
    """Roles of the hotline only: a unit learns of a second answer when it leads to something."""
    return viewer.sees == "city" and viewer.has(*READERS)


def of_case(viewer: Viewer, case: Case) -> list[SecondAnswer]:
    if not may_read(viewer):
        return []
    return list(SecondAnswer.objects.filter(case=case).order_by("at", "pk"))


def first_of(case: Case) -> CaseEvent | None:
    """The event that settled the callback as it stands: an answer, or the attempt after which it was given up."""
    asked = CaseEvent.objects.filter(
        case_id=case.pk,
        at__gte=case.registered_at,
        action__in=[str(Action.RECORD_CALLBACK), str(Action.CLOSE_UNASKED)],
    ).order_by("-seq")
    return next((event for event in asked if event.sets.get("callback_valid") is not None), None)


def is_open(case: Case, now: datetime) -> bool:
    """Whether the citizen may say it once more: there is a result, not too old, and nobody is at work on it again."""
    if case.callback_valid is None or case.status not in (Status.CALLED_BACK, Status.CLOSED):
        return False
    return case.closed_at is None or now - case.closed_at <= _TOLD_WITHIN


def keep_by_phone(case: Case, *, answers: Mapping[str, object], reason: str, by: Viewer, now: datetime) -> SecondAnswer:
    """What a citizen said to an agent who called, or was called by him, after the result stood."""
    if not (by.sees == "city" and by.has(Role.CALLBACK_AGENT)):
        raise NotPermitted
    if not reason.strip():
        raise InvalidData({"reason": "请写明诉求人为什么再次评价"})
    return keep(case, way=Way.PHONE, answers=answers, reason=reason, by=by, now=now)


def keep(
    case: Case,
    *,
    way: Way,
    answers: Mapping[str, object],
    reason: str = "",
    invitation: Invitation | None = None,
    by: Viewer | None = None,
    now: datetime,
) -> SecondAnswer:
    """The case's row is locked by who calls, or two at once cannot do harm: each is a row of its own."""
    first = first_of(case)
    if first is None or not is_open(case, now):
        raise NothingFirst
    since = case.dispatched_at or case.registered_at  # of this handling: a reopened case is judged anew
    if SecondAnswer.objects.filter(case=case, round=case.round, at__gte=since).count() >= _MOST:
        raise EnoughSaid
    said = checked(case, answers)
    return SecondAnswer.objects.create(
        case=case,
        round=case.round,
        first_seq=first.seq,
        way=way,
        contacted=said["contacted"],
        solved=said["solved"],
        satisfaction=said["satisfaction"],
        attitude=said["attitude"] or "",
        words=said["remark"] or "",
        reason=(reason.strip() or _why(first))[:_REASON_CHARS],
        at=now,
        by_id=by.staff_id if by else None,
        by_name=by.name if by else "",
        invitation=invitation,
    )


def checked(case: Case, answers: Mapping[str, object]) -> dict[str, object]:
    """The same questions as a callback asks; InvalidData names each one without an answer."""
    asked = {"contacted": "请选择是否联系", "satisfaction": "请选择是否满意"}
    if case.request_type not in {str(kind) for kind in UNSOLVABLE}:
        asked["solved"] = "请选择是否解决"
    names = ("contacted", "solved", "satisfaction", "attitude", "remark")
    fields = tuple(field for field in FIELDS[Action.RECORD_CALLBACK] if field.name in names)
    said = parse(fields, {name: answers.get(name) for name in names})
    missing = {name: words for name, words in asked.items() if said[name] is None}
    if missing:
        raise InvalidData(missing)
    if "solved" not in asked:
        said["solved"] = None
    return said


def _why(first: CaseEvent) -> str:
    """The reason that lies in how the first one came about, where nobody gave one."""
    if first.action == Action.CLOSE_UNASKED:
        return "回访未抽中、时限内未评价而结束，诉求人事后作答"
    if first.sets.get("callback_valid") is False:
        return "回访已按多次未接通结束，诉求人事后作答"
    if first.actor_kind == ActorKind.CITIZEN:
        return "诉求人已在网上评价，再次作答"
    return "电话回访已有结果，诉求人再次作答"
