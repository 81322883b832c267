"""Photos on their way in, before the form is sent, and their pictures for whoever may see them."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.cases.file_types import FileRefused
from huiyin.cases.models import Attachment
from huiyin.portal import photos
from huiyin.portal.limits import TooOften

_SANDBOX = "sandbox; default-src 'none'; img-src 'self'"


@require_POST
def send(request: HttpRequest) -> HttpResponse:
    upload = request.FILES.get("file")
    if upload is None:
        return JsonResponse({"error": _("没有收到照片，请重新选择。")}, status=422)
    try:
        photo = photos.take_in(request, upload, timezone.now())
    except FileRefused as refusal:
        return JsonResponse({"error": refusal.message}, status=422)
    except TooOften as refusal:
        return JsonResponse({"error": refusal.message}, status=429)
    told = {
        "id": photo.pk,
        "name": photo.name,
        "thumbnail": reverse("portal:thumbnail", args=[photo.pk]),
        "remove": reverse("portal:remove_photo", args=[photo.pk]),
    }
    return JsonResponse(told, status=201)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    photos.withdraw(request, pk)
    return HttpResponse(status=204)


@require_GET
def thumbnail(request: HttpRequest, pk: int) -> HttpResponseBase:
    photo = _find(request, pk)
    return _shown(photo.thumbnail_as, "image/jpeg")


@require_GET
def picture(request: HttpRequest, pk: int) -> HttpResponseBase:
    photo = _find(request, pk)
    return _shown(photo.stored_as, photo.media_type)


def _find(request: HttpRequest, pk: int) -> Attachment:
    found = photos.visible(request).filter(pk=pk, media_type__startswith="image/").first()
    if found is None:
        raise Http404
    return found


def _shown(name: str, media_type: str) -> HttpResponseBase:
    try:
        file = default_storage.open(name)
    except (FileNotFoundError, ValueError) as exc:
        raise Http404 from exc
    response = FileResponse(file, content_type=media_type)
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, max-age=600"
    return response
