"""On the page of a case: the matter it belongs to, other cases like it, and joining or refusing them there."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huiyin.accounts.permissions import require
from huiyin.cases import selectors as case_selectors
from huiyin.cases.desk import CaseNotFound
from huiyin.cases.models import Case
from huiyin.domain.errors import DomainError
from huiyin.domain.numerals import KEY, whole
from huiyin.matching import finding, joining, selectors
from huiyin.matching.joining import MAY_JOIN
from huiyin.ui.responses import toast

_SHOWN = 6


@never_cache
@require_GET
@require()
def panel(request: HttpRequest, number: str) -> HttpResponse:
    return _panel(request, _find(request, number))


@require_POST
@require(*MAY_JOIN)
def join(request: HttpRequest, number: str) -> HttpResponse:
    """This case and the other one become one matter, or the one joins the other's."""
    case, viewer = _find(request, number), request.viewer  # type: ignore[attr-defined]
    try:
        joining.put_together([case.pk, _other(request)], viewer=viewer, why="", now=timezone.now())
    except DomainError as refusal:
        return _after(request, case, refusal.message, kind="warning")
    return _after(request, case, _("已合为同一问题；各件仍各自办理、各自答复"))


@require_POST
@require(*MAY_JOIN)
def apart(request: HttpRequest, number: str) -> HttpResponse:
    case, viewer = _find(request, number), request.viewer  # type: ignore[attr-defined]
    try:
        joining.keep_apart(case.pk, _other(request), viewer=viewer, now=timezone.now())
    except DomainError as refusal:
        return _after(request, case, refusal.message, kind="warning")
    return _after(request, case, _("记住了：不再提示这两件相同"))


def _panel(request: HttpRequest, case: Case) -> HttpResponse:
    now, viewer = timezone.now(), request.viewer  # type: ignore[attr-defined]
    matter = selectors.matter_of(case.pk)
    others = list(selectors.cases_of(matter, viewer).exclude(pk=case.pk).order_by("-id")[:_SHOWN]) if matter else []
    shown = {
        "case": case,
        "now": now,
        "matter": matter,
        "others": others,
        "similar": finding.similar_to_case(case, viewer=viewer, at=now),
        "may_join": viewer.has(*MAY_JOIN),
    }
    return render(request, "matching/panel.html", shown)


def _after(request: HttpRequest, case: Case, text: str, kind: str = "success") -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return toast(_panel(request, case), text, kind=kind)
    return HttpResponse(status=303, headers={"Location": reverse("cases:page", args=[case.case_no])})


def _other(request: HttpRequest) -> int:
    raw = request.POST.get("other", "")
    return whole(raw, digits=KEY) or 0


def _find(request: HttpRequest, number: str) -> Case:
    try:
        return case_selectors.find_case(request.viewer, number)  # type: ignore[attr-defined]
    except CaseNotFound as exc:
        raise Http404(exc.message) from exc
