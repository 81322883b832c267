"""Pages of governed streets and talks: who is governed, one street's verdict, plan and months, whom to talk to."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.accounts.permissions import require
from huiyin.accounts.viewer import Viewer
from huiyin.domain.errors import DomainError
from huiyin.domain.vocabulary import Role
from huiyin.governance import facts, forms, governing, selectors, talking
from huiyin.governance.models import GovernedStreet, Measure, Talk
from huiyin.governance.vocabulary import Move, Stage, TalkState
from huiyin.registry import directory
from huiyin.ui.layout import layout_of
from huiyin.ui.responses import done

READERS = (
    *(Role.EVALUATOR, Role.LEADER, Role.ANALYST, Role.AUDITOR, Role.ADMINISTRATOR),
    *(Role.UNIT_HEAD, Role.HANDLER),
)
_READ = require(*READERS)
_TABS = {"governed": (Stage.GOVERNED,), "observed": (Stage.OBSERVED,), "ended": (Stage.ENDED,)}


@never_cache
@require_GET
@_READ
def home(request: HttpRequest) -> HttpResponse:
    """Governed streets as cards, those observed, those that the rule names."""
    viewer, city = _viewer(request), facts.read_city()
    tab = request.GET.get("tab", "")
    tab = tab if tab in (*_TABS, "named") else "governed"
    decides = governing.may_decide(viewer)
    counted = {name: selectors.streets_for(viewer).filter(stage__in=stages).count() for name, stages in _TABS.items()}
    suggested = selectors.named(city) if viewer.sees == "city" else []
    context = _context(request) | {
        "tab": tab,
        "counts": counted | {"named": len(suggested)},
        "lines": selectors.lines(viewer, _TABS[tab], city, timezone.localdate()) if tab in _TABS else [],
        "named": suggested,
        "city": viewer.sees == "city",
        "decides": decides,
        "newest": city.newest,
    }
    return render(request, "governance/home.html", context)


@never_cache
@require_GET
@_READ
def street(request: HttpRequest, street_id: int) -> HttpResponse:
    """Verdict line by line, months against the target line, plan and measures, every decision."""
    viewer, city = _viewer(request), facts.read_city()
    found = get_object_or_404(selectors.streets_for(viewer), pk=street_id)
    line = selectors.line_of(found, city, timezone.localdate())
    rule = facts.exit_of if found.stage == Stage.GOVERNED else None
    verdict = rule(city, found, list(found.measures.all())) if rule else facts.entry_of(city, found.unit_id)
    context = _context(request) | {
        "line": line,
        "street": found,
        "verdict": verdict,
        "verdict_heading": _("退出条件") if rule else _("纳入条件"),
        "steps": found.steps.select_related("version__period"),
        "measures": found.measures.all(),
        "chart": selectors.chart_of(found, line.months),
        "decides": governing.may_decide(viewer),
        "plans": governing.may_plan(viewer, found),
        "today": timezone.localdate(),
    }
    return render(request, "governance/street.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@require(Role.EVALUATOR, Role.LEADER)
def enter(request: HttpRequest, unit_id: int) -> HttpResponse:
    unit = directory.find_unit(unit_id)
    if unit is None:
        raise Http404
    form = forms.ReasonForm(request.POST or None)

    def act() -> str:
        made = governing.enter(unit_id, reason=form.said("reason"), by=_viewer(request), now=timezone.now())
        return reverse("governance:street", args=[made.pk])

    city = facts.read_city()
    heading = _("%(name)s：纳入治理") % {"name": unit.short_name}
    return _asked(request, form, heading, act, _("已纳入治理。"), verdict=facts.entry_of(city, unit_id))


@never_cache
@require_http_methods(["GET", "POST"])
@_READ
def decide(request: HttpRequest, street_id: int, what: str) -> HttpResponse:
    """Exit, return, end, or a note."""
    found = get_object_or_404(selectors.streets_for(_viewer(request)), pk=street_id)
    if what not in {str(one) for one in Move if one is not Move.ENTER}:
        raise Http404
    move = Move(what)
    form = forms.NoteForm(request.POST or None) if move is Move.NOTE else forms.ReasonForm(request.POST or None)

    def act() -> str:
        governing.move(found.pk, move, reason=form.said("reason"), by=_viewer(request), now=timezone.now())
        return _here(found)

    return _asked(request, form, move.label, act, _("已记录。"))


@never_cache
@require_http_methods(["GET", "POST"])
@require(Role.UNIT_HEAD, Role.LEADER)
def plan(request: HttpRequest, street_id: int) -> HttpResponse:
    found = get_object_or_404(selectors.streets_for(_viewer(request)), pk=street_id)
    kept = {name: getattr(found, name) for name in forms.PlanForm.base_fields}
    form = forms.PlanForm(request.POST or None, initial=kept)

    def act() -> str:
        governing.plan(
            found.pk,
            text=form.said("plan"),
            resolution=form.said("target_resolution"),
            satisfaction=form.said("target_satisfaction"),
            volume=form.said("target_volume"),
            by=_viewer(request),
            now=timezone.now(),
        )
        return _here(found)

    return _asked(request, form, _("治理方案和目标"), act, _("已保存。"))


@never_cache
@require_http_methods(["GET", "POST"])
@require(Role.UNIT_HEAD, Role.LEADER)
def measure(request: HttpRequest, street_id: int) -> HttpResponse:
    found = get_object_or_404(selectors.streets_for(_viewer(request)), pk=street_id)
    form = forms.MeasureForm(request.POST or None)

    def act() -> str:
        governing.add_measure(
            found.pk,
            title=form.said("title"),
            owner=form.said("owner"),
            due=_day(form.said("due")),
            by=_viewer(request),
            now=timezone.now(),
        )
        return _here(found)

    return _asked(request, form, _("新增治理项目"), act, _("已新增。"))


@never_cache
@require_http_methods(["GET", "POST"])
@require(Role.UNIT_HEAD, Role.LEADER)
def settle(request: HttpRequest, measure_id: int) -> HttpResponse:
    """Done, with what shows it; or dropped, with the reason."""
    seen = selectors.streets_for(_viewer(request)).values("pk")
    found = get_object_or_404(Measure.objects.select_related("street"), pk=measure_id, street__in=seen)
    form = forms.SettleForm(request.POST or None)

    def act() -> str:
        drops = request.POST.get("verdict") == "no"
        governing.settle_measure(
            found.pk, done=not drops, words=form.said("words"), by=_viewer(request), now=timezone.now()
        )
        return _here(found.street)

    return _asked(request, form, found.title, act, _("已记录。"), verbs=(_("已完成"), _("取消项目")))


@never_cache
@require_http_methods(["GET", "POST"])
@require(Role.EVALUATOR, Role.LEADER)
def residents(request: HttpRequest, street_id: int) -> HttpResponse:
    found = get_object_or_404(GovernedStreet, pk=street_id)
    form = forms.ResidentsForm(request.POST or None, initial={"year": timezone.localdate().year - 1})

    def act() -> str:
        governing.write_residents(
            found.unit_id,
            year=form.said("year"),
            count=form.said("count"),
            source=form.said("source"),
            by=_viewer(request),
            now=timezone.now(),
        )
        return _here(found)

    return _asked(request, form, _("常住人口"), act, _("已保存。"))


@never_cache
@require_GET
@_READ
def talks(request: HttpRequest) -> HttpResponse:
    viewer = _viewer(request)
    context = _context(request) | {
        "tab": "talks",
        "city": viewer.sees == "city",
        "rows": selectors.talk_lines(viewer),
        "holds": talking.may_hold(viewer),
        "today": timezone.localdate(),
    }
    return render(request, "governance/talks.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@_READ
def talk(request: HttpRequest, talk_id: int) -> HttpResponse:
    """What was said and promised; the next step for who takes it."""
    viewer = _viewer(request)
    found = get_object_or_404(selectors.talks_for(viewer), pk=talk_id)
    state = TalkState(found.state)
    form = (forms.CloseForm if state is TalkState.HELD else forms.HoldForm)(request.POST or None)
    status = 200
    if request.method == "POST":
        try:
            _take(found, state, form, viewer)
        except DomainError as refusal:
            form.refuse(refusal)
            status = 422
        else:
            return done(request, _("已记录。"), to=reverse("governance:talks"))
    name = next((name for row, name in selectors.talk_lines(viewer) if row.pk == found.pk), "")
    context = _context(request) | {
        "talk": found,
        "name": name,
        "form": form,
        "takes": talking.may_hold(viewer) and state is not TalkState.CLOSED,
        "today": timezone.localdate(),
    }
    return render(request, "governance/talk.html", context, status=status)


def _take(found: Talk, state: TalkState, form: Any, viewer: Viewer) -> None:
    now = timezone.now()
    if state is TalkState.HELD:
        talking.close(found.pk, outcome=form.said("outcome"), by=viewer, now=now)
        return
    talking.hold(
        found.pk,
        on=_day(form.said("on")),
        minutes=form.said("minutes"),
        promises=form.said("promises"),
        until=_day(form.said("until")),
        by=viewer,
        now=now,
    )


def _asked(
    request: HttpRequest,
    form: Any,
    heading: str,
    act: Callable[[], str],
    told: str,
    *,
    verdict: Any = None,
    verbs: tuple[str, str] | None = None,
) -> HttpResponse:
    """A form as a dialog; a refusal stands at its field."""
    status = 200
    if request.method == "POST":
        try:
            to = act()
        except DomainError as refusal:
            form.refuse(refusal)
            status = 422
        else:
            return done(request, told, to=to)
    context = _context(request) | {"form": form, "heading": heading, "verdict": verdict, "verbs": verbs}
    return render(request, "governance/form.html", context, status=status)


def _context(request: HttpRequest) -> dict[str, Any]:
    return {"layout": layout_of(request), "now": timezone.now()}


def _here(street: GovernedStreet) -> str:
    return reverse("governance:street", args=[street.pk])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _viewer(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # set by require
    return viewer
