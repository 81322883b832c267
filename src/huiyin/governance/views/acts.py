"""Dialogs of governed streets: entry and the other decisions, progress, the plan, its projects."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huiyin.accounts.permissions import require
from huiyin.domain.vocabulary import Role
from huiyin.governance import access, facts, forms, governing, planning, selectors
from huiyin.governance.models import GovernedStreet, Measure
from huiyin.governance.views.common import asked, sent, viewer_of
from huiyin.governance.vocabulary import DECISIONS, Move
from huiyin.registry import directory


@never_cache
@require_http_methods(["GET", "POST"])
@require(*sorted(access.DECIDERS))
def enter(request: HttpRequest, unit_id: int) -> HttpResponse:
    unit = directory.find_unit(unit_id)
    if unit is None:
        raise Http404
    access.require_decider(viewer_of(request))
    form = forms.ReasonForm(sent(request))

    def act() -> str:
        return _page(governing.enter(unit_id, reason=form.said("reason"), by=viewer_of(request), now=timezone.now()))

    heading = _("%(name)s：纳入治理") % {"name": unit.short_name}
    verdict = facts.entry_of(facts.read_city(), unit_id)
    return asked(request, form, act, heading=heading, told=_("已纳入治理。"), verdict=verdict)


@never_cache
@require_http_methods(["GET", "POST"])
@require(*sorted(access.DECIDERS))
def decide(request: HttpRequest, street_id: int, move: str) -> HttpResponse:
    """Exit, return or end; the rule's verdict stands above the reason."""
    viewer = viewer_of(request)
    access.require_decider(viewer)
    found = get_object_or_404(selectors.streets_for(viewer), pk=street_id)
    if move not in {str(one) for one in DECISIONS}:
        raise Http404
    what = Move(move)
    form = forms.ReasonForm(sent(request))

    def act() -> str:
        return _page(governing.decide(found.pk, what, reason=form.said("reason"), by=viewer, now=timezone.now()))

    heading = f"{directory.unit(found.unit_id).short_name}：{what.label}"
    verdict = governing.verdict_for(what, found, facts.read_city())
    return asked(request, form, act, heading=heading, told=_("已记录。"), verdict=verdict)


@never_cache
@require_http_methods(["GET", "POST"])
@require(*access.READERS)
def note(request: HttpRequest, street_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    found = get_object_or_404(selectors.streets_for(viewer), pk=street_id)
    form = forms.NoteForm(sent(request))

    def act() -> str:
        governing.note(found.pk, words=form.said("reason"), by=viewer, now=timezone.now())
        return _page(found)

    return asked(request, form, act, heading=Move.NOTE.label, told=_("已记录。"))


@never_cache
@require_http_methods(["GET", "POST"])
@require(Role.UNIT_HEAD)
def plan(request: HttpRequest, street_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    found = get_object_or_404(selectors.streets_for(viewer), pk=street_id)
    form = forms.PlanForm(sent(request), initial={one: getattr(found, one) for one in forms.PlanForm.base_fields})

    def act() -> str:
        given = planning.Plan(
            text=form.said("plan"),
            resolution=form.said("target_resolution"),
            satisfaction=form.said("target_satisfaction"),
            volume=form.said("target_volume"),
        )
        return _page(planning.plan(found.pk, given, by=viewer, now=timezone.now()))

    return asked(request, form, act, heading=_("治理方案和目标"), told=_("已保存。"))


@never_cache
@require_http_methods(["GET", "POST"])
@require(Role.UNIT_HEAD)
def measure(request: HttpRequest, street_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    found = get_object_or_404(selectors.streets_for(viewer), pk=street_id)
    form = forms.MeasureForm(sent(request))

    def act() -> str:
        title, owner, due = form.said("title"), form.said("owner"), form.day("due")
        planning.add_measure(found.pk, title=title, owner=owner, due=due, by=viewer, now=timezone.now())
        return _page(found)

    return asked(request, form, act, heading=_("新增治理项目"), told=_("已新增。"))


@never_cache
@require_http_methods(["GET", "POST"])
@require(Role.UNIT_HEAD)
def settle(request: HttpRequest, measure_id: int) -> HttpResponse:
    """Done, with what shows it; or dropped, with the reason."""
    viewer = viewer_of(request)
    seen = GovernedStreet.objects.filter(access.visible_streets(viewer)).values("pk")
    found = get_object_or_404(Measure.objects.select_related("street"), pk=measure_id, street__in=seen)
    form = forms.SettleForm(sent(request))

    def act() -> str:
        words, now = form.said("words"), timezone.now()
        if request.POST.get("verdict") == "no":
            planning.drop_measure(found.pk, why=words, by=viewer, now=now)
        else:
            planning.finish_measure(found.pk, evidence=words, by=viewer, now=now)
        return _page(found.street)

    verbs = (_("已完成"), _("取消项目"))
    return asked(request, form, act, heading=found.title, told=_("已记录。"), verbs=verbs)


def _page(street: GovernedStreet) -> str:
    return reverse("governance:governed_street", args=[street.pk])
