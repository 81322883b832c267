"""The administrator's page: background work, clocks that fired and clocks that come next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from huiyin.accounts.permissions import require
from huiyin.domain.vocabulary import ClockKind, Role
from huiyin.ops import pulse
from huiyin.ui.layout import layout_of


@require_GET
@require(Role.ADMINISTRATOR)
def home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    viewer = request.viewer  # type: ignore[attr-defined]  # set by require
    given = request.GET.get("kind", "")
    kind = given if given in set(ClockKind) else ""
    context = {
        "layout": layout_of(request),
        "now": now,
        "queues": pulse.queues(now),
        "kinds": ClockKind,
        "kind": kind,
        "coming": pulse.coming(viewer, kind),
        "fired": pulse.fired(viewer, now, kind),
    }
    return render(request, "ops/home.html", context)
