"""Pages of talks: the list with what is overdue, one talk with its next step, calling a unit by hand."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.accounts.permissions import require
from huiyin.domain.errors import InvalidData
from huiyin.governance import access, facts, forms, selectors, talk_lists, talking
from huiyin.governance.models import Talk
from huiyin.governance.talk_lists import Shown
from huiyin.governance.views.common import asked, page_context, sent, tabs, viewer_of
from huiyin.governance.vocabulary import TalkState


@never_cache
@require_GET
@require(*access.READERS)
def talks(request: HttpRequest) -> HttpResponse:
    viewer, today = viewer_of(request), timezone.localdate()
    asked_for = request.GET.get("show", "")
    shown = Shown(asked_for) if asked_for in {str(one) for one in Shown} else Shown.OPEN
    named = len(selectors.named(facts.read_city())) if access.decides(viewer) else 0
    counts = talk_lists.counts_of(viewer, today)
    context = page_context(request) | {
        "tabs": tabs(viewer, "talks", named),
        "shown": shown,
        "choices": [(one, counts[one]) for one in Shown],
        "lines": talk_lists.talk_lines(viewer, shown, today),
    }
    return render(request, "governance/talks.html", context)


@never_cache
@require_GET
@require(*access.READERS)
def talk(request: HttpRequest, talk_id: int) -> HttpResponse:
    """Why, when, what was said and promised, what came of it; the next step for who takes it."""
    found = _find(request, talk_id)
    context = page_context(request) | {"line": talk_lists.line_of(found, timezone.localdate()), "talk": found}
    return render(request, "governance/talk.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@require(*sorted(access.DECIDERS))
def call(request: HttpRequest) -> HttpResponse:
    """A talk by hand; `?unit=12` chooses ahead."""
    viewer = viewer_of(request)
    access.require_decider(viewer)
    form = forms.CallForm(sent(request), initial={"unit": request.GET.get("unit", "")[:_LONGEST_CHOICE]})

    def act() -> str:
        unit_id = form.unit_id()
        if unit_id is None:
            raise InvalidData({"unit_id": "请从列出的单位中选择"})
        group = talking.list_of(unit_id)
        return _page(talking.call(group, unit_id, reason=form.said("reason"), by=viewer, now=timezone.now()))

    return asked(request, form, act, heading=_("提出约谈"), told=_("已提出，并告知该单位负责人。"))


@never_cache
@require_http_methods(["GET", "POST"])
@require(*sorted(access.DECIDERS))
def hold(request: HttpRequest, talk_id: int) -> HttpResponse:
    found, viewer = _find(request, talk_id), viewer_of(request)
    form = forms.HoldForm(sent(request), initial={"on": timezone.localdate()})

    def act() -> str:
        talking.hold(
            found.pk,
            on=form.day("on"),
            minutes=form.said("minutes"),
            promises=form.said("promises"),
            until=form.day("until"),
            by=viewer,
            now=timezone.now(),
        )
        return _page(found)

    return asked(request, form, act, heading=_heading(found, _("登记约谈")), told=_("已登记。"), words=found.reason)


@never_cache
@require_http_methods(["GET", "POST"])
@require(*sorted(access.DECIDERS))
def close(request: HttpRequest, talk_id: int) -> HttpResponse:
    found, viewer = _find(request, talk_id), viewer_of(request)
    form = forms.CloseForm(sent(request))

    def act() -> str:
        kept = request.POST.get("verdict") != "no"
        talking.close(found.pk, kept=kept, outcome=form.said("outcome"), by=viewer, now=timezone.now())
        return _page(found)

    verbs = (_("承诺已落实"), _("未全部落实"))
    heading = _heading(found, _("了结约谈"))
    return asked(request, form, act, heading=heading, told=_("已了结。"), verbs=verbs, words=found.promises)


@never_cache
@require_http_methods(["GET", "POST"])
@require(*sorted(access.DECIDERS))
def drop(request: HttpRequest, talk_id: int) -> HttpResponse:
    found, viewer = _find(request, talk_id), viewer_of(request)
    form = forms.DropForm(sent(request))

    def act() -> str:
        talking.drop(found.pk, reason=form.said("reason"), by=viewer, now=timezone.now())
        return _page(found)

    heading = _heading(found, TalkState.DROPPED.label)
    return asked(request, form, act, heading=heading, told=_("已记录。"), words=found.reason)


_LONGEST_CHOICE = 24


def _find(request: HttpRequest, talk_id: int) -> Talk:
    return get_object_or_404(talk_lists.talks_for(viewer_of(request)), pk=talk_id)


def _heading(talk: Talk, what: str) -> str:
    return f"{talk_lists.line_of(talk, timezone.localdate()).name}：{what}"


def _page(talk: Talk) -> str:
    return reverse("governance:talk", args=[talk.pk])
