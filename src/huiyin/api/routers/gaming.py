"""Suspected gaming by API: a period's units with their signs, one unit, a person's finding."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router
from pydantic import BaseModel, ConfigDict, Field

from huiyin.accounts.viewer import Viewer
from huiyin.api import showing
from huiyin.api.callers import needs
from huiyin.api.common import answers, caller_of
from huiyin.api.problems import NotFound
from huiyin.api.scopes import Scope
from huiyin.api.shapes import listing
from huiyin.cases.models import Case
from huiyin.cases.visibility import visible_to
from huiyin.domain.errors import InvalidData, NotPermitted
from huiyin.evaluation import gaming, selectors, suspicion_lists
from huiyin.evaluation.models import Suspicion
from huiyin.evaluation.vocabulary import Group

router = Router(tags=["刷分核查"], auth=needs(Scope.READ))

Id = Annotated[int, Path(ge=1, le=2**63 - 1)]


class SuspicionOut(BaseModel):
    id: int
    period: str
    group: Group
    unit_id: int
    name: str
    score: float = Field(description="异常程度：合起来出现的概率的负对数")
    flagged: bool = Field(description="值得人工核查；不影响任何分数")
    reasons: list[str]
    confirmed: bool | None
    finding: str
    found_by: str
    found_at: datetime | None


class SignOut(BaseModel):
    sign: str
    label: str
    hits: int
    trials: int
    case_nos: list[str] = Field(description="最近的200件中您可查看的")


class SuspicionWithSigns(SuspicionOut):
    signs: list[SignOut]


class FindingIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    confirmed: bool
    finding: str = Field(max_length=400)


@router.get(
    "/evaluation/{code}/suspicions",
    **answers(listing(SuspicionOut), also=(403, 404)),
    summary="一个考核期的异常单位",
)
def suspicions(
    request: HttpRequest,
    code: Annotated[str, Path(pattern=r"^\d{4}-\d{2}$", description="考核期，如 2026-11")],
    group: Annotated[Group | None, Query(None)],
    every: Annotated[bool, Query(False, description="含没有异常的单位")],
) -> HttpResponse:
    """异常程度高的在前。"""
    _lookers_only(caller_of(request).viewer)
    try:
        version = selectors.version_of(code)
    except InvalidData as refusal:
        raise NotFound(refusal.message) from refusal
    rows = suspicion_lists.lines(version, group, flagged_only=not every)
    return showing.answer({"items": [_shown(line.item, version.period.code) for line in rows]})


@router.get("/suspicions/{suspicion_id}", **answers(SuspicionWithSigns, also=(403, 404)), summary="一个单位的迹象")
def one(request: HttpRequest, suspicion_id: Id) -> HttpResponse:
    viewer = caller_of(request).viewer
    found = _find(viewer, suspicion_id)
    signs = []
    for line in suspicion_lists.signs_of(found, [found]):
        ids = found.signs.get(line.code, (0, 0, []))[2]
        seen = Case.objects.filter(visible_to(viewer), pk__in=ids).order_by("-pk")
        numbers = list(seen.values_list("case_no", flat=True))
        signs.append(
            {"sign": line.code, "label": line.label, "hits": line.hits, "trials": line.trials, "case_nos": numbers}
        )
    return showing.answer({**_shown(found, found.version.period.code), "signs": signs})


@router.post(
    "/suspicions/{suspicion_id}/finding",
    auth=needs(Scope.ACT),
    **answers(SuspicionOut, also=(403, 404, 409)),
    summary="写下核查结论",
)
def find(request: HttpRequest, suspicion_id: Id, body: FindingIn) -> HttpResponse:
    """每个单位每期一次。"""
    viewer = caller_of(request).viewer
    found = _find(viewer, suspicion_id)
    written = gaming.find(found.pk, confirmed=body.confirmed, finding=body.finding, by=viewer, now=timezone.now())
    return showing.answer(_shown(written, found.version.period.code))


def _find(viewer: Viewer, suspicion_id: int) -> Suspicion:
    _lookers_only(viewer)
    found = Suspicion.objects.select_related("version__period").filter(pk=suspicion_id).first()
    if found is None:
        raise NotFound("没有这个单位的迹象")
    return found


def _lookers_only(viewer: Viewer) -> None:
    if not gaming.may_see(viewer):
        raise NotPermitted("刷分核查由市级考评、监督人员办理")


def _shown(one: Suspicion, code: str) -> dict[str, Any]:
    same = ("id", "group", "unit_id", "score", "flagged", "confirmed", "finding", "found_by", "found_at")
    return {
        "period": code,
        "name": suspicion_lists.line_of(one).name,
        "reasons": [words for _, words in one.reasons],
        **{name: getattr(one, name) for name in same},
    }
