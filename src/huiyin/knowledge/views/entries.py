"""The list of entries, one entry with its versions, the editor."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.accounts.permissions import require
from huiyin.domain.errors import DomainError, InvalidData
from huiyin.domain.numerals import whole
from huiyin.domain.vocabulary import Role
from huiyin.knowledge import answering, selectors, using, writing
from huiyin.knowledge.forms import EntryForm, WithdrawForm, blank, initial_of
from huiyin.knowledge.models import Entry, EntryVersion, State
from huiyin.knowledge.selectors import View, Wanted
from huiyin.registry import directory
from huiyin.ui.layout import layout_of
from huiyin.ui.responses import done

_EDITORS = require(Role.ANALYST, Role.EVALUATOR, Role.ADMINISTRATOR, Role.UNIT_HEAD)


@require_GET
@require()
def entry_list(request: HttpRequest) -> HttpResponse:
    viewer = request.viewer  # type: ignore[attr-defined]  # set by require
    today = timezone.localdate()
    wanted = _wanted(request)
    found = selectors.entries(viewer, wanted, today=today)
    kept = {key: request.GET[key] for key in ("q", "owner", "view") if request.GET.get(key)}
    context = {
        "rows": found.rows,
        "tabs": [
            (view, count, f"?{urlencode({**kept, 'view': view})}")
            for view, count in selectors.counts(viewer, today=today).items()
        ],
        "wanted": wanted,
        "owner": directory.find_unit(wanted.owner_id),
        "next_url": f"?{urlencode({**kept, 'cursor': found.next})}" if found.next else "",
        "previous_url": f"?{urlencode({**kept, 'cursor': found.previous})}" if found.previous else "",
        "today": today,
        "gap_count": selectors.gap_count(),
        **_may(request),
    }
    return render(request, "knowledge/list.html", context)


@require_GET
@require()
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Opening it is noted: what is read often is worth keeping right."""
    viewer, now = request.viewer, timezone.now()  # type: ignore[attr-defined]  # set by require
    found = _found(request, entry_id)
    shown = found.current or found.latest
    assert shown is not None
    if found.current is not None:
        using.note_opened(found.pk, shown.number, staff_id=viewer.staff_id, now=now)
    held = answering.get(found.pk, at=now, anywhere=True)
    context = {
        "layout": layout_of(request),
        "entry": found,
        "version": shown,
        "waiting": found.latest if found.latest_id != found.current_id and found.latest.state == State.DRAFT else None,
        "attribution": answering.attribution(held) if held else "",
        "versions": selectors.versions_of(found),
        "uses": selectors.uses_of(found),
        "today": timezone.localdate(now),
        "mine": writing.editor_of(viewer).may_write_for(shown.owner_id),
        **_may(request),
    }
    return render(request, "knowledge/entry.html", context)


@require_http_methods(["GET", "POST"])
@_EDITORS
def new(request: HttpRequest) -> HttpResponse:
    viewer = request.viewer  # type: ignore[attr-defined]  # set by require
    _check_may_propose(request)
    owner = None if writing.may_publish(viewer) else viewer.unit_id
    given = {name: request.GET[name][:120] for name in ("title", "questions") if request.GET.get(name)}
    form = EntryForm(request.POST or None, initial=blank(timezone.localdate(), owner_id=owner) | given)
    if request.method == "POST" and form.is_valid():
        try:
            made = writing.create(
                form.content(), by=writing.editor_of(viewer), now=timezone.now(), publish="publish" in request.POST
            )
        except DomainError as refusal:
            _refuse(form, refusal)
        else:
            return done(request, _told(made.latest), to=reverse("knowledge:entry", args=[made.pk]))
    return _form(request, form, None)


@require_http_methods(["GET", "POST"])
@_EDITORS
def edit(request: HttpRequest, entry_id: int) -> HttpResponse:
    viewer = request.viewer  # type: ignore[attr-defined]  # set by require
    _check_may_propose(request)
    found = _found(request, entry_id)
    assert found.latest is not None
    form = EntryForm(request.POST or None, initial=initial_of(found.latest))
    if request.method == "POST" and form.is_valid():
        try:
            version = writing.change(
                found.pk,
                form.content(),
                by=writing.editor_of(viewer),
                now=timezone.now(),
                seen=form.cleaned_data["seen"],
                publish="publish" in request.POST,
            )
        except DomainError as refusal:
            _refuse(form, refusal)
        else:
            return done(request, _told(version), to=reverse("knowledge:entry", args=[found.pk]))
    return _form(request, form, found)


