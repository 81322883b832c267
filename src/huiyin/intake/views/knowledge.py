"""What the console shows of the knowledge base beside the conversation, and the question noted as not found."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from huiyin.accounts.permissions import require
from huiyin.domain.errors import InvalidData
from huiyin.domain.lifecycle import MAY_REGISTER
from huiyin.domain.vocabulary import Role
from huiyin.intake import entry
from huiyin.intake.entry import Entry
from huiyin.knowledge import answering, gaps
from huiyin.ui.responses import toast

_LEAST_TEXT = 4


@require(*MAY_REGISTER)
@never_cache
@require_POST
def knowledge(request: HttpRequest) -> HttpResponse:
    """The whole form comes in, by POST as with the advice."""
    now = timezone.now()
    entered = entry.read(request.POST)
    asked = entered.value("content").strip()
    enough = len(asked) >= _LEAST_TEXT
    found = answering.find(asked, headline=entered.value("title"), area=_area(entered), at=now) if enough else []
    context = {"found": found, "asked": enough, "hotline": _at_hotline(request), "quoted": entered.value("quoted")}
    return render(request, "intake/knowledge.html", context)


@require(Role.OPERATOR, Role.DISPATCHER)
@require_POST
def knowledge_gap(request: HttpRequest) -> HttpResponse:
    """One key: this was asked, and nothing was found."""
    entered = entry.read(request.POST)
    try:
        gap = gaps.note(entered.value("content"), class_code=entered.value("class_code")[:12], now=timezone.now())
    except InvalidData as wrong:
        return toast(HttpResponse(status=422), wrong.message, kind="warning")
    return render(request, "intake/knowledge_gap.html", {"gap": gap})


def _area(entered: Entry) -> int | None:
    """The smallest area known of the place."""
    areas = entered.areas
    return next((areas[name] for name in ("community_id", "street_id", "district_id") if name in areas), None)


def _at_hotline(request: HttpRequest) -> bool:
    return request.viewer.has(Role.OPERATOR, Role.DISPATCHER)  # type: ignore[attr-defined]  # set by require
