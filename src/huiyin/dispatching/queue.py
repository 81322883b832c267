"""The dispatcher's queue: what waits for dispatch, for a ruling, for a decision; the pressing ones first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import Case as SqlCase
from django.db.models import IntegerField, Q, QuerySet, Value, When

from huiyin.cases.models import Case
from huiyin.cases.paging import Page, page
from huiyin.cases.presenters import names
from huiyin.domain.actions import Action
from huiyin.domain.vocabulary import Asked, Grade, Status, Term
from huiyin.registry import directory

PAGE_SIZE: Final = 50
BULK_SIZE: Final = 100
_ORDER = ("pressing", "registered_at", "id")
_PRESSING = SqlCase(
    *(When(grade=str(grade), then=Value(rank)) for rank, grade in enumerate(Grade)), output_field=IntegerField()
)


class Tab(Term):
    """What the dispatcher has to decide."""

    DISPATCH = "dispatch", "待派单"
    RETURNS = "returns", "退单裁决"
    EXTENSIONS = "extensions", "延期审批"
    SUSPENSIONS = "suspensions", "挂账审批"
    CALLED_BACK = "called_back", "回访不满意"


_WAITING: Mapping[Tab, Q] = {
    Tab.DISPATCH: Q(status=str(Status.RECEIVED)),
    Tab.RETURNS: Q(status=str(Status.RETURN_REQUESTED)),
    Tab.EXTENSIONS: Q(closed_at__isnull=True, extension=str(Asked.REQUESTED)),
    Tab.SUSPENSIONS: Q(closed_at__isnull=True, suspension=str(Asked.REQUESTED)),
    Tab.CALLED_BACK: Q(status=str(Status.CALLED_BACK)),
}
# What is asked of the dispatcher in each tab; in the first one dispatching is the usual answer of several.
DECISION: Mapping[Tab, Action] = {
    Tab.DISPATCH: Action.DISPATCH,
    Tab.RETURNS: Action.RULE_RETURN,
    Tab.EXTENSIONS: Action.DECIDE_EXTENSION,
    Tab.SUSPENSIONS: Action.DECIDE_SUSPENSION,
    Tab.CALLED_BACK: Action.REWORK,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which part of a tab is shown."""

    tab: Tab = Tab.DISPATCH
    district_id: int | None = None
    grade: str = ""
    sure: bool = False  # only cases whose proposal names a unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the queue, ready to be read."""

    case: Case
    place: str
    class_name: str
    unit: str  # proposed, or the present owner
    confidence: int | None  # in hundredths
    reason: str


def waiting(wanted: Wanted) -> QuerySet[Case]:
    """Uses case_queue or case_decisions: these indexes hold only what waits."""
    found = Case.objects.filter(_WAITING[wanted.tab]).annotate(pressing=_PRESSING)
    if wanted.district_id:
        found = found.filter(district_id=wanted.district_id)
    if wanted.grade:
        found = found.filter(grade=wanted.grade)
    if wanted.sure:
        found = found.filter(proposal__unit__unit_id__isnull=False).exclude(proposal__unit__unit_id=None)
    return found


def lines(wanted: Wanted, cursor: str) -> Page[Case]:
    return page(waiting(wanted), order=_ORDER, cursor=cursor, size=PAGE_SIZE)


def line(case: Case) -> Line:
    proposal = case.proposal or {}
    unit = proposal.get("unit") or {}
    owned = case.lead_unit_id is not None
    code = case.class_code or next((found["code"] for found in proposal.get("classes", ())), "")
    return Line(
        case=case,
        place=names.place_of(case),
        class_name=names.class_leaf(case.taxonomy_edition_id, code),
        unit=names.unit_name(case.lead_unit_id if owned else unit.get("unit_id")),
        confidence=None if owned else _hundredths(proposal.get("confidence")),
        reason="；".join(unit.get("reasons", ())),
    )


_COUNTS = """
SELECT count(*) FILTER (WHERE status = 'received'), count(*) FILTER (WHERE status = 'return_requested'),
       count(*) FILTER (WHERE status = 'called_back'),
       (SELECT count(*) FROM hotline_case WHERE closed_at IS NULL AND extension = 'requested'),
       (SELECT count(*) FROM hotline_case WHERE closed_at IS NULL AND suspension = 'requested'),
       coalesce(max(id), 0)
  FROM hotline_case WHERE status IN ('received', 'return_requested', 'called_back')
"""


def counts() -> tuple[dict[Tab, int], str]:
    """How many wait in each tab, and a stamp that changes with them (for live pages); one statement on the queue's
    partial indexes."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS)
        received, returns, called_back, extensions, suspensions, newest = cursor.fetchone()
    found = {
        Tab.DISPATCH: received,
        Tab.RETURNS: returns,
        Tab.EXTENSIONS: extensions,
        Tab.SUSPENSIONS: suspensions,
        Tab.CALLED_BACK: called_back,
    }
    return found, "-".join(str(number) for number in (*found.values(), newest))


def next_waiting(wanted: Wanted, *, after: Case, now: datetime) -> Case | None:
    """The case that the dispatcher turns to next, once this one is done."""
    following = waiting(wanted).exclude(pk=after.pk).order_by(*_ORDER)
    rank = list(Grade).index(Grade(after.grade))
    later = following.filter(Q(pressing__gt=rank) | Q(pressing=rank, registered_at__gte=after.registered_at)).first()
    return later or following.first()


def proposed_values(case: Case) -> dict[str, Any]:
    """What the machine would answer, for the form's fields."""
    proposal = case.proposal or {}
    unit = proposal.get("unit") or {}
    best = next((found["code"] for found in proposal.get("classes", ())), "")
    refused = set(case.refused_unit_ids)
    unit_id = unit.get("unit_id")
    return {
        "class_code": case.class_code or best,
        "unit_id": unit_id if unit_id in directory.units() and unit_id not in refused else None,
        "sub_unit_id": unit.get("sub_unit_id"),
    }


def _hundredths(confidence: float | None) -> int | None:
    return None if confidence is None else round(confidence * 100)
