"""Takes a file of entries: shows every fault by its line, and writes only a file without any."""

import tempfile
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huiyin.accounts.permissions import require
from huiyin.domain.errors import DomainError
from huiyin.domain.vocabulary import Role
from huiyin.knowledge import importing, writing
from huiyin.knowledge.forms import UploadForm
from huiyin.registry import directory
from huiyin.tables.reading import BadFile
from huiyin.ui.layout import layout_of
from huiyin.ui.responses import done

_LARGEST = 20 << 20
_SHOWN = 100


@require_http_methods(["GET", "POST"])
@require(Role.ANALYST, Role.EVALUATOR, Role.ADMINISTRATOR)
def upload(request: HttpRequest) -> HttpResponse:
    viewer = request.viewer  # type: ignore[attr-defined]  # set by require
    if not writing.may_publish(viewer):
        raise writing.MayNotPublish
    form = UploadForm(request.POST or None, request.FILES or None)
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            reading = _read(form.cleaned_data)
            faults = reading.faults
            if not faults:
                done_now = importing.write(reading.lines, by=writing.editor_of(viewer), now=timezone.now())
                told = _("已导入：新增 %(a)d 条，更新 %(c)d 条，未变 %(s)d 条。") % {
                    "a": done_now.added,
                    "c": done_now.changed,
                    "s": done_now.same,
                }
                return done(request, told, to=reverse("knowledge:entries"))
        except BadFile as wrong:
            form.add_error("file", str(wrong))
        except DomainError as refusal:
            form.add_error(None, refusal.message)
    context = {"layout": layout_of(request), "form": form, "faults": faults[:_SHOWN], "fault_count": len(faults)}
    return render(request, "knowledge/import.html", context, status=422 if faults or form.errors else 200)


def _read(data: dict[str, Any]) -> importing.Reading:
    sent: UploadedFile = data["file"]
    if (sent.size or 0) > _LARGEST:
        raise BadFile("文件超过 20 MB，请用命令 huiyin knowledge import 导入")
    hotline = directory.hotline()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        with path.open("wb") as file:
            for chunk in sent.chunks():
                file.write(chunk)
        return importing.read(
            path, today=timezone.localdate(), owner_id=hotline.id if hotline else None, public=data["public"]
        )
