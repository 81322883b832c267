"""An earlier case beside a call: read it without leaving the console, supplement it or urge it in one key."""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huiyin.accounts.permissions import require
from huiyin.accounts.reveals import address_of, record_look
from huiyin.cases import desk, journal, numbers, selectors
from huiyin.cases.disclosure import access_code_for, words_for
from huiyin.cases.models import Case
from huiyin.cases.presenters import lights, names, timeline
from huiyin.domain.actions import Action
from huiyin.domain.errors import DomainError
from huiyin.domain.lifecycle import MAY_REGISTER
from huiyin.domain.vocabulary import Role
from huiyin.intake import drafts, entry
from huiyin.ui.layout import layout_of

_HOTLINE = (Role.OPERATOR, Role.DISPATCHER)


@require(*MAY_REGISTER)
@never_cache
@require_GET
def peek(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    viewer = request.viewer  # type: ignore[attr-defined]
    case = _visible(request, pk)
    record_look(case_id=pk, viewer=viewer, page="受理台查看", ip=address_of(request), at=now)
    read = words_for(viewer, case)
    lines = timeline.Reader(case=case, masked=read).lines(journal.of_case(pk))
    context = {
        "layout": layout_of(request),
        "case": case,
        "number": numbers.grouped(case.case_no),
        "title": read(case.title),
        "content": read(case.content),
        "place": names.place_of(case),
        "class_path": names.class_path(case.taxonomy_edition_id, case.class_code),
        "unit": names.unit_name(case.lead_unit_id),
        "clock": lights.pressing(case.clocks.all(), now),
        "lines": lines[::-1],
        "code": access_code_for(viewer, case),
        "hotline": viewer.has(*_HOTLINE),
        "now": now,
    }
    return render(request, "intake/peek.html", context)


@require(*_HOTLINE)
@require_POST
def supplement(request: HttpRequest, pk: int) -> HttpResponse:
    """What was typed goes to the earlier case instead of becoming a new one."""
    entered = entry.read(request.POST)
    return _acted(request, pk, Action.SUPPLEMENT, {"note": entered.value("content")}, entered)


@require(*_HOTLINE)
@require_POST
def urge(request: HttpRequest, pk: int) -> HttpResponse:
    entered = entry.read(request.POST)
    note = entered.value("content") or "诉求人再次来电催促办理进度。"
    return _acted(request, pk, Action.URGE, {"note": note}, entered)


def _acted(
    request: HttpRequest, pk: int, action: Action, data: Mapping[str, object], entered: entry.Entry
) -> HttpResponse:
    viewer = request.viewer  # type: ignore[attr-defined]
    now = timezone.now()
    _visible(request, pk)
    try:
        case = desk.act(pk, action, actor=viewer.actor(), data=data, now=now)
    except DomainError as refusal:
        return JsonResponse({"errors": {"": refusal.message}}, status=409)
    drafts.discard(entered.key, staff_id=viewer.staff_id)
    context = {
        "case": case,
        "number": numbers.grouped(case.case_no),
        "done": action,
        "unit": names.unit_name(case.lead_unit_id),
        "next_key": entry.new().key,
        "now": now,
    }
    return render(request, "intake/acted.html", context)


def _visible(request: HttpRequest, pk: int) -> Case:
    viewer = request.viewer  # type: ignore[attr-defined]
    case = selectors.cases_for(viewer).prefetch_related("clocks").filter(pk=pk).first()
    if case is None:
        raise Http404("没有找到这个案件。")
    return case
