"""The administrators' page for files of cases: upload, see what the check found, start, follow, fetch the rejects."""

from django import forms
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.accounts.permissions import require
from huiyin.domain.vocabulary import Role
from huiyin.intake.importing import samples, uploads
from huiyin.intake.importing.mapping import NEEDED
from huiyin.intake.models import FileImport
from huiyin.ui.layout import layout_of
from huiyin.ui.responses import done

_MOST_MB = 500
_LISTED = 30


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("文件"),
        help_text=gettext_lazy("CSV（可用 gzip 压缩）或 Excel（.xlsx）"),
        widget=forms.FileInput(attrs={"accept": ".csv,.gz,.xlsx"}),
    )
    source = forms.CharField(
        label=gettext_lazy("来源系统"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("“来源＋编号”唯一确定一件，同一来源再次导入时跳过已有的；不填按文件的格式取名"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > _MOST_MB * 1024 * 1024:
            raise forms.ValidationError(
                _("文件超过%(most)dMB，请在服务器上用命令 huiyin import 导入") % {"most": _MOST_MB}
            )
        return file


@never_cache
@require_http_methods(["GET", "POST"])
@require(Role.ADMINISTRATOR)
def imports(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        staff_id = request.viewer.staff_id  # type: ignore[attr-defined]  # set by require
        given = form.cleaned_data
        kept = uploads.upload(given["file"], source=given["source"].strip(), staff_id=staff_id, now=now)
        return HttpResponseRedirect(reverse("intake:import", args=[kept.pk]))
    uploads.settle_lost(now)
    latest = FileImport.objects.select_related("staff").order_by("-id")[:_LISTED]
    needed = [samples.HEADINGS[target] for target in NEEDED]
    shown = {"layout": layout_of(request), "form": form, "imports": latest, "needed": needed, "now": now}
    return render(request, "intake/imports.html", shown, status=422 if form.errors else 200)


@require_GET
@require(Role.ADMINISTRATOR)
def sample(request: HttpRequest) -> HttpResponse:
    """A file with the headings and one row, to be filled in."""
    response = HttpResponse(samples.written(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename="导入样例.csv")
    return response


@never_cache
@require_GET
@require(Role.ADMINISTRATOR)
def one(request: HttpRequest, import_id: int) -> HttpResponse:
    """The page, or its moving part alone for the poll."""
    now = timezone.now()
    uploads.settle_lost(now)
    kept = get_object_or_404(FileImport.objects.select_related("staff"), pk=import_id)
    rejects = [] if kept.is_busy else uploads.rejects_of(kept)
    shown = {"layout": layout_of(request), "kept": kept, "rejects": rejects, "now": now}
    return render(request, "intake/import_state.html" if request.htmx else "intake/import.html", shown)  # type: ignore[attr-defined]  # django-htmx


@require_POST
@require(Role.ADMINISTRATOR)
def start(request: HttpRequest, import_id: int) -> HttpResponse:
    get_object_or_404(FileImport, pk=import_id)
    uploads.start(import_id, now=timezone.now())
    return done(request, _("已开始导入"), to=reverse("intake:import", args=[import_id]))


@never_cache
@require_GET
@require(Role.ADMINISTRATOR)
def rejects(request: HttpRequest, import_id: int) -> FileResponse:
    """The rejected rows as a file: corrected, it can be uploaded again."""
    kept = get_object_or_404(FileImport, pk=import_id)
    if not kept.rejects_as:
        raise Http404(_("没有拒收的行，或文件已按期清除。"))
    file = default_storage.open(kept.rejects_as)
    return FileResponse(file, as_attachment=True, filename=f"{kept.name}.rejects.csv", content_type="text/csv")


@require_POST
@require(Role.ADMINISTRATOR)
def remove(request: HttpRequest, import_id: int) -> HttpResponse:
    get_object_or_404(FileImport, pk=import_id)
    uploads.remove(import_id)
    return done(request, _("已删除"), to=reverse("intake:imports"))
