"""Pages of reported values: a file checked and previewed before it is written, what is still missing, forms to fill."""

import csv
import io
import tempfile
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.accounts.permissions import require
from huiyin.domain.numerals import whole
from huiyin.indicators import editing, scoring, selectors, trees, values
from huiyin.indicators.forms import FileForm
from huiyin.indicators.models import Tree
from huiyin.indicators.views.common import asked_period, page_context, viewer_of
from huiyin.registry import directory
from huiyin.registry.directory import AreaInfo
from huiyin.tables.reading import BadFile
from huiyin.ui.responses import done

_LARGEST = 5 << 20
_MOST_LINES = 10_000  # more goes by command: the page carries what it shows to the second step
_SHOWN = 200


@require_http_methods(["GET", "POST"])
@require(*editing.EDITORS)
def upload(request: HttpRequest) -> HttpResponse:
    """First the file is read and shown beside what is known; the second step writes exactly what was shown."""
    by = editing.editor_of(viewer_of(request))
    tree = trees.in_force(timezone.localdate())
    if tree is None:
        raise scoring.NoTree
    form, reading, name = FileForm(request.POST or None, request.FILES or None), None, ""
    if request.method == "POST":
        seen = request.POST.get("lines", "")
        name = request.POST.get("name", "")[:120] if seen else ""
        try:
            if seen:
                reading = _read_text(seen, tree)
                if not reading.faults:
                    return _written(request, reading, by, name)
            elif form.is_valid():
                sent: UploadedFile = form.cleaned_data["file"]
                name = sent.name or ""
                reading = _read_file(sent, tree)
        except BadFile as wrong:
            form = FileForm({}, {})
            form.add_error(None, str(wrong))
    wrong_now = bool(form.is_bound and form.errors and not reading) or bool(reading and reading.faults)
    context = page_context(request, "upload", None) | {"form": form, "tree": tree, "name": name}
    if reading is not None:
        context |= {
            "reading": reading,
            "faults": reading.faults[:_SHOWN],
            "preview": _beside(reading.lines[:_SHOWN]),
            "lines": _as_text(reading.lines) if not reading.faults else "",
        }
    return render(request, "indicators/upload.html", context, status=422 if wrong_now else 200)


@require_GET
@require()
def missing(request: HttpRequest) -> HttpResponse:
    """What is without data, dimension by dimension and item by item: of the city, or of one's own district."""
    assessment, area = asked_period(request), _whose(request)
    context = page_context(request, "missing", assessment) | {"area": area}
    if assessment is not None:
        district = area.id if area else None
        periods = values.periods_for(assessment.period, assessment.tree.years_back)
        without = selectors.without_residents(periods)
        context |= {
            "coverage": selectors.coverage(assessment, district_id=district),
            "gaps": selectors.gaps(assessment, district_id=district),
            "without_residents": [one for one in without if area is None or one == area],
            "districts": len(directory.districts()),
            "areas": directory.districts() if selectors.sees_all(viewer_of(request)) else (),
        }
    return render(request, "indicators/missing.html", context)


@require_GET
@require()
def blank(request: HttpRequest) -> HttpResponse:
    """A table to fill in: every reported item of every district (or of one), with what is known already."""
    assessment, area = asked_period(request), _whose(request)
    tree = assessment.tree if assessment else trees.in_force(timezone.localdate())
    if tree is None:
        raise scoring.NoTree
    period = assessment.period if assessment else f"{timezone.localdate():%Y-%m}"
    text = io.StringIO()
    text.write("\ufeff")  # Excel reads the file as UTF-8 only with this mark
    writer = csv.writer(text)
    writer.writerow(["区", "细项代码", "细项", "单位", "期间", "数值", "说明"])
    known = values.newest(period, 0)
    for one in [area] if area else directory.districts():
        for item in values.reported(trees.nodes_of(tree)).values():
            held = known.get((one.id, item.code))
            value = f"{float(held.value):g}" if held else ""
            writer.writerow([one.name, item.code, item.name, item.unit, period[:4], value, ""])
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="indicators.csv"'
    return answer


def _whose(request: HttpRequest) -> AreaInfo | None:
    """None: the whole city. People of a district see their own."""
    viewer, asked = viewer_of(request), request.GET.get("area", "")
    if selectors.sees_all(viewer):
        named = directory.find_area(whole(asked))
        return named if named in directory.districts() else None
    own = directory.find_area(viewer.district_id)
    if own is None:
        raise PermissionDenied("此页面供热线中心和各区使用。")
    return own


def _read_file(sent: UploadedFile, tree: Tree) -> values.Reading:
    if (sent.size or 0) > _LARGEST:
        raise BadFile("文件超过 5 MB，请用命令 huiyin indicators upload 填报")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        with path.open("wb") as file:
            for chunk in sent.chunks():
                file.write(chunk)
        reading = values.read(path, trees.nodes_of(tree))
    if len(reading.lines) > _MOST_LINES:
        raise BadFile(f"一次最多 {_MOST_LINES} 行，请分开，或用命令 huiyin indicators upload 填报")
    return reading


def _read_text(text: str, tree: Tree) -> values.Reading:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lines.csv"
        path.write_text(text, encoding="utf-8", newline="")
        return values.read(path, trees.nodes_of(tree))


def _as_text(lines: list[values.Line]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["district", "item", "period", "value", "note"])
    writer.writerows([one.district.code, one.item.code, one.period, one.value, one.note] for one in lines)
    return text.getvalue()


def _beside(lines: list[values.Line]) -> list[tuple[values.Line, values.Taken | None]]:
    """Each line with what was reported for the same period before."""
    known = {period: values.newest(period, -1) for period in {one.period for one in lines}}
    return [(one, known[one.period].get((one.district.id, one.item.code))) for one in lines]


def _written(request: HttpRequest, reading: values.Reading, by: editing.Editor, name: str) -> HttpResponse:
    new, same = values.write(reading.lines, by=by, now=timezone.now(), file=name)
    told = _("写入 %(new)d 个数值，%(same)d 个与已有的相同。得分要重新计算后才变。") % {"new": new, "same": same}
    return done(request, told, to=reverse("indicators:home"))
