"""The evaluation by API: versions of periods, rankings, one unit, the cases behind a figure, the steps of closing."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from huiyin.accounts.viewer import Viewer
from huiyin.api import showing
from huiyin.api.callers import needs
from huiyin.api.common import answers, caller_of
from huiyin.api.problems import NotFound
from huiyin.api.scopes import Scope
from huiyin.api.shapes import listing
from huiyin.cases import paging
from huiyin.cases.models import Case
from huiyin.cases.visibility import visible_to
from huiyin.domain.errors import InvalidData, NotPermitted
from huiyin.domain.evaluation import half_even
from huiyin.domain.vocabulary import Role
from huiyin.evaluation import jobs, nonresponse, periods, selectors
from huiyin.evaluation.models import CaseResult, Version, Work
from huiyin.evaluation.selectors import Line
from huiyin.evaluation.vocabulary import Group, Step
from huiyin.registry import directory

router = Router(tags=["考评"], auth=needs(Scope.READ))

Code = Annotated[str, Path(pattern=r"^\d{4}-\d{2}$", description="考核期，如 2026-11")]
UnitId = Annotated[int, Path(ge=1, le=2**31 - 1)]
Number = Annotated[int | None, Query(None, ge=0, le=9999, description="版本号；0 为实时估算，不填为最新发布的版本")]
_PLACES = 6
_FIGURES = f"{'、'.join(selectors.FIGURES)}；可看无应答情况的岗位另有 {'、'.join(nonresponse.FIGURES)}"


class VersionOut(BaseModel):
    period: str
    number: int = Field(description="0 为实时估算，非最终结果")
    stage: str
    begins_at: datetime
    ends_at: datetime
    as_of: datetime
    cases: int
    digest: str = Field(description="SHA-256；冻结之前为空")
    reason: str = Field(description="修订理由")


class LineOut(BaseModel):
    unit_id: int
    unit_code: str
    name: str
    rank: int | None
    score: Decimal | None
    response_rate: Decimal | None
    resolution_rate: Decimal | None
    satisfaction_rate: Decimal | None
    volume: int
    valid: int
    contacted: int
    solved: int
    satisfied: int
    basically_satisfied: int
    suggestions: int
    carried: int
    excluded: int
    suspended: int
    exempt: int
    not_asked: int
    invalid: int
    categories: list[str]
    rank_before: int | None
    score_before: Decimal | None
    resolution_low: float | None
    resolution_high: float | None
    resolution_shrunken: float | None
    rank_low: int | None
    rank_high: int | None
    alike: bool = Field(description="属于本期难分高下的一组")
    ratio: float | None = Field(description="解决件数与同样诉求构成下应解决件数之比")


class JudgedCaseOut(BaseModel):
    case_no: str
    unit_id: int | None
    why: str
    basis: str | None
    carried: bool
    contacted: bool | None = Field(description="空为没有计入的回答")
    solved: bool | None = Field(description="空为没有计入的回答")
    satisfaction: str | None
    class_code: str


class StepIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    note: Annotated[str, Field("", max_length=400, description="复核意见；修订时为理由，必填")]
    as_of: Annotated[
        AwareDatetime | None, Field(None, description="复核时：所核对草稿的 as_of；草稿此后重新出过的，拒绝复核")
    ]


class WorkOut(BaseModel):
    id: int
    period: str
    step: str
    state: str
    words: str
    asked_at: datetime
    ended_at: datetime | None


@router.get("/evaluation/versions", **answers(listing(VersionOut)), summary="考核期及其版本")
def versions(request: HttpRequest) -> HttpResponse:
    """您可以查看的全部版本，新的在前。"""
    viewer = caller_of(request).viewer
    every = Version.objects.select_related("period").order_by("-period__begins_at", "-number")[:200]
    return showing.answer({"items": [_version(one) for one in every if selectors.may_see(viewer, one)]})


@router.get("/evaluation/{code}/board", **answers(listing(LineOut), also=(404,)), summary="排名")
def board(
    request: HttpRequest, code: Code, group: Annotated[Group, Query(Group.STREET)], version: Number
) -> HttpResponse:
    """按名次；未参加排名的在后。率为小数，空为没有有效回访。"""
    found = _find(caller_of(request).viewer, code, version)
    places = selectors.scheme_of(found).score_places
    return showing.answer({"items": [_line(line, places) for line in selectors.board(found, group)]})


@router.get("/evaluation/{code}/units/{group}/{unit_id}", **answers(LineOut, also=(404,)), summary="一个单位的成绩")
def unit(request: HttpRequest, code: Code, group: Group, unit_id: UnitId, version: Number) -> HttpResponse:
    found = _find(caller_of(request).viewer, code, version)
    line = selectors.find_line(found, group, unit_id) if directory.find_unit(unit_id) else None
    if line is None:
        raise NotFound("没有这个单位的成绩")
    return showing.answer(_line(line, selectors.scheme_of(found).score_places))


@router.get(
    "/evaluation/{code}/cases", **answers(listing(JudgedCaseOut, paged=True), also=(404,)), summary="数字背后的案件"
)
def cases(
    request: HttpRequest,
    code: Code,
    group: Annotated[Group, Query()],
    unit: Annotated[int, Query(ge=1, le=2**31 - 1)],
    version: Number,
    figure: Annotated[str, Query("", max_length=30, description=_FIGURES)],
    cursor: Annotated[str, Query("", max_length=400)],
) -> HttpResponse:
    """只含您有权查看的案件。"""
    viewer = caller_of(request).viewer
    found = _find(viewer, code, version)
    figures = nonresponse.figures_for(viewer)
    units = selectors.units_of(group, unit, found)
    rows = selectors.cases_of(found, unit_ids=units, figure=figure, figures=figures)
    seen = rows.filter(case_id__in=Case.objects.filter(visible_to(viewer)).values("id"))
    page = paging.page(seen, order=("case_id",), cursor=cursor)
    numbers = dict(Case.objects.filter(pk__in=[one.case_id for one in page.rows]).values_list("pk", "case_no"))
    address = request.GET.copy()
    address["cursor"] = page.next
    following = f"{request.path}?{address.urlencode()}" if page.next else None
    return showing.answer({"items": [_case(one, numbers[one.case_id]) for one in page.rows], "next": following})


@router.post(
    "/evaluation/{code}/steps/{step}",
    auth=needs(Scope.ACT),
    **answers(WorkOut, status=202, also=(403, 404, 409)),
    summary="办理考核期",
)
def take(request: HttpRequest, code: Code, step: Step, body: StepIn) -> HttpResponse:
    """出草稿、复核、冻结、发布、修订、核对；在后台进行，用返回的 id 查看结果。"""
    viewer = caller_of(request).viewer
    _closers_only(viewer)
    period = _period(code)
    if step is Step.REVISE and not body.note.strip():
        raise InvalidData({"note": "请写明修订理由"})
    newest = period.versions.filter(number__gt=0).order_by("-number").first()
    if newest is None and step is not Step.DRAFT:
        raise NotFound("本期还没有草稿")
    number = newest.number if newest else None
    read = body.as_of if step is Step.REVIEW else None
    work = jobs.ask(period, step, by=viewer, note=body.note.strip(), number=number, as_of=read, now=timezone.now())
    return showing.answer(_work(work), status=202)


@router.get("/evaluation/works/{work_id}", **answers(WorkOut, also=(403, 404)), summary="一次办理的结果")
def work(request: HttpRequest, work_id: Annotated[int, Path(ge=1, le=2**63 - 1)]) -> HttpResponse:
    _closers_only(caller_of(request).viewer)
    found = Work.objects.select_related("period").filter(pk=work_id).first()
    if found is None:
        raise NotFound("没有这次办理")
    return showing.answer(_work(found))


def _find(viewer: Viewer, code: str, number: int | None) -> Version:
    """What may not be seen yet is as if it were not there."""
    try:
        found = selectors.version_of(code, number)
    except InvalidData as refusal:
        raise NotFound(refusal.message) from refusal
    if not selectors.may_see(viewer, found):
        raise NotFound(f"没有考核期“{code}”的成绩")
    return found


def _period(code: str) -> Any:
    try:
        return periods.period_coded(code)
    except InvalidData as refusal:
        raise NotFound(refusal.message) from refusal


def _closers_only(viewer: Viewer) -> None:
    """Each step asks again who may take it; nobody else learns of the works."""
    if viewer.sees != "city" or not viewer.has(Role.EVALUATOR, Role.LEADER, Role.AUDITOR):
        raise NotPermitted("考核期由市级考评人员办理")


def _version(one: Version) -> dict[str, Any]:
    return {
        "period": one.period.code,
        "number": one.number,
        "stage": one.stage,
        "begins_at": one.period.begins_at,
        "ends_at": one.period.ends_at,
        "as_of": one.as_of,
        "cases": one.case_count,
        "digest": one.digest,
        "reason": one.reason,
    }


def _line(line: Line, places: int) -> dict[str, Any]:
    result, rates = line.result, line.rates
    same = ("rank", "rank_before", "rank_low", "rank_high", "alike", "ratio", "categories")
    more = ("resolution_low", "resolution_high", "resolution_shrunken")
    beside = ("excluded", "suspended", "exempt", "not_asked", "invalid")
    return {
        "unit_id": result.unit_id,
        "unit_code": line.unit.code,
        "name": line.name,
        "response_rate": _share(rates.response if rates else None),
        "resolution_rate": _share(rates.resolution if rates else None),
        "satisfaction_rate": _share(rates.satisfaction if rates else None),
        "score": _rounded(result.score, places),
        "score_before": _rounded(result.score_before, places),
        **{name: getattr(line.counts, name) for name in selectors.COUNTED},
        **{name: getattr(result, name) for name in (*same, *more, *beside)},
    }


def _case(one: CaseResult, number: str) -> dict[str, Any]:
    names = ("unit_id", "why", "basis", "carried", "satisfaction", "class_code")
    answers = {"contacted": one.said_contacted, "solved": one.said_solved}
    return {"case_no": number, **answers, **{name: getattr(one, name) for name in names}}


def _work(work: Work) -> dict[str, Any]:
    return {
        "id": work.pk,
        "period": work.period.code,
        "step": work.step,
        "state": work.state,
        "words": work.words,
        "asked_at": work.asked_at,
        "ended_at": work.ended_at,
    }


def _share(rate: Fraction | None) -> Decimal | None:
    return None if rate is None else half_even(rate, _PLACES)


def _rounded(score: Decimal | None, places: int) -> Decimal | None:
    return None if score is None else half_even(Fraction(score), places)
