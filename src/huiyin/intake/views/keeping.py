"""Saving and throwing away drafts, behind the console's back."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from huiyin.accounts.permissions import require
from huiyin.domain.lifecycle import MAY_REGISTER
from huiyin.intake import drafts, entry


@require(*MAY_REGISTER)
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """A form that was emptied again leaves nothing behind."""
    now = timezone.now()
    staff_id = request.viewer.staff_id  # type: ignore[attr-defined]
    entered = entry.read(request.POST)
    if entered.is_blank:
        drafts.discard(entered.key, staff_id=staff_id)
    else:
        drafts.keep(entered, staff_id=staff_id, now=now)
    return JsonResponse({"saved": not entered.is_blank, "at": timezone.localtime(now).strftime("%H:%M:%S")})


@require(*MAY_REGISTER)
@require_POST
def discard(request: HttpRequest, key: UUID) -> HttpResponse:
    drafts.discard(key, staff_id=request.viewer.staff_id)  # type: ignore[attr-defined]
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204)
    return HttpResponseRedirect(f"{reverse('intake:console')}?new")
