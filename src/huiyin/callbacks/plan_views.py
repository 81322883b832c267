"""Sampling: the plans and their history, each day's commitment and seed, a frame as a file to recompute it from."""

import csv
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.accounts.permissions import require
from huiyin.accounts.viewer import Viewer
from huiyin.callbacks import draws, frames, plans
from huiyin.callbacks.models import Frame, Plan
from huiyin.callbacks.plan_forms import PlanForm
from huiyin.domain.errors import DomainError
from huiyin.domain.vocabulary import Role
from huiyin.ui.layout import layout_of
from huiyin.ui.responses import done

_SHOWN_DAYS = 60


@never_cache
@require_GET
@require()
def show(request: HttpRequest) -> HttpResponse:
    """Open to everybody inside: a commitment that only the hotline saw would bind nobody. Seeds only once revealed."""
    viewer, now = _viewer(request), timezone.now()
    days = Frame.objects.order_by("-day")[:_SHOWN_DAYS]
    context: dict[str, Any] = {
        "layout": layout_of(request),
        "now": now,
        "plans": [_plan(one, now) for one in plans.history()],
        "frames": [(one, frames.seed_of(one) if one.revealed_at else "") for one in days],
        "may_edit": plans.may_edit(viewer),
        "may_read": _may_take(viewer),
    }
    return render(request, "callbacks/plans.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@require(Role.EVALUATOR)
def enter(request: HttpRequest) -> HttpResponse:
    viewer, form = _viewer(request), PlanForm(request.POST or None)
    if not plans.may_edit(viewer):
        raise PermissionDenied("由热线中心的考评员设置抽样回访。")
    if request.method == "POST" and form.is_valid():
        try:
            plans.enter(**form.entered(), by=viewer, now=timezone.now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return done(request, _("已保存，到期自动生效。"), to=reverse("callbacks:plans"))
    context = {"layout": layout_of(request), "form": form, "now": timezone.now()}
    return render(request, "callbacks/plan_form.html", context, status=422 if form.errors else 200)


@require_POST
@require(Role.EVALUATOR)
def withdraw(request: HttpRequest, plan_id: int) -> HttpResponse:
    get_object_or_404(Plan, pk=plan_id)
    try:
        plans.withdraw(plan_id, by=_viewer(request), now=timezone.now())
    except DomainError as refusal:
        return done(request, refusal.message, to=reverse("callbacks:plans"), kind="warning")
    return done(request, _("已撤回。"), to=reverse("callbacks:plans"))


@never_cache
@require_GET
@require(Role.EVALUATOR, Role.AUDITOR)
def frame(request: HttpRequest, frame_id: int) -> HttpResponse:
    """The frame as `huiyin callbacks draw` reads it."""
    if not _may_take(_viewer(request)):
        raise PermissionDenied("抽样名单由市级考评、监督人员下载。")
    found = get_object_or_404(Frame, pk=frame_id, drawn_at__isnull=False)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="frame-{found.day:%Y-%m-%d}.csv"'
    csv.writer(response).writerows(draws.export(found))
    return response


def _plan(one: Plan, now: Any) -> dict[str, Any]:
    state = (
        ("withdrawn", "") if one.withdrawn_at else ("begun", "green") if one.effective_from <= now else ("ahead", "")
    )
    words = {"withdrawn": _("已撤回"), "begun": _("已生效"), "ahead": _("待生效")}
    hundred = 100
    return {
        "plan": one,
        "scope": plans.scope_in_words(one),
        "half_width": one.half_width * hundred if one.half_width is not None else None,
        "confidence": one.confidence * hundred if one.confidence is not None else None,
        "state": words[state[0]],
        "tone": state[1],
        "may_withdraw": state[0] == "ahead",
    }


def _may_take(viewer: Viewer) -> bool:
    return viewer.sees == "city" and viewer.has(Role.EVALUATOR, Role.AUDITOR)


def _viewer(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # set by require
    return viewer
