"""The search over cases. A phone number is posted and turned into a token, so that no address or log ever holds one."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huiyin.accounts.permissions import require
from huiyin.accounts.viewer import Viewer
from huiyin.cases import searches, widgets
from huiyin.cases.presenters.row_html import search_rows
from huiyin.cases.presenters.rows import rows_of
from huiyin.cases.searches import Sought, as_query, sought_of
from huiyin.domain.errors import InvalidData
from huiyin.domain.vocabulary import Channel, Grade, Status
from huiyin.registry import rulebook
from huiyin.ui.layout import layout_of

_NEW = "cases:search"


@never_cache
@require_http_methods(["GET", "POST"])
@require()
def search(request: HttpRequest) -> HttpResponse:
    errors: dict[str, str] = {}
    if request.method == "POST":
        sought = sought_of(request.POST)
        phone = request.POST.get("phone", "").strip()
        try:
            token = searches.caller_token(phone) if phone else ""
        except InvalidData as wrong:
            errors = wrong.errors
        else:
            query = {**as_query(sought), **({"caller": token} if token else {})}
            return HttpResponseRedirect(f"{reverse(_NEW)}?{urlencode(query)}" if query else reverse(_NEW))
    else:
        sought = sought_of(request.GET if request.GET else _first_view(request.viewer))
        found = searches.exact(request.viewer, sought.number) if sought.number else None
        if found is not None:
            return HttpResponseRedirect(reverse("cases:page", args=[found.case_no]))
    return render(request, "cases/search.html", _shown(request, sought, errors), status=422 if errors else 200)


def _first_view(viewer: Viewer) -> dict[str, str]:
    """What is open: what people mostly look for, and quick however long the history is."""
    return {"status": "open"}


def _shown(request: HttpRequest, sought: Sought, errors: dict[str, str]) -> dict[str, object]:
    now = timezone.now()
    try:
        page = searches.find(request.viewer, sought, now, cursor=request.GET.get("cursor", ""))
    except InvalidData:
        page = searches.find(request.viewer, sought, now)
    kept = as_query(sought)
    edition = rulebook.current(now).taxonomy_id
    rows = rows_of(page.rows, request.viewer, now, masked=True)
    return {
        "layout": layout_of(request),
        "now": now,
        "sought": sought,
        "narrowed": len(set(kept) - {"number", "caller", "status", "ids"}),
        "ids": kept.get("ids", ""),
        "errors": errors,
        "rows": rows,
        "rows_html": search_rows(rows, now),
        "next_url": f"{request.path}?{urlencode({**kept, 'cursor': page.next})}" if page.next else "",
        "previous_url": f"{request.path}?{urlencode({**kept, 'cursor': page.previous})}" if page.previous else "",
        "statuses": Status.choices(),
        "grades": Grade.choices(),
        "channels": Channel.choices(),
        "unit_text": widgets.unit_text(sought.unit_id),
        "area_text": widgets.area_text(sought.area_id),
        "class_text": widgets.class_text(edition)(sought.class_prefix) or sought.class_prefix,
    }
