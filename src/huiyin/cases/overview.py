"""What a leader sees first: what came in, what is open, near due and overdue, by district, unit and class.

Every figure is read from the small tables that the scheduler keeps (rollups), never from the cases.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Max, Q, Sum
from django.db.models.functions import Coalesce

from huiyin.accounts.viewer import Viewer
from huiyin.cases.models import DayCount, OpenCount
from huiyin.cases.presenters import names
from huiyin.domain.calendar import CITY_ZONE
from huiyin.registry import directory, rulebook

DAYS: Final = 31  # thirty full ones and today
TOP: Final = 20
_MEASURES = ("open", "undispatched", "unsigned", "near_due", "overdue", "suspended", "in_return", "urgent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a table: a district, a unit or a class, with the part of the search address that names it."""

    name: str
    query: str
    open: int
    near_due: int
    overdue: int
    unsigned: int
    received: int  # of the last seven days

    @property
    def overdue_share(self) -> int:
        """Hundredths of what is open."""
        return round(100 * self.overdue / self.open) if self.open else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    counted_at: datetime | None
    open: Mapping[str, int]
    today: Mapping[str, int]
    yesterday: Mapping[str, int]
    days: Sequence[tuple[date, int, int]] = field(default_factory=list)  # day, received, closed
    districts: Sequence[Line] = ()
    units: Sequence[Line] = ()
    classes: Sequence[Line] = ()


def overview(viewer: Viewer, now: datetime, *, district_id: int | None = None) -> Overview:
    """The viewer's own part of the city, or one district of it. Seven statements on the rollup tables."""
    scope = _scope(viewer, district_id)
    today = now.astimezone(CITY_ZONE).date()
    week = today - timedelta(days=6)
    open_counts, day_counts = OpenCount.objects.filter(scope), DayCount.objects.filter(scope)
    totals = open_counts.aggregate(at=Max("counted_at"), **{name: Coalesce(Sum(name), 0) for name in _MEASURES})
    counted_at = totals.pop("at")
    days = _days(day_counts, today)
    by_day = {day: {"received": received, "closed": closed} for day, received, closed in days}
    none = {"received": 0, "closed": 0}
    level2 = _level2(now)
    return Overview(
        counted_at=counted_at,
        open=totals,
        today=by_day.get(today, none),
        yesterday=by_day.get(today - timedelta(days=1), none),
        days=days,
        districts=_lines("district_id", open_counts, day_counts, week, level2) if viewer.sees == "city" else (),
        units=_lines("lead_unit_id", open_counts, day_counts, week, level2),
        classes=_lines("class_prefix", open_counts, day_counts, week, level2),
    )


def stamp() -> str:
    """Changes whenever the open cases were counted anew."""
    newest = OpenCount.objects.order_by("-counted_at").values_list("counted_at", flat=True).first()
    return newest.isoformat() if newest else ""


def _scope(viewer: Viewer, district_id: int | None) -> Q:
    if viewer.sees == "city":
        return Q(district_id=district_id) if district_id else Q()
    own = Q(lead_unit_id__in=sorted(viewer.unit_ids))
    return own | Q(district_id=viewer.district_id) if viewer.sees == "district" else own


def _days(counts: Any, today: date) -> list[tuple[date, int, int]]:
    first = today - timedelta(days=DAYS - 1)
    found = {
        row["day"]: (row["received"], row["closed"])
        for row in counts.filter(day__gte=first).values("day").annotate(received=Sum("received"), closed=Sum("closed"))
    }
    days = [first + timedelta(days=number) for number in range(DAYS)]
    return [(day, *found.get(day, (0, 0))) for day in days]


def _lines(by: str, open_counts: Any, day_counts: Any, week: date, level2: Mapping[str, str]) -> list[Line]:
    """The most burdened first; what has nothing open and received nothing is left out."""
    found = {
        row[by]: row
        for row in open_counts.exclude(**{by: None})
        .values(by)
        .annotate(open=Sum("open"), near_due=Sum("near_due"), overdue=Sum("overdue"), unsigned=Sum("unsigned"))
    }
    received = dict(
        day_counts.filter(day__gte=week)
        .exclude(**{by: None})
        .values_list(by)
        .annotate(received=Sum("received"))
        .order_by()
    )
    nothing = {"open": 0, "near_due": 0, "overdue": 0, "unsigned": 0}
    lines = [
        Line(
            name=_name(by, key, level2),
            query=_query(by, key),
            received=received.get(key, 0),
            **{name: found.get(key, nothing)[name] for name in nothing},
        )
        for key in {*found, *received}
    ]
    lines.sort(key=lambda line: (-line.overdue, -line.open, -line.received, line.name))
    return lines if by == "district_id" else lines[:TOP]


def _name(by: str, key: Any, level2: Mapping[str, str]) -> str:
    if by == "district_id":
        return names.area_name(key)
    return names.unit_name(key) if by == "lead_unit_id" else level2.get(key, names.UNCLASSIFIED)


def _query(by: str, key: Any) -> str:
    return {"district_id": "area", "lead_unit_id": "unit"}.get(by, "class") + f"={key}"


def _level2(now: datetime) -> Mapping[str, str]:
    taxonomy = rulebook.taxonomy(rulebook.current(now).taxonomy_id)
    return {code[:4]: f"{info.level1}/{info.level2}" for code, info in taxonomy.items()}


def district_loads(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """For the map: a district's name as the boundaries have it, and its counts."""
    by_query = {line.query: line for line in lines}
    return [
        {
            "name": area.name,
            "value": line.open,
            "overdue": line.overdue,
            "near_due": line.near_due,
            "query": line.query,
        }
        for area in directory.districts()
        if (line := by_query.get(f"area={area.id}")) is not None
    ]
