"""What the desk does about links and second answers: sending one, writing down what was said later, showing both."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.accounts.permissions import require
from huiyin.accounts.viewer import Viewer
from huiyin.callbacks import links, second_answers, shown_links
from huiyin.callbacks.forms import SecondAnswerForm
from huiyin.callbacks.vocabulary import Channel
from huiyin.cases import desk, numbers, selectors
from huiyin.domain.errors import DomainError
from huiyin.domain.vocabulary import Attitude, Role, Satisfaction
from huiyin.ui.layout import layout_of
from huiyin.ui.responses import done

_AGENT = require(Role.CALLBACK_AGENT)


@require_POST
@_AGENT
def invite(request: HttpRequest, case_no: str) -> HttpResponse:
    """By one key to the number that is known, or to a mailbox that the citizen has just named."""
    viewer = _viewer(request)
    case = selectors.find_case(viewer, case_no)
    address = request.POST.get("address", "").strip()
    channel = Channel.EMAIL if request.POST.get("channel") == Channel.EMAIL else Channel.SMS
    back = f"{reverse('callbacks:ask', args=[case.case_no])}?tab={request.POST.get('tab', 'due')}"
    try:
        made = links.invite_by_hand(case, channel=channel, address=address, by=viewer, now=timezone.now())
    except DomainError as refusal:
        errors = getattr(refusal, "errors", None)
        words = "；".join(errors.values()) if errors else refusal.message
        return done(request, words, to=back, kind="warning")
    until = timezone.localtime(made.phone_after)
    text = _("评价链接将以%(channel)s发出；%(until)s前不作答的，再打电话。") % {
        "channel": channel.label,
        "until": f"{until:%m月%d日 %H:%M}",
    }
    return done(request, text, to=back, refresh="case:changed")


@never_cache
@require_http_methods(["GET", "POST"])
@_AGENT
def again(request: HttpRequest, case_no: str) -> HttpResponse:
    """The citizen has called, or was called, after the result stood, and says something else."""
    viewer = _viewer(request)
    case = selectors.find_case(viewer, case_no)
    form = SecondAnswerForm(case, request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            entered = dict(form.cleaned_data)
            try:
                second_answers.keep_by_phone(
                    case, answers=entered, reason=entered.pop("reason"), by=viewer, now=timezone.now()
                )
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                to = reverse("cases:page", args=[case.case_no])
                return done(request, _("已记下，与原回访结果一并保留。"), to=to, refresh="case:changed")
    context: dict[str, Any] = {
        "layout": layout_of(request),
        "case": case,
        "number": numbers.grouped(case.case_no),
        "form": form,
        "first": second_answers.first_of(case),
        "now": timezone.now(),
    }
    return render(request, "callbacks/again.html", context, status=status)


@never_cache
@require_GET
@require()
def beside(request: HttpRequest, case_no: str) -> HttpResponse:
    """Links and second answers on the page of a case; for everybody but roles of the hotline there is nothing."""
    viewer, now = _viewer(request), timezone.now()
    if not second_answers.may_read(viewer):
        return HttpResponse('<div hidden id="beside"></div>')
    try:
        case = selectors.find_case(viewer, case_no)
    except desk.CaseNotFound:
        return HttpResponse('<div hidden id="beside"></div>', status=404)
    context = {
        "case": case,
        "now": now,
        "links": shown_links.of_case(case),
        "seconds": [in_words(one) for one in second_answers.of_case(viewer, case)],
        "may_add": viewer.has(Role.CALLBACK_AGENT) and second_answers.is_open(case, now),
    }
    return render(request, "callbacks/beside.html", context)


def in_words(one: Any) -> dict[str, Any]:
    solved = {True: _("已解决"), False: _("未解决"), None: ""}[one.solved]
    parts = [
        _("已联系") if one.contacted else _("未联系"),
        solved,
        Satisfaction(one.satisfaction).label,
        Attitude(one.attitude).label if one.attitude else "",
    ]
    return {"one": one, "said": "，".join(part for part in parts if part)}


def _viewer(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # set by require
    return viewer
