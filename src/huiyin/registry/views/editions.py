"""The home of the registry, and the editions of the rules: browse, compare, draft, publish."""

from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.domain.errors import DomainError
from huiyin.domain.vocabulary import UnitKind
from huiyin.registry import drafting, rulebook
from huiyin.registry.completeness import gaps_of
from huiyin.registry.describing import MODEL_LABELS, differences, name_of_key
from huiyin.registry.forms import DraftForm, PublishForm
from huiyin.registry.guard import editor_of, for_keepers, for_readers, may_edit
from huiyin.registry.models import Area, CalendarDay, Edition, EditionKind, PlaceName, RegistryChange, Unit
from huiyin.registry.views.contents import contents_of
from huiyin.ui.layout import layout_of
from huiyin.ui.responses import done

_TEMPLATES = {
    EditionKind.TAXONOMY: "registry/edition_taxonomy.html",
    EditionKind.CATALOGUE: "registry/edition_catalogue.html",
    EditionKind.LIMITS: "registry/edition_limits.html",
    EditionKind.EVALUATION: "registry/edition_evaluation.html",
}


@require_GET
@for_readers
def home(request: HttpRequest) -> HttpResponse:
    now, today = timezone.now(), timezone.localdate()
    if not Edition.objects.filter(published_at__isnull=False).exists():
        return render(request, "registry/empty.html", {"here": "home"})
    counts = dict(Unit.objects.order_by().values_list("kind").annotate(Count("id")))
    known = set(CalendarDay.objects.filter(day__year__gte=today.year).values_list("day__year", flat=True))
    in_force = Edition.objects.filter(pk__in=[rulebook.in_force(kind, now) for kind in EditionKind])
    context = {
        "units": [(kind, counts.get(kind.value, 0)) for kind in UnitKind],
        "streets": Area.objects.filter(kind="street").count(),
        "communities": Area.objects.filter(kind="community").count(),
        "places": PlaceName.objects.count(),
        "in_force": sorted(in_force, key=lambda edition: list(EditionKind).index(EditionKind(edition.kind))),
        "waiting": [e for e in Edition.objects.order_by("kind", "number") if drafting.is_editable(e, now)],
        "unknown_years": [year for year in (today.year, today.year + 1) if year not in known],
        "changes": _recent_changes(),
        "editable": may_edit(request),
        "here": "home",
    }
    return render(request, "registry/home.html", context)


@require_GET
@for_readers
def edition_list(request: HttpRequest, kind: str) -> HttpResponse:
    now, wanted = timezone.now(), _kind(kind)
    current = _in_force(wanted)
    rows = [(edition, _state(edition, current, now)) for edition in Edition.objects.filter(kind=wanted.value)]
    context = {"kind": wanted, "rows": rows, "editable": may_edit(request), "here": wanted.value, "current": current}
    return render(request, "registry/edition_list.html", context)


@require_GET
@for_readers
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    shown = get_object_or_404(Edition, pk=pk)
    kind = EditionKind(shown.kind)
    current = _in_force(kind)
    open_to_change = may_edit(request) and drafting.is_editable(shown, now)
    context = {
        "edition": shown,
        "state": _state(shown, current, now),
        "current": current,
        "editable": open_to_change,
        "keeper": may_edit(request),
        "gaps": gaps_of(shown) if open_to_change else [],
        "here": kind.value,
        **contents_of(shown, request.GET),
    }
    return render(request, _TEMPLATES[kind], context)


@require_GET
@for_readers
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """What this edition changes against another: the one named by `with`, else the one before it."""
    newer = get_object_or_404(Edition, pk=pk)
    others = Edition.objects.filter(kind=newer.kind).exclude(pk=pk)
    asked = request.GET.get("with", "")
    older = others.filter(pk=int(asked)).first() if asked.isascii() and asked.isdigit() else None
    older = older or others.filter(number__lt=newer.number).order_by("-number").first()
    found = []
    if older is not None:
        for model in drafting.TABLES[EditionKind(newer.kind)]:
            rows = model._default_manager
            found += differences(model, rows.filter(edition=older), rows.filter(edition=newer))
    context = {"newer": newer, "older": older, "others": others.order_by("-number"), "found": found, "here": newer.kind}
    return render(request, "registry/compare.html", context)


@require_http_methods(["GET", "POST"])
@for_keepers
def draft(request: HttpRequest, kind: str) -> HttpResponse:
    wanted = _kind(kind)
    base = _in_force(wanted)
    if base is None:
        raise Http404
    form = DraftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        note, now = form.cleaned_data["note"], timezone.now()
        made = drafting.start_draft(wanted, base=base, note=note, by=editor_of(request), now=now)
        return done(request, _("已按现行版本建立草稿，请修改后发布。"), to=reverse("registry:edition", args=[made.pk]))
    context = {"layout": layout_of(request), "form": form, "kind": wanted, "base": base}
    return render(request, "registry/draft_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_keepers
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Edition, pk=pk)
    form = PublishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            drafting.publish(pk, effective_from=form.moment(now), by=editor_of(request), now=now)
        except DomainError as refusal:
            form.add_error("day" if form.cleaned_data["when"] == "day" else None, refusal.message)
        else:
            return done(request, _("%s已发布。") % shown, to=reverse("registry:edition", args=[pk]))
    context = {"layout": layout_of(request), "form": form, "edition": shown, "gaps": gaps_of(shown)}
    return render(request, "registry/publish_form.html", context, status=422 if form.errors else 200)


@require_POST
@for_keepers
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Edition, pk=pk)
    to = reverse("registry:edition", args=[pk])
    try:
        drafting.withdraw(pk, by=editor_of(request), now=timezone.now())
    except DomainError as refusal:
        return done(request, refusal.message, to=to, kind="error")
    return done(request, _("%s已撤回为草稿。") % shown, to=to)


@require_POST
@for_keepers
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Edition, pk=pk)
    try:
        drafting.discard(pk, by=editor_of(request), now=timezone.now())
    except DomainError as refusal:
        return done(request, refusal.message, to=reverse("registry:edition", args=[pk]), kind="error")
    return done(request, _("草稿已删除。"), to=reverse("registry:edition_list", args=[shown.kind]))


def _recent_changes() -> list[RegistryChange]:
    changes = list(RegistryChange.objects.order_by("-id")[:8])
    for change in changes:
        change.label = MODEL_LABELS.get(change.model, "")  # type: ignore[attr-defined]  # for the template
        change.name = name_of_key(change.model, change.key)  # type: ignore[attr-defined]
    return changes


def _kind(word: str) -> EditionKind:
    try:
        return EditionKind(word)
    except ValueError as exc:
        raise Http404 from exc


def _in_force(kind: EditionKind) -> Edition | None:
    try:
        return Edition.objects.filter(pk=rulebook.in_force(kind, timezone.now())).first()
    except rulebook.NoEdition:
        return None


def _state(edition: Edition, current: Edition | None, now: Any) -> tuple[str, str]:
    """Word and tone of the badge."""
    if edition.published_at is None:
        return _("草稿"), "amber"
    if edition.effective_from > now:
        return _("待生效"), "blue"
    return (_("现行"), "green") if current and edition.pk == current.pk else (_("历史"), "")
