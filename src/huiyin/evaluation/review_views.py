"""The desk of exclusions and appeals: what waits, one application with its verdict, one appeal with its second call."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.accounts import reveals
from huiyin.accounts.permissions import require
from huiyin.accounts.viewer import Viewer
from huiyin.cases import disclosure, journal, selectors
from huiyin.cases.forms import ActionForm, Around
from huiyin.cases.models import Attachment, Case
from huiyin.cases.presenters import names
from huiyin.domain.actions import Action
from huiyin.domain.errors import DomainError
from huiyin.domain.exclusions import ExclusionKind, Ruling
from huiyin.domain.moves.callback import UNSOLVABLE
from huiyin.domain.vocabulary import Outcome, Role
from huiyin.evaluation import appeals, exclusions, review_lists
from huiyin.evaluation.models import Appeal, Exclusion
from huiyin.evaluation.review_forms import RulingForm, VerdictForm
from huiyin.evaluation.review_lists import Tab
from huiyin.registry import directory
from huiyin.ui.layout import layout_of
from huiyin.ui.responses import done

_DESK = require(
    *(Role.EVALUATOR, Role.CALLBACK_AGENT, Role.AUDITOR, Role.LEADER, Role.ANALYST, Role.ADMINISTRATOR),
    *(Role.HANDLER, Role.UNIT_HEAD),
)
# What the two buttons of a verdict say, by what the application waits for.
_VERDICTS = {
    "preview": (_("支持"), _("不支持")),
    "rule": (_("同意剔除"), _("不同意")),
    "recheck": (_("维持"), _("撤销剔除")),
}


@never_cache
@require_GET
@_DESK
def show(request: HttpRequest) -> HttpResponse:
    """The lists; the first application or appeal is open beside them."""
    viewer, now = _viewer(request), timezone.now()
    tab = _tab(request, viewer)
    lines, page = review_lists.lines(viewer, tab, now, request.GET.get("cursor", ""))
    counts = review_lists.counts(viewer)
    address = f"{reverse('evaluation:reviews')}?tab="
    context = {
        "layout": layout_of(request),
        "now": now,
        "tab": tab,
        "tabs": [(each, counts.get(each), f"{address}{each}") for each in review_lists.tabs_for(viewer)],
        "lines": [(line, f"{_address(line.item)}?tab={tab}") for line in lines],
        "next_url": f"{address}{tab}&cursor={page.next}" if page.next else "",
        "previous_url": f"{address}{tab}&cursor={page.previous}" if page.previous else "",
        "stamp": review_lists.stamp(counts, [line.item.pk for line in lines]),
        "applies": viewer.has(*exclusions.UNIT_ROLES) and viewer.sees != "city",
    }
    return render(request, "evaluation/reviews.html", context)


@never_cache
@require_GET
@_DESK
def stamp(request: HttpRequest) -> HttpResponse:
    viewer = _viewer(request)
    tab = _tab(request, viewer)
    lines, _page = review_lists.lines(viewer, tab, timezone.now(), request.GET.get("cursor", ""))
    found = review_lists.stamp(review_lists.counts(viewer), [line.item.pk for line in lines])
    return JsonResponse({"stamp": found})


@never_cache
@require_http_methods(["GET", "POST"])
@_DESK
def exclusion(request: HttpRequest, exclusion_id: int) -> HttpResponse:
    """What was applied for and why, the case, the evidence, who looked at it; and the verdict that is asked of me."""
    viewer, now = _viewer(request), timezone.now()
    known = review_lists.exclusions_for(viewer).select_related("recheck")
    found = get_object_or_404(known, pk=exclusion_id)
    task = _task(viewer, found)
    form = VerdictForm(request.POST or None)
    if request.method == "POST":
        try:
            told = _decide(request, found, task, form.data.get("reason", ""))
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return done(request, told, to=_desk(request, viewer), refresh="case:changed")
    return _page(
        request,
        found,
        "evaluation/exclusion.html",
        {
            "form": form,
            "task": task,
            "verdicts": _VERDICTS.get(task),
            "kind": ExclusionKind(found.kind).label,
            "ruling": Ruling(found.ruling),
            "reason": review_lists.reasons().get(found.reason_code, found.reason_code),
            "recheck": getattr(found, "recheck", None),
            "now": now,
        },
        status=422 if request.method == "POST" else 200,
    )


@never_cache
@require_http_methods(["GET", "POST"])
@_DESK
def appeal(request: HttpRequest, appeal_id: int) -> HttpResponse:
    """The first answers and what the unit says of them; another agent calls again and rules."""
    viewer, now = _viewer(request), timezone.now()
    found = get_object_or_404(review_lists.appeals_for(viewer), pk=appeal_id)
    case = Case.objects.select_related("requester").get(pk=found.case_id)
    rules = found.upheld is None and appeals.may_rule(viewer) and viewer.staff_id != found.first_agent_id
    form = RulingForm(request.POST or None)
    answers = ActionForm(Action.RECORD_CALLBACK, Around(case=case, now=now), request.POST or None)
    if request.method == "POST":
        try:
            ruled = appeals.rule(
                found.pk,
                upheld=request.POST.get("verdict") == "yes",
                answers=answers.entered(),
                reason=form.data.get("reason", ""),
                by=viewer,
                now=now,
            )
        except DomainError as refusal:
            form.refuse(refusal)
            answers.refuse(refusal)
        else:
            told = _("申诉成立，以复访结果计入。") if ruled.upheld else _("申诉不成立，维持原回访结果。")
            return done(request, told, to=_desk(request, viewer), refresh="case:changed")
    asked = [name for name in ("contacted", "solved", "satisfaction") if _is_asked(case, name)]
    context = {
        "form": form,
        "answers": [answers[name] for name in asked],
        "answer": appeals.answer_against(found),
        "asked_since": rules and appeals.asked_since(found),
        "rules": rules,
        "was_mine": found.upheld is None and appeals.may_rule(viewer) and not rules,
        "now": now,
    }
    return _page(request, found, "evaluation/appeal.html", context, status=422 if request.method == "POST" else 200)


def _page(
    request: HttpRequest, item: Exclusion | Appeal, template: str, context: dict[str, Any], *, status: int
) -> HttpResponse:
    """Opening it shows a citizen's words and is written down."""
    viewer = _viewer(request)
    case = Case.objects.select_related("requester").get(pk=item.case_id)
    words = disclosure.words_for(viewer, case)
    if request.method == "GET":
        reveals.record_look(case_id=case.pk, viewer=viewer, page="exclusion", ip=reveals.address_of(request))
    replies = [event for event in journal.of_case(case.pk) if event.action == Action.REPLY]
    reply = replies[-1] if replies else None
    shared = {
        "layout": layout_of(request),
        "item": item,
        "case": case,
        "title": words(case.title),
        "content": words(case.content),
        "identity": selectors.masked_identity(case.requester),
        "place": names.whole_place(names.place_of(case), words(case.address)),
        "class_name": names.class_leaf(case.taxonomy_edition_id, case.class_code),
        "unit": directory.unit(item.unit_id).name,
        "reply": reply,
        "result": words(reply.data["result"]) if reply and "result" in reply.data else "",
        "outcome": Outcome(reply.data["outcome"]).label if reply and "outcome" in reply.data else "",
        "grounds": words(item.grounds),
        "files": Attachment.objects.filter(pk__in=item.attachment_ids).order_by("pk"),
        "tab": _tab(request, viewer),
        "back": _desk(request, viewer),
    }
    return render(request, template, shared | context, status=status)


