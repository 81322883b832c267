"""Governed streets by API: who is governed and whom the rules name, decisions, plans, projects, residents."""

from datetime import date, datetime
from decimal import Decimal
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
from huiyin.api.shapes import listing, words
from huiyin.domain.governed import Verdict
from huiyin.governance import access, facts, governing, planning, selectors
from huiyin.governance import residents as counts
from huiyin.governance.models import GovernedStreet, Measure, Residents, Step
from huiyin.governance.vocabulary import Move, Stage
from huiyin.registry import directory

router = Router(tags=["治理类街乡镇"], auth=needs(Scope.READ))

Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
_Unit = Annotated[int, Field(ge=1, le=2**31 - 1)]
_Words = Annotated[str, Field(min_length=1, max_length=2000)]
_Target = Annotated[str, Field("", max_length=12, description="不填为不设目标")]
_MOST = 2000
_NEWEST = 1000


class VerdictLineOut(BaseModel):
    met: bool
    words: str


class VerdictOut(BaseModel):
    met: bool
    lines: list[VerdictLineOut]


class GovernedMonthOut(BaseModel):
    period: str
    version: int
    volume: int
    rank: int
    resolution: Decimal | None = Field(description="百分数；空为没有有效回访")
    satisfaction: Decimal | None
    city_resolution: Decimal | None
    city_satisfaction: Decimal | None


class GovernedOut(BaseModel):
    id: int
    unit_id: int
    unit_code: str
    name: str
    district: str
    stage: words(Stage)
    entered_at: datetime
    plan: str
    planned_at: datetime | None
    target_resolution: Decimal | None
    target_satisfaction: Decimal | None
    target_volume: int | None
    measures: int
    done: int
    late: int
    may_leave: bool = Field(description="退出条件全部符合")
    observed_periods: int
    observed_enough: bool
    newest: GovernedMonthOut | None


class GovernedStepOut(BaseModel):
    move: words(Move)
    period: str | None
    version: int | None
    met: bool | None = Field(description="规则自己的结论；空为没有依据的成绩，或不是决定")
    verdict: list[VerdictLineOut]
    reason: str
    by: str
    at: datetime


class GovernedMeasureOut(BaseModel):
    id: int
    title: str
    owner: str
    due: date
    done_at: datetime | None
    evidence: str
    dropped_at: datetime | None
    dropped_why: str


class GovernedDetailOut(GovernedOut):
    verdict: VerdictOut | None = Field(description="治理中的为退出条件，其余为纳入条件，逐条")
    months: list[GovernedMonthOut]
    steps: list[GovernedStepOut]
    projects: list[GovernedMeasureOut]


class NamedOut(BaseModel):
    move: words(Move)
    unit_id: int
    street_id: int | None
    name: str
    district: str
    verdict: VerdictOut | None


class EnterIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    unit_id: _Unit
    reason: _Words


class GovernedDecisionIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    move: words(Move) = Field(description="exit 退出观察；return 重新纳入；end 观察期满结束；note 只记录进展")
    reason: _Words


class PlanIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    plan: _Words
    target_resolution: _Target
    target_satisfaction: _Target
    target_volume: _Target


class MeasureIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Field(min_length=1, max_length=120)]
    owner: Annotated[str, Field(min_length=1, max_length=60)]
    due: date


class SettleIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    done: bool = Field(description="false 为取消项目")
    words: _Words


class ResidentsOut(BaseModel):
    unit_id: int
    unit_code: str
    year: int
    count: int
    source: str
    by: str
    at: datetime


class ResidentsLineIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    unit: Annotated[str, Field(min_length=1, max_length=80, description="单位代码或名称")]
    year: Annotated[int, Field(ge=2000, le=2200)]
    count: Annotated[int, Field(ge=1, le=5_000_000)]
    source: Annotated[str, Field(min_length=2, max_length=120)]


class ResidentsIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    items: Annotated[list[ResidentsLineIn], Field(min_length=1, max_length=_MOST)]


class ResidentsWrittenOut(BaseModel):
    written: int
    unchanged: int


@router.get("/governance/streets", **answers(listing(GovernedOut)), summary="治理类街乡镇")
def streets(request: HttpRequest, stage: Annotated[Stage | None, Query(None)]) -> HttpResponse:
    """您可以查看的：市级考评员和领导看全部，区看本区，街乡镇看自己。"""
    viewer, city, today = caller_of(request).viewer, facts.read_city(), timezone.localdate()
    stages = [stage] if stage else list(Stage)
    lines = [line for one in stages for line in selectors.lines(viewer, one, city, today)]
    return showing.answer({"items": [_line(line) for line in lines]})


