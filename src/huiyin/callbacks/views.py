"""Pages of the callback desk: the lists, one citizen to ask, the answer, what follows from a bad one."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.accounts import reveals, sealed
from huiyin.accounts.permissions import require
from huiyin.callbacks import frames, lists, second_answers, shown_links
from huiyin.callbacks.link_views import in_words
from huiyin.callbacks.lists import Tab
from huiyin.cases import desk, journal, numbers, selectors
from huiyin.cases.forms import ActionForm, Around, seen_seq
from huiyin.cases.models import Case
from huiyin.cases.presenters import lights, names
from huiyin.domain.actions import Action
from huiyin.domain.errors import DomainError
from huiyin.domain.moves.callback import UNSOLVABLE
from huiyin.domain.vocabulary import Missed, Outcome, Role, Status
from huiyin.ui import wording
from huiyin.ui.layout import layout_of
from huiyin.ui.responses import done

_AGENT = require(Role.CALLBACK_AGENT)


@require_GET
@_AGENT
def show(request: HttpRequest) -> HttpResponse:
    """The lists; the first citizen is open beside them."""
    now = timezone.now()
    counts, stamp = lists.counts(now)
    # Where a sample waits to be called, it comes first.
    tab = Tab.DRAWN if counts[Tab.DRAWN] and "tab" not in request.GET else _tab(request)
    found = lists.lines(tab, now, request.GET.get("cursor", ""))
    badges = shown_links.badges(found.rows)
    context = {
        "layout": layout_of(request),
        "now": now,
        "tab": tab,
        "tabs": [
            (each, counts[each], f"{reverse('callbacks:queue')}?tab={each}", key)
            for each, key in lists.SHOWN
            if each not in lists.OF_SAMPLES or each is tab or counts[each]
        ],
        "lines": [
            (case, names.place_of(case), names.unit_name(case.lead_unit_id), badges.get(case.pk)) for case in found.rows
        ],
        "next_url": _address(tab, found.next),
        "previous_url": _address(tab, found.previous),
        "stamp": stamp,
    }
    return render(request, "callbacks/queue.html", context)


@require_GET
@_AGENT
def stamp(request: HttpRequest) -> HttpResponse:
    _counts, changed = lists.counts(timezone.now())
    return JsonResponse({"stamp": changed})


@require_http_methods(["GET", "POST"])
@_AGENT
def ask(request: HttpRequest, case_no: str) -> HttpResponse:
    """One citizen: what was said, what the unit answered, the three questions; after a bad answer, what to do."""
    case = selectors.find_case(request.viewer, case_no)  # type: ignore[attr-defined]  # set by require
    now = timezone.now()
    action = _action(request, case)
    form = ActionForm(action, Around(case=case, now=now), _posted(request))
    status = 200
    if request.method == "POST":
        try:
            after = desk.act(
                case.pk,
                action,
                actor=request.viewer.actor(),  # type: ignore[attr-defined]  # set by require
                data=form.entered(),
                now=now,
                expected_seq=seen_seq(request.POST, case),
            )
        except DomainError as refusal:
            form.refuse(refusal)
            status = 422
        else:
            return _answered(request, after, _tab(request))
    return render(request, "callbacks/ask.html", _ask_context(request, case, form), status=status)


@require_POST
@_AGENT
def number(request: HttpRequest, case_no: str) -> HttpResponse:
    """The number to dial, in full: shown for this call, and on record."""
    viewer = request.viewer  # type: ignore[attr-defined]  # set by require
    case = selectors.find_case(viewer, case_no)
    reveals.record(
        case_id=case.pk,
        viewer=viewer,
        field="phone",
        purpose="callback",
        reason=_("回访拨打"),
        ip=reveals.address_of(request),
    )
    phone = sealed.unseal(bytes(case.requester.phone_sealed)) if case.requester.phone_sealed else ""
    return render(request, "callbacks/number.html", {"phone": phone, "layout": layout_of(request)})


def _posted(request: HttpRequest) -> QueryDict | None:
    """The reason for which nobody was reached is one press, and says that nobody was."""
    if not request.POST.get("missed"):
        return request.POST or None
    told = request.POST.copy()
    told["reached"] = "no"
    return told


def _answered(request: HttpRequest, case: Case, tab: Tab) -> HttpResponse:
    if case.status == Status.CALLED_BACK and request.headers.get("HX-Request") == "true":
        form = ActionForm(Action.REWORK, Around(case=case, now=timezone.now()))
        return render(request, "callbacks/ask.html", _ask_context(request, case, form))
    if case.status == Status.CALLBACK_PENDING or case.callback_valid is False:
        text = _not_reached(case, request.POST.get("missed", ""))
    else:
        text = _("%(number)s：%(status)s。") % {
            "number": numbers.grouped(case.case_no),
            "status": Status(case.status).label,
        }
    undecided = case.status == Status.CALLED_BACK
    to = reverse("callbacks:ask", args=[case.case_no]) if undecided else reverse("callbacks:queue")
    return done(request, text, to=f"{to}?tab={tab}", refresh="case:changed")


def _not_reached(case: Case, missed: str) -> str:
    """Which attempt it was and when the next one may be; after the last, what has become of the callback."""
    if case.callback_next_at is None:
        times = _NUMERALS.get(case.callback_attempts, str(case.callback_attempts))
        return _("%(times)s次未接通，回访无效") % {"times": times}
    return _("已记%(why)s（第%(n)d次），%(when)s 后再拨") % {
        "why": next((one.label for one in Missed if one == missed), _("未接通")),
        "n": case.callback_attempts,
        "when": wording.relative(case.callback_next_at, timezone.now()),
    }


def _action(request: HttpRequest, case: Case) -> Action:
    if case.status != Status.CALLED_BACK:
        return Action.RECORD_CALLBACK
    return Action.CLOSE if (request.POST or request.GET).get("do") == "close" else Action.REWORK


def _ask_context(request: HttpRequest, case: Case, form: ActionForm) -> dict[str, Any]:
    now = timezone.now()
    history = journal.of_case(case.pk)
    sent = shown_links.of_case(case)
    viewer = request.viewer  # type: ignore[attr-defined]  # set by require
    replies = [event for event in history if event.action == Action.REPLY]
    reply = replies[-1] if replies else None
    return {
        "layout": layout_of(request),
        "now": now,
        "case": case,
        "number": numbers.grouped(case.case_no),
        "place": names.whole_place(names.place_of(case), case.address),
        "class_name": names.class_leaf(case.taxonomy_edition_id, case.class_code),
        "lead": names.unit_name(case.lead_unit_id),
        "clocks": lights.shown(case.clocks.all(), now),
        "identity": selectors.masked_identity(case.requester),
        "reply": reply,
        "outcome": Outcome(reply.data["outcome"]).label if reply and "outcome" in reply.data else "",
        "attempts": [event for event in history if event.action == Action.RECORD_CALLBACK],
        "form": form,
        "titled_by_content": case.content.startswith(case.title.rstrip("…")),
        "questions": _questions(case, form),
        "close_form": ActionForm(Action.CLOSE, Around(case=case, now=now))
        if case.status == Status.CALLED_BACK
        else None,
        "links": sent,
        "may_send_sms": shown_links.may_send_sms(case, sent),
        "seconds": [in_words(one) for one in second_answers.of_case(viewer, case)],
        "may_add": second_answers.is_open(case, now),
        "missed": _MISSED,
        "askable": case.status in (Status.REPLIED, Status.CALLBACK_PENDING),
        "judged": case.status == Status.CALLED_BACK,
        "aside": frames.is_aside(case),
        "tab": _tab(request),
    }


# Three questions on three rows of the keyboard, and one that may be left out.
_ANSWERS = {
    "contacted": ("单位联系您了吗？", (("yes", "联系了", "q"), ("no", "没联系", "w"))),
    "solved": ("问题解决了吗？", (("yes", "解决了", "a"), ("no", "没解决", "s"))),
    "satisfaction": (
        "您满意吗？",
        (("satisfied", "满意", "1"), ("basically_satisfied", "基本满意", "2"), ("unsatisfied", "不满意", "3")),
    ),
    "attitude": ("工作人员态度？", (("good", "好", "4"), ("ordinary", "一般", "5"), ("bad", "差", "6"))),
}
_OPTIONAL = frozenset({"attitude"})
_NUMERALS = {2: "两", 3: "三", 4: "四", 5: "五"}
# One press each for why nobody was reached.
_MISSED = (
    (Missed.NO_ANSWER, "n"),
    (Missed.OFF, "f"),
    (Missed.WRONG_NUMBER, "e"),
    (Missed.REFUSED, "r"),
)


def _questions(case: Case, form: ActionForm) -> list[dict[str, Any]]:
    """The questions as they are read out; a suggestion is not asked whether it was solved (DOMAIN.md §3.3)."""
    asked = [name for name in _ANSWERS if not (name == "solved" and case.request_type in UNSOLVABLE)]
    return [
        {
            "name": name,
            "label": _ANSWERS[name][0],
            "optional": name in _OPTIONAL,
            "answers": _ANSWERS[name][1],
            "value": form.data.get(name, ""),
            "error": "；".join(form.errors.get(name, ())) if form.is_bound else "",
        }
        for name in asked
    ]


def _tab(request: HttpRequest) -> Tab:
    given = request.GET.get("tab", "")
    return Tab(given) if given in set(Tab) else Tab.DUE


def _address(tab: Tab, cursor: str) -> str:
    return f"{reverse('callbacks:queue')}?tab={tab}&cursor={cursor}" if cursor else ""
