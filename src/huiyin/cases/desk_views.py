"""The unit's desk: the list by what is due first, many signed at once, the team's load, the notices."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.accounts.permissions import require
from huiyin.cases import desk, disclosure, inboxes
from huiyin.cases.inboxes import Desk, Tab, Wanted
from huiyin.cases.models import Case
from huiyin.cases.presenters.row_html import desk_rows
from huiyin.cases.presenters.rows import rows_of
from huiyin.cases.visibility import visible_to
from huiyin.domain.actions import Action
from huiyin.domain.errors import DomainError, InvalidData
from huiyin.domain.vocabulary import Grade, Role
from huiyin.registry import rulebook
from huiyin.ui.layout import layout_of
from huiyin.ui.responses import done

_MOST_AT_ONCE = 200
_NOTICES = 50
_AT_UNITS = (Role.HANDLER, Role.UNIT_HEAD, Role.LEADER)


@never_cache
@require_GET
@require(*_AT_UNITS)
def inbox(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    here = Desk(viewer=request.viewer, now=now)
    wanted = wanted_of(request.GET, request.viewer.staff_id)
    try:
        page = here.page(wanted, cursor=request.GET.get("cursor", ""))
    except InvalidData:
        page = here.page(wanted)
    standing = here.standing(below=wanted.below)
    rows = rows_of(page.rows, request.viewer, now)
    shown = {
        "layout": layout_of(request),
        "now": now,
        "desk": here,
        "wanted": wanted,
        "tabs": [(tab, standing.counts[tab], _query(request, tab=str(tab), cursor="")) for tab in Tab],
        "rows": rows,
        "rows_html": desk_rows(rows, now, below=wanted.below),
        "next_url": _query(request, cursor=page.next) if page.next else "",
        "previous_url": _query(request, cursor=page.previous) if page.previous else "",
        "level1": _level1(now),
        "grades": Grade.choices(),
        "streets": inboxes.streets_of(request.viewer),
        "filtered": any((wanted.class_prefix, wanted.grade, wanted.street_id, wanted.handler_id, wanted.words)),
        "stamp": standing.stamp,
    }
    return render(request, "cases/desk/list.html" if request.htmx else "cases/desk.html", shown)


@never_cache
@require_GET
@require(*_AT_UNITS)
def live(request: HttpRequest) -> HttpResponse:
    """One statement: has anything at this desk changed? 204 to those who say what they know and know it all."""
    here = Desk(viewer=request.viewer, now=timezone.now())
    stamp = here.stamp(below=request.GET.get("below") == "1")
    if request.GET.get("since") == stamp:
        return HttpResponse(status=204)
    return JsonResponse({"stamp": stamp, "text": _("案件有变化，点此刷新列表")})


@require_POST
@require(Role.HANDLER, Role.UNIT_HEAD)
def sign_many(request: HttpRequest) -> HttpResponse:
    """Each case for itself: what cannot be signed is named and holds up nothing."""
    now, actor = timezone.now(), request.viewer.actor()
    wanted = [int(raw) for raw in request.POST.getlist("case") if _digits(raw, 18)][:_MOST_AT_ONCE]
    signed, refused = 0, []
    for case in Case.objects.filter(visible_to(request.viewer), pk__in=wanted).only("case_no"):
        try:
            desk.act(case.pk, Action.SIGN, actor=actor, data={}, now=now)
            signed += 1
        except DomainError as refusal:
            refused.append(f"{case.case_no[-4:]}：{refusal.message}")
    text = _("已签收%(signed)d件") % {"signed": signed}
    if refused:
        told = "；".join(refused[:3])
        text += _("，%(many)d件未签收（尾号%(told)s）") % {"many": len(refused), "told": told}
    kind = "warning" if refused or not signed else "success"
    return done(request, text, to=reverse("cases:desk"), refresh="case:changed", kind=kind)


@never_cache
@require_GET
@require(Role.UNIT_HEAD, Role.LEADER)
def team(request: HttpRequest) -> HttpResponse:
    """Who has what, what is near due, what is over: by person and by the units below."""
    now = timezone.now()
    here = Desk(viewer=request.viewer, now=now)
    shown = {
        "layout": layout_of(request),
        "now": now,
        "desk": here,
        "handlers": here.load_by_handler(),
        "units": here.load_by_unit(),
        "counts": [(tab, count) for tab, count in here.standing(below=False).counts.items() if tab is not Tab.WORKING],
    }
    return render(request, "cases/team.html", shown)


@never_cache
@require_http_methods(["GET", "POST"])
@require()
def notices(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    if request.method == "POST":
        inboxes.mark_read(request.viewer, now)
        return done(request, _("全部标为已读"), to=reverse("accounts:home"), refresh="case:changed")
    rows = inboxes.notices_of(request.viewer, now)[:_NOTICES]
    told = [(row, disclosure.words_for(request.viewer, row.case)(row.case.title) if row.case else "") for row in rows]
    context = {"layout": layout_of(request), "now": now, "notices": told, "read_to": inboxes.read_to(request.viewer)}
    return render(request, "cases/notices.html", context)


@never_cache
@require_GET
@require()
def unread(request: HttpRequest) -> HttpResponse:
    """How many notices this person has not read; the bar of every page asks, now and then."""
    return render(request, "cases/unread.html", {"unread": inboxes.unread(request.viewer, timezone.now())})


def wanted_of(given: Mapping[str, str], staff_id: int) -> Wanted:
    """The filters of the address; what makes no sense is left out rather than refused."""
    tab = given.get("tab", "")
    handler = given.get("handler", "")
    return Wanted(
        tab=Tab(tab) if tab in {str(known) for known in Tab} else Tab.ALL,
        below=given.get("below") == "1",
        class_prefix=_digits(given.get("class", ""), 6),
        grade=given.get("grade", "") if given.get("grade", "") in {str(grade) for grade in Grade} else "",
        street_id=_number(given.get("street", "")),
        handler_id=staff_id if handler == "me" else _number(handler),
        sub_unit_id=_number(given.get("sub_unit", "")),
        lead_unit_id=_number(given.get("unit", "")),
        words=given.get("q", "").replace("\x00", "").strip()[:60],
    )


def _query(request: HttpRequest, **changes: str) -> str:
    kept = {name: value for name, value in request.GET.items() if value and name != "place"}
    merged = {name: value for name, value in {**kept, **changes}.items() if value}
    return f"{request.path}?{urlencode(merged)}" if merged else request.path


def _level1(now: Any) -> list[tuple[str, str]]:
    """The first level of the classes in force, for the filter."""
    taxonomy = rulebook.taxonomy(rulebook.current(now).taxonomy_id)
    return list({code[:2]: info.level1 for code, info in taxonomy.items()}.items())


def _digits(text: str, most: int) -> str:
    return text if text.isascii() and text.isdecimal() and len(text) <= most else ""


def _number(text: str) -> int | None:
    return int(text) if _digits(text, 9) else None
