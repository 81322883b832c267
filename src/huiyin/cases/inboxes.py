"""A unit's desk: its open cases by what is due first, the counts of its tabs, its load by person and by sub-unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet, Sum, prefetch_related_objects
from django.utils import timezone
from django.utils.functional import cached_property

from huiyin.accounts.models import Post
from huiyin.accounts.viewer import Viewer
from huiyin.cases import lit, numbers
from huiyin.cases.models import Case, Notice, NoticeMark, OpenCount
from huiyin.cases.models.case import OPEN
from huiyin.cases.paging import Page, page
from huiyin.cases.presenters import names
from huiyin.cases.several import Several
from huiyin.domain.vocabulary import Role, Status, Term, UnitKind
from huiyin.registry import directory

PAGE_SIZE: Final = 50
ORDER: Final = ("due_at", "id")
_NOTICES_KEPT = timedelta(days=30)
_NOT_LISTED: Final = ("content", "proposal")  # the long columns, which no row shows


class Tab(Term):
    UNSIGNED = "unsigned", "待签收"
    WORKING = "working", "办理中"
    NEAR_DUE = "near_due", "将到期"
    OVERDUE = "overdue", "超期"
    REPLIED = "replied", "已反馈"
    SUSPENDED = "suspended", "挂账"
    RETURNING = "returning", "退单中"
    ALL = "all", "全部"


_STATUSES: Mapping[Tab, tuple[Status, ...]] = {
    Tab.UNSIGNED: (Status.DISPATCHED,),
    Tab.WORKING: (Status.SIGNED, Status.HANDLING),
    Tab.REPLIED: (Status.REPLIED, Status.CALLBACK_PENDING, Status.CALLED_BACK),
    Tab.SUSPENDED: (Status.SUSPENDED,),
    Tab.RETURNING: (Status.RETURN_REQUESTED,),
}


def _in_tab(tab: Tab, now: datetime) -> Q:
    if tab in _STATUSES:
        return Q(status__in=[str(status) for status in _STATUSES[tab]])
    return {Tab.NEAR_DUE: lit.near_due, Tab.OVERDUE: lit.overdue}[tab](now) if tab is not Tab.ALL else Q()


# The same tabs as SQL: asked at every look at a desk, and put together by Django it took a sixth of the page's time.
_COUNTED: Mapping[Tab, str] = {
    **{tab: f"status IN ({', '.join(map(repr, map(str, statuses)))})" for tab, statuses in _STATUSES.items()},
    Tab.NEAR_DUE: lit.NEAR_DUE,
    Tab.OVERDUE: lit.OVERDUE,
    Tab.ALL: "true",
}
_STANDING = f"""
SELECT max(last_at), {", ".join(f"count(*) FILTER (WHERE {_COUNTED[tab]})" for tab in Tab)}
  FROM hotline_case {lit.PRESSING}
 WHERE closed_at IS NULL AND (lead_unit_id = %(unit)s OR sub_unit_id = %(unit)s)
"""
# The same tabs in the counts that the scheduler keeps; what has no column there is shown without a number.
_ROLLED_UP: Mapping[Tab, str] = {
    Tab.UNSIGNED: "unsigned",
    Tab.NEAR_DUE: "near_due",
    Tab.OVERDUE: "overdue",
    Tab.SUSPENDED: "suspended",
    Tab.RETURNING: "in_return",
    Tab.ALL: "open",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the desk is asked to show; `below`: the units below instead of the own one."""

    tab: Tab = Tab.ALL
    below: bool = False
    class_prefix: str = ""
    grade: str = ""
    street_id: int | None = None
    handler_id: int | None = None
    sub_unit_id: int | None = None
    lead_unit_id: int | None = None
    words: str = ""

    def matching(self, now: datetime) -> Q:
        found = _in_tab(self.tab, now)
        for name, value in (
            ("class_code__startswith", self.class_prefix),
            ("grade", self.grade),
            ("street_id", self.street_id),
            ("handler_id", self.handler_id),
            ("sub_unit_id", self.sub_unit_id),
            ("lead_unit_id", self.lead_unit_id),
        ):
            if value:
                found &= Q(**{name: value})
        return found & _said(self.words)


