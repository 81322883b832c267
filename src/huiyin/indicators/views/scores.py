"""Pages of scores: all districts beside each other, one district's profile down to the cases, the trend."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.accounts.permissions import require
from huiyin.cases import searches
from huiyin.cases import selectors as cases
from huiyin.cases.paging import page
from huiyin.cases.presenters.rows import rows_of
from huiyin.domain.errors import DomainError
from huiyin.domain.indicators import TOTAL, Level, Measure, Node
from huiyin.domain.numerals import whole
from huiyin.evaluation import selectors as evaluation
from huiyin.evaluation.models import Version
from huiyin.indicators import editing, from_cases, scoring, selectors, trees
from huiyin.indicators.models import Score
from huiyin.indicators.views.common import asked_period, own_district, page_context, scored, viewer_of
from huiyin.registry import directory
from huiyin.ui.responses import done

_STEPS = 5
_FIGURES = ("volume", "valid", "not_contacted", "not_solved", "unsatisfied")
_FIRST = {
    Measure.PER_HEAD: "volume",
    Measure.SCORE: "valid",
    Measure.RESPONSE: "not_contacted",
    Measure.RESOLUTION: "not_solved",
    Measure.SATISFACTION: "unsatisfied",
}


@require_GET
@require()
def home(request: HttpRequest) -> HttpResponse:
    """All districts by total or by a dimension, as a table whose colours say who is ahead."""
    assessment = asked_period(request)
    context = page_context(request, "board", assessment)
    if assessment is not None:
        dimensions = trees.nodes_of(assessment.tree).under(TOTAL)
        by = request.GET.get("by", TOTAL)
        by = by if by in {node.code for node in dimensions} else TOTAL
        lines = selectors.board(assessment, by=by)
        steps = [_steps([line.dimensions[at].score for line in lines]) for at in range(len(dimensions))]
        context |= {
            "dimensions": dimensions,
            "by": by,
            "lines": [
                (line, [(score, steps[at][row]) for at, score in enumerate(line.dimensions)], _may(context, line))
                for row, line in enumerate(lines)
            ],
            "sampled": _sampled(assessment.pk),
        }
    waiting = [version.period.code for version in evaluation.published()]
    return render(request, "indicators/board.html", context | {"periods": waiting})


@require_GET
@require()
def profile(request: HttpRequest, period: str, area_id: int) -> HttpResponse:
    assessment, area = scored(period), own_district(request, area_id)
    nodes = trees.nodes_of(assessment.tree)
    dimensions = selectors.parts(assessment, area_id, nodes.under(TOTAL))
    context = page_context(request, "profile", assessment) | {
        "area": area,
        "areas": [one for one in directory.districts() if selectors.may_see(viewer_of(request), one.id)],
        "total": selectors.total_of(assessment, area_id),
        "before": selectors.before(assessment),
        "ranked": Score.objects.filter(assessment=assessment, node=TOTAL, rank__isnull=False).count(),
        "dimensions": dimensions,
        "rooms": selectors.rooms(assessment, area_id),
        "chart": {
            "area": area.short_name,
            "names": [part.node.name for part in dimensions],
            "own": [_number(part.score.score) for part in dimensions],
            "mean": [_number(part.mean) for part in dimensions],
        },
    }
    return render(request, "indicators/profile.html", context)


@require_GET
@require()
def dimension(request: HttpRequest, period: str, area_id: int, node_code: str) -> HttpResponse:
    """A dimension of a district: its categories, their items, each with its value, where from, and its score."""
    assessment, area = scored(period), own_district(request, area_id)
    nodes = trees.nodes_of(assessment.tree)
    node = nodes.by_code.get(node_code)
    if node is None or node.level is not Level.DIMENSION:
        raise Http404
    categories = selectors.parts(assessment, area_id, nodes.under(node_code))
    items = {part.node.code: part for part in selectors.parts(assessment, area_id, nodes.items_under(node_code))}
    context = page_context(request, "profile", assessment) | {
        "area": area,
        "node": node,
        "part": next(iter(selectors.parts(assessment, area_id, [node])), None),
        "others": nodes.under(TOTAL),
        "categories": [
            (category, [items[one.code] for one in nodes.under(category.node.code) if one.code in items])
            for category in categories
        ],
    }
    return render(request, "indicators/dimension.html", context)


@require_GET
@require()
def item_cases(request: HttpRequest, period: str, area_id: int, node_code: str) -> HttpResponse:
    """The cases behind an item, as far as the viewer may see them."""
    assessment, area = scored(period), own_district(request, area_id)
    nodes = trees.nodes_of(assessment.tree)
    node = nodes.by_code.get(node_code)
    if node is None or node.level is not Level.ITEM or node.measure is Measure.UPLOAD:
        raise Http404
    version = get_object_or_404(Version.objects.select_related("period"), pk=assessment.version_id)
    figure = request.GET.get("figure", _FIRST[node.measure])
    figure = figure if figure in _FIGURES else "volume"
    behind = _behind(version, area_id, nodes.dimension_of(node).name, node)
    viewer, now = viewer_of(request), timezone.now()
    found = page(
        cases.cases_for(viewer).filter(pk__in=behind.filter(evaluation.FIGURES[figure][1]).values("case_id")),
        order=searches.ORDER,
        cursor=request.GET.get("cursor", ""),
    )
    prefetch_related_objects(list(found.rows), "clocks")
    context = page_context(request, "profile", assessment) | {
        "area": area,
        "node": node,
        "dimension": nodes.dimension_of(node),
        "figures": [
            (name, evaluation.FIGURES[name][0], behind.filter(evaluation.FIGURES[name][1]).count()) for name in _FIGURES
        ],
        "figure": figure,
        "rows": rows_of(found.rows, viewer, now),
        **_links(request, figure, found.next, found.previous),
    }
    return render(request, "indicators/cases.html", context)


@require_GET
@require()
def trend(request: HttpRequest) -> HttpResponse:
    """The total or a dimension over the periods: everybody's, with the districts that were ticked drawn."""
    assessment = selectors.assessment_of("")
    context = page_context(request, "trend", assessment)
    if assessment is not None:
        dimensions = trees.nodes_of(assessment.tree).under(TOTAL)
        node = next((one for one in dimensions if one.code == request.GET.get("node")), None)
        periods, lines = selectors.trend(node.code if node else TOTAL)
        ticked = {whole(one) for one in request.GET.getlist("area")} & set(lines)
        ticked = ticked or _first_drawn(lines, viewer_of(request).district_id)
        rows = [(area, lines[area.id], area.id in ticked) for area in directory.districts()]
        context |= {
            "dimensions": dimensions,
            "node": node,
            "periods": periods,
            "rows": rows,
            "chart": {
                "periods": periods,
                "lines": [
                    {"name": area.short_name, "scores": [_number(one.score if one else None) for one in scores]}
                    for area, scores, drawn in rows
                    if drawn
                ],
            },
        }
    return render(request, "indicators/trend.html", context)


