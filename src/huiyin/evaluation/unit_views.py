"""One unit's card: its figures with the arithmetic behind them, its trend, where points were lost; and its cases."""

import csv
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from huiyin.accounts.permissions import require
from huiyin.accounts.viewer import Viewer
from huiyin.cases import paging
from huiyin.cases.models import Case
from huiyin.cases.presenters.rows import rows_of
from huiyin.cases.visibility import visible_to
from huiyin.domain.entering import Why
from huiyin.domain.errors import InvalidData
from huiyin.domain.numerals import whole
from huiyin.domain.vocabulary import Satisfaction
from huiyin.evaluation import card, gaming, nonresponse, selectors
from huiyin.evaluation.board_views import find_version, group_of, versions_for
from huiyin.evaluation.models import CaseResult, Suspicion, Version
from huiyin.evaluation.selectors import Figures
from huiyin.evaluation.vocabulary import GROUP_OF, Basis, Group, Stage
from huiyin.registry import directory
from huiyin.registry.directory import UnitInfo
from huiyin.ui.layout import layout_of

_ORDER = ("case_id",)


@never_cache
@require_GET
@require()
def show(request: HttpRequest, code: str, group: str, unit_id: int) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # set by require
    version = find_version(viewer, code, request.GET.get("version", ""))
    kind, unit = group_of(group), directory.find_unit(unit_id)
    line = selectors.find_line(version, kind, unit_id) if kind and unit else None
    if kind is None or unit is None or line is None:
        raise Http404(_("没有这个单位的成绩"))
    found = card.card_of(version, kind, line)
    context = {
        "layout": layout_of(request),
        "now": timezone.now(),
        "version": version,
        "live": version.stage == Stage.LIVE,
        "periods": versions_for(viewer),
        "group": kind,
        "unit": unit,
        "line": line,
        "card": found,
        "chart": found.chart(),
        "scheme": selectors.scheme_of(version),
        "version_number": str(version.number),
        "unit_key": str(unit.id),
        "suspicion": _suspicion(viewer, version, kind, unit.id),
    }
    return render(request, "evaluation/unit.html", context)


@never_cache
@require_GET
@require()
def own(request: HttpRequest) -> HttpResponse:
    """本单位成绩: the card of the person's own unit in the latest published period."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    unit = directory.find_unit(viewer.unit_id)
    versions = selectors.published()
    line_unit = _line_unit(unit)
    if not versions or line_unit is None:
        return redirect("evaluation:board")
    group, unit_id = line_unit
    return redirect("evaluation:unit", code=versions[0].period.code, group=str(group), unit_id=unit_id)


@never_cache
@require_GET
@require()
def cases(request: HttpRequest, code: str) -> HttpResponse:
    """The cases behind a figure, those that the viewer may see; how many others there are is said."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    version = find_version(viewer, code, request.GET.get("version", ""))
    figures = nonresponse.figures_for(viewer)
    group, unit, figure = _asked(request, figures)
    units = selectors.units_of(group, unit.id, version)
    found = selectors.cases_of(version, unit_ids=units, figure=figure, figures=figures)
    class_code = request.GET.get("class", "")
    if class_code.isascii() and class_code.isdecimal():
        found = found.filter(class_code__startswith=class_code)
    seen = found.filter(case_id__in=Case.objects.filter(visible_to(viewer)).values("id"))
    total, visible = found.count(), seen.count()
    if request.GET.get("format") == "csv":
        return _exported(request, seen, f"{code}-{unit.code}-{figure or 'all'}")
    try:
        page = paging.page(seen, order=_ORDER, cursor=request.GET.get("cursor", ""))
    except InvalidData:
        page = paging.page(seen, order=_ORDER)
    query = request.GET.copy()
    query.pop("cursor", None)
    base = query.urlencode()
    context = {
        "layout": layout_of(request),
        "now": timezone.now(),
        "version": version,
        "group": group,
        "unit": unit,
        "name": selectors.name_of(group, unit),
        "figure": figure,
        "figures": [(name, words) for name, (words, _condition) in figures.items()],
        "title": figures[figure][0] if figure else _("全部案件"),
        "rows": _rows(page.rows, viewer),
        "total": total,
        "hidden": total - visible,
        "base": base,
        "next_url": f"?{base}&cursor={page.next}" if page.next else "",
        "previous_url": f"?{base}&cursor={page.previous}" if page.previous else "",
    }
    return render(request, "evaluation/cases.html", context)


def _asked(request: HttpRequest, figures: Figures) -> tuple[Group, UnitInfo, str]:
    given = request.GET
    group, unit_id, figure = group_of(given.get("group", "")), given.get("unit", ""), given.get("figure", "")
    unit = directory.find_unit(whole(unit_id))
    if group is None or unit is None or (figure and figure not in figures):
        raise Http404(_("没有这个数字"))
    return group, unit, figure


def _rows(results: Any, viewer: Viewer) -> list[tuple[CaseResult, Any, str]]:
    """(how it entered, its row, why in words), in the order of the page; three statements a page."""
    ids = [one.case_id for one in results]
    kept = Case.objects.filter(pk__in=ids).prefetch_related("clocks")
    shown = {row.case.pk: row for row in rows_of(list(kept), viewer, timezone.now(), masked=True)}
    return [(one, shown[one.case_id], Why(one.why).label) for one in results if one.case_id in shown]


def _exported(request: HttpRequest, seen: Any, name: str) -> HttpResponse:
    """Numbers and answers only, no words of the citizen."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(["工单编号", "承办单位", "问题分类", "如何计入", "依据", "上期结转", "已联系", "已解决", "满意度"])
    results = list(seen.order_by("case_id")[:100_000])
    numbers = dict(Case.objects.filter(pk__in=[one.case_id for one in results]).values_list("pk", "case_no"))
    for one in results:
        unit = directory.find_unit(one.unit_id)
        writer.writerow(
            [
                numbers.get(one.case_id, ""),
                unit.name if unit else "",
                one.class_code,
                Why(one.why).label,
                Basis(one.basis).label if one.basis else "",
                "是" if one.carried else "",
                _yes(one.said_contacted),
                _yes(one.said_solved),
                Satisfaction(one.satisfaction).label if one.satisfaction else "",
            ]
        )
    return response


def _yes(value: bool | None) -> str:
    return "" if value is None else "是" if value else "否"


def _suspicion(viewer: Viewer, version: Version, group: Group, unit_id: int) -> Suspicion | None:
    """Only for those who look into it; the unit itself never sees it."""
    if not gaming.may_see(viewer):
        return None
    return Suspicion.objects.filter(version=version, group=str(group), unit_id=unit_id, flagged=True).first()


def _line_unit(unit: UnitInfo | None) -> tuple[Group, int] | None:
    """In whose line a unit's work is counted: its own, or its district's."""
    if unit is None:
        return None
    if unit.kind in GROUP_OF:
        return GROUP_OF[unit.kind], unit.id
    parent = directory.find_unit(unit.parent_id)
    if parent is not None and parent.kind in GROUP_OF:
        return GROUP_OF[parent.kind], parent.id
    government = directory.district_unit(unit.district_id) if unit.district_id else None
    return (Group.DISTRICT, government.id) if government else None
