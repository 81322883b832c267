"""The history of every edit, with what stood before and after."""

from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from huiyin.registry.describing import MODEL_LABELS, changes_of, name_of_key
from huiyin.registry.forms import RegistryFilter
from huiyin.registry.guard import for_readers
from huiyin.registry.models import RegistryChange

_PAGE = 50


@require_GET
@for_readers
def history(request: HttpRequest) -> HttpResponse:
    form = RegistryFilter(request.GET, kinds=list(MODEL_LABELS.items()), with_district=False)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = RegistryChange.objects.order_by("-id")
    if wanted.get("kind"):
        rows = rows.filter(model=wanted["kind"])
    if q := wanted.get("q", "").strip():
        rows = rows.filter(Q(key__icontains=q) | Q(staff_name__icontains=q))
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit():
        rows = rows.filter(pk__lt=int(before))
    page = list(rows[: _PAGE + 1])
    for row in page:
        row.label = MODEL_LABELS.get(row.model, row.model)  # type: ignore[attr-defined]  # for the template
        row.name = name_of_key(row.model, row.key)  # type: ignore[attr-defined]
        row.fields = changes_of(row.model, row.before, row.after)  # type: ignore[attr-defined]
    given = {key: value for key, value in request.GET.items() if key != "before"}
    next_url = "?" + urlencode({**given, "before": page[_PAGE - 1].pk}) if len(page) > _PAGE else ""
    context = {"form": form, "rows": page[:_PAGE], "next_url": next_url, "here": "history"}
    return render(request, "registry/history.html", context)
