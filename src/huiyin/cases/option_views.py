"""What the type-ahead fields of the case pages offer: units, areas, classes, cases."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from huiyin.accounts.permissions import require
from huiyin.cases import numbers, selectors
from huiyin.cases.presenters import names
from huiyin.domain import privacy
from huiyin.domain.vocabulary import AreaKind
from huiyin.registry import directory, lookup

_LIMIT = 12
Options = list[dict[str, Any]]


@require_GET
@require()
def options(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in _KINDS:
        raise Http404
    return JsonResponse({"results": _KINDS[kind](request, request.GET.get("q", "").strip()[:60])})


def _units(request: HttpRequest, q: str) -> Options:
    raw = request.GET.get("below", "")
    above = int(raw) if raw.isdecimal() and int(raw) in directory.units() else None
    if above is None:
        return [asdict(hit) for hit in lookup.units(q, _LIMIT)]
    below = directory.subtree_unit_ids(above) - {above}
    if q:
        return [asdict(hit) for hit in lookup.units(q, _LIMIT, within=below)]
    return [
        {"id": info.id, "label": info.name, "detail": info.kind.label}
        for info in directory.children(above)[: 4 * _LIMIT]
    ]


def _areas(request: HttpRequest, q: str) -> Options:
    kind = request.GET.get("kind", "")
    kinds = [AreaKind(kind)] if kind in {str(known) for known in AreaKind} else None
    return [asdict(hit) for hit in lookup.areas(q, _LIMIT, kinds=kinds)]


def _classes(request: HttpRequest, q: str) -> Options:
    return [{**asdict(hit), "id": hit.code} for hit in lookup.classes(q, _LIMIT)]


def _cases(request: HttpRequest, q: str) -> Options:
    """Open cases to go on in: by number, or those that resemble the one at hand."""
    digits = numbers.normalise(q)
    mine = selectors.cases_for(request.viewer)
    this = mine.filter(case_no=numbers.normalise(request.GET.get("for", ""))).first()
    found = mine.filter(closed_at__isnull=True).exclude(pk=this.pk if this else 0)
    if digits:
        found = found.filter(case_no__startswith=digits)
    elif this is not None and this.street_id and this.class_code:
        found = found.filter(street_id=this.street_id, class_code=this.class_code)
    else:
        return []
    return [
        {
            "id": case.pk,
            "label": numbers.grouped(case.case_no),
            "detail": f"{privacy.mask_text(case.title)} {names.place_of(case)}",
        }
        for case in found.order_by("-id")[:_LIMIT]
    ]


_KINDS: Mapping[str, Callable[[HttpRequest, str], Options]] = {
    "units": _units,
    "areas": _areas,
    "classes": _classes,
    "cases": _cases,
}
