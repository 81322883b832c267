"""Judging by a link: opened from a message, without number and code; looked at as often as one likes, answered once."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huiyin.callbacks import handlings, links, second_answers
from huiyin.callbacks.models import Invitation, SecondAnswer
from huiyin.cases import journal, numbers
from huiyin.cases.models import Case, CaseEvent
from huiyin.cases.presenters import names
from huiyin.domain import privacy
from huiyin.domain.errors import DomainError
from huiyin.domain.vocabulary import Attitude, Satisfaction
from huiyin.portal import limits, story
from huiyin.portal.forms import JudgementForm

_LONGEST_TOKEN = 100


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: HttpRequest, token: str) -> HttpResponse:
    """Previews of messengers look at links, too: only the form that a person sends answers."""
    now = timezone.now()
    found = links.find(token) if len(token) <= _LONGEST_TOKEN else None
    try:
        if found is None:
            limits.spend(limits.WRONG_LINK, limits.who_asks(request), now)
            return _closed(request, _("没有这个链接"), _("请核对短信里的链接是否完整，或用编号和查询码查询。"), 404)
        if request.method == "POST":
            limits.spend(limits.JUDGING, limits.who_asks(request), now)
    except limits.TooOften as refusal:
        return _closed(request, _("请稍后再试"), refusal.message, 429)
    if found.answered_at is not None:
        return _thanks(request, found)
    again = found.case.status not in links.ASKABLE
    refused = _why_over(found, again=again)
    if refused:
        return _closed(request, _("链接已失效"), refused, 410)
    form = JudgementForm(found.case, request.POST or None, again=again)
    if request.method != "POST":
        links.opened(found, now)
        return _form(request, found, form, status=200)
    return _answered(request, found, form)


def _answered(request: HttpRequest, found: Invitation, form: JudgementForm) -> HttpResponse:
    if not form.is_valid():
        return _form(request, found, form, status=422)
    entered = dict(form.cleaned_data)
    try:
        links.answer(found, answers=entered, reason=entered.pop("reason", ""), now=timezone.now())
    except links.LinkUsed:
        pass  # the same form sent twice: the page shows what was answered
    except DomainError as refusal:
        form.refuse(refusal)
        return _form(request, found, form, status=422)
    return redirect(request.path)


def _why_over(found: Invitation, *, again: bool) -> str:
    now, case = timezone.now(), found.case
    if found.is_over(now):
        return _("这个链接已过有效期。您仍可以用编号和查询码在“查询进度”里评价，或拨打12345。")
    if not handlings.is_of_now(found.made_at, found.round, case) or (again and not second_answers.is_open(case, now)):
        return _("这件诉求正在重新办理，办好后会再请您评价。")
    return ""


def _form(request: HttpRequest, found: Invitation, form: JudgementForm, *, status: int) -> HttpResponse:
    """Who has the link has not shown who he is: a confidential matter is not named."""
    case = found.case
    answer = None if case.confidential else story.answer_of(journal.of_case(case.pk))
    context = {**_about(case), "heading": _("请您评价办理结果"), "form": form, "answer": answer}
    return _page(request, context, status)


def _thanks(request: HttpRequest, found: Invitation) -> HttpResponse:
    second = SecondAnswer.objects.filter(invitation=found).first()
    said = _second_in_words(second) if second else _first_in_words(found)
    words = _("您的评价已经收到。") + (
        _("与先前的回访结果一并保留，由热线核实。") if second else _("热线会据此核实和考评，承办单位不能修改。")
    )
    context = {**_about(found.case), "heading": _("谢谢您的评价"), "words": words, "judgement": said, "tone": "green"}
    return _page(request, context, 200)


def _closed(request: HttpRequest, heading: str, words: str, status: int) -> HttpResponse:
    return _page(request, {"heading": heading, "words": words, "tone": "amber"}, status)


def _page(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    answer = render(request, "portal/link.html", {"now": timezone.now(), **context}, status=status)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _about(case: Case) -> dict[str, Any]:
    """Enough to know which matter it is, without anybody's name and number."""
    number = numbers.grouped(case.case_no)
    if case.confidential:
        return {"case": case, "number": number}
    title = privacy.mask_text(case.title)
    return {"case": case, "number": number, "title": title, "unit": names.unit_name(case.lead_unit_id)}


def _first_in_words(found: Invitation) -> list[tuple[str, str]]:
    event = CaseEvent.objects.filter(
        case_id=found.case_id, at__gte=found.case.registered_at, seq=found.event_seq
    ).first()
    data = event.data if event else {}
    return _in_words(data.get("contacted"), data.get("solved"), data.get("satisfaction"), data.get("attitude"))


def _second_in_words(second: SecondAnswer) -> list[tuple[str, str]]:
    return _in_words(second.contacted, second.solved, second.satisfaction, second.attitude)


def _in_words(
    contacted: bool | None, solved: bool | None, satisfaction: str | None, attitude: str | None
) -> list[tuple[str, str]]:
    said = [
        (_("联系您了吗"), _yes_no(contacted)),
        (_("解决了吗"), _yes_no(solved)),
        (_("满意吗"), Satisfaction(satisfaction).label if satisfaction else ""),
        (_("态度"), Attitude(attitude).label if attitude else ""),
    ]
    return [(question, answer) for question, answer in said if answer]


def _yes_no(value: bool | None) -> str:
    return "" if value is None else _("是") if value else _("否")
