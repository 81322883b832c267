"""回访抽样公示: what the hotline committed to before each day's draw; the seed once nobody can be called any more."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from huiyin.callbacks import frames
from huiyin.callbacks.models import Frame

_DAYS = 60


@require_safe
def draws(request: HttpRequest) -> HttpResponse:
    """No unit and no case stands here: who knows a case's number can work out its place himself."""
    days = [(one, frames.seed_of(one) if one.revealed_at else "") for one in Frame.objects.order_by("-day")[:_DAYS]]
    return render(request, "portal/draws.html", {"days": days})
