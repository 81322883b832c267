"""Pages of the dispatcher's desk: the queue, one case with its proposals, decisions, bulk acceptance."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.accounts.permissions import require
from huiyin.cases import desk, journal, numbers, selectors
from huiyin.cases.forms import ActionForm, Around, seen_seq
from huiyin.cases.models import Case
from huiyin.cases.presenters import lights, names
from huiyin.dispatching import deciding, queue
from huiyin.dispatching.proposals import alternatives, completed, proposals_for
from huiyin.dispatching.queue import DECISION, Tab, Wanted
from huiyin.domain.actions import Action
from huiyin.domain.errors import DomainError
from huiyin.domain.vocabulary import Grade, Role, Status
from huiyin.registry import directory
from huiyin.ui.layout import layout_of
from huiyin.ui.responses import done

_DISPATCHER = require(Role.DISPATCHER)
# Other ways to settle a case that waits for dispatch, each in its own dialog.
_OTHER_WAYS = (
    (Action.DIRECT_ANSWER, "alt+d"),
    (Action.REFER_ELSEWHERE, "alt+t"),
    (Action.PERSUADE, "alt+q"),
    (Action.MERGE, "alt+m"),
    (Action.CORRECT, "alt+c"),
    (Action.MARK_CONFIDENTIAL, "alt+b"),
    (Action.CANCEL, "alt+x"),
)


@require_GET
@_DISPATCHER
def show(request: HttpRequest) -> HttpResponse:
    """The queue; the first case is open beside it."""
    wanted = _wanted(request)
    found = queue.lines(wanted, request.GET.get("cursor", ""))
    counts, stamp = queue.counts()
    context = {
        "layout": layout_of(request),
        "now": timezone.now(),
        "tabs": [(tab, counts[tab], _address(request, tab=str(tab), cursor="")) for tab in Tab],
        "wanted": wanted,
        "lines": [queue.line(case) for case in found.rows],
        "next_url": _address(request, cursor=found.next) if found.next else "",
        "previous_url": _address(request, cursor=found.previous) if found.previous else "",
        "stamp": stamp,
        "grades": Grade,
        "districts": directory.districts(),
        "bulk": wanted.tab is Tab.DISPATCH,
    }
    return render(request, "dispatching/queue.html", context)


@require_GET
@_DISPATCHER
def stamp(request: HttpRequest) -> HttpResponse:
    _counts, changed = queue.counts()
    return JsonResponse({"stamp": changed})


@require_http_methods(["GET", "POST"])
@_DISPATCHER
def decide(request: HttpRequest, case_no: str) -> HttpResponse:
    """One case with all that is needed to decide it, and the decision."""
    case = selectors.find_case(request.viewer, case_no)  # type: ignore[attr-defined]  # set by require
    wanted = _wanted(request)
    now = timezone.now()
    action = _action(request, wanted.tab)
    form = ActionForm(action, Around(case=case, now=now, proposed=_proposed(case, action, now)))
    status = 200
    if request.method == "POST":
        form = ActionForm(action, Around(case=case, now=now), request.POST, request.FILES)
        try:
            actor = request.viewer.actor()  # type: ignore[attr-defined]  # set by require
            seq = seen_seq(request.POST, case)
            desk.act(case.pk, action, actor=actor, data=form.entered(), now=now, expected_seq=seq)
        except DomainError as refusal:
            form.refuse(refusal)
            status = 422
        else:
            return _decided(request, case, wanted, action)
    return render(request, "dispatching/decide.html", _decide_context(request, case, wanted, form), status=status)


@require_POST
@_DISPATCHER
def accept_many(request: HttpRequest) -> HttpResponse:
    ids = [int(raw) for raw in request.POST.getlist("case") if raw.isdecimal()][: queue.BULK_SIZE]
    result = deciding.accept_proposals(ids, actor=request.viewer.actor(), now=timezone.now())  # type: ignore[attr-defined]
    text = _("已派出%(count)s件。") % {"count": result.dispatched}
    if result.refused:
        first = "；".join(f"{numbers.grouped(number)}：{why}" for number, why in result.refused[:3])
        text += _("%(count)s件未派：%(why)s") % {"count": len(result.refused), "why": first}
    kind = "warning" if result.refused else "success"
    return done(request, text, to=reverse("dispatching:queue"), refresh="case:changed", kind=kind)


@require_GET
@_DISPATCHER
def propose_again(request: HttpRequest, case_no: str) -> HttpResponse:
    """The unit for another class than the one proposed, as the dispatcher chooses it."""
    case = selectors.find_case(request.viewer, case_no)  # type: ignore[attr-defined]  # set by require
    return JsonResponse(alternatives(case, request.GET.get("class_code", ""), at=timezone.now()))


def _decided(request: HttpRequest, case: Case, wanted: Wanted, action: Action) -> HttpResponse:
    case.refresh_from_db()
    text = _("%(number)s：%(action)s，%(status)s。") % {
        "number": numbers.grouped(case.case_no),
        "action": action.label,
        "status": Status(case.status).label,
    }
    return done(request, text, to=_address(request, cursor=""), refresh="case:changed")


def _action(request: HttpRequest, tab: Tab) -> Action:
    if tab is Tab.CALLED_BACK and request.GET.get("do") == "close":
        return Action.CLOSE
    return DECISION[tab]


def _proposed(case: Case, action: Action, now: datetime) -> dict[str, Any]:
    if action is Action.DISPATCH:
        return completed(queue.proposed_values(case), case, at=now)
    if action is Action.RULE_RETURN:
        asked = _last(case, Action.REQUEST_RETURN)
        return {"unit_id": asked.get("suggested_unit_id")}
    if action is Action.DECIDE_SUSPENSION:
        return {"until": _last(case, Action.REQUEST_SUSPENSION).get("until")}
    return {}


def _last(case: Case, action: Action) -> dict[str, Any]:
    """What was entered when this was last asked for."""
    entered = [event.data for event in journal.of_case(case.pk) if event.action == action]
    return dict(entered[-1]) if entered else {}


_ASKED = {
    Tab.RETURNS: Action.REQUEST_RETURN,
    Tab.EXTENSIONS: Action.REQUEST_EXTENSION,
    Tab.SUSPENSIONS: Action.REQUEST_SUSPENSION,
    Tab.CALLED_BACK: Action.RECORD_CALLBACK,
}


def _decide_context(request: HttpRequest, case: Case, wanted: Wanted, form: ActionForm) -> dict[str, Any]:
    now = timezone.now()
    asked = _ASKED.get(wanted.tab)
    history = journal.of_case(case.pk) if asked else []
    return {
        "layout": layout_of(request),
        "now": now,
        "case": case,
        "number": numbers.grouped(case.case_no),
        "line": queue.line(case),
        "clocks": lights.shown(case.clocks.all(), now),
        "place": names.whole_place(names.place_of(case), case.address),
        "lead": names.unit_name(case.lead_unit_id),
        "form": form,
        "order": _order(form),
        "titled_by_content": case.content.startswith(case.title.rstrip("…")),
        "action": form.action,
        "wanted": wanted,
        "asked": next((event for event in reversed(history) if event.action == asked), None),
        "suggested": names.unit_name(_suggested(history)),
        "proposals": proposals_for(case, at=now) if wanted.tab is Tab.DISPATCH else None,
        "similar": selectors.similar_open(
            request.viewer,  # type: ignore[attr-defined]  # set by require
            street_id=case.street_id,
            class_code=case.class_code,
        )
        if case.street_id and case.class_code
        else [],
        "other_ways": _OTHER_WAYS if wanted.tab is Tab.DISPATCH else (),
        "query": request.GET.urlencode(),
    }


def _order(form: ActionForm) -> list[str]:
    """The class first: the units follow from it. 协办 units are asked for only on demand."""
    rest = [name for name in form.fields if name not in ("class_code", "co_unit_ids")]
    return ["class_code", *rest]


def _suggested(history: list[Any]) -> int | None:
    asked = [event for event in history if event.action == Action.REQUEST_RETURN]
    return asked[-1].data.get("suggested_unit_id") if asked else None


def _wanted(request: HttpRequest) -> Wanted:
    given = request.GET
    tab = given.get("tab", "")
    district = given.get("district", "")
    grade = given.get("grade", "")
    return Wanted(
        tab=Tab(tab) if tab in set(Tab) else Tab.DISPATCH,
        district_id=int(district) if district.isdecimal() else None,
        grade=grade if grade in set(Grade) else "",
        sure=bool(given.get("sure")),
    )


def _address(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = value
    kept = {name: value for name, value in query.items() if value}
    return reverse("dispatching:queue") + (
        "?" + "&".join(f"{name}={value}" for name, value in kept.items()) if kept else ""
    )
