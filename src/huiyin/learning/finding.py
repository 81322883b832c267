"""The cases behind a figure of the learning page, as far as the viewer may see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet, prefetch_related_objects

from huiyin.accounts.viewer import Viewer
from huiyin.cases import searches, selectors
from huiyin.cases.models import Case
from huiyin.cases.paging import Page, page
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.numerals import whole
from huiyin.learning import figures
from huiyin.learning.models import Kind, Outcome

WHAT: Final[Mapping[str, tuple[str, Q]]] = {
    "dispatched": ("派往单位的案件", Q()),
    "automatic": ("自动派单的案件", Q(automatic=True)),
    "wrong": ("自动派单后改由其他单位承办的案件", Q(automatic=True, unit_right=False)),
    "unit_known": ("承办单位建议已见分晓的案件", Q(unit_right__isnull=False)),
    "unit_wrong": ("承办单位建议不对的案件", Q(unit_right=False)),
    "class_known": ("问题分类建议已见分晓的案件", Q(class_right__isnull=False)),
    "class_wrong": ("问题分类建议不对的案件", Q(class_right=False)),
}
CORRECTED: Final = "corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    what: str
    week: date | None = None
    class_prefix: str = ""
    unit_id: int | None = None
    step: int | None = None
    kind: str = ""
    proposed: str = ""
    final: str = ""


def asked_of(given: Mapping[str, str]) -> Asked:
    """From the address of a page; what makes no sense narrows nothing."""
    what, kind = given.get("what", ""), given.get("kind", "")
    return Asked(
        what=what if what in WHAT or what == CORRECTED else "dispatched",
        week=_day(given.get("week", "")),
        class_prefix=given.get("class", "")[:6] if given.get("class", "").isdecimal() else "",
        unit_id=_number(given.get("unit", "")),
        step=_number(given.get("step", "")),
        kind=kind if kind in {str(one) for one in Kind} else "",
        proposed=given.get("proposed", "")[:12],
        final=given.get("final", "")[:12],
    )


def find(viewer: Viewer, asked: Asked, now: datetime, *, cursor: str = "") -> Page[Case]:
    behind = _corrected(asked, now) if asked.what == CORRECTED else _outcomes(asked, now)
    found = page(
        selectors.cases_for(viewer).filter(pk__in=behind.values("case_id")), order=searches.ORDER, cursor=cursor
    )
    prefetch_related_objects(list(found.rows), "clocks")
    return found


def title_of(asked: Asked) -> str:
    return "人工更正过的案件" if asked.what == CORRECTED else WHAT[asked.what][0]


def _outcomes(asked: Asked, now: datetime) -> QuerySet[Outcome]:
    """Uses learning_outcome_sent: always within some weeks."""
    if asked.week:
        start = datetime(asked.week.year, asked.week.month, asked.week.day, tzinfo=CITY_ZONE)
        rows = Outcome.objects.filter(dispatched_at__gte=start, dispatched_at__lt=start + timedelta(days=7))
    else:
        rows = Outcome.objects.filter(dispatched_at__gte=now - timedelta(days=figures.DAYS + 1))
    rows = rows.filter(WHAT[asked.what][1])
    if asked.class_prefix:
        rows = rows.filter(class_code__startswith=asked.class_prefix)
    if asked.unit_id is not None:
        rows = rows.filter(unit_id=asked.unit_id)
    if asked.step is not None:
        name = "class_confidence" if asked.what.startswith("class") else "confidence"
        low, high = asked.step / figures.STEPS, (asked.step + 1) / figures.STEPS
        rows = rows.filter(Q(**{f"{name}__gte": low}), Q(**{f"{name}__lt": high if high < 1 else 2}))
    return rows


def _corrected(asked: Asked, now: datetime) -> QuerySet:
    rows = figures.corrected(now)
    for name in ("kind", "proposed", "final"):
        value = getattr(asked, name)
        if value:
            rows = rows.filter(**{name: value})
    return rows


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return whole(text)
