"""Non-response: a group's units in a period by share, reasons and bounds; one unit's periods."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from huiyin.accounts.permissions import require
from huiyin.accounts.viewer import Viewer
from huiyin.evaluation import nonresponse, selectors
from huiyin.evaluation.board_views import chosen_version, group_of, versions_for
from huiyin.evaluation.nonresponse import Shown
from huiyin.evaluation.vocabulary import ASIDE, SILENT, Group, Stage
from huiyin.registry import directory
from huiyin.ui.layout import layout_of

_DESK = require(*nonresponse.SEE)
_LAST = 13
_COLUMNS = (
    ("frame", _("应计回访")),
    ("waiting", _("尚未回访")),
    ("aside", _("未抽中")),
    ("asked", _("已访")),
    ("valid", _("有效回访")),
    ("silent", _("访而未答")),
)
_RATES = (("response", _("响应率")), ("resolution", _("解决率")), ("satisfaction", _("满意率")))


@never_cache
@require_GET
@_DESK
def show(request: HttpRequest) -> HttpResponse:
    """The units of a group, the largest share without an answer first; every count opens its cases."""
    viewer = _city(request)
    known = versions_for(viewer)
    version = chosen_version(request, viewer, known)
    group = group_of(request.GET.get("group", "")) or Group.STREET
    order = request.GET.get("order", "share")
    context = _context(request) | {"periods": known, "version": version, "group": group, "groups": list(Group)}
    if version is not None:
        shown = nonresponse.of_group(version, group, order=order)
        context |= {
            "order": order if order in nonresponse.ORDERS else "share",
            "lines": [_line(one, group) for one in shown if one.frame],
            "without": sum(not one.frame for one in shown),
            "live": version.stage == Stage.LIVE,
            "silent": sum(one.silent for one in shown),
            "asked": sum(one.asked for one in shown),
        }
    return render(request, "evaluation/nonresponse.html", context)


@never_cache
@require_GET
@_DESK
def one(request: HttpRequest, group: str, unit_id: int) -> HttpResponse:
    """One unit, the newest period first."""
    viewer = _city(request)
    kind, unit = group_of(group), directory.find_unit(unit_id)
    if kind is None or unit is None:
        raise Http404(_("没有这个单位"))
    shown = nonresponse.of_unit(versions_for(viewer)[:_LAST], kind, unit_id)
    if not shown:
        raise Http404(_("没有这个单位的成绩"))
    context = _context(request) | {
        "group": kind,
        "unit": unit,
        "name": selectors.name_of(kind, unit),
        "lines": [_line(each, kind) for each in shown],
        "newest": shown[0],
    }
    return render(request, "evaluation/nonresponse_unit.html", context)


def _context(request: HttpRequest) -> dict[str, Any]:
    return {"layout": layout_of(request), "now": timezone.now(), "columns": _COLUMNS, "rate_names": _RATES}


def _line(one: Shown, group: Group) -> dict[str, Any]:
    counts = {
        "frame": one.frame,
        "waiting": one.waiting,
        "aside": one.aside,
        "asked": one.asked,
        "valid": one.line.counts.valid,
        "silent": one.silent,
    }
    cells = [(figure, label, counts[figure]) for figure, label in _COLUMNS]
    labels = dict(_RATES)
    return {
        "shown": one,
        "group": group,
        "cells": cells,
        "reasons": [(reason, one.reasons[reason]) for reason in (*SILENT, *ASIDE) if one.reasons[reason]],
        "rates": [(labels[name], rate, bounds) for name, rate, bounds in one.rates],
    }


def _city(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # set by require
    if not nonresponse.may_see(viewer):
        raise PermissionDenied("无应答情况由热线考评、回访和监督人员查看。")
    return viewer
