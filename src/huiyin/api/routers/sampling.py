"""Sampled callbacks by API: non-response of a period with its bounds, the plans, each day's commitment and seed."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from huiyin.analytics.nonresponse import Bounds
from huiyin.api import showing
from huiyin.api.callers import needs
from huiyin.api.common import answers, caller_of
from huiyin.api.problems import NotFound
from huiyin.api.scopes import Scope
from huiyin.api.shapes import listing
from huiyin.callbacks import frames as sampling_frames
from huiyin.callbacks import plans as sampling_plans
from huiyin.callbacks.models import Frame, Plan
from huiyin.domain.errors import InvalidData, NotPermitted
from huiyin.domain.evaluation import half_even
from huiyin.evaluation import nonresponse as silence
from huiyin.evaluation import selectors
from huiyin.evaluation.nonresponse import Shown
from huiyin.evaluation.vocabulary import Group

router = Router(tags=["回访抽样与无应答"], auth=needs(Scope.READ))

_PLACES = 6
_MOST = 200


class RateOut(BaseModel):
    official: Decimal | None = Field(description="正式的率；空为没有有效回访")
    low: Decimal | None = Field(description="下限：没有回答的全部说“否”")
    high: Decimal | None = Field(description="上限：没有回答的全部说“是”")


class NonResponseOut(BaseModel):
    unit_id: int
    unit_code: str
    name: str
    frame: int = Field(description="应计回访：有效、访而未答、未抽中、尚未回访之和")
    waiting: int
    not_sampled: int
    asked: int
    valid: int
    silent: int
    share: Decimal | None = Field(description="无应答占已访的比例")
    reasons: dict[str, int]
    response: RateOut
    resolution: RateOut
    satisfaction: RateOut
    half_width: float | None = Field(description="抽样误差（95%）；全部回访的为空")


class PlanOut(BaseModel):
    id: int
    effective_from: datetime
    scope: str
    scope_value: str
    half_width: Decimal | None = Field(description="空为全部回访")
    confidence: Decimal | None
    floor: int | None
    stratum: str
    reason: str
    made_by: str
    made_at: datetime
    withdrawn_at: datetime | None


class FrameOut(BaseModel):
    day: date = Field(description="统计日")
    commitment: str = Field(description="种子的 SHA-256，抽取之前公布")
    committed_at: datetime
    seed: str = Field(description="回访结束之前为空")
    revealed_at: datetime | None
    drawn_at: datetime | None
    cases: int
    taken: int


@router.get(
    "/evaluation/{code}/nonresponse", **answers(listing(NonResponseOut), also=(403, 404)), summary="各单位无应答情况"
)
def nonresponse(
    request: HttpRequest,
    code: Annotated[str, Path(pattern=r"^\d{4}-\d{2}$", description="考核期，如 2026-11")],
    group: Annotated[Group, Query(Group.STREET)],
    version: Annotated[int | None, Query(None, ge=0, le=9999, description="版本号；0 为实时估算")],
) -> HttpResponse:
    """无应答占比高的在前；件数背后的案件见“数字背后的案件”，figure 用同样的名称。"""
    viewer = caller_of(request).viewer
    if not silence.may_see(viewer):
        raise NotPermitted("无应答情况由热线考评、回访和监督人员查看")
    try:
        found = selectors.version_of(code, version)
    except InvalidData as refusal:
        raise NotFound(refusal.message) from refusal
    if not selectors.may_see(viewer, found):
        raise NotFound(f"没有考核期“{code}”的成绩")
    return showing.answer({"items": [_line(one) for one in silence.of_group(found, group)]})


@router.get("/callbacks/plans", **answers(listing(PlanOut)), summary="抽样回访的设置及历史")
def plans(request: HttpRequest) -> HttpResponse:
    """自生效时间新的在前；后设的优先。"""
    caller_of(request)
    return showing.answer({"items": [_plan(one) for one in sampling_plans.history()]})


@router.get("/callbacks/frames", **answers(listing(FrameOut)), summary="每日抽样的承诺值与种子")
def frames(request: HttpRequest) -> HttpResponse:
    """最近的在前。"""
    caller_of(request)
    return showing.answer({"items": [_frame(one) for one in Frame.objects.order_by("-day")[:_MOST]]})


def _line(one: Shown) -> dict[str, Any]:
    return {
        "unit_id": one.line.unit.id,
        "unit_code": one.line.unit.code,
        "name": one.line.name,
        "frame": one.frame,
        "waiting": one.waiting,
        "not_sampled": one.aside,
        "asked": one.asked,
        "valid": one.line.counts.valid,
        "silent": one.silent,
        "share": _rounded(one.share),
        "reasons": {str(reason): count for reason, count in one.reasons.items() if count},
        "half_width": one.half_width,
        **{name: _rate(official, bounds) for name, official, bounds in one.rates},
    }


def _rate(official: Fraction | None, bounds: Bounds | None) -> dict[str, Decimal | None]:
    return {
        "official": _rounded(official),
        "low": _rounded(bounds.low if bounds else None),
        "high": _rounded(bounds.high if bounds else None),
    }


def _plan(one: Plan) -> dict[str, Any]:
    names = set(PlanOut.model_fields)
    return {name: getattr(one, name) for name in names}


def _frame(one: Frame) -> dict[str, Any]:
    same = ("day", "commitment", "committed_at", "revealed_at", "drawn_at", "cases", "taken")
    return {
        **{name: getattr(one, name) for name in same},
        "seed": sampling_frames.seed_of(one) if one.revealed_at else "",
    }


def _rounded(rate: Fraction | None) -> Decimal | None:
    return None if rate is None else half_even(rate, _PLACES)
