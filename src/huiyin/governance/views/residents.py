"""Residents by street and year: a file checked and previewed before it is written; a form to fill in."""

import csv
import io
import tempfile
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.accounts.permissions import require
from huiyin.domain.vocabulary import UnitKind
from huiyin.governance import access, forms
from huiyin.governance import residents as counts
from huiyin.governance.models import Residents
from huiyin.governance.views.common import page_context, sent, viewer_of
from huiyin.registry import directory
from huiyin.registry.directory import UnitInfo
from huiyin.tables.reading import BadFile
from huiyin.ui.responses import done

_LARGEST = 5 << 20
_MOST_LINES = 5_000  # more goes by command: the page carries what it shows to the second step
_SHOWN = 200


@never_cache
@require_http_methods(["GET", "POST"])
@require(*sorted(access.DECIDERS))
def upload(request: HttpRequest) -> HttpResponse:
    """First the file is read and shown beside what is known; the second step writes exactly what was shown."""
    access.require_decider(viewer_of(request))
    form, reading = forms.FileForm(sent(request), request.FILES if request.method == "POST" else None), None
    if request.method == "POST":
        seen = request.POST.get("lines", "")
        try:
            if seen:
                reading = _read_text(seen)
                if not reading.faults:
                    return _written(request, reading)
            elif form.is_valid():
                reading = _read_file(form.cleaned_data["file"])
        except BadFile as wrong:
            form = forms.FileForm({}, {})
            form.add_error(None, str(wrong))
    wrong_now = bool(form.is_bound and form.errors and not reading) or bool(reading and reading.faults)
    streets = _streets()
    latest = _latest()
    context = page_context(request) | {
        "form": form,
        "streets": len(streets),
        "known": sum(unit.id in latest for unit in streets),
    }
    if reading is not None:
        context |= {
            "reading": reading,
            "faults": reading.faults[:_SHOWN],
            "preview": _beside(reading.lines[:_SHOWN]),
            "lines": _as_text(reading.lines) if not reading.faults else "",
        }
    return render(request, "governance/residents.html", context, status=422 if wrong_now else 200)


@never_cache
@require_GET
@require(*sorted(access.DECIDERS))
def blank(request: HttpRequest) -> HttpResponse:
    """A table to fill in: every street, with the newest count that is known."""
    access.require_decider(viewer_of(request))
    text = io.StringIO()
    text.write("\ufeff")  # Excel reads the file as UTF-8 only with this mark
    writer = csv.writer(text)
    writer.writerow(["单位代码", "街乡镇", "区", "年份", "常住人口", "数据来源"])
    latest = _latest()
    for unit in _streets():
        kept = latest.get(unit.id)
        known = (kept.year, kept.count, kept.source) if kept else (timezone.localdate().year - 1, "", "")
        area = directory.find_area(unit.district_id)
        writer.writerow([unit.code, unit.name, area.short_name if area else "", *known])
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="residents.csv"'
    return answer


def _streets() -> list[UnitInfo]:
    found = (unit for unit in directory.units().values() if unit.kind is UnitKind.STREET)
    return sorted(found, key=lambda unit: unit.code)


def _latest() -> dict[int, Residents]:
    rows = Residents.objects.order_by("unit_id", "-year").distinct("unit_id")
    return {row.unit_id: row for row in rows}


def _read_file(file: UploadedFile) -> counts.Reading:
    if (file.size or 0) > _LARGEST:
        raise BadFile("文件超过 5 MB，请用命令 huiyin governance residents 填报")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "residents"
        with path.open("wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
        reading = counts.read(path, now=timezone.now())
    if len(reading.lines) > _MOST_LINES:
        raise BadFile(f"一次最多 {_MOST_LINES} 行，请分开，或用命令 huiyin governance residents 填报")
    return reading


def _read_text(text: str) -> counts.Reading:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lines.csv"
        path.write_text(text, encoding="utf-8", newline="")
        return counts.read(path, now=timezone.now())


def _as_text(lines: list[counts.Line]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["unit", "year", "count", "source"])
    writer.writerows([one.unit.code, one.year, one.count, one.source] for one in lines)
    return text.getvalue()


def _beside(lines: list[counts.Line]) -> list[tuple[counts.Line, int | None]]:
    """Each line with what was written for the same year before."""
    rows = Residents.objects.filter(unit_id__in={one.unit.id for one in lines})
    kept = {(unit, year): count for unit, year, count in rows.values_list("unit_id", "year", "count")}
    return [(one, kept.get((one.unit.id, one.year))) for one in lines]


def _written(request: HttpRequest, reading: counts.Reading) -> HttpResponse:
    new, same = counts.write(reading.lines, by=viewer_of(request), now=timezone.now())
    told = _("写入 %(new)d 行，%(same)d 行与已有的相同。") % {"new": new, "same": same}
    return done(request, told, to=reverse("governance:residents"))