def _task(viewer: Viewer, found: Exclusion) -> str:
    """What this person may decide on it now; empty: nothing."""
    me, ruling = viewer.staff_id, Ruling(found.ruling)
    if ruling is Ruling.APPLIED and exclusions.may_preview(viewer, found) and me != found.applied_by_id:
        return "preview"
    if not exclusions.may_rule(viewer):
        return ""
    if ruling is Ruling.PREVIEWED and me not in (found.applied_by_id, found.previewed_by_id):
        return "rule"
    drawn = getattr(found, "recheck", None)
    waits = drawn is not None and drawn.checked_at is None and ruling is Ruling.GRANTED
    return "recheck" if waits and me not in (found.applied_by_id, found.previewed_by_id, found.ruled_by_id) else ""


def _decide(request: HttpRequest, found: Exclusion, task: str, reason: str) -> str:
    viewer, now = _viewer(request), timezone.now()
    yes = request.POST.get("verdict") == "yes"
    if task == "preview":
        exclusions.preview(found.pk, supports=yes, reason=reason, by=viewer, now=now)
    elif task == "recheck":
        exclusions.recheck(found.recheck.pk, upheld=yes, reason=reason, by=viewer, now=now)
    else:
        exclusions.rule(found.pk, grant=yes, reason=reason, by=viewer, now=now)
    return _("已%(verdict)s。") % {"verdict": str(_VERDICTS[task or "rule"][0 if yes else 1])}


def _is_asked(case: Case, name: str) -> bool:
    return name != "solved" or case.request_type not in {str(kind) for kind in UNSOLVABLE}


def _address(item: Exclusion | Appeal) -> str:
    name = "evaluation:appeal" if isinstance(item, Appeal) else "evaluation:exclusion"
    return reverse(name, args=[item.pk])


def _tab(request: HttpRequest, viewer: Viewer) -> Tab:
    given = request.GET.get("tab", "")
    return Tab(given) if given in set(review_lists.tabs_for(viewer)) else review_lists.first_tab(viewer)


def _desk(request: HttpRequest, viewer: Viewer) -> str:
    return f"{reverse('evaluation:reviews')}?tab={_tab(request, viewer)}"


def _viewer(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # set by require
    return viewer
