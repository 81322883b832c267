"""Lists and forms for units, areas and places: rows that hold from a day and perhaps to a day."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.domain.vocabulary import AreaKind, UnitKind
from huiyin.registry import editing
from huiyin.registry.forms import AreaForm, PlaceForm, RegistryFilter, UnitForm
from huiyin.registry.guard import editor_of, for_keepers, for_readers, may_edit
from huiyin.registry.models import Area, PlaceKind, PlaceName, RegistryChange, Unit
from huiyin.ui.layout import layout_of
from huiyin.ui.responses import done

_PAGE = 50
_RECENT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One kind of row that these pages keep."""

    model: type[Model]
    form: type[forms.ModelForm]
    kinds: list[tuple[str, str]]
    district: str  # how a row leads to its district
    list_name: str
    label: str


UNITS = Kept(
    model=Unit, form=UnitForm, kinds=UnitKind.choices(), district="district_id", list_name="unit_list", label="单位"
)
AREAS = Kept(
    model=Area, form=AreaForm, kinds=AreaKind.choices(), district="district_id", list_name="area_list", label="区域"
)
PLACES = Kept(
    model=PlaceName,
    form=PlaceForm,
    kinds=PlaceKind.choices(),
    district="street__district_id",
    list_name="place_list",
    label="地名",
)


@require_GET
@for_readers
def unit_list(request: HttpRequest) -> HttpResponse:
    rows = Unit.objects.select_related("parent", "area").order_by("code")
    return _list(request, UNITS, rows, "code", "registry/unit_list.html")


@require_GET
@for_readers
def area_list(request: HttpRequest) -> HttpResponse:
    rows = Area.objects.select_related("parent", "district").order_by("code")
    return _list(request, AREAS, rows, "code", "registry/area_list.html")


@require_GET
@for_readers
def place_list(request: HttpRequest) -> HttpResponse:
    rows = PlaceName.objects.select_related("street__district", "community").order_by("pinyin", "id")
    return _list(request, PLACES, rows, "pinyin", "registry/place_list.html")


@require_http_methods(["GET", "POST"])
@for_keepers
def unit_create(request: HttpRequest) -> HttpResponse:
    return _form(request, UNITS, None)


@require_http_methods(["GET", "POST"])
@for_readers
def unit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _form(request, UNITS, pk)


@require_http_methods(["GET", "POST"])
@for_keepers
def area_create(request: HttpRequest) -> HttpResponse:
    return _form(request, AREAS, None)


@require_http_methods(["GET", "POST"])
@for_readers
def area_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _form(request, AREAS, pk)


@require_http_methods(["GET", "POST"])
@for_keepers
def place_create(request: HttpRequest) -> HttpResponse:
    return _form(request, PLACES, None)


@require_http_methods(["GET", "POST"])
@for_readers
def place_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _form(request, PLACES, pk)


def _list(request: HttpRequest, kept: Kept, rows: "QuerySet[Any]", order: str, template: str) -> HttpResponse:
    """Keyset paging on the order column and the id, so that the last page is as quick as the first."""
    form = RegistryFilter(request.GET, kinds=kept.kinds)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = _filtered(kept, rows, wanted)
    total = rows.count()
    after = request.GET.get("after", "")
    if ":" in after and after.rpartition(":")[2].isdigit():
        key, _sep, pk = after.rpartition(":")
        rows = rows.filter(Q(**{f"{order}__gt": key}) | Q(**{order: key, "pk__gt": int(pk)}))
    shown = list(rows.order_by(order, "pk")[: _PAGE + 1])
    last = shown[_PAGE - 1] if len(shown) > _PAGE else None
    given = {key: value for key, value in request.GET.items() if key != "after"}
    next_url = "?" + urlencode({**given, "after": f"{getattr(last, order)}:{last.pk}"}) if last else ""
    context = {"form": form, "rows": shown[:_PAGE], "total": total, "next_url": next_url, "here": kept.list_name}
    return render(request, template, {**context, "editable": may_edit(request), "today": timezone.localdate()})


def _filtered(kept: Kept, rows: "QuerySet[Any]", wanted: dict[str, Any]) -> "QuerySet[Any]":
    q = wanted.get("q", "").strip()
    if q:
        letters = q.lower()
        match = Q(name__icontains=q) | Q(initials__startswith=letters) | Q(pinyin__startswith=letters)
        if kept is PLACES:
            match |= Q(aliases__contains=[q])
        else:
            match |= Q(code__startswith=q.upper()) | Q(short_name__icontains=q)
        rows = rows.filter(match)
    if wanted.get("kind"):
        rows = rows.filter(kind=wanted["kind"])
    if wanted.get("district"):
        rows = rows.filter(**{kept.district: int(wanted["district"])})
    if not wanted.get("ended"):
        rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=timezone.localdate()))
    return rows


def _form(request: HttpRequest, kept: Kept, pk: int | None) -> HttpResponse:
    instance = None if pk is None else get_object_or_404(kept.model, pk=pk)
    if request.method == "POST" and not may_edit(request):
        return _keepers_only(request)
    form = kept.form(request.POST or None, instance=instance)
    if request.method == "POST" and form.is_valid():
        changed = editing.save(form.save(commit=False), by=editor_of(request), now=timezone.now())
        text = _("已保存。") if changed else _("内容没有变化。")
        return done(request, text, to=reverse(f"registry:{kept.list_name}"))
    stored = None if pk is None else kept.model._default_manager.get(pk=pk)
    context = {
        "layout": layout_of(request),
        "form": form,
        "heading": _("新建%s") % kept.label if stored is None else str(stored),
        "back": reverse(f"registry:{kept.list_name}"),
        "back_label": kept.label,
        "stored": stored,
        "editable": may_edit(request),
        "changes": _changes_of(stored) if stored else [],
    }
    return render(request, "registry/dated_form.html", context, status=422 if form.errors else 200)


_keepers_only: Callable[[HttpRequest], HttpResponse] = for_keepers(lambda request: HttpResponse(status=403))


def _changes_of(row: Any) -> list[RegistryChange]:
    key = str(row.pk) if isinstance(row, PlaceName) else row.code
    return list(RegistryChange.objects.filter(model=row._meta.model_name, key=key)[:_RECENT])
