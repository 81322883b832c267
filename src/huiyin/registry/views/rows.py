"""Adding, changing and removing single rows of an edition that may still be changed."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.domain.errors import DomainError
from huiyin.registry import drafting
from huiyin.registry.describing import title_of
from huiyin.registry.guard import editor_of, for_keepers
from huiyin.registry.models import Edition, EditionKind
from huiyin.registry.row_forms import ROW_KINDS
from huiyin.ui.layout import layout_of
from huiyin.ui.responses import done


@require_http_methods(["GET", "POST"])
@for_keepers
def row_create(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    edition = _edition_with(pk, what)
    model, _form, addable = ROW_KINDS[what]
    if not addable:
        raise Http404
    return _row_form(request, edition, what, model(edition=edition))


@require_http_methods(["GET", "POST"])
@for_keepers
def row_edit(request: HttpRequest, pk: int, what: str, row_pk: int) -> HttpResponse:
    edition = _edition_with(pk, what)
    return _row_form(request, edition, what, get_object_or_404(ROW_KINDS[what][0], pk=row_pk, edition=edition))


@require_POST
@for_keepers
def row_remove(request: HttpRequest, pk: int, what: str, row_pk: int) -> HttpResponse:
    edition = _edition_with(pk, what)
    row = get_object_or_404(ROW_KINDS[what][0], pk=row_pk, edition=edition)
    if not ROW_KINDS[what][2]:
        raise Http404
    to = reverse("registry:edition", args=[pk])
    try:
        drafting.remove_row(row, by=editor_of(request), now=timezone.now())
    except DomainError as refusal:
        return done(request, refusal.message, to=to, kind="error")
    return done(request, _("已删除。"), to=to)


def _row_form(request: HttpRequest, edition: Edition, what: str, row: Any) -> HttpResponse:
    heading = title_of(row) if row.pk else _("新增一条")
    form = ROW_KINDS[what][1](request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid() and _saved(request, form):
        return done(request, _("已保存到草稿。"), to=reverse("registry:edition", args=[edition.pk]))
    context = {
        "layout": layout_of(request),
        "form": form,
        "heading": heading,
        "edition": edition,
        "row": row,
        "what": what,
        "removable": bool(row.pk) and ROW_KINDS[what][2],
        "editable": drafting.is_editable(edition, timezone.now()),
    }
    return render(request, "registry/row_form.html", context, status=422 if form.errors else 200)


def _saved(request: HttpRequest, form: Any) -> bool:
    try:
        with transaction.atomic():
            drafting.save_row(form.save(commit=False), by=editor_of(request), now=timezone.now())
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


def _edition_with(pk: int, what: str) -> Edition:
    """The edition, if it is of the kind that holds such rows."""
    edition = get_object_or_404(Edition, pk=pk)
    if what not in ROW_KINDS or ROW_KINDS[what][0] not in drafting.TABLES[EditionKind(edition.kind)]:
        raise Http404
    return edition
