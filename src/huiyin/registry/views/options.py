"""JSON for the type-aheads: units, areas, places, classes; in-process, a few milliseconds."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from huiyin.domain.vocabulary import AreaKind, UnitKind
from huiyin.registry import lookup
from huiyin.registry.guard import for_staff

_MOST = 12


@require_GET
@for_staff
def units(request: HttpRequest) -> JsonResponse:
    """`kind` may name kinds of units: kind=street,district_gov."""
    return _answer(lookup.units(_q(request), _MOST, kinds=_kinds(request, UnitKind)))


@require_GET
@for_staff
def areas(request: HttpRequest) -> JsonResponse:
    hits = lookup.areas(_q(request), _MOST, kinds=_kinds(request, AreaKind), district_id=_district(request))
    return _answer(hits)


@require_GET
@for_staff
def places(request: HttpRequest) -> JsonResponse:
    """Named places, streets and communities, each with the ids of its district, street and community."""
    return _answer(lookup.places(_q(request), _MOST, district_id=_district(request)))


@require_GET
@for_staff
def classes(request: HttpRequest) -> JsonResponse:
    hits = lookup.classes(_q(request), _MOST)
    return JsonResponse({"results": [{**asdict(hit), "id": hit.code} for hit in hits]})


def _answer(hits: list[Any]) -> JsonResponse:
    return JsonResponse({"results": [asdict(hit) for hit in hits]})


def _q(request: HttpRequest) -> str:
    return request.GET.get("q", "")[:100]


def _kinds(request: HttpRequest, kinds: Any) -> list[Any] | None:
    words = request.GET.get("kind", "").split(",")
    return [kind for kind in kinds if kind.value in words] or None


def _district(request: HttpRequest) -> int | None:
    text = request.GET.get("district", "")
    return int(text) if text.isascii() and text.isdigit() else None
