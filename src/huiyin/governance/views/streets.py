"""Pages of governed streets: who is governed, whom the rules name, one street's verdict, months, plan and decisions."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from huiyin.accounts.permissions import require
from huiyin.governance import access, facts, governing, selectors
from huiyin.governance.models import GovernedStreet, Residents
from huiyin.governance.views.common import page_context, tabs, viewer_of
from huiyin.governance.vocabulary import DECISIONS, Move, Stage


@never_cache
@require_GET
@require(*access.READERS)
def home(request: HttpRequest) -> HttpResponse:
    """Streets of a stage as cards; or the list of those that the rules name."""
    viewer, city = viewer_of(request), facts.read_city()
    decides = access.decides(viewer)
    known = (*map(str, Stage), *(("named",) if decides else ()))
    tab = request.GET.get("tab", "")
    tab = tab if tab in known else str(Stage.GOVERNED)
    named = selectors.named(city) if decides else []
    context = page_context(request) | {
        "tab": tab,
        "tabs": tabs(viewer, tab, len(named)),
        "lines": selectors.lines(viewer, Stage(tab), city, timezone.localdate()) if tab != "named" else [],
        "named": named,
        "newest": city.newest,
        "rule": city.newest.rule if city.newest else None,
    }
    return render(request, "governance/home.html", context)


@never_cache
@require_GET
@require(*access.READERS)
def street(request: HttpRequest, street_id: int) -> HttpResponse:
    """Verdict line by line, months against the target line, plan and measures, every decision."""
    viewer, city, today = viewer_of(request), facts.read_city(), timezone.localdate()
    found = get_object_or_404(selectors.streets_for(viewer), pk=street_id)
    line = selectors.line_of(found, city, today)
    asks = Move.EXIT if found.stage == Stage.GOVERNED else Move.RETURN
    context = page_context(request) | {
        "line": line,
        "street": found,
        "stage": Stage(found.stage),
        "verdict": governing.verdict_for(asks, found, city),
        "verdict_heading": _("退出条件") if asks is Move.EXIT else _("是否又符合纳入条件"),
        "moves": _moves(found, line) if access.decides(viewer) else [],
        "plans": access.plans(viewer, found),
        "notes": access.notes(viewer, found),
        "measures": [(one, selectors.is_late(one, today)) for one in found.measures.all()],
        "steps": found.steps.select_related("version__period").order_by("-id"),
        "residents": Residents.objects.filter(unit_id=found.unit_id).order_by("-year")[:6],
        "chart": selectors.chart_of(found, line.months),
        "newest": city.newest,
        "rule": city.newest.rule if city.newest else None,
        "back": _("治理与约谈"),
    }
    return render(request, "governance/street.html", context)


@never_cache
@require_GET
@require()
def of_unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """A mark on the unit's card in the evaluation: under governance or not; empty for who may not see it."""
    visible = access.visible_streets(viewer_of(request))
    found = GovernedStreet.objects.filter(visible, unit_id=unit_id).order_by("-id").first()
    return render(request, "governance/mark.html", {"street": found, "now": timezone.now()})


def _moves(street: GovernedStreet, line: Any) -> list[Move]:
    """The decisions that are possible now."""
    found = [move for move, (before, _after) in DECISIONS.items() if street.stage == before]
    return [move for move in found if move is not Move.END or line.observed_enough]
