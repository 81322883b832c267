"""剔除公示: how much each unit had left out of a period, against the alarm; and the draw of what is looked at again."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huiyin.accounts.permissions import require
from huiyin.accounts.viewer import Viewer
from huiyin.domain.exclusions import share_left_out
from huiyin.domain.vocabulary import Role
from huiyin.evaluation import exclusions, periods, selectors
from huiyin.evaluation.board_views import chosen_version, versions_for
from huiyin.evaluation.models import Exclusion, Recheck, RecheckDraw, UnitResult, Version
from huiyin.evaluation.vocabulary import Group
from huiyin.ui.layout import layout_of
from huiyin.ui.responses import done


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    result: UnitResult
    name: str
    out: int  # 剔除 and 不计入
    entered: int
    share: Decimal
    alarmed: bool


@never_cache
@require_GET
@require()
def show(request: HttpRequest) -> HttpResponse:
    """Units with something left out, the largest share first; open to everybody who may see the period."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # set by require
    known = versions_for(viewer)
    version = chosen_version(request, viewer, known)
    now = timezone.now()
    context: dict[str, Any] = {"layout": layout_of(request), "now": now, "periods": known}
    if version is not None:
        alarm = periods.rules_of(version.scheme_edition_id).review
        shares = shares_of(version)
        drawn = list(Recheck.objects.filter(exclusion_id__in=_ids(version)).order_by("-drawn_at"))
        context |= {
            "version": version,
            "shares": shares,
            "alarm": alarm.exclusion_alarm_share * 100,
            "recheck_share": alarm.recheck_share * 100,
            "alarmed": sum(one.alarmed for one in shares),
            "drawn": drawn,
            "checked": sum(one.checked_at is not None for one in drawn),
            "revoked": sum(one.upheld is False for one in drawn),
            "draws": _told(exclusions.draws_of(version.period), drawn),
            "fresh": len(exclusions.not_in_a_draw(version.period)) if exclusions.may_rule(viewer) else 0,
            "has_ended": now >= version.period.ends_at,
        }
    return render(request, "evaluation/shares.html", context)


@require_POST
@require(Role.EVALUATOR)
def draw(request: HttpRequest, code: str) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # set by require
    drawn = exclusions.draw_rechecks(periods.period_coded(code), by=viewer, now=timezone.now())
    to = f"{reverse('evaluation:reviews')}?tab=recheck"
    return done(request, _("已抽取 %(count)d 件复核。") % {"count": len(drawn)}, to=to)


def shares_of(version: Version) -> Sequence[Share]:
    """Two statements, whatever the number of units. Streets stand beside their district's sum."""
    alarm = periods.rules_of(version.scheme_edition_id).review.exclusion_alarm_share
    found = []
    for line in (line for group in Group for line in selectors.board(version, group)):
        result = line.result
        out = result.excluded + result.exempt
        if not out:
            continue
        entered = result.volume + out
        share = share_left_out(volume=result.volume, excluded=result.excluded, exempt=result.exempt)
        found.append(
            Share(
                result=result,
                name=selectors.name_of(Group(result.group), line.unit),
                out=out,
                entered=entered,
                share=share * 100,
                alarmed=share > alarm,
            )
        )
    return sorted(found, key=lambda one: (-one.share, one.name))


def _told(draws: Sequence[RecheckDraw], drawn: Sequence[Recheck]) -> list[tuple[RecheckDraw, int]]:
    """Each draw with how many it took."""
    return [(draw, sum(one.seed == draw.seed for one in drawn)) for draw in draws]


def _ids(version: Version) -> Any:
    period = version.period
    return Exclusion.objects.filter(case_id__in=exclusions.cases_of(period)).values("pk")
