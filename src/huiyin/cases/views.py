"""The page of one case: what it is, what may be done with it now, and doing it without leaving the page."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import reswap, retarget, trigger_client_event

from huiyin.accounts import reveals
from huiyin.accounts.models.looks import Purpose, RevealedField
from huiyin.accounts.permissions import require
from huiyin.accounts.viewer import Viewer
from huiyin.cases import attachments, desk, disclosure, selectors
from huiyin.cases.desk import CaseNotFound, MovedSince
from huiyin.cases.forms import NEW_FILES, ActionForm, Around
from huiyin.cases.models import Case, CaseEvent
from huiyin.cases.presenters.sheet import lines_since, sheet_of
from huiyin.domain.actions import Action
from huiyin.domain.errors import DomainError, InvalidData
from huiyin.ui.layout import layout_of
from huiyin.ui.responses import done, toast

PANEL = "case-panel"  # where the unit's desk opens a case beside its list
_ROW = "row"  # a press in a list: the list renews itself, nothing else is shown


@never_cache
@require_GET
@require()
def page(request: HttpRequest, number: str) -> HttpResponse:
    case = _find(request.viewer, number)
    if request.headers.get("HX-Target") != "case-sheet":  # the page renewing itself is no new look
        reveals.record_look(
            case_id=case.pk, viewer=request.viewer, page="案件", ip=reveals.address_of(request), at=timezone.now()
        )
    return render(request, "cases/case.html", _shown(request, case))


@require_GET
@require()
def stamp(request: HttpRequest, number: str) -> HttpResponse:
    """Whether the case moved on since a page was rendered."""
    return JsonResponse({"stamp": str(_find(request.viewer, number).seq), "text": _("案件有新的变化，点此查看")})


@never_cache
@require_http_methods(["GET", "POST"])
@require()
def do(request: HttpRequest, number: str, action: str) -> HttpResponse:
    if action not in {str(known) for known in Action}:
        raise Http404(_("没有这项操作。"))
    case, wanted = _find(request.viewer, number), Action(action)
    around = Around(case=case, now=timezone.now(), proposed=_proposed(case, wanted))
    if request.method == "GET":
        return _form_page(request, ActionForm(wanted, around), expected_seq=case.seq)
    form = ActionForm(wanted, around, request.POST, request.FILES)
    try:
        sent = _take_files(request, form)
        desk.act(
            case.pk,
            wanted,
            actor=request.viewer.actor(),
            data=form.entered(sent),
            now=around.now,
            expected_seq=_expected_seq(request),
        )
    except MovedSince as moved:
        return _refused(request, form, moved, moved.events)
    except DomainError as refusal:
        return _refused(request, form, refusal, [])
    return _acted(request, number, wanted)


@never_cache
@require_http_methods(["GET", "POST"])
@require()
def reveal(request: HttpRequest, number: str, field: str) -> HttpResponse:
    """Name or number in full, once, after the reason was written down."""
    case = _find(request.viewer, number)
    if field not in disclosure.REVEALABLE:
        raise Http404(_("没有这项内容。"))
    shown: dict[str, Any] = {
        "layout": layout_of(request),
        "case": case,
        "field": field,
        "label": RevealedField(field).label,
        "purposes": Purpose.choices,
        "purpose": request.POST.get("purpose", Purpose.CONTACT.value),
        "reason": request.POST.get("reason", _("联系诉求人，核实并办理诉求")).replace("\x00", ""),
        "may_reveal": disclosure.may_reveal(request.viewer, case),
    }
    if request.method == "GET" or not shown["may_reveal"]:
        return render(request, "cases/reveal.html", shown, status=200 if shown["may_reveal"] else 403)
    try:
        shown["value"] = disclosure.reveal(
            request.viewer,
            case,
            field,
            purpose=shown["purpose"],
            reason=shown["reason"],
            ip=reveals.address_of(request),
            now=timezone.now(),
        )
    except InvalidData as wrong:
        return render(request, "cases/reveal.html", {**shown, "errors": wrong.errors}, status=422)
    return render(request, "cases/reveal.html", {**shown, "revealed": True})


def _find(viewer: Viewer, number: str) -> Case:
    try:
        return selectors.find_case(viewer, number)
    except CaseNotFound as exc:
        raise Http404(_("没有这个案件，或不在您的查看范围内。")) from exc


def _shown(request: HttpRequest, case: Case) -> dict[str, Any]:
    now = timezone.now()
    prefetch_related_objects([case], "clocks")
    in_panel = _place(request) == PANEL
    layout = "ui/fragment.html" if in_panel else layout_of(request)
    return {
        "layout": layout,
        "in_panel": in_panel,
        "in_dialog": layout == "ui/dialog.html",  # another desk looks in: everything but the actions
        "now": now,
        "case": case,
        "sheet": sheet_of(request.viewer, case, now),
    }


def _place(request: HttpRequest) -> str:
    """Where the answer will stand: the page itself, the panel of the desk, or a row of a list."""
    return str(request.POST.get("place") or request.GET.get("place") or "")


def _take_files(request: HttpRequest, form: ActionForm) -> list[int]:
    """Files that travelled with the form itself, where no script had sent them before."""
    uploads: list[UploadedFile] = request.FILES.getlist(NEW_FILES) if form.takes_files else []
    received = attachments.receive_all(uploads, actor=request.viewer.actor(), now=form.around.now)
    return [attachment.pk for attachment in received]


def _expected_seq(request: HttpRequest) -> int | None:
    raw = str(request.POST.get("seq", ""))
    return int(raw) if raw.isdecimal() and len(raw) < 10 else None


def _proposed(case: Case, action: Action) -> dict[str, Any]:
    """What the machine or the unit suggested, filled in for the one who decides."""
    if action is Action.DISPATCH:
        proposal = case.proposal or {}
        unit, classes = proposal.get("unit") or {}, proposal.get("classes") or [{}]
        code = case.class_code or classes[0].get("code")
        return {"unit_id": unit.get("unit_id"), "sub_unit_id": unit.get("sub_unit_id"), "class_code": code}
    if action is Action.RULE_RETURN:
        asked = CaseEvent.objects.filter(case_id=case.pk, action=str(Action.REQUEST_RETURN)).order_by("-seq").first()
        return {"unit_id": asked.data.get("suggested_unit_id")} if asked else {}
    return {}


def _form_page(
    request: HttpRequest, form: ActionForm, *, expected_seq: int, status: int = 200, moved: Any = ()
) -> HttpResponse:
    case = form.around.case
    allowed = form.action in desk.allowed(case, request.viewer.actor())
    shown = {
        "layout": layout_of(request),
        "now": form.around.now,
        "case": case,
        "form": form,
        "action": form.action,
        "expected_seq": expected_seq,
        "place": _place(request),
        "moved": moved,
        "allowed": allowed,
        "number": case.case_no,
    }
    return render(request, "cases/do.html", shown, status=status)


def _refused(request: HttpRequest, form: ActionForm, refusal: DomainError, events: list[CaseEvent]) -> HttpResponse:
    """The form again with what was entered, the reason at its field, and what happened meanwhile."""
    case = _find(request.viewer, form.around.case.case_no)
    form.around = Around(case=case, now=form.around.now, proposed=form.around.proposed)
    if request.htmx and (form.asks_nothing or _place(request) == _ROW):
        return _renewed(request, case, refusal.message, kind="warning")
    form.refuse(refusal)
    moved = lines_since(request.viewer, case, events)
    return _form_page(request, form, expected_seq=case.seq, status=422, moved=moved)


def _acted(request: HttpRequest, number: str, action: Action) -> HttpResponse:
    text = _("已%(action)s") % {"action": action.label}
    address = reverse("cases:page", args=[number])
    try:
        case = selectors.find_case(request.viewer, number)
    except CaseNotFound:  # handed to where this viewer does not look
        return done(request, text, to=reverse("cases:search"))
    return _renewed(request, case, text) if request.htmx else done(request, text, to=address)


def _renewed(request: HttpRequest, case: Case, text: str, kind: str = "success") -> HttpResponse:
    """The whole sheet anew where it stands, a toast, and a word to the lists on the page."""
    if _place(request) == _ROW:
        response = HttpResponse(status=204)
    else:
        response = render(request, "cases/case/sheet.html", _shown(request, case))
        response = reswap(retarget(response, "#case-sheet"), "outerHTML show:none settle:0ms")
    trigger_client_event(response, "case:changed", {"case": case.case_no})
    return toast(response, text, kind=kind)
