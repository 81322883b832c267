"""The console itself: opened with a fresh form or a draft, sent once, answered with number and code."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huiyin.accounts.permissions import require
from huiyin.accounts.viewer import Viewer
from huiyin.cases import attachments
from huiyin.cases.forms import NEW_FILES
from huiyin.cases.widgets import UploadWidget
from huiyin.domain.errors import DomainError, InvalidData, NotPermitted
from huiyin.domain.lifecycle import MAY_REGISTER
from huiyin.domain.vocabulary import Channel, Grade, RequesterKind, RequestType, Role
from huiyin.intake import drafts, entry, outcomes
from huiyin.intake.entry import Entry, Settling
from huiyin.intake.filing import file_entry
from huiyin.intake.today import filed_today
from huiyin.registry import rulebook
from huiyin.registry.models import ReasonKind

# People in the order in which they speak to the hotline; the rest comes through interfaces.
_CHANNELS = (Channel.PHONE, Channel.WEB, Channel.WECHAT, Channel.APP, Channel.SMS, Channel.EMAIL, Channel.VISIT)
_HOTLINE = (Role.OPERATOR, Role.DISPATCHER)


@require(*MAY_REGISTER)
@never_cache
@require_http_methods(["GET", "POST"])
def console(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if request.method == "GET":
        return render(request, "intake/console.html", _page(request, *_opened(request, viewer, now)))
    entered = entry.read(request.POST)
    try:
        entered = _with_files(request, entered, now)
        _check_settling(entered, viewer)
        filed = file_entry(entered, viewer=viewer, now=now)
    except InvalidData as wrong:
        return _refused(request, entered, wrong.errors, status=422)
    except DomainError as refusal:
        return _refused(request, entered, {"": refusal.message}, status=409)
    context = _page(request, _fresh(viewer), drafts.latest(viewer.staff_id, now=now))
    context["outcome"] = outcomes.of(filed, viewer=viewer, now=now)
    return render(request, "intake/outcome.html" if _by_script(request) else "intake/console.html", context)


def _with_files(request: HttpRequest, entered: Entry, now: datetime) -> Entry:
    """Where no script sent the files ahead they travel with the form itself."""
    uploads = request.FILES.getlist(NEW_FILES)
    if not uploads:
        return entered
    actor = request.viewer.actor()  # type: ignore[attr-defined]
    try:
        received = attachments.receive_all(uploads, actor=actor, now=now)
    except attachments.FileRefused as refusal:
        raise InvalidData({"files": refusal.message}) from refusal
    kept = [*entered.files, *(one.pk for one in received)]
    return replace(entered, values={**entered.values, "files": ",".join(map(str, kept))})


def _opened(request: HttpRequest, viewer: Viewer, now: datetime) -> tuple[Entry, list[Any]]:
    """A call that just came in (?phone=), a chosen draft (?draft=), a fresh form (?new), else the latest draft."""
    kept = drafts.latest(viewer.staff_id, now=now)
    phone = request.GET.get("phone", "")[:30]
    if phone or "new" in request.GET:
        return _fresh(viewer, phone=phone), kept
    wanted = request.GET.get("draft", "")
    chosen = next((draft for draft in kept if str(draft.key) == wanted), None if wanted else next(iter(kept), None))
    return (drafts.unpacked(chosen) if chosen else _fresh(viewer)), kept


def _fresh(viewer: Viewer, *, phone: str = "") -> Entry:
    channel = Channel.PHONE if viewer.has(*_HOTLINE) else Channel.VISIT
    return entry.new(channel=str(channel), **({"phone": phone} if phone else {}))


def _page(
    request: HttpRequest, entered: Entry, kept: list[Any], errors: dict[str, str] | None = None
) -> dict[str, Any]:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    now = timezone.now()
    hotline = viewer.has(*_HOTLINE)
    return {
        "entry": entered,
        "values": entered.values,
        "errors": errors or {},
        "drafts": drafts.listed(draft for draft in kept if draft.key != entered.key),
        "restored": any(draft.key == entered.key for draft in kept),
        "today": filed_today(viewer.staff_id, now=now),
        "now": now,
        "hotline": hotline,
        "grades": list(Grade),
        "request_types": list(RequestType),
        "channels": _CHANNELS if hotline else (Channel.VISIT, Channel.PHONE),
        "requester_kinds": list(RequesterKind),
        "settlings": _offered(viewer),
        "refer_reasons": rulebook.reasons(ReasonKind.REFER)[4:] if hotline else (),
        "persuade_reasons": rulebook.reasons(ReasonKind.PERSUADE) if hotline else (),
        "upload": UploadWidget().render("files", entered.files, {"id": "files"}),
        "class_box": _class_box(entered, errors or {}),
        "place_box": _place_box(entered, errors or {}),
        "form_error": (errors or {}).get("", ""),
        "here": reverse("intake:console"),
    }


def _class_box(entered: Entry, errors: dict[str, str]) -> dict[str, Any]:
    return {
        "id": "class_code",
        "name": "class_code",
        "url": reverse("intake:classes"),
        "min": 1,
        "value": entered.value("class_code"),
        "text": entered.value("class_code_text"),
        "label": _("类别"),
        "aria_label": _("类别"),
        "placeholder": _("关键词、拼音首字母或代码"),
        "hotkey": "alt+l",
        "error": errors.get("class_code", ""),
        "described": "error-class_code" if "class_code" in errors else "",
    }


def _place_box(entered: Entry, errors: dict[str, str]) -> dict[str, Any]:
    return {
        "id": "place",
        "name": "place",
        "url": reverse("intake:places"),
        "min": 1,
        "value": entered.value("place"),
        "text": entered.value("place_text"),
        "label": _("事发地点"),
        "aria_label": _("事发地点"),
        "placeholder": _("街道、社区、小区、路名，可输拼音首字母"),
        "hotkey": "alt+w",
        "error": errors.get("place", ""),
        "described": "error-place" if "place" in errors else "",
    }


def _offered(viewer: Viewer) -> list[Settling]:
    """Only the hotline settles a matter without a unit."""
    every = [settling for settling in Settling if settling is not Settling.MERGE]
    return every if viewer.has(*_HOTLINE) else [Settling.REGISTER]


def _check_settling(entered: Entry, viewer: Viewer) -> None:
    if entered.settling is not Settling.REGISTER and not viewer.has(*_HOTLINE):
        raise NotPermitted


def _refused(request: HttpRequest, entered: Entry, errors: dict[str, str], *, status: int) -> HttpResponse:
    if _by_script(request):
        return JsonResponse({"errors": errors}, status=status)
    kept = drafts.latest(request.viewer.staff_id, now=timezone.now())  # type: ignore[attr-defined]
    return render(request, "intake/console.html", _page(request, entered, kept, errors), status=status)


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
