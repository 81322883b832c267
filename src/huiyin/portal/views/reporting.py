"""Filing a matter: one page, a receipt, and what the page asks while somebody types."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from huiyin.cases import numbers
from huiyin.cases.models import Attachment
from huiyin.domain.errors import DomainError
from huiyin.domain.vocabulary import Channel
from huiyin.intake import entry
from huiyin.portal import access, filing, limits, photos, receipts, submissions
from huiyin.portal.forms import ReportForm
from huiyin.portal.views.entrance import EMERGENCIES
from huiyin.registry import lookup

_HITS = 8
_PLACES_A_MINUTE = 120
_LONGEST_QUERY = 40


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        channel = Channel.WECHAT if request.GET.get("channel") == Channel.WECHAT else Channel.WEB
        form = ReportForm(initial={"channel": str(channel), "token": submissions.new_token()})
        return _page(request, form, [], [], status=200)
    return _filed(request)


def _filed(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = ReportForm(request.POST)
    kept, refused = taken_with_form(request)
    if form.is_valid() and not refused:
        said = form.cleaned_data
        try:
            limits.spend(limits.FILING, limits.who_asks(request), now)
            case = filing.file_matter(
                said={**said, "files": [photo.pk for photo in kept]},
                token=said["token"],
                position=filing.Position.read(said["lon"], said["lat"]),
                now=now,
            )
        except limits.TooOften as refusal:
            form.refuse(refusal)
            return _page(request, form, kept, refused, status=429)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            access.open_here(request, case)
            return redirect("portal:receipt")
    return _page(request, form, kept, refused, status=422)


def taken_with_form(request: HttpRequest) -> tuple[list[Attachment], list[str]]:
    """The photos of a form: those sent ahead, and those that travelled with it; refusals in words."""
    now = timezone.now()
    kept = photos.waiting(request, request.POST.getlist("files"))
    refused: list[str] = []
    for upload in request.FILES.getlist("new_files"):
        if len(kept) >= photos.MOST:
            refused.append(_("最多%(count)s张照片，多出的没有上传。") % {"count": photos.MOST})
            break
        try:
            kept.append(photos.take_in(request, upload, now))
        except DomainError as refusal:
            refused.append(refusal.message)
    return kept, refused


def _page(
    request: HttpRequest, form: ReportForm, kept: Iterable[Attachment], refused: Iterable[str], *, status: int
) -> HttpResponse:
    context = {
        "form": form,
        "kept": kept,
        "refused": refused,
        "accept": photos.ACCEPT,
        "most": photos.MOST,
        "emergencies": EMERGENCIES,
    }
    return render(request, "portal/report.html", context, status=status)


@never_cache
@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """Number, code and what happens next; for whoever has just filed it or opened it by both."""
    try:
        case = access.opened(request)
    except access.NotOpen:
        return redirect("portal:find")
    now = timezone.now()
    context: dict[str, Any] = {
        "case": case,
        "number": numbers.grouped(case.case_no),
        "code": numbers.access_code(case.case_no, secret=settings.DATA_KEY),
        "steps": receipts.what_happens_next(case, now),
        "now": now,
    }
    return render(request, "portal/receipt.html", context)


@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """Public names of streets, communities and places for the type-ahead; nothing of any citizen."""
    if _too_many(request):
        return JsonResponse({"results": [], "error": _("查得太快了，请直接写地址")}, status=429)
    hits = lookup.places(request.GET.get("q", "")[:_LONGEST_QUERY], _HITS)
    return JsonResponse({"results": [_place(hit) for hit in hits]})


def _too_many(request: HttpRequest) -> bool:
    """Counted in this process's memory: a keystroke is not worth a statement."""
    key = f"portal-places:{limits.who_asks(request)}"
    cache.add(key, 0, timeout=60)
    try:
        return cache.incr(key) > _PLACES_A_MINUTE
    except ValueError:  # it ran out between the two lines
        return False


def _place(hit: lookup.PlaceHit) -> dict[str, str]:
    areas = {"district_id": hit.district_id, "street_id": hit.street_id, "community_id": hit.community_id}
    return {"id": entry.place_code(areas), "label": hit.label, "detail": hit.detail}
