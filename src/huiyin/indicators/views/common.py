"""What the room's pages share: which period is shown, which tabs there are, who may open what."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.accounts.viewer import Viewer
from huiyin.indicators import editing, selectors
from huiyin.indicators.models import Assessment
from huiyin.registry import directory
from huiyin.registry.directory import AreaInfo
from huiyin.ui.layout import layout_of

_CODE_LENGTH = 7


def viewer_of(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined,no-any-return]  # set by require


def asked_period(request: HttpRequest) -> Assessment | None:
    """The assessment that the address names, else the newest; none where nothing was scored yet."""
    named = request.GET.get("period", "")[:_CODE_LENGTH]
    return selectors.assessment_of(named) or selectors.assessment_of("")


def scored(period: str) -> Assessment:
    found = selectors.assessment_of(period[:_CODE_LENGTH]) if period else None
    if found is None:
        raise Http404
    return found


def own_district(request: HttpRequest, area_id: int) -> AreaInfo:
    """A district whose profile this viewer may open."""
    area = directory.find_area(area_id)
    if area is None or area not in directory.districts():
        raise Http404
    if not selectors.may_see(viewer_of(request), area_id):
        raise PermissionDenied("各区画像供热线中心和本区查看；各区得分请看排名。")
    return area


def page_context(request: HttpRequest, here: str, assessment: Assessment | None) -> dict[str, Any]:
    viewer = viewer_of(request)
    return {
        "layout": layout_of(request),
        "now": timezone.now(),
        "here": here,
        "assessment": assessment,
        "assessments": selectors.known(),
        "tabs": _tabs(viewer, assessment),
        "edits": editing.may_edit(viewer),
        "sees_all": selectors.sees_all(viewer),
        "own_district": viewer.district_id,
    }


def _tabs(viewer: Viewer, assessment: Assessment | None) -> list[tuple[str, str, str]]:
    query = f"?period={assessment.period}" if assessment else ""
    found = [("board", _("各区比较"), reverse("indicators:home") + query)]
    own = viewer.district_id
    if assessment and own and not selectors.sees_all(viewer):
        found.append(("profile", _("本区画像"), reverse("indicators:district", args=[assessment.period, own])))
    found.append(("trend", _("走势"), reverse("indicators:indicator_trend")))
    if selectors.sees_all(viewer) or own:
        found.append(("missing", _("缺的数据"), reverse("indicators:missing") + query))
    if editing.may_edit(viewer):
        found.append(("upload", _("填报"), reverse("indicators:report_upload")))
    return [*found, ("trees", _("指标树"), reverse("indicators:trees"))]
