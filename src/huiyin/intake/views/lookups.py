"""What the console asks while somebody types: advice, the caller's history, classes and places for the type-aheads."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huiyin.accounts.permissions import require
from huiyin.accounts.reveals import address_of
from huiyin.domain.errors import InvalidData
from huiyin.domain.lifecycle import MAY_REGISTER
from huiyin.domain.vocabulary import AreaKind, Role
from huiyin.intake import entry
from huiyin.intake.advice import advise
from huiyin.intake.caller import look_up
from huiyin.registry import lookup

_HITS = 10
_DISTRICTS = 2


@require(*MAY_REGISTER)
@never_cache
@require_POST
def advice(request: HttpRequest) -> HttpResponse:
    """The whole form comes in; by POST, because what a citizen says does not belong into an address."""
    now = timezone.now()
    viewer = request.viewer  # type: ignore[attr-defined]
    entered = entry.read(request.POST)
    found = advise(entered, viewer=viewer, now=now)
    context = {
        "advice": found,
        "set_class": entered.by_person("class_code"),
        "set_place": entered.by_person("place"),
        "now": now,
        "hotline": viewer.has(Role.OPERATOR, Role.DISPATCHER),
    }
    return render(request, "intake/advice.html", context)


@require(*MAY_REGISTER)
@never_cache
@require_POST
def caller(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    viewer = request.viewer  # type: ignore[attr-defined]
    context: dict[str, Any] = {"now": now, "hotline": viewer.has(Role.OPERATOR, Role.DISPATCHER)}
    try:
        ip = address_of(request)
        context["caller"] = look_up(request.POST.get("phone", ""), viewer=viewer, now=now, ip=ip)
    except InvalidData as wrong:
        context["wrong"] = wrong.message
    return render(request, "intake/caller.html", context)


@require(*MAY_REGISTER)
@require_GET
def classes(request: HttpRequest) -> JsonResponse:
    hits = lookup.classes(request.GET.get("q", "")[:60], _HITS)
    results = [{**asdict(hit), "id": hit.code, "detail": f"{hit.detail} · {hit.code}"} for hit in hits]
    return JsonResponse({"results": results})


@require(*MAY_REGISTER)
@require_GET
def places(request: HttpRequest) -> JsonResponse:
    """Streets, communities and named places; a district where nobody knows more."""
    q = request.GET.get("q", "")[:60]
    districts = lookup.areas(q, _DISTRICTS, kinds=[AreaKind.DISTRICT])
    hits = [*districts, *lookup.places(q, _HITS)]
    return JsonResponse({"results": [_place(hit) for hit in hits[: _HITS + 1]]})


def _place(hit: lookup.PlaceHit) -> dict[str, Any]:
    district = hit.id if hit.kind == AreaKind.DISTRICT else hit.district_id
    areas = {"district_id": district, "street_id": hit.street_id, "community_id": hit.community_id}
    kind = "全区" if hit.kind == AreaKind.DISTRICT else hit.kind_label.split("（")[0]
    detail = " · ".join(word for word in (hit.detail, kind) if word)
    # A named place is more than its street: its name belongs into the address too.
    spot = hit.label if not hit.code else ""
    return {"id": entry.place_code(areas), "label": hit.label, "detail": detail, "spot": spot}
