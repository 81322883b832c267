"""A unit asks: leave this case out, look at this answer again; and how a case has counted, on the case's page."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.accounts.permissions import require
from huiyin.accounts.viewer import Viewer
from huiyin.cases import attachments, disclosure, numbers, selectors
from huiyin.cases.desk import CaseNotFound
from huiyin.cases.forms import NEW_FILES
from huiyin.cases.models import Case
from huiyin.domain.errors import DomainError
from huiyin.domain.exclusions import ExclusionKind
from huiyin.domain.vocabulary import Role
from huiyin.evaluation import appeals, exclusions, standing
from huiyin.evaluation.review_forms import AppealForm, ApplyForm
from huiyin.ui.layout import layout_of
from huiyin.ui.responses import done

_UNIT = require(Role.HANDLER, Role.UNIT_HEAD)


@never_cache
@require_http_methods(["GET", "POST"])
@_UNIT
def apply(request: HttpRequest, case_no: str) -> HttpResponse:
    """申请剔除, as a dialog on the case's page."""
    viewer, case = _viewer(request), _case(request, case_no)
    form, now = ApplyForm(request.POST or None), timezone.now()
    if request.method == "POST":
        try:
            made = exclusions.apply(
                case.pk,
                kind=_kind(form.data.get("kind", "")),
                reason_code=form.data.get("reason_code", ""),
                grounds=form.data.get("grounds", ""),
                platform=form.data.get("platform", "").replace("\x00", ""),
                files=form.kept(_sent(request)),
                by=viewer,
                now=now,
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            told = _("已申请，%(ruling)s。") % {"ruling": made.get_ruling_display()}
            return done(request, told, to=reverse("cases:page", args=[case.case_no]), refresh="case:changed")
    return _form_page(request, case, form, "evaluation/apply.html", _("申请剔除"))


@never_cache
@require_http_methods(["GET", "POST"])
@_UNIT
def file_appeal(request: HttpRequest, case_no: str) -> HttpResponse:
    """申诉, as a dialog on the case's page."""
    viewer, case = _viewer(request), _case(request, case_no)
    form, now = AppealForm(request.POST or None), timezone.now()
    if request.method == "POST":
        try:
            appeals.file(
                case.pk,
                grounds=form.data.get("grounds", ""),
                files=form.kept(_sent(request)),
                by=viewer,
                now=now,
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            to = reverse("cases:page", args=[case.case_no])
            return done(request, _("已申诉，等待另一位回访员复访。"), to=to, refresh="case:changed")
    return _form_page(request, case, form, "evaluation/apply.html", _("对回访结果申诉"))


@never_cache
@require_GET
@require()
def of_case(request: HttpRequest, case_no: str) -> HttpResponse:
    """How the case counts in each period that the viewer may see, and what may still be asked; part of its page."""
    viewer, case = _viewer(request), _case(request, case_no)
    found = standing.of_case(case, viewer=viewer, now=timezone.now())
    context = {"case": case, "found": found, "now": timezone.now()}
    return render(request, "evaluation/of_case.html", context)


def _form_page(request: HttpRequest, case: Case, form: Any, template: str, heading: str) -> HttpResponse:
    context = {
        "layout": layout_of(request),
        "case": case,
        "number": numbers.grouped(case.case_no),
        "title": disclosure.words_for(_viewer(request), case)(case.title),
        "form": form,
        "heading": heading,
        "now": timezone.now(),
    }
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def _sent(request: HttpRequest) -> list[int]:
    """Files that came with the form itself, where no script had sent them before."""
    received = attachments.receive_all(
        request.FILES.getlist(NEW_FILES), actor=_viewer(request).actor(), now=timezone.now()
    )
    return [one.pk for one in received]


def _kind(text: str) -> ExclusionKind:
    return ExclusionKind(text) if text in set(ExclusionKind) else ExclusionKind.EXCLUSION


def _case(request: HttpRequest, case_no: str) -> Case:
    try:
        return selectors.find_case(_viewer(request), case_no)
    except CaseNotFound as refusal:
        raise Http404(refusal.message) from refusal


def _viewer(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # set by require
    return viewer