_STAMP = {"last_change": Max("last_at"), "many": Count("pk")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How much lies with one person or one unit; `query` opens these cases at the desk."""

    id: int | None
    name: str
    query: str
    unsigned: int
    working: int
    near_due: int
    overdue: int
    replied: int
    all: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the desk stands: cases by tab (None: not counted here), and a mark that moves with every change."""

    counts: Mapping[Tab, int | None]
    stamp: str


@dataclass(frozen=True)
class Desk:
    """The open cases of one viewer's unit (lead or second-level), or of the units below it."""

    viewer: Viewer
    now: datetime

    @cached_property
    def leads(self) -> bool:
        return self.viewer.has(Role.UNIT_HEAD, Role.LEADER)

    @cached_property
    def has_below(self) -> bool:
        return len(self.viewer.unit_ids) > 1 or self.viewer.sees == "district"

    def page(self, wanted: Wanted, *, cursor: str = "", size: int = PAGE_SIZE) -> Page[Case]:
        """By what is due first; uses case_open_lead and case_open_sub (below a district: case_open_district)."""
        matching = wanted.matching(self.now)
        parts = [lit.with_pressing(part) for part in self._parts(wanted.below)]
        narrowed = [part.filter(matching).defer(*_NOT_LISTED) for part in parts]
        rows: Any = narrowed[0] if len(narrowed) == 1 else Several(*narrowed)
        found = page(rows, order=ORDER, cursor=cursor, size=size)
        prefetch_related_objects(list(found.rows), "clocks")
        return found

    def standing(self, *, below: bool) -> Standing:
        """The counts of the tabs and the stamp; one statement over the unit's open cases.

        Below, the counts are those that the scheduler keeps: a district's cases are too many to count each time.
        """
        if below:
            return Standing(counts=self._rolled_up(), stamp=self.stamp(below=True))
        with connection.cursor() as cursor:
            cursor.execute(_STANDING, {"now": self.now, "unit": self.viewer.unit_id})
            last_change, *counts = cursor.fetchone()
        found = dict(zip(Tab, counts, strict=True))
        return Standing(counts=found, stamp=_as_stamp({"last_change": last_change, "many": found[Tab.ALL]}))

    def stamp(self, *, below: bool) -> str:
        """Changes whenever a case of the desk does, also by leaving it; one statement over its open cases."""
        return _as_stamp((self._below() if below else self._own()).aggregate(**_STAMP))

    def load_by_handler(self) -> list[Load]:
        """Who has what: one statement over the unit's open cases, one for the names."""
        rows = self._load("handler_id", self._own())
        named = names.staff_names(row["handler_id"] for row in rows)
        here = dict(handlers_at(self.viewer))
        idle = [{"handler_id": staff_id} for staff_id in here if staff_id not in {row["handler_id"] for row in rows}]
        people = {**here, **named}
        return [
            _as_load(row, key=row["handler_id"], name=people.get(row["handler_id"], "未指定承办人"), by="handler")
            for row in [*rows, *idle]
        ]

    def load_by_unit(self) -> list[Load]:
        """By second-level unit among the own cases, and by unit for those that the units below lead themselves."""
        handed = self._load("sub_unit_id", self._own().filter(sub_unit_id__isnull=False))
        led = (
            self._load("lead_unit_id", self._below().exclude(lead_unit_id=self.viewer.unit_id))
            if self.has_below
            else []
        )
        loads = [
            _as_load(row, key=row[column], name=names.unit_name(row[column]), by=by)
            for rows, column, by in ((handed, "sub_unit_id", "sub_unit"), (led, "lead_unit_id", "below=1&unit"))
            for row in rows
        ]
        return sorted(loads, key=lambda load: (-load.overdue, -load.near_due, -load.all))

    # What the own unit leads or handles it sees in any case, confidential or not; the long lists of `visible_to` (every
    # unit below) would only cost time here. Below, confidential cases stay with those who handle them.
    def _parts(self, below: bool) -> list[QuerySet[Case]]:
        if below:
            return [self._below()]
        unit_id = self.viewer.unit_id
        return [Case.objects.filter(OPEN, lead_unit_id=unit_id), Case.objects.filter(OPEN, sub_unit_id=unit_id)]

    def _is_own(self) -> Q:
        return Q(lead_unit_id=self.viewer.unit_id) | Q(sub_unit_id=self.viewer.unit_id)

    def _own(self) -> QuerySet[Case]:
        return Case.objects.filter(OPEN & self._is_own())

    def _below(self) -> QuerySet[Case]:
        dispatched = OPEN & Q(lead_unit_id__isnull=False) & (Q(confidential=False) | self._is_own())
        if self.viewer.sees == "district":
            return Case.objects.filter(dispatched, district_id=self.viewer.district_id)
        return Case.objects.filter(dispatched, lead_unit_id__in=self.viewer.unit_ids - {self.viewer.unit_id})

    def _load(self, by: str, rows: QuerySet[Case]) -> list[dict[str, Any]]:
        tabs = (Tab.UNSIGNED, Tab.WORKING, Tab.NEAR_DUE, Tab.OVERDUE, Tab.REPLIED, Tab.ALL)
        asked = {str(tab): Count("pk", filter=_in_tab(tab, self.now)) for tab in tabs}
        order = (f"-{Tab.OVERDUE}", f"-{Tab.NEAR_DUE}", f"-{Tab.ALL}", by)
        return list(lit.with_pressing(rows).values(by).annotate(**asked).order_by(*order))

    def _rolled_up(self) -> dict[Tab, int | None]:
        rows = OpenCount.objects.filter(lead_unit_id__isnull=False)
        if self.viewer.sees == "district":
            rows = rows.filter(district_id=self.viewer.district_id)
        else:
            rows = rows.filter(lead_unit_id__in=self.viewer.unit_ids - {self.viewer.unit_id})
        found = rows.aggregate(**{f"all_{tab}": Sum(column, default=0) for tab, column in _ROLLED_UP.items()})
        return {tab: found.get(f"all_{tab}") for tab in Tab}


def handlers_at(viewer: Viewer) -> list[tuple[int, str]]:
    posts = Post.objects.valid_on(timezone.localdate()).filter(
        unit_id=viewer.unit_id, role__in=[Role.HANDLER, Role.UNIT_HEAD], staff__is_active=True
    )
    return list(posts.order_by("staff__name").values_list("staff_id", "staff__name").distinct())


def streets_of(viewer: Viewer) -> Sequence[directory.AreaInfo]:
    """The streets worth filtering by at this desk: a street's own cases all lie in it."""
    if viewer.unit_kind in (UnitKind.STREET, UnitKind.COMMUNITY):
        return ()
    return directory.streets(viewer.district_id) if viewer.district_id else directory.streets()


def notices_of(viewer: Viewer, now: datetime) -> QuerySet[Notice]:
    """Words to the unit or to this very person, newest first; uses case_notice_unit."""
    mine = Q(staff_id__isnull=True) | Q(staff_id=viewer.staff_id)
    recent = Notice.objects.filter(mine, unit_id=viewer.unit_id, at__gte=now - _NOTICES_KEPT)
    return recent.select_related("case").order_by("-id")


def read_to(viewer: Viewer) -> int:
    """Number of the newest notice that this person has read at the unit of the present post."""
    mark = NoticeMark.objects.filter(staff_id=viewer.staff_id, unit_id=viewer.unit_id)
    return mark.values_list("seen_id", flat=True).first() or 0


def unread(viewer: Viewer, now: datetime) -> int:
    """Up to a hundred; uses case_notice_unit."""
    return notices_of(viewer, now).filter(pk__gt=read_to(viewer)).order_by()[:100].count()


def mark_read(viewer: Viewer, now: datetime) -> None:
    newest = notices_of(viewer, now).values_list("pk", flat=True).first()
    if newest is not None:
        NoticeMark.objects.update_or_create(
            staff_id=viewer.staff_id, unit_id=viewer.unit_id, defaults={"seen_id": newest}
        )


def _said(words: str) -> Q:
    """A part of the number, or words of the title, the text or the address; within the desk's own cases only."""
    found = Q()
    for word in words.split()[:4]:
        digits = numbers.normalise(word)
        if digits and len(digits) == len([sign for sign in word if sign not in "-－ "]):
            found &= Q(case_no__contains=digits) | Q(address__contains=word) | Q(title__contains=word)
        else:
            found &= Q(title__icontains=word) | Q(address__icontains=word) | Q(content__icontains=word)
    return found


def _as_stamp(found: Mapping[str, Any]) -> str:
    last = found["last_change"]
    return f"{found['many']}-{last.timestamp() if last else 0:.6f}"


def _as_load(row: Mapping[str, Any], *, key: int | None, name: str, by: str) -> Load:
    tabs = (Tab.UNSIGNED, Tab.WORKING, Tab.NEAR_DUE, Tab.OVERDUE, Tab.REPLIED, Tab.ALL)
    return Load(id=key, name=name, query=f"{by}={key}", **{str(tab): row.get(str(tab), 0) for tab in tabs})
