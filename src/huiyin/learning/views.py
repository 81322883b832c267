"""Pages of learning: how well the machine understands, the cases behind each figure, models, the switch."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.accounts.permissions import require
from huiyin.cases.presenters.rows import rows_of
from huiyin.domain.errors import DomainError, InvalidData
from huiyin.domain.vocabulary import Role
from huiyin.learning import cards, figures, finding, promoting, watch
from huiyin.learning.forms import ReasonForm
from huiyin.learning.models import ModelState, ModelVersion, SwitchMove
from huiyin.ui.layout import layout_of
from huiyin.ui.responses import done

_READERS = require(Role.ANALYST, Role.ADMINISTRATOR, Role.DISPATCHER)
_ADMINISTRATOR = require(Role.ADMINISTRATOR)
_VERSIONS, _MOVES = 12, 8


@require_GET
@_READERS
def show(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    versions = list(ModelVersion.objects.order_by("-number")[:_VERSIONS])
    champion = next((row for row in versions if row.state == ModelState.CHAMPION), None) or _champion()
    weeks, drift = figures.weeks(now), figures.drift()
    unit_steps, class_steps = figures.calibration(now, "unit"), figures.calibration(now, "class")
    context = {
        "layout": layout_of(request),
        "now": now,
        "champion": champion,
        "calibration": champion.calibration if champion else {},
        "versions": versions,
        "standing": watch.standing(),
        "moves": list(SwitchMove.objects.order_by("-id")[:_MOVES]),
        "watched": watch.wrong_share(now=now),
        "totals": figures.totals(now),
        "classes": figures.by_class(now),
        "units": figures.by_unit(now),
        "corrections": figures.corrections(now),
        "drift": drift[-1] if drift else None,
        "movers": figures.movers(drift[-1] if drift else None, now),
        "unit_error": figures.calibration_error(unit_steps),
        "class_error": figures.calibration_error(class_steps),
        "may_move": request.viewer.has(Role.ADMINISTRATOR),  # type: ignore[attr-defined]  # set by require
        "chart": _chart(weeks, unit_steps, class_steps, drift, watch.bound(now)),
        "weeks": weeks[::-1],
    }
    return render(request, "learning/home.html", context)


@require_GET
@_READERS
def cases(request: HttpRequest) -> HttpResponse:
    """The cases behind a figure."""
    now = timezone.now()
    viewer = request.viewer  # type: ignore[attr-defined]  # set by require
    asked = finding.asked_of(request.GET)
    try:
        found = finding.find(viewer, asked, now, cursor=request.GET.get("cursor", ""))
    except InvalidData:
        found = finding.find(viewer, asked, now)
    kept = {name: value for name, value in request.GET.items() if name != "cursor"}
    context = {
        "layout": layout_of(request),
        "now": now,
        "title": finding.title_of(asked),
        "asked": asked,
        "proposed": figures.value_name(asked.kind, asked.proposed, now) if asked.kind and asked.proposed else "",
        "final": figures.value_name(asked.kind, asked.final, now) if asked.kind and asked.final else "",
        "rows": rows_of(found.rows, viewer, now, masked=True),
        "next_url": f"{request.path}?{urlencode({**kept, 'cursor': found.next})}" if found.next else "",
        "previous_url": f"{request.path}?{urlencode({**kept, 'cursor': found.previous})}" if found.previous else "",
    }
    return render(request, "learning/cases.html", context)


@require_GET
@_READERS
def card(request: HttpRequest, version_number: int) -> HttpResponse:
    version = _version(version_number)
    tested = sorted(version.scores["classes"].items(), key=lambda item: (-item[1][1], item[0]))
    context = {
        "layout": layout_of(request),
        "now": timezone.now(),
        "version": version,
        "card": cards.card_of(version),
        "test": version.scores["test"],
        "before": version.scores["before"],
        "verdict": version.scores["verdict"],
        "sources": cards.sources_of(version),
        "classes": [
            (figures.value_name("class", code, timezone.now()), *counts, counts[2] / counts[1] if counts[1] else None)
            for code, counts in tested[:40]
        ],
        "may_move": request.viewer.has(Role.ADMINISTRATOR),  # type: ignore[attr-defined]  # set by require
    }
    return render(request, "learning/card.html", context)


@require_http_methods(["GET", "POST"])
@_ADMINISTRATOR
def use(request: HttpRequest, version_number: int) -> HttpResponse:
    """Puts another version to use: a promotion by hand, or the way back."""
    version = _version(version_number)
    form = ReasonForm(request.POST or None, auto_id="dialog_%s")
    if request.method == "POST" and form.is_valid():
        try:
            promoting.promote(version_number, reason=form.cleaned_data["reason"], by=_name(request), now=timezone.now())
        except DomainError as refused:
            form.add_error(None, refused.message)
        else:
            return done(
                request,
                _("已改用第%(number)d版模型，各进程几秒内生效。") % {"number": version_number},
                to=reverse("learning:home"),
            )
    return _asked(request, form, "learning/use.html", {"version": version})


@require_http_methods(["GET", "POST"])
@_ADMINISTRATOR
def switch(request: HttpRequest) -> HttpResponse:
    """Turns automatic dispatch off, or on again."""
    state = watch.standing()
    form = ReasonForm(request.POST or None, auto_id="dialog_%s")
    if request.method == "POST" and form.is_valid():
        on = request.POST.get("on") == "1"
        actor = request.viewer.actor()  # type: ignore[attr-defined]  # set by require
        try:
            watch.switch(on=on, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())
        except DomainError as refused:
            form.add_error(None, refused.message)
        else:
            text = _("自动派单已启用。") if on else _("自动派单已停用，新案件由派单员派单。")
            return done(request, text, to=reverse("learning:home"))
    return _asked(request, form, "learning/switch.html", {"state": state})


def _asked(request: HttpRequest, form: ReasonForm, template: str, more: dict[str, Any]) -> HttpResponse:
    status = 422 if form.errors else 200
    context = {"layout": layout_of(request), "now": timezone.now(), "form": form, **more}
    return render(request, template, context, status=status)


def _version(number: int) -> ModelVersion:
    found = ModelVersion.objects.select_related("test", "parent").filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _champion() -> ModelVersion | None:
    return ModelVersion.objects.filter(state=ModelState.CHAMPION).first()


def _name(request: HttpRequest) -> str:
    return request.viewer.name  # type: ignore[attr-defined]  # set by require


def _chart(weeks: Any, unit_steps: Any, class_steps: Any, drift: Any, bound: float) -> dict[str, Any]:
    running = weeks[-1] if weeks else None
    return {
        "bound": bound,
        "weeks": [
            {
                "name": week.name,
                "query": week.query,
                "coverage": week.coverage,
                "wrong": week.wrong_share,
                # Wrong units are known early, right ones late: of the running week the share would mislead.
                "unit": None if week is running else week.unit_accuracy,
                "class": week.class_accuracy,
            }
            for week in weeks
        ],
        "unit": [[step.claimed, step.true, step.cases, step.query] for step in unit_steps],
        "class": [[step.claimed, step.true, step.cases, step.query] for step in class_steps],
        "drift": [
            {
                "name": f"{week.week:%m-%d}",
                "shift": week.shift,
                "chance": week.by_chance,
                "unknown": week.unknown,
                "model": week.model,
            }
            for week in drift
        ],
    }
