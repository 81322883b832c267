"""The list of what was asked in vain; a gap is closed by an entry, or put away as nothing to answer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.accounts.permissions import require
from huiyin.domain.numerals import KEY, whole
from huiyin.domain.vocabulary import Role
from huiyin.knowledge import answering, selectors, writing
from huiyin.knowledge import gaps as keeping
from huiyin.knowledge.models import Gap
from huiyin.ui.responses import done

_READERS = require(Role.ANALYST, Role.EVALUATOR, Role.ADMINISTRATOR, Role.LEADER)
_KEEPERS = require(Role.ANALYST, Role.EVALUATOR, Role.ADMINISTRATOR)


@require_GET
@_READERS
def gap_list(request: HttpRequest) -> HttpResponse:
    """Each with the entry that comes nearest today: perhaps it was written in the meantime."""
    _check_city(request)
    now = timezone.now()
    found = selectors.open_gaps(request.GET.get("cursor", ""))
    near = [(gap, next(iter(answering.find(gap.text, at=now, limit=1)), None)) for gap in found.rows]
    context = {
        "gaps": near,
        "closed": selectors.closed_gaps(),
        "publishes": writing.may_publish(request.viewer),  # type: ignore[attr-defined]  # set by require
        "next_url": f"?cursor={found.next}" if found.next else "",
        "previous_url": f"?cursor={found.previous}" if found.previous else "",
    }
    return render(request, "knowledge/gaps.html", context)


@require_POST
@_KEEPERS
def solve(request: HttpRequest, gap_id: int) -> HttpResponse:
    """By an entry that stands already."""
    _check_city(request)
    gap = get_object_or_404(Gap, pk=gap_id)
    wanted = whole(request.POST.get("entry", ""), digits=KEY)
    entry = get_object_or_404(selectors.visible(request.viewer), pk=wanted)  # type: ignore[attr-defined]
    keeping.solve(gap.pk, entry, now=timezone.now())
    return done(request, _("已标记为解决。"), to=reverse("knowledge:gaps"))


@require_POST
@_KEEPERS
def dismiss(request: HttpRequest, gap_id: int) -> HttpResponse:
    _check_city(request)
    keeping.dismiss(get_object_or_404(Gap, pk=gap_id).pk, now=timezone.now())
    return done(request, _("已归为无须收录。"), to=reverse("knowledge:gaps"))


def _check_city(request: HttpRequest) -> None:
    """The words come from calls of the whole city; masked, but not for every unit."""
    if request.viewer.sees != "city":  # type: ignore[attr-defined]  # set by require
        raise writing.MayNotPublish("知识缺口由热线中心查看。")
