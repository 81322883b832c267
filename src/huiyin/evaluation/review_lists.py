"""What waits for whom: applications for exclusion at the district, at the hotline, drawn for a re-check; appeals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Model, Q, QuerySet

from huiyin.accounts.viewer import Viewer
from huiyin.cases.models import Case
from huiyin.cases.paging import Page, page
from huiyin.cases.presenters.rows import Row, rows_of
from huiyin.cases.visibility import visible_to
from huiyin.domain.exclusions import WAITING, ExclusionKind, Ruling
from huiyin.domain.vocabulary import Role, Term, UnitKind
from huiyin.evaluation.models import Appeal, Exclusion
from huiyin.registry import directory, rulebook
from huiyin.registry.models import ReasonKind

PAGE_SIZE: Final = 50
_CITY = frozenset(
    {Role.EVALUATOR, Role.AUDITOR, Role.LEADER, Role.ANALYST, Role.CALLBACK_AGENT, Role.DISPATCHER, Role.ADMINISTRATOR}
)


class Tab(Term):
    PREVIEW = "preview", "待区级预审"
    REVIEW = "review", "待审核"
    RECHECK = "recheck", "抽样复核"
    APPEAL = "appeal", "申诉待复访"
    DECIDED = "decided", "剔除已裁决"
    ANSWERED = "answered", "申诉已裁决"


_NEW_FIRST = ("-applied_at", "-id")
_ORDER: Mapping[Tab, tuple[str, ...]] = {
    Tab.PREVIEW: ("applied_at", "id"),
    Tab.REVIEW: ("applied_at", "id"),
    Tab.RECHECK: ("applied_at", "id"),
    Tab.APPEAL: ("filed_at", "id"),
    Tab.DECIDED: _NEW_FIRST,
    Tab.ANSWERED: ("-filed_at", "-id"),
}
_EXCLUSIONS: Mapping[Tab, Q] = {
    Tab.PREVIEW: Q(ruling=str(Ruling.APPLIED)),
    Tab.REVIEW: Q(ruling=str(Ruling.PREVIEWED)),
    Tab.RECHECK: Q(recheck__isnull=False, recheck__checked_at__isnull=True),
    Tab.DECIDED: ~Q(ruling__in=sorted(map(str, WAITING))),
}
_APPEALS: Mapping[Tab, Q] = {Tab.APPEAL: Q(upheld__isnull=True), Tab.ANSWERED: Q(upheld__isnull=False)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One application or appeal with its case; `what` is what it asks for, `state` where it stands."""

    item: Exclusion | Appeal
    row: Row
    unit: str
    what: str
    state: str
    at: datetime


def tabs_for(viewer: Viewer) -> list[Tab]:
    """A re-check is the hotline's own affair."""
    return [tab for tab in Tab if tab is not Tab.RECHECK or viewer.sees == "city"]


def first_tab(viewer: Viewer) -> Tab:
    """Where this person's own work waits."""
    if viewer.sees == "city":
        if viewer.has(Role.EVALUATOR):
            return Tab.REVIEW
        return Tab.APPEAL if viewer.has(Role.CALLBACK_AGENT) else Tab.DECIDED
    return Tab.PREVIEW if viewer.unit_kind == UnitKind.DISTRICT_GOV else Tab.DECIDED


def exclusions_for(viewer: Viewer) -> QuerySet[Exclusion]:
    return Exclusion.objects.filter(_scope(viewer, district="district_id"), case_id__in=_cases(viewer))


def appeals_for(viewer: Viewer) -> QuerySet[Appeal]:
    return Appeal.objects.filter(_scope(viewer), case_id__in=_cases(viewer))


def counts(viewer: Viewer) -> dict[Tab, int]:
    """How many wait in each list; those that are decided are not counted."""
    waiting = [tab for tab in tabs_for(viewer) if tab not in (Tab.DECIDED, Tab.ANSWERED)]
    return {tab: _listed(viewer, tab).count() for tab in waiting}


def lines(viewer: Viewer, tab: Tab, now: datetime, cursor: str = "") -> tuple[list[Line], Page[Any]]:
    """A page of one list; four statements, however many lines."""
    found = page(_listed(viewer, tab), order=_ORDER[tab], cursor=cursor, size=PAGE_SIZE)
    return lines_of(found.rows, viewer, now), found


def lines_of(items: Sequence[Any], viewer: Viewer, now: datetime) -> list[Line]:
    cases = Case.objects.filter(pk__in=[one.case_id for one in items]).prefetch_related("clocks")
    rows = {row.case.pk: row for row in rows_of(list(cases), viewer, now)}
    known = reasons()
    return [_line(one, rows[one.case_id], known) for one in items if one.case_id in rows]


def reasons() -> dict[str, str]:
    return {reason.code: reason.label for reason in rulebook.reasons(ReasonKind.EXCLUSION)}


def stamp(given: Mapping[Tab, int], newest: Iterable[object]) -> str:
    return "-".join([*map(str, given.values()), *map(str, newest)])


def _line(item: Exclusion | Appeal, row: Row, known: Mapping[str, str]) -> Line:
    unit = directory.find_unit(item.unit_id)
    if isinstance(item, Appeal):
        what, at = "对回访结果申诉", item.filed_at
        state = {None: "待复访", True: "成立", False: "不成立"}[item.upheld]
    else:
        what = f"{ExclusionKind(item.kind).label}：{known.get(item.reason_code, item.reason_code)}"
        state, at = Ruling(item.ruling).label, item.applied_at
    return Line(item=item, row=row, unit=unit.short_name if unit else "", what=what, state=state, at=at)


def _listed(viewer: Viewer, tab: Tab) -> QuerySet[Any]:
    rows: QuerySet[Model] = (
        appeals_for(viewer).filter(_APPEALS[tab])  # type: ignore[assignment]  # one of two kinds
        if tab in _APPEALS
        else exclusions_for(viewer).filter(_EXCLUSIONS[tab])
    )
    return rows


def _scope(viewer: Viewer, district: str = "") -> Q:
    if viewer.sees == "city":
        return Q() if viewer.has(*_CITY) else Q(pk__in=[])
    own = Q(unit_id__in=sorted(viewer.unit_ids))
    if district and viewer.sees == "district" and viewer.district_id is not None:
        own |= Q(**{district: viewer.district_id})
    return own


def _cases(viewer: Viewer) -> Any:
    return Case.objects.filter(visible_to(viewer)).values("pk")
