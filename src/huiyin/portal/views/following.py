"""Following a matter: open it by number and code, see where it stands, add, urge, judge."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.callbacks import second_answers
from huiyin.cases import desk, journal, numbers
from huiyin.cases.models import Attachment, Case
from huiyin.cases.presenters import names
from huiyin.domain.actions import Action
from huiyin.domain.errors import ActionNotAllowed, DomainError
from huiyin.domain.vocabulary import ActorKind
from huiyin.portal import access, acting, limits, merged, photos, story, submissions
from huiyin.portal.forms import FindForm, JudgementForm, SupplementForm
from huiyin.portal.limits import TooOften
from huiyin.portal.views.reporting import taken_with_form
from huiyin.ui.layout import layout_of
from huiyin.ui.responses import done

_CLOSED_STAMP = "not-open"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Number and code go by POST and then live in the session: neither ever stands in an address."""
    judging = (request.POST or request.GET).get("for") == "judge"
    form = FindForm(request.POST or None)
    status = 200
    if request.method == "POST":
        form.is_valid()
        try:
            case = access.find(
                request,
                number=request.POST.get("number", ""),
                code=request.POST.get("code", ""),
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
            status = 429 if isinstance(refusal, TooOften) else 422
        else:
            access.open_here(request, case)
            return redirect("portal:judge" if judging else "portal:case")
    return render(request, "portal/find.html", {"form": form, "judging": judging}, status=status)


def _with_case(view: Callable[[HttpRequest, Case], HttpResponse]) -> Callable[..., HttpResponse]:
    """The page of the case that is open in this browser; otherwise back to number and code."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        try:
            case = access.opened(request)
        except access.NotOpen as refusal:
            if request.headers.get("HX-Request") == "true":
                return HttpResponse(status=204, headers={"HX-Redirect": reverse("portal:find")})
            messages.info(request, refusal.message)
            return redirect("portal:find")
        return view(request, case)

    return never_cache(guarded)


@require_safe
@_with_case
def show(request: HttpRequest, case: Case) -> HttpResponse:
    now = timezone.now()
    events = journal.of_case(case.pk)
    may = desk.allowed(case, access.citizen_of(case))
    context = {
        "layout": layout_of(request, page="ui/public.html"),
        "now": now,
        "case": case,
        "number": numbers.grouped(case.case_no),
        "story": story.tell(case, events, now),
        "goes_on": merged.goes_on(case, now),
        "place": names.whole_place(names.place_of(case), case.address),
        "photos": Attachment.objects.filter(
            case_id=case.pk, uploader_kind=str(ActorKind.CITIZEN), media_type__startswith="image/"
        ).order_by("pk"),
        "may_judge": Action.RECORD_CALLBACK in may,
        "may_add": Action.SUPPLEMENT in may,
        # Who has been answered judges; urging is for those who still wait.
        "may_urge": Action.URGE in may and case.feedback_hotline_at is None,
        "urged": acting.urged_lately(events, now),
        "judgement": story.judgement_of(case),
        "may_judge_again": second_answers.is_open(case, now),
        "stamp": _stamp_of(case.pk),
    }
    return render(request, "portal/case.html", context)


@never_cache
@require_safe
def stamp(request: HttpRequest) -> HttpResponse:
    """Whether anything moved. When the half hour is over the stamp changes, too: the page then leaves by itself."""
    case_id = access.opened_id(request)
    return JsonResponse({"stamp": _CLOSED_STAMP if case_id is None else _stamp_of(case_id)})


def _stamp_of(case_id: int) -> str:
    """The case's and, if it was merged, the other's count of events."""
    found = Case.objects.filter(pk=case_id).values_list("seq", "merged_into_id").first()
    if found is None:
        return _CLOSED_STAMP
    seq, into_id = found
    other = Case.objects.filter(pk=into_id).values_list("seq", flat=True).first() if into_id else None
    return f"{seq}" if other is None else f"{seq}-{other}"


@require_http_methods(["GET", "HEAD", "POST"])
@_with_case
def supplement(request: HttpRequest, case: Case) -> HttpResponse:
    if Action.SUPPLEMENT not in desk.allowed(case, access.citizen_of(case)):
        return _not_now(request, _("这件诉求已经结束，不能再补充。如有新情况，请拨打12345。"))
    form = SupplementForm(request.POST or None, initial={"token": submissions.new_token()})
    kept: list[Attachment] = []
    refused: list[str] = []
    status = 200
    if request.method == "POST":
        kept, refused = taken_with_form(request)
        status = 422
        if form.is_valid() and not refused:
            try:
                acting.supplement(
                    case,
                    note=form.cleaned_data["note"],
                    files=[photo.pk for photo in kept],
                    token=form.cleaned_data["token"],
                    now=timezone.now(),
                )
            except DomainError as refusal:
                form.refuse(refusal)
                status = 429 if isinstance(refusal, TooOften) else 422
            else:
                return done(request, _("补充的情况已经转给承办单位。"), to=reverse("portal:case"))
    context = {"case": case, "form": form, "kept": kept, "refused": refused}
    context |= {"accept": photos.ACCEPT, "most": photos.MOST, "number": numbers.grouped(case.case_no)}
    return render(request, "portal/supplement.html", context, status=status)


@require_POST
@_with_case
def urge(request: HttpRequest, case: Case) -> HttpResponse:
    try:
        acting.urge(case, now=timezone.now())
    except DomainError as refusal:
        return done(request, refusal.message, to=reverse("portal:case"), kind="warning")
    return done(request, _("已经催办，承办单位会收到提醒。"), to=reverse("portal:case"))


@require_http_methods(["GET", "HEAD", "POST"])
@_with_case
def judge(request: HttpRequest, case: Case) -> HttpResponse:
    now = timezone.now()
    first = Action.RECORD_CALLBACK in desk.allowed(case, access.citizen_of(case))
    late = not first and request.method == "POST" and "again" not in request.POST  # the form of a first judgement
    if not first and not _may_be_kept(case, now, late=late):
        return _not_now(request, _why_no_judgement(case, now))
    form = JudgementForm(case, request.POST or None, again=not first)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                limits.spend(limits.JUDGING, limits.who_asks(request), now)
                said = _judged(case, form.cleaned_data, first=first, late=late)
            except TooOften as refusal:
                form.refuse(refusal)
                status = 429
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                return done(request, said, to=reverse("portal:case"))
    events = journal.of_case(case.pk)
    context: dict[str, Any] = {
        "case": case,
        "form": form,
        "number": numbers.grouped(case.case_no),
        "answer": story.answer_of(events),
        "judgement": [] if first else story.judgement_of(case),
        "now": now,
    }
    return render(request, "portal/judge.html", context, status=status)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    access.close_here(request)
    messages.success(request, _("已退出查询。"))
    return redirect("portal:home")


def _judged(case: Case, entered: dict[str, Any], *, first: bool, late: bool) -> str:
    """The words to thank with."""
    now = timezone.now()
    if first:
        try:
            return _thanks(acting.judge(case, answers=entered, now=now))
        except ActionNotAllowed:
            case.refresh_from_db()
            if not _may_be_kept(case, now, late=True):
                raise
    if first or late:
        acting.judge_late(case, answers=entered, now=now)
        return _("您提交时回访已经结束。您的评价已经记下，与回访结果一并保留，热线会看到。")
    reason = entered.pop("reason", "")
    acting.judge_again(case, answers=entered, reason=reason, now=now)
    return _("您的再次评价已经记下，与上次的评价一并保留，热线会看到。")


def _may_be_kept(case: Case, now: datetime, *, late: bool) -> bool:
    """Whether a judgement can be kept beside the result.

    `late` is one from the form of a first judgement: after one of the citizen's own it is that form sent twice.
    """
    settled = second_answers.first_of(case)
    if settled is None or not second_answers.is_open(case, now):
        return False
    return not (late and settled.actor_kind == ActorKind.CITIZEN)


def _not_now(request: HttpRequest, why: str) -> HttpResponse:
    messages.info(request, why)
    return redirect("portal:case")


def _why_no_judgement(case: Case, now: datetime) -> str:
    if case.callback_valid is not None:
        again = _("可以再次评价或拨打12345。") if second_answers.is_open(case, now) else _("请拨打12345。")
        return _how_it_was_settled(case) + _("如果还有意见，") + again
    if case.closed_at is not None:
        return _("这件诉求已经结束，不能在网上评价。如果还有意见，请拨打12345。")
    return _("承办单位还没有答复，答复以后就可以评价了。")


def _how_it_was_settled(case: Case) -> str:
    settled = second_answers.first_of(case)
    if settled is None:
        return _("这件诉求已经结束，结果不是在这里评价的。")
    if settled.action == Action.CLOSE_UNASKED:
        return _("这件诉求未抽中电话回访，时限内没有收到您的评价，回访已经结束。")
    if not case.callback_valid:
        return _("回访电话多次未能接通，回访已经结束。")
    if settled.actor_kind == ActorKind.CITIZEN:
        return _("这件诉求已经评价过了。")
    return _("热线已经电话回访，您的评价已经记下。")


def _thanks(case: Case) -> str:
    if case.closed_at is None:
        return _("谢谢您如实评价。热线会核实，没有解决的将退回重新办理。")
    return _("谢谢您的评价！")