@require_POST
@require(*editing.EDITORS)
def assess(request: HttpRequest) -> HttpResponse:
    """Scores a published period, or scores it again after new reports or a new tree."""
    back = reverse("indicators:home")
    try:
        version = evaluation.version_of(request.POST.get("period", "")[:7])
        made = scoring.assess(
            version,
            by=editing.editor_of(viewer_of(request)),
            now=timezone.now(),
            reason=request.POST.get("reason", "").strip()[:200],
        )
    except DomainError as refused:
        return done(request, refused.message, to=back, kind="warning")
    text = _("%(period)s 已计算（第 %(number)d 次）。") % {"period": made.period, "number": made.number}
    return done(request, text, to=f"{back}?{urlencode({'period': made.period})}")


@require_GET
@require()
def history(request: HttpRequest, area_id: int, node_code: str) -> HttpResponse:
    """Every report of an item by a district, with who, when and from which file."""
    area = own_district(request, area_id)
    assessment = selectors.assessment_of("")
    node = trees.nodes_of(assessment.tree).by_code.get(node_code) if assessment else None
    if node is None:
        raise Http404
    context = page_context(request, "profile", assessment)
    rows = selectors.history(node_code, area_id)[:200]
    return render(request, "indicators/history.html", context | {"area": area, "node": node, "rows": rows})


def _behind(version: Version, area_id: int, dimension_name: str, node: Node) -> Any:
    units = from_cases.units_of(area_id)
    if not units:
        raise PermissionDenied
    classes = from_cases.classes_of(version, dimension_name, node.branch)
    return evaluation.cases_of(version, unit_ids=units).filter(class_code__in=classes)


def _links(request: HttpRequest, figure: str, following: str, previous: str) -> dict[str, str]:
    def address(cursor: str) -> str:
        return f"{request.path}?{urlencode({'figure': figure, 'cursor': cursor})}" if cursor else ""

    return {"next_url": address(following), "previous_url": address(previous)}


def _steps(scores: Sequence[Decimal | None]) -> list[int | None]:
    """Which fifth of the way from the lowest to the highest of a column each score lies in, 0 to 4."""
    known = [score for score in scores if score is not None]
    if not known:
        return [None] * len(scores)
    least, most = min(known), max(known)
    wide = most - least
    return [
        None if score is None else _STEPS // 2 if not wide else min(_STEPS - 1, int((score - least) / wide * _STEPS))
        for score in scores
    ]


def _first_drawn(lines: dict[int, list[Score | None]], own: int | None) -> set[int]:
    """The own district; else the best, the middle and the last of the newest period."""
    if own in lines:
        return {own}
    ranked = sorted(
        (row.rank, area) for area, scores in lines.items() if scores and (row := scores[-1]) and row.rank is not None
    )
    return {ranked[at][1] for at in (0, len(ranked) // 2, -1)} if ranked else set(list(lines)[:3])


def _may(context: dict[str, Any], line: selectors.Line) -> bool:
    return context["sees_all"] or context["own_district"] == line.area.id


def _sampled(assessment_id: int) -> bool:
    return Score.objects.filter(assessment_id=assessment_id, source="sample").exists()


def _number(score: Decimal | None) -> float | None:
    return None if score is None else float(score)