@require_POST
@_EDITORS
def preview(request: HttpRequest) -> HttpResponse:
    """As the operator will see it, and what the index finds for its question forms now."""
    form = EntryForm(request.POST)
    form.is_valid()
    data = form.cleaned_data
    asked = next(iter(data.get("questions") or ()), data.get("title", ""))
    near = answering.find(asked, at=timezone.now(), area=data.get("area")) if asked else []
    return render(request, "knowledge/preview.html", {"data": data, "near": near})


@require_POST
@_EDITORS
def publish(request: HttpRequest, entry_id: int) -> HttpResponse:
    found = _found(request, entry_id)
    version = writing.publish(found.pk, by=_editor(request), now=timezone.now(), seen=_seen(request))
    return done(request, _told(version), to=reverse("knowledge:entry", args=[found.pk]))


@require_http_methods(["GET", "POST"])
@_EDITORS
def withdraw(request: HttpRequest, entry_id: int) -> HttpResponse:
    found = _found(request, entry_id)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        version = writing.withdraw(
            found.pk, reason=form.cleaned_data["reason"], by=_editor(request), now=timezone.now()
        )
        return done(request, _told(version), to=reverse("knowledge:entry", args=[found.pk]))
    context = {"layout": layout_of(request), "form": form, "entry": found}
    return render(request, "knowledge/withdraw.html", context, status=422 if form.errors else 200)


@require_GET
@require()
def compare(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Two versions side by side; by default the newest and the one before."""
    found = _found(request, entry_id)
    versions = selectors.versions_of(found)
    numbers = {version.number: version for version in versions}
    newer = numbers.get(_number(request.GET.get("b", "")), versions[0])
    older = numbers.get(_number(request.GET.get("a", "")) or newer.number - 1)
    rows = selectors.differences(older, newer) if older else []
    context = {"layout": layout_of(request), "entry": found, "versions": versions, "newer": newer, "older": older}
    return render(request, "knowledge/compare.html", {**context, "rows": rows})


@require_POST
@_EDITORS
def restore(request: HttpRequest, entry_id: int, version_number: int) -> HttpResponse:
    found = _found(request, entry_id)
    version = writing.restore(found.pk, version_number, by=_editor(request), now=timezone.now())
    return done(request, _told(version), to=reverse("knowledge:entry", args=[found.pk]))


def _form(request: HttpRequest, form: EntryForm, found: Entry | None) -> HttpResponse:
    context = {"layout": layout_of(request), "form": form, "entry": found, **_may(request)}
    return render(request, "knowledge/edit.html", context, status=422 if form.errors else 200)


def _found(request: HttpRequest, entry_id: int) -> Entry:
    return get_object_or_404(selectors.visible(request.viewer), pk=entry_id)  # type: ignore[attr-defined]


def _editor(request: HttpRequest) -> writing.Editor:
    _check_may_propose(request)
    return writing.editor_of(request.viewer)  # type: ignore[attr-defined]  # set by require


def _check_may_propose(request: HttpRequest) -> None:
    """An analyst outside the hotline passes the role's check, but speaks for nobody."""
    if not writing.may_propose(request.viewer):  # type: ignore[attr-defined]  # set by require
        raise writing.MayNotPublish


def _may(request: HttpRequest) -> dict[str, Any]:
    viewer = request.viewer  # type: ignore[attr-defined]  # set by require
    return {"publishes": writing.may_publish(viewer), "proposes": writing.may_propose(viewer)}


def _refuse(form: EntryForm, refusal: DomainError) -> None:
    errors = refusal.errors if isinstance(refusal, InvalidData) else {"": refusal.message}
    for name, message in errors.items():
        form.add_error(name if name in form.fields else None, message)


def _told(version: EntryVersion | None) -> str:
    assert version is not None
    told = {
        State.DRAFT: _("已送审，发布后生效。"),
        State.IN_FORCE: _("已发布，几秒内可被查到。"),
        State.WITHDRAWN: _("已停用，不再用于答复。"),
    }
    return told[State(version.state)]


def _wanted(request: HttpRequest) -> Wanted:
    view = request.GET.get("view", "")
    return Wanted(
        view=View(view) if view in set(View) else View.IN_FORCE,
        q=request.GET.get("q", "")[:100].strip(),
        owner_id=_number(request.GET.get("owner", "")),
        cursor=request.GET.get("cursor", ""),
    )


def _seen(request: HttpRequest) -> int | None:
    return _number(request.POST.get("seen", ""))


def _number(text: str) -> int | None:
    return whole(text)
