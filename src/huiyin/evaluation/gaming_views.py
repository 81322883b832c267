"""Suspected gaming: the units of a period by weight of their signs, one unit with the cases behind each, a finding."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.accounts.permissions import require
from huiyin.accounts.viewer import Viewer
from huiyin.analytics.gaming import SIGNS
from huiyin.cases.models import Case
from huiyin.cases.presenters.rows import rows_of
from huiyin.cases.visibility import visible_to
from huiyin.domain.errors import DomainError
from huiyin.evaluation import gaming, suspicion_lists
from huiyin.evaluation.board_views import chosen_version, group_of
from huiyin.evaluation.models import Suspicion, Version
from huiyin.evaluation.review_forms import FindingForm
from huiyin.evaluation.vocabulary import Group
from huiyin.ui.layout import layout_of
from huiyin.ui.responses import done

_DESK = require(*gaming.SEE)


@never_cache
@require_GET
@_DESK
def show(request: HttpRequest) -> HttpResponse:
    viewer = _city(request)
    looked = Version.objects.filter(pk__in=Suspicion.objects.values("version_id")).select_related("period")
    versions = list(looked.order_by("-period__begins_at", "-number")[:36])
    asked = request.GET.get("period")
    version = chosen_version(request, viewer, versions) if asked or not versions else versions[0]
    group = group_of(request.GET.get("group", ""))
    every = request.GET.get("all") == "1"
    context: dict[str, Any] = {
        "layout": layout_of(request),
        "now": timezone.now(),
        "periods": versions,
        "version": version,
        "group": group,
        "groups": list(Group),
        "every": every,
    }
    if version is not None:
        context["lines"] = suspicion_lists.lines(version, group, flagged_only=not every)
        context["units"] = Suspicion.objects.filter(version=version).count()
    return render(request, "evaluation/suspicions.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@_DESK
def one(request: HttpRequest, suspicion_id: int) -> HttpResponse:
    """Each sign beside the group's; a person writes what was found, and the next one opens."""
    viewer = _city(request)
    found = get_object_or_404(Suspicion.objects.select_related("version__period"), pk=suspicion_id)
    form = FindingForm(request.POST or None)
    if request.method == "POST":
        try:
            gaming.find(
                found.pk,
                confirmed=request.POST.get("verdict") == "yes",
                finding=form.data.get("finding", ""),
                by=viewer,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            after = suspicion_lists.next_unseen(found)
            to = reverse("evaluation:suspicion", args=[after.pk]) if after else _list(found)
            return done(request, _("已记录。"), to=to)
    peers = list(Suspicion.objects.filter(version_id=found.version_id, group=found.group))
    context = {
        "layout": layout_of(request),
        "now": timezone.now(),
        "item": found,
        "line": suspicion_lists.line_of(found),
        "version": found.version,
        "signs": suspicion_lists.signs_of(found, peers),
        "chart": suspicion_lists.chart_of(found, peers),
        "form": form,
        "may_find": gaming.may_find(viewer) and found.confirmed is None,
        "back": _list(found),
    }
    return render(request, "evaluation/suspicion.html", context, status=422 if request.method == "POST" else 200)


@never_cache
@require_GET
@_DESK
def cases(request: HttpRequest, suspicion_id: int, sign: str) -> HttpResponse:
    """The cases that show the sign, those that the viewer may see; at most the newest two hundred are named."""
    viewer = _city(request)
    found = get_object_or_404(Suspicion.objects.select_related("version__period"), pk=suspicion_id)
    if sign not in SIGNS:
        raise Http404
    hits, trials, ids = found.signs.get(sign, (0, 0, []))
    kept = Case.objects.filter(visible_to(viewer), pk__in=ids).order_by("-registered_at").prefetch_related("clocks")
    context = {
        "layout": layout_of(request),
        "now": timezone.now(),
        "item": found,
        "line": suspicion_lists.line_of(found),
        "version": found.version,
        "label": SIGNS[sign],
        "hits": hits,
        "trials": trials,
        "rows": rows_of(list(kept), viewer, timezone.now(), masked=True),
    }
    return render(request, "evaluation/suspicion_cases.html", context)


def _list(found: Suspicion) -> str:
    version = found.version
    return f"{reverse('evaluation:suspicions')}?period={version.period.code}&version={version.number}"


def _city(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # set by require
    if not gaming.may_see(viewer):
        raise PermissionDenied("刷分核查由市级考评、监督人员办理。")
    return viewer
