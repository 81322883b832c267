"""Reads of matters as one viewer may see them: the list, one matter with its cases and history, a case's own matter."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from huiyin.accounts.viewer import Viewer
from huiyin.cases import paging
from huiyin.cases.models import Case
from huiyin.cases.visibility import visible_to
from huiyin.domain import privacy
from huiyin.domain.calendar import CITY_ZONE
from huiyin.matching.joining import MatterNotFound
from huiyin.matching.models import Entry, Matter, Member
from huiyin.registry import directory, rulebook

PAGE = 30
DAYS = 14  # of the small curve
LATEST, LARGEST = ("-last_at", "-id"), ("-size", "-id")
_HISTORY = 100
_PER_DAY = """
SELECT member.matter_id, (c.registered_at AT TIME ZONE 'Asia/Shanghai')::date, count(*)
FROM matter_member member JOIN hotline_case c ON c.id = member.case_id
WHERE member.matter_id = ANY(%s) AND c.registered_at >= %s GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A matter in a list. `size` counts all its cases, `seen` those that this viewer may open."""

    matter: Matter
    name: str
    class_name: str
    place: str
    seen: int
    open: int
    trend: Sequence[int]

    @property
    def points(self) -> str:
        """Of an SVG polyline, 14 days wide, 20 high."""
        top = max(self.trend, default=0) or 1
        return " ".join(f"{day * 6},{20 - round(18 * count / top)}" for day, count in enumerate(self.trend))

    @property
    def trend_text(self) -> str:
        return f"近{DAYS}天每天：{'、'.join(map(str, self.trend))}件"


def matters_for(viewer: Viewer) -> QuerySet[Matter]:
    """Those with a case that the viewer may see; a matter's number says nothing to others."""
    theirs = Case.objects.filter(visible_to(viewer), pk=OuterRef("case_id"))
    member = Member.objects.filter(Exists(theirs), matter_id=OuterRef("pk"))
    return Matter.objects.filter(Exists(member))


def page_of(viewer: Viewer, *, order: tuple[str, ...] = LATEST, cursor: str = "") -> paging.Page[Matter]:
    """Uses matter_latest or matter_largest."""
    rows = matters_for(viewer).filter(dissolved_at__isnull=True)
    return paging.page(rows, order=order, cursor=cursor, size=PAGE)


def lines_of(matters: Sequence[Matter], viewer: Viewer, *, now: datetime) -> list[Line]:
    """Two statements for all of them."""
    ids = [matter.pk for matter in matters]
    seen = _seen(viewer, ids)
    trends = _trends(ids, now.astimezone(CITY_ZONE).date())
    return [
        Line(
            matter=matter,
            name=privacy.mask_text(matter.name),
            class_name=_class_name(matter),
            place=_place(matter),
            seen=seen.get(matter.pk, (0, 0))[0],
            open=seen.get(matter.pk, (0, 0))[1],
            trend=trends.get(matter.pk, [0] * DAYS),
        )
        for matter in matters
    ]


def find(viewer: Viewer, matter_id: int) -> Matter:
    """MatterNotFound also where the viewer may see none of its cases; a dissolved one has none left to see."""
    found = matters_for(viewer).filter(pk=matter_id).first()
    if found is None:
        raise MatterNotFound
    return found


def cases_of(matter: Matter, viewer: Viewer) -> QuerySet[Case]:
    """As far as this viewer sees them."""
    members = Member.objects.filter(matter=matter).values("case_id")
    return Case.objects.filter(visible_to(viewer), pk__in=members).prefetch_related("clocks")


def history_of(matter: Matter) -> list[Entry]:
    return list(Entry.objects.filter(matter=matter).order_by("-id")[:_HISTORY])


def matter_of(case_id: int) -> Matter | None:
    member = Member.objects.filter(case_id=case_id).select_related("matter").first()
    return member.matter if member else None


def places_of(matter: Matter, viewer: Viewer) -> list[tuple[str, int]]:
    """Where its cases are, the most first."""
    counted = (
        cases_of(matter, viewer).prefetch_related(None).values("street_id", "community_id").annotate(n=Count("pk"))
    )
    named: dict[str, int] = defaultdict(int)
    for row in counted.order_by("-n", "street_id", "community_id")[:50]:
        named[_area_names(row["street_id"], row["community_id"])] += row["n"]
    return sorted(named.items(), key=lambda item: (-item[1], item[0]))[:10]


def _seen(viewer: Viewer, ids: Sequence[int]) -> Mapping[int, tuple[int, int]]:
    theirs = Case.objects.filter(visible_to(viewer), pk=OuterRef("case_id"))
    still_open = Case.objects.filter(pk=OuterRef("case_id"), closed_at__isnull=True)
    rows = (
        Member.objects.filter(Exists(theirs), matter_id__in=ids)
        .annotate(is_open=Exists(still_open))
        .values("matter_id")
        .annotate(seen=Count("case_id"), open=Count("case_id", filter=Q(is_open=True)))
        .order_by("matter_id")
    )
    return {row["matter_id"]: (row["seen"], row["open"]) for row in rows}


def _trends(ids: Sequence[int], today: date) -> Mapping[int, list[int]]:
    first = today - timedelta(days=DAYS - 1)
    with connection.cursor() as cursor:
        cursor.execute(_PER_DAY, [list(ids), datetime.combine(first, datetime.min.time(), tzinfo=CITY_ZONE)])
        rows = cursor.fetchall()
    trends: dict[int, list[int]] = {matter_id: [0] * DAYS for matter_id in ids}
    for matter_id, day, count in rows:
        if 0 <= (day - first).days < DAYS:
            trends[matter_id][(day - first).days] = count
    return trends


def _class_name(matter: Matter) -> str:
    info = rulebook.taxonomy(matter.taxonomy_edition_id).get(matter.class_code)
    return info.level3 if info else "未分类"


def _place(matter: Matter) -> str:
    areas = directory.areas()
    named = (areas.get(area_id or 0) for area_id in (matter.district_id, matter.street_id, matter.community_id))
    return " ".join(area.short_name for area in named if area)


def _area_names(*area_ids: int | None) -> str:
    areas = directory.areas()
    return " ".join(area.short_name for area_id in area_ids if area_id and (area := areas.get(area_id))) or "未定位"