@router.get("/governance/named", **answers(listing(NamedOut)), summary="规则提示的街乡镇")
def named(request: HttpRequest) -> HttpResponse:
    """按最近发布的成绩符合纳入、退出、重新纳入条件或观察期满的；只提示，由人决定。"""
    access.require_decider(caller_of(request).viewer)
    found = selectors.named(facts.read_city())
    plain = ("move", "unit_id", "street_id", "name", "district")
    items = [{name: getattr(one, name) for name in plain} | {"verdict": _verdict(one.verdict)} for one in found]
    return showing.answer({"items": items})


@router.post(
    "/governance/streets",
    auth=needs(Scope.ACT),
    **answers(GovernedDetailOut, status=201, also=(409,)),
    summary="纳入治理",
)
def enter(request: HttpRequest, body: EnterIn) -> HttpResponse:
    """供市级考评员和领导；当时的规则结论逐条保存。"""
    viewer = caller_of(request).viewer
    made = governing.enter(body.unit_id, reason=body.reason, by=viewer, now=timezone.now())
    return showing.answer(_detail(viewer, made.pk), status=201)


@router.get("/governance/streets/{street_id}", **answers(GovernedDetailOut, also=(404,)), summary="一个治理类街乡镇")
def street(request: HttpRequest, street_id: Id) -> HttpResponse:
    return showing.answer(_detail(caller_of(request).viewer, street_id))


@router.post(
    "/governance/streets/{street_id}/steps",
    auth=needs(Scope.ACT),
    **answers(GovernedDetailOut, also=(404, 409)),
    summary="决定或记录进展",
)
def decide(request: HttpRequest, street_id: Id, body: GovernedDecisionIn) -> HttpResponse:
    """退出、重新纳入、结束供市级考评员和领导；进展也可由本街乡镇负责人记录。"""
    viewer, now = caller_of(request).viewer, timezone.now()
    found, move = _find(viewer, street_id), Move(body.move)
    if move is Move.NOTE:
        governing.note(found.pk, words=body.reason, by=viewer, now=now)
    else:
        governing.decide(found.pk, move, reason=body.reason, by=viewer, now=now)
    return showing.answer(_detail(viewer, street_id))


@router.post(
    "/governance/streets/{street_id}/plan",
    auth=needs(Scope.ACT),
    **answers(GovernedDetailOut, also=(404,)),
    summary="治理方案和目标",
)
def plan(request: HttpRequest, street_id: Id, body: PlanIn) -> HttpResponse:
    """供本街乡镇负责人。率为 0 到 100 的百分数，诉求量为每期件数。"""
    viewer = caller_of(request).viewer
    given = planning.Plan(
        text=body.plan,
        resolution=body.target_resolution,
        satisfaction=body.target_satisfaction,
        volume=body.target_volume,
    )
    planning.plan(_find(viewer, street_id).pk, given, by=viewer, now=timezone.now())
    return showing.answer(_detail(viewer, street_id))


@router.post(
    "/governance/streets/{street_id}/measures",
    auth=needs(Scope.ACT),
    **answers(GovernedMeasureOut, status=201, also=(404,)),
    summary="新增治理项目",
)
def measure(request: HttpRequest, street_id: Id, body: MeasureIn) -> HttpResponse:
    viewer = caller_of(request).viewer
    found = _find(viewer, street_id)
    made = planning.add_measure(
        found.pk, title=body.title, owner=body.owner, due=body.due, by=viewer, now=timezone.now()
    )
    return showing.answer(_measure(made), status=201)


@router.post(
    "/governance/measures/{measure_id}/settle",
    auth=needs(Scope.ACT),
    **answers(GovernedMeasureOut, also=(404, 409)),
    summary="办结或取消治理项目",
)
def settle(request: HttpRequest, measure_id: Id, body: SettleIn) -> HttpResponse:
    """办结的写明佐证，取消的写明原因；一次。"""
    viewer, now = caller_of(request).viewer, timezone.now()
    seen = GovernedStreet.objects.filter(access.visible_streets(viewer)).values("pk")
    found = Measure.objects.filter(pk=measure_id, street__in=seen).first()
    if found is None:
        raise NotFound("没有这个治理项目")
    if body.done:
        settled = planning.finish_measure(found.pk, evidence=body.words, by=viewer, now=now)
    else:
        settled = planning.drop_measure(found.pk, why=body.words, by=viewer, now=now)
    return showing.answer(_measure(settled))


