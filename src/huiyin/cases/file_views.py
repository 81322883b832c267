"""Files in and out: taken as they are chosen, given only to those who see the case, never run by a browser."""

import re
from collections.abc import Iterator
from typing import IO, Any
from urllib.parse import quote

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.accounts.permissions import require
from huiyin.cases import attachments
from huiyin.cases.file_types import FileRefused
from huiyin.cases.models import Attachment

_SANDBOX = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
_SHOWN_INLINE = ("image/", "video/", "audio/")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)$")
_CHUNK = 64 * 1024


@require_POST
@require()
def upload(request: HttpRequest) -> HttpResponse:
    """One file from a form's upload field; JSON either way, so that the field can say what is wrong with it."""
    sent = request.FILES.get("file")
    if sent is None:
        return JsonResponse({"error": _("没有收到文件，请重新选择。")}, status=422)
    try:
        attachment = attachments.receive(sent, actor=request.viewer.actor(), now=timezone.now())
    except FileRefused as refusal:
        return JsonResponse({"error": refusal.message, "code": refusal.code}, status=422)
    return JsonResponse(_as_json(attachment), status=201)


@require_POST
@require()
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    attachments.withdraw(pk, actor=request.viewer.actor())
    return HttpResponse(status=204)


@require_GET
@require()
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    attachment = _find(request, pk)
    inline = attachment.media_type.startswith(_SHOWN_INLINE) and "save" not in request.GET
    response = _ranged(request, attachment)
    return _guarded(response, attachment, inline=inline)


@require_GET
@require()
def thumbnail(request: HttpRequest, pk: int) -> HttpResponseBase:
    attachment = _find(request, pk)
    if not attachment.thumbnail_as:
        raise Http404
    response = FileResponse(_opened(attachment.thumbnail_as), content_type="image/jpeg")
    return _guarded(response, attachment, inline=True, media_type="image/jpeg")


def _find(request: HttpRequest, pk: int) -> Attachment:
    found = attachments.visible_files(request.viewer).filter(pk=pk).first()
    if found is None:
        raise Http404(_("没有这个文件，或不在您的查看范围内。"))
    return found


def _as_json(attachment: Attachment) -> dict[str, Any]:
    small = reverse("cases:thumbnail", args=[attachment.pk]) if attachment.thumbnail_as else ""
    return {
        "id": attachment.pk,
        "name": attachment.name,
        "size": attachment.size,
        "media_type": attachment.media_type,
        "thumbnail": small,
        "remove": reverse("cases:remove_file", args=[attachment.pk]),
    }


def _opened(name: str) -> IO[bytes]:
    try:
        return default_storage.open(name)
    except FileNotFoundError as exc:
        raise Http404(_("文件已不在存储中，请联系管理员。")) from exc


def _ranged(request: HttpRequest, attachment: Attachment) -> HttpResponseBase:
    """Players ask for a stretch at a time, and some play nothing without."""
    file, size = _opened(attachment.stored_as), attachment.size
    stretch = _stretch(request.headers.get("Range", ""), size)
    if stretch is None:
        response: HttpResponseBase = FileResponse(file, content_type=attachment.media_type)
        response["Content-Length"] = str(size)
    else:
        first, last = stretch
        body = _part(file, first, last - first + 1)
        response = StreamingHttpResponse(body, status=206, content_type=attachment.media_type)
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
        response["Content-Length"] = str(last - first + 1)
    response["Accept-Ranges"] = "bytes"
    return response


def _stretch(header: str, size: int) -> tuple[int, int] | None:
    match = _RANGE.match(header)
    if match is None or match[0] == "bytes=-":
        return None
    if not match[1]:
        return max(0, size - int(match[2])), size - 1
    first, last = int(match[1]), min(int(match[2] or size - 1), size - 1)
    return (first, last) if first <= last else None


def _part(file: IO[bytes], first: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        while length > 0 and (chunk := file.read(min(_CHUNK, length))):
            length -= len(chunk)
            yield chunk


def _guarded(
    response: HttpResponseBase, attachment: Attachment, *, inline: bool, media_type: str = ""
) -> HttpResponseBase:
    """Whatever it holds, a browser only shows or saves it, under the type that was found when it came in."""
    how = "inline" if inline else "attachment"
    response["Content-Type"] = media_type or attachment.media_type
    response["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(attachment.name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, max-age=3600"
    return response
