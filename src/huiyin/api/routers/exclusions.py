"""Exclusions and appeals by API: what waits, what was decided and why, applying, deciding; how one case counts."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router
from pydantic import BaseModel, ConfigDict, Field

from huiyin.accounts.viewer import Viewer
from huiyin.api import showing
from huiyin.api.callers import needs
from huiyin.api.common import CaseNo, answers, caller_of
from huiyin.api.problems import NotFound
from huiyin.api.scopes import Scope
from huiyin.api.shapes import listing
from huiyin.cases import disclosure, selectors
from huiyin.cases.models import Case
from huiyin.domain.exclusions import ExclusionKind, Ruling
from huiyin.domain.vocabulary import Satisfaction, Term
from huiyin.evaluation import appeals, exclusions, review_lists, standing
from huiyin.evaluation.models import Appeal, Exclusion
from huiyin.evaluation.review_lists import Tab

router = Router(tags=["剔除与申诉"], auth=needs(Scope.READ))

Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
_Files = Annotated[list[Annotated[int, Field(ge=1, le=2**63 - 1)]], Field(default_factory=list, max_length=20)]


class Part(Term):
    PREVIEW = "preview", "区级预审"
    RULE = "rule", "热线审核"
    RECHECK = "recheck", "抽样复核"


class ExclusionOut(BaseModel):
    id: int
    case_no: str
    unit_id: int
    kind: ExclusionKind
    reason_code: str
    platform: str
    grounds: str
    files: list[int]
    ruling: Ruling
    applied_by: str
    applied_at: datetime
    preview_supports: bool | None
    previewed_by: str
    previewed_at: datetime | None
    preview_reason: str
    ruled_by: str
    ruled_at: datetime | None
    ruling_reason: str
    revoked_at: datetime | None


class AppealOut(BaseModel):
    id: int
    case_no: str
    unit_id: int
    grounds: str
    files: list[int]
    filed_by: str
    filed_at: datetime
    upheld: bool | None
    ruled_by: str
    ruled_at: datetime | None
    reason: str
    contacted: bool | None
    solved: bool | None
    satisfaction: Satisfaction | None


class CountedOut(BaseModel):
    period: str
    version: int
    stage: str
    superseded: bool = Field(description="已有修订版")
    words: str = Field(description="如何计入")


class StandingOut(BaseModel):
    counted: list[CountedOut]
    may_apply: bool
    appeal_until: datetime | None


class ApplyIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: ExclusionKind = ExclusionKind.EXCLUSION
    reason_code: str = Field(max_length=24, description="剔除理由代码，见基础数据")
    grounds: str = Field(max_length=2000)
    platform: str = Field("", max_length=80, description="全国性网络平台名称")
    files: _Files


class AppealIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    grounds: str = Field(max_length=2000)
    files: _Files


class VerdictIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    part: Part
    agree: bool = Field(description="支持、同意或维持")
    reason: str = Field(max_length=400, description="申请单位可见")


class RulingIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    upheld: bool
    reason: str = Field(max_length=400)
    contacted: bool | None = Field(None, description="复访结果；成立时必填")
    solved: bool | None = None
    satisfaction: Satisfaction | None = None


@router.get("/exclusions", **answers(listing(ExclusionOut, paged=True)), summary="剔除申请")
def all_exclusions(
    request: HttpRequest,
    tab: Annotated[Tab, Query(Tab.REVIEW, description="preview、review、recheck 或 decided")],
    cursor: Annotated[str, Query("", max_length=400)],
) -> HttpResponse:
    """只含您有权查看的。"""
    if tab in (Tab.APPEAL, Tab.ANSWERED):
        raise NotFound("申诉见 /appeals")
    return _page(request, tab, cursor, _exclusion)


@router.get("/appeals", **answers(listing(AppealOut, paged=True)), summary="申诉")
def all_appeals(
    request: HttpRequest,
    decided: Annotated[bool, Query(False)],
    cursor: Annotated[str, Query("", max_length=400)],
) -> HttpResponse:
    """只含您有权查看的。"""
    return _page(request, Tab.ANSWERED if decided else Tab.APPEAL, cursor, _appeal)


@router.get("/exclusions/{exclusion_id}", **answers(ExclusionOut, also=(404,)), summary="一件剔除申请")
def one_exclusion(request: HttpRequest, exclusion_id: Id) -> HttpResponse:
    viewer = caller_of(request).viewer
    return showing.answer(_exclusion(_seen_exclusion(viewer, exclusion_id), viewer))


@router.get("/appeals/{appeal_id}", **answers(AppealOut, also=(404,)), summary="一件申诉")
def one_appeal(request: HttpRequest, appeal_id: Id) -> HttpResponse:
    viewer = caller_of(request).viewer
    return showing.answer(_appeal(_seen_appeal(viewer, appeal_id), viewer))


@router.get("/cases/{case_no}/standing", **answers(StandingOut, also=(404,)), summary="案件如何计入考评")
def case_standing(request: HttpRequest, case_no: CaseNo) -> HttpResponse:
    """各考核期中的计入方式，只含您可以查看的版本。"""
    viewer = caller_of(request).viewer
    found = standing.of_case(selectors.find_case(viewer, case_no), viewer=viewer, now=timezone.now())
    counted = [
        {
            "period": one.version.period.code,
            "version": one.version.number,
            "stage": one.version.stage,
            "superseded": one.superseded,
            "words": one.words,
        }
        for one in found.counted
    ]
    return showing.answer({"counted": counted, "may_apply": found.may_apply, "appeal_until": found.appeal_until})


@router.post(
    "/cases/{case_no}/exclusions",
    auth=needs(Scope.ACT),
    **answers(ExclusionOut, status=201, also=(404, 409)),
    summary="申请剔除",
)
def apply(request: HttpRequest, case_no: CaseNo, body: ApplyIn) -> HttpResponse:
    """由主办单位在回访得出结果之前申请。"""
    viewer = caller_of(request).viewer
    case = selectors.find_case(viewer, case_no)
    made = exclusions.apply(
        case.pk,
        kind=body.kind,
        reason_code=body.reason_code,
        grounds=body.grounds,
        platform=body.platform,
        files=body.files,
        by=viewer,
        now=timezone.now(),
    )
    return showing.answer(_exclusion(made, viewer), status=201)


@router.post(
    "/exclusions/{exclusion_id}/verdict",
    auth=needs(Scope.ACT),
    **answers(ExclusionOut, also=(404, 409)),
    summary="审核剔除申请",
)
def decide(request: HttpRequest, exclusion_id: Id, body: VerdictIn) -> HttpResponse:
    """区级预审、热线审核、抽样复核依次由不同的人办理。"""
    viewer, now = caller_of(request).viewer, timezone.now()
    found = _seen_exclusion(viewer, exclusion_id)
    if body.part is Part.PREVIEW:
        exclusions.preview(found.pk, supports=body.agree, reason=body.reason, by=viewer, now=now)
    elif body.part is Part.RULE:
        exclusions.rule(found.pk, grant=body.agree, reason=body.reason, by=viewer, now=now)
    else:
        drawn = getattr(found, "recheck", None)
        if drawn is None:
            raise NotFound("这件没有被抽取复核")
        exclusions.recheck(drawn.pk, upheld=body.agree, reason=body.reason, by=viewer, now=now)
    return showing.answer(_exclusion(_seen_exclusion(viewer, exclusion_id), viewer))


@router.post(
    "/cases/{case_no}/appeals",
    auth=needs(Scope.ACT),
    **answers(AppealOut, status=201, also=(404, 409)),
    summary="对回访结果申诉",
)
def file_appeal(request: HttpRequest, case_no: CaseNo, body: AppealIn) -> HttpResponse:
    """由主办单位在时限内提出，每件一次。"""
    viewer = caller_of(request).viewer
    case = selectors.find_case(viewer, case_no)
    made = appeals.file(case.pk, grounds=body.grounds, files=body.files, by=viewer, now=timezone.now())
    return showing.answer(_appeal(made, viewer), status=201)


@router.post(
    "/appeals/{appeal_id}/verdict",
    auth=needs(Scope.ACT),
    **answers(AppealOut, also=(404, 409)),
    summary="复访后裁决申诉",
)
def rule_appeal(request: HttpRequest, appeal_id: Id, body: RulingIn) -> HttpResponse:
    """由原回访员以外的回访员办理；成立的以复访结果计入，原结果保留。"""
    viewer = caller_of(request).viewer
    found = _seen_appeal(viewer, appeal_id)
    given = body.model_dump(include={"contacted", "solved", "satisfaction"}, exclude_none=True)
    ruled = appeals.rule(found.pk, upheld=body.upheld, answers=given, reason=body.reason, by=viewer, now=timezone.now())
    return showing.answer(_appeal(ruled, viewer))


def _page(request: HttpRequest, tab: Tab, cursor: str, shown: Any) -> HttpResponse:
    viewer = caller_of(request).viewer
    rows, page = review_lists.lines(viewer, tab, timezone.now(), cursor)
    address = request.GET.copy()
    address["cursor"] = page.next
    following = f"{request.path}?{address.urlencode()}" if page.next else None
    return showing.answer({"items": [shown(line.item, viewer, line.row.case) for line in rows], "next": following})


def _seen_exclusion(viewer: Viewer, exclusion_id: int) -> Exclusion:
    found = review_lists.exclusions_for(viewer).select_related("recheck").filter(pk=exclusion_id).first()
    if found is None:
        raise NotFound("没有这件申请")
    return found


def _seen_appeal(viewer: Viewer, appeal_id: int) -> Appeal:
    found = review_lists.appeals_for(viewer).filter(pk=appeal_id).first()
    if found is None:
        raise NotFound("没有这件申诉")
    return found


def _exclusion(one: Exclusion, viewer: Viewer, case: Case | None = None) -> dict[str, Any]:
    same = ("id", "unit_id", "kind", "reason_code", "platform", "ruling", "applied_by", "applied_at")
    preview = ("preview_supports", "previewed_by", "previewed_at", "preview_reason")
    rest = ("ruled_by", "ruled_at", "ruling_reason", "revoked_at")
    return {**_words(one, viewer, case), **{name: getattr(one, name) for name in (*same, *preview, *rest)}}


def _appeal(one: Appeal, viewer: Viewer, case: Case | None = None) -> dict[str, Any]:
    same = ("id", "unit_id", "filed_by", "filed_at", "upheld", "ruled_by", "ruled_at", "reason")
    second = ("contacted", "solved", "satisfaction")
    return {**_words(one, viewer, case), **{name: getattr(one, name) for name in (*same, *second)}}


def _words(one: Exclusion | Appeal, viewer: Viewer, case: Case | None) -> dict[str, Any]:
    case = case or Case.objects.get(pk=one.case_id)
    grounds = disclosure.words_for(viewer, case)(one.grounds)
    return {"case_no": case.case_no, "grounds": grounds, "files": one.attachment_ids}