@router.get("/governance/residents", **answers(listing(ResidentsOut)), summary="常住人口")
def residents(request: HttpRequest, unit_id: Annotated[int | None, Query(None, ge=1, le=2**31 - 1)]) -> HttpResponse:
    """按街乡镇和年份，最多 1000 条。"""
    access.require_decider(caller_of(request).viewer)
    rows = Residents.objects.order_by("unit_id", "-year")
    rows = rows.filter(unit_id=unit_id) if unit_id is not None else rows
    return showing.answer({"items": [_residents(row) for row in rows[:_NEWEST]]})


@router.post(
    "/governance/residents",
    auth=needs(Scope.ACT),
    **answers(ResidentsWrittenOut, status=201),
    summary="填报常住人口",
)
def write_residents(request: HttpRequest, body: ResidentsIn) -> HttpResponse:
    """全部写入，或有任何一行不对时一行也不写。供市级考评员和领导。"""
    viewer, now = caller_of(request).viewer, timezone.now()
    access.require_decider(viewer)
    reading = counts.reading(now)
    for at, one in enumerate(body.items, start=1):
        reading.take(at, {name: str(value) for name, value in one.model_dump().items()})
    counts.refuse_faults(reading)
    new, same = counts.write(reading.lines, by=viewer, now=now)
    return showing.answer({"written": new, "unchanged": same}, status=201)


def _find(viewer: Viewer, street_id: int) -> GovernedStreet:
    found = selectors.streets_for(viewer).filter(pk=street_id).first()
    if found is None:
        raise NotFound("没有这个治理类街乡镇")
    return found


def _detail(viewer: Viewer, street_id: int) -> dict[str, Any]:
    found, city = _find(viewer, street_id), facts.read_city()
    line = selectors.line_of(found, city, timezone.localdate())
    asks = Move.EXIT if found.stage == Stage.GOVERNED else Move.RETURN
    return {
        **_line(line),
        "verdict": _verdict(governing.verdict_for(asks, found, city)),
        "months": [_month(one) for one in line.months],
        "steps": [_step(one) for one in found.steps.select_related("version__period").order_by("-id")],
        "projects": [_measure(one) for one in found.measures.all()],
    }


def _line(line: selectors.Line) -> dict[str, Any]:
    street = line.street
    same = ("unit_id", "stage", "entered_at", "plan", "planned_at")
    targets = ("target_resolution", "target_satisfaction", "target_volume")
    counted = ("name", "district", "measures", "done", "late", "may_leave", "observed_enough")
    return {
        "id": street.pk,
        "unit_code": directory.unit(street.unit_id).code,
        "observed_periods": line.observed,
        "newest": _month(line.newest) if line.newest else None,
        **{name: getattr(street, name) for name in (*same, *targets)},
        **{name: getattr(line, name) for name in counted},
    }


def _month(one: selectors.Month) -> dict[str, Any]:
    plain = ("version", "volume", "rank", "resolution", "satisfaction", "city_resolution", "city_satisfaction")
    return {"period": one.code, **{name: getattr(one, name) for name in plain}}


def _verdict(found: Verdict | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"met": found.met, "lines": [{"met": line.met, "words": line.words} for line in found.lines]}


def _step(one: Step) -> dict[str, Any]:
    return {
        "move": one.move,
        "period": one.version.period.code if one.version else None,
        "version": one.version.number if one.version else None,
        "met": one.met,
        "verdict": [{"met": met, "words": told} for met, told in one.verdict],
        "reason": one.reason,
        "by": one.by_name,
        "at": one.at,
    }


def _measure(one: Measure) -> dict[str, Any]:
    plain = ("id", "title", "owner", "due", "done_at", "evidence", "dropped_at", "dropped_why")
    return {name: getattr(one, name) for name in plain}


def _residents(row: Residents) -> dict[str, Any]:
    plain = ("unit_id", "year", "count", "source")
    return {
        "unit_code": directory.unit(row.unit_id).code,
        "by": row.written_by,
        "at": row.written_at,
        **{name: getattr(row, name) for name in plain},
    }
