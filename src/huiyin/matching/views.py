"""The pages of matters: the list, one matter with its cases and history, and the dialogs that change it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.accounts.permissions import require
from huiyin.cases import numbers, paging
from huiyin.cases import selectors as case_selectors
from huiyin.cases.models import Case
from huiyin.cases.presenters.rows import rows_of
from huiyin.domain.errors import DomainError, InvalidData
from huiyin.domain.numerals import KEY, whole
from huiyin.matching import joining, selectors
from huiyin.matching.joining import MAY_JOIN, Change
from huiyin.matching.models import Matter
from huiyin.ui.layout import layout_of
from huiyin.ui.responses import done

_ORDERS = {"latest": selectors.LATEST, "largest": selectors.LARGEST}
_CASES = ("-registered_at", "-id")


@never_cache
@require_GET
@require()
def matters(request: HttpRequest) -> HttpResponse:
    now, viewer = timezone.now(), request.viewer  # type: ignore[attr-defined]  # set by require
    order = request.GET.get("order", "latest")
    order = order if order in _ORDERS else "latest"
    try:
        page = selectors.page_of(viewer, order=_ORDERS[order], cursor=request.GET.get("cursor", ""))
    except InvalidData:
        page = selectors.page_of(viewer, order=_ORDERS[order])
    shown = {
        "layout": layout_of(request),
        "now": now,
        "order": order,
        "lines": selectors.lines_of(page.rows, viewer, now=now),
        "next_url": f"?order={order}&cursor={page.next}" if page.next else "",
        "previous_url": f"?order={order}&cursor={page.previous}" if page.previous else "",
    }
    return render(request, "matching/matters.html", shown)


@never_cache
@require_GET
@require()
def matter(request: HttpRequest, pk: int) -> HttpResponse:
    now, viewer = timezone.now(), request.viewer  # type: ignore[attr-defined]
    found = _find(request, pk)
    rows = selectors.cases_of(found, viewer)
    try:
        page = paging.page(rows, order=_CASES, cursor=request.GET.get("cursor", ""))
    except InvalidData:
        page = paging.page(rows, order=_CASES)
    line = selectors.lines_of([found], viewer, now=now)[0]
    shown = {
        "layout": layout_of(request),
        "now": now,
        "line": line,
        "hidden": found.size - line.seen,
        "matter": found,
        "rows": rows_of(page.rows, viewer, now),
        "places": selectors.places_of(found, viewer),
        "entries": [(Change(entry.what), entry) for entry in selectors.history_of(found)],
        "may_join": viewer.has(*MAY_JOIN),
        "next_url": f"?cursor={page.next}" if page.next else "",
        "previous_url": f"?cursor={page.previous}" if page.previous else "",
    }
    return render(request, "matching/matter.html", shown)


@never_cache
@require_http_methods(["GET", "POST"])
@require(*MAY_JOIN)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """One more case by its number."""
    found = _find(request, pk)
    given = {name: request.POST.get(name, "") for name in ("number", "why")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        viewer = request.viewer  # type: ignore[attr-defined]
        try:
            case = case_selectors.find_case(viewer, given["number"])
            joining.put_together([case.pk], viewer=viewer, why=given["why"], now=timezone.now(), into=pk)
            return done(request, _("已并入"), to=reverse("matching:matter", args=[pk]))
        except DomainError as refusal:
            errors = _errors(refusal, "number")
    return _dialog(request, "matching/add.html", found, given, errors)


@never_cache
@require_http_methods(["GET", "POST"])
@require(*MAY_JOIN)
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the chosen cases out; `case` names them, by key."""
    found, viewer = _find(request, pk), request.viewer  # type: ignore[attr-defined]
    asked = request.POST.getlist("case") if request.method == "POST" else request.GET.getlist("case")
    wanted = [number for key in asked if (number := whole(key, digits=KEY)) is not None][:200]
    given = {"why": request.POST.get("why", "")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            left = joining.split(pk, wanted, viewer=viewer, why=given["why"], now=timezone.now())
            to = reverse("matching:matters") if left.dissolved_at else reverse("matching:matter", args=[pk])
            return done(request, _("已拆出；不再提示为同一问题"), to=to)
        except DomainError as refusal:
            errors = _errors(refusal, "why")
    cases = selectors.cases_of(found, viewer).filter(pk__in=wanted)
    return _dialog(request, "matching/split.html", found, given, errors, cases=[_named(case) for case in cases])


@never_cache
@require_http_methods(["GET", "POST"])
@require(*MAY_JOIN)
def describe(request: HttpRequest, pk: int) -> HttpResponse:
    found, viewer = _find(request, pk), request.viewer  # type: ignore[attr-defined]
    given = {"name": request.POST.get("name", found.name), "note": request.POST.get("note", found.note)}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            joining.describe(pk, name=given["name"], note=given["note"], viewer=viewer, now=timezone.now())
            return done(request, _("已保存"), to=reverse("matching:matter", args=[pk]))
        except DomainError as refusal:
            errors = _errors(refusal, "name")
    return _dialog(request, "matching/describe.html", found, given, errors)


def _dialog(
    request: HttpRequest, template: str, found: Matter, given: dict[str, str], errors: dict[str, str], **more: Any
) -> HttpResponse:
    shown = {"layout": layout_of(request), "matter": found, "given": given, "errors": errors, **more}
    return render(request, template, shown, status=422 if errors else 200)


def _errors(refusal: DomainError, name: str) -> dict[str, str]:
    return dict(refusal.errors) if isinstance(refusal, InvalidData) else {name: refusal.message}


def _named(case: Case) -> tuple[int, str]:
    return case.pk, numbers.grouped(case.case_no)


def _find(request: HttpRequest, pk: int) -> Matter:
    try:
        return selectors.find(request.viewer, pk)  # type: ignore[attr-defined]
    except joining.MatterNotFound as exc:
        raise Http404(exc.message) from exc
