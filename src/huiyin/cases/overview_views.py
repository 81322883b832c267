"""The overview page for leaders, its live stamp, and the districts' boundaries for its map."""

from datetime import timedelta
from importlib.resources import files

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from huiyin.accounts.permissions import require
from huiyin.cases import overview
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.vocabulary import Role
from huiyin.registry import directory
from huiyin.ui.layout import layout_of

_LEADING = require(
    Role.LEADER,
    Role.UNIT_HEAD,
    Role.DISPATCHER,
    Role.EVALUATOR,
    Role.ANALYST,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)


@require_GET
@_LEADING
def show(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    viewer = request.viewer  # type: ignore[attr-defined]  # set by require
    district_id = _district(request)
    found = overview.overview(viewer, now, district_id=district_id)
    full = found.days[:-1]  # a day that has just begun would look like a fall
    context = {
        "layout": layout_of(request),
        "now": now,
        "found": found,
        "stamp": overview.stamp(),
        "today": now.astimezone(CITY_ZONE).date(),
        "week": now.astimezone(CITY_ZONE).date() - timedelta(days=6),
        "district_id": district_id,
        "district": directory.area(district_id).short_name if district_id else "",
        "within": f"&area={district_id}" if district_id else "",
        "chart": {
            "days": [f"{day:%m-%d}" for day, _received, _closed in full],
            "received": [received for _day, received, _closed in full],
            "closed": [closed for _day, _received, closed in full],
            "dates": [day.isoformat() for day, _received, _closed in full],
            "districts": overview.district_loads(found.districts),
            "classes": [
                {"name": line.name, "open": line.open, "overdue": line.overdue, "query": line.query}
                for line in found.classes
            ],
        },
    }
    return render(request, "cases/overview.html", context)


@require_GET
@_LEADING
def stamp(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"stamp": overview.stamp()})


@require_GET
@_LEADING
@cache_control(max_age=86400, private=True)
def boundaries(request: HttpRequest) -> HttpResponse:
    """The districts' outlines (coarse, for overview maps only)."""
    outlines = files("huiyin.registry").joinpath("presets/beijing/districts.geojson").read_bytes()
    return HttpResponse(outlines, content_type="application/geo+json")


def _district(request: HttpRequest) -> int | None:
    raw = request.GET.get("area", "")
    known = {area.id for area in directory.districts()}
    return int(raw) if raw.isdecimal() and int(raw) in known else None
