"""The ranking board, its plots, and the cases behind any figure."""

from itertools import pairwise
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from huiyin.accounts.permissions import require
from huiyin.accounts.viewer import Viewer
from huiyin.domain.errors import InvalidData
from huiyin.domain.numerals import whole
from huiyin.domain.vocabulary import Role, UnitKind
from huiyin.evaluation import board, plots, selectors, table
from huiyin.evaluation.models import Version
from huiyin.evaluation.vocabulary import GROUP_OF, Group, Stage
from huiyin.registry import directory
from huiyin.ui.layout import layout_of

_EXPORTERS = frozenset({Role.EVALUATOR, Role.LEADER, Role.ANALYST, Role.AUDITOR, Role.ADMINISTRATOR, Role.UNIT_HEAD})
_COLUMNS = (
    ("", "综合成绩"),
    ("response", "响应率"),
    ("resolution", "解决率"),
    ("satisfaction", "满意率"),
    ("volume", "诉求量"),
    ("", "有效回访"),
    ("", "剔除"),
)


@never_cache
@require_GET
@require()
def show(request: HttpRequest) -> HttpResponse:
    """A group's ranking in a period; without one asked for, the latest published."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # set by require
    periods = versions_for(viewer)
    version = chosen_version(request, viewer, periods)
    group = group_of(request.GET.get("group", "")) or _own_group(viewer)
    context: dict[str, Any] = {
        "layout": layout_of(request),
        "now": timezone.now(),
        "periods": periods,
        "version": version,
        "group": group,
        "groups": list(Group),
        "viewer": viewer,
    }
    if version is not None:
        given = request.GET
        district = _number(given.get("district", ""), {area.id for area in directory.districts()})
        bands = selectors.scheme_of(version).bands
        band = _number(given.get("band", ""), set(range(len(bands) + 1)))
        order = given.get("order", "rank")
        found = board.board_of(version, group, district_id=district, band=band, order=order)
        context |= {
            "board": found,
            "live": version.stage == Stage.LIVE,
            "scheme": selectors.scheme_of(version),
            "district": district,
            "districts": directory.districts() if group is Group.STREET else (),
            "bands": _band_words(bands),
            "band": band,
            "order": order if order in board.ORDERS else "rank",
            "own_unit_ids": own_lines(viewer),
            "stamp": _stamp(),
            "may_export": viewer.has(*_EXPORTERS),
            "version_number": str(version.number),
            "columns": _COLUMNS,
        }
    return render(request, "evaluation/board.html", context)


@never_cache
@require_GET
@require()
def stamp(request: HttpRequest) -> HttpResponse:
    """Changes when the live estimate was computed anew or a period was published."""
    return JsonResponse({"stamp": _stamp()})


@never_cache
@require_GET
@require()
def show_plots(request: HttpRequest) -> HttpResponse:
    """Funnel, intervals and the race of a group, each with its table."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    periods = versions_for(viewer)
    version = chosen_version(request, viewer, periods)
    group = group_of(request.GET.get("group", "")) or _own_group(viewer)
    context: dict[str, Any] = {
        "layout": layout_of(request),
        "now": timezone.now(),
        "periods": periods,
        "version": version,
        "group": group,
        "groups": list(Group),
    }
    if version is not None:
        found = plots.plots_of(version, group)
        context |= {"plots": found, "chart": found.as_json(), "live": version.stage == Stage.LIVE}
    return render(request, "evaluation/plots.html", context)


@never_cache
@require_GET
@require(*_EXPORTERS)
def export(request: HttpRequest, code: str) -> HttpResponse:
    """A group's table as a file: exact counts, figures as published, ranges beside them."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    version = find_version(viewer, code, request.GET.get("version", ""))
    group = group_of(request.GET.get("group", "")) or Group.STREET
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{code}-{group}.csv"'
    response.write("\ufeff")
    table.write(response, version, group)
    return response


def versions_for(viewer: Viewer) -> list[Version]:
    """What somebody may choose from, newest first: the estimate for those who may see it, then what is published."""
    live = selectors.live()
    first = [live] if live is not None and selectors.may_see(viewer, live) else []
    return [*first, *selectors.published()]


def chosen_version(request: HttpRequest, viewer: Viewer, known: list[Version]) -> Version | None:
    """The version that `period` (and `version`) in the address names; else the latest published, else the newest."""
    code, number = request.GET.get("period", ""), request.GET.get("version", "")
    if not code:
        return next((one for one in known if one.stage == Stage.PUBLISHED), known[0] if known else None)
    return find_version(viewer, code, number)


def find_version(viewer: Viewer, code: str, number: str = "") -> Version:
    """404 where there is none, 403 where it is not this viewer's to see yet."""
    try:
        wanted = whole(number, digits=4)
        version = selectors.version_of(code, wanted)
    except InvalidData as refusal:
        raise Http404(refusal.message) from refusal
    if not selectors.may_see(viewer, version):
        raise PermissionDenied("本期成绩尚未发布，发布后即可查看。")
    return version


def group_of(word: str) -> Group | None:
    return Group(word) if word in set(Group) else None


def own_lines(viewer: Viewer) -> frozenset[int]:
    """The units whose lines are this person's own, to be found at a glance."""
    return viewer.unit_ids if viewer.sees != "city" else frozenset()


def _stamp() -> str:
    newest = selectors.published()[:1]
    return f"{stamp_of(selectors.live())}|{stamp_of(newest[0] if newest else None)}"


def stamp_of(version: Version | None) -> str:
    return f"{version.pk}:{version.as_of.timestamp():.0f}:{version.stage}" if version else ""


def _own_group(viewer: Viewer) -> Group:
    kind = viewer.unit_kind
    return (
        GROUP_OF.get(kind, Group.STREET)
        if kind not in (UnitKind.HOTLINE, UnitKind.DISTRICT_GOV) and kind
        else (Group.STREET if kind == UnitKind.DISTRICT_GOV else Group.DISTRICT)
    )


def _number(text: str, known: set[int]) -> int | None:
    number = whole(text)
    return number if number in known else None


def _band_words(starts: tuple[int, ...]) -> list[tuple[int, str]]:
    """Volume bands in words, by their number."""
    if not starts:
        return []
    middle = [f"{low}–{high - 1} 件" for low, high in pairwise(starts)]
    return list(enumerate([f"不足 {starts[0]} 件", *middle, f"{starts[-1]} 件及以上"]))
