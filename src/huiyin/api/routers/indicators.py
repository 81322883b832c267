"""七有五性 by API: trees, scores and profiles; values read with their history, and reported all or none."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from huiyin.accounts.viewer import Viewer
from huiyin.api import showing
from huiyin.api.callers import needs
from huiyin.api.common import answers, caller_of
from huiyin.api.problems import Forbidden, NotFound
from huiyin.api.scopes import Scope
from huiyin.api.shapes import listing, words
from huiyin.domain.errors import InvalidData
from huiyin.domain.indicators import TOTAL, Direction, Level, Measure, Node, Scale
from huiyin.indicators import editing, selectors, trees, values
from huiyin.indicators.models import Assessment, Score, Source, Tree, Value
from huiyin.registry import directory
from huiyin.registry.directory import AreaInfo

router = Router(tags=["七有五性"], auth=needs(Scope.READ))

Period = Annotated[str, Query("", pattern=r"^(\d{4}-\d{2})?$", description="考核期，如 2026-11；空为最近计算过的")]
District = Annotated[str, Query(min_length=1, max_length=12, pattern="^[0-9]+$", description="区的区域代码")]
NodeCode = Annotated[str, Query("", max_length=24, description="维度、分类或细项的代码；空为总分")]
_MOST = 2000
_NEWEST = 200


class NodeOut(BaseModel):
    code: str
    parent: str
    level: words(Level)
    name: str
    weight: str
    unit: str
    direction: words(Direction)
    scale: words(Scale)
    floor: str | None = Field(description="得 0 分的数值")
    target: str | None = Field(description="得 100 分的数值")
    measure: words(Measure)
    branch: str = Field(description="只数这一支分类的案件")
    sample: bool = Field(description="样例细项，非官方指标")
    note: str


class TreeOut(BaseModel):
    number: int
    name: str
    effective_from: date
    published_at: datetime | None
    places: int
    min_covered: str = Field(description="参加排名所需的数据覆盖率")
    nodes: list[NodeOut]


class ScoreOut(BaseModel):
    district_code: str
    district: str
    node: str = Field(description="空为总分")
    score: str | None
    rank: int | None
    covered: str = Field(description="有数据的权重所占比例")
    low: str = Field(description="缺的数据全补齐而都得 0 分时的得分")
    high: str = Field(description="缺的数据全补齐而都得 100 分时的得分")
    value: str | None = Field(description="细项的数值")
    source: str
    taken_from: str = Field(description="数值所属的考核期或年份")


class ScoresOut(BaseModel):
    period: str
    number: int = Field(description="第几次计算")
    tree: int
    at: datetime
    items: list[ScoreOut]


class ValueOut(BaseModel):
    district_code: str
    item: str
    period: str
    value: str
    source: words(Source)
    note: str
    by: str
    at: datetime


class ValueIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    district: Annotated[str, Field(min_length=1, max_length=20, description="区的名称或区域代码")]
    item: Annotated[str, Field(min_length=1, max_length=24)]
    period: Annotated[str, Field(pattern=r"^\d{4}(-\d{2})?$", description="2026 或 2026-11")]
    value: Annotated[str, Field(min_length=1, max_length=24, description="数字，最多四位小数")]
    note: Annotated[str, Field("", max_length=200)]


class ValuesIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    items: Annotated[list[ValueIn], Field(min_length=1, max_length=_MOST)]


class WrittenOut(BaseModel):
    written: int
    unchanged: int


@router.get("/indicators/tree", **answers(TreeOut, also=(404,)), summary="指标树")
def tree(
    request: HttpRequest, number: Annotated[int | None, Query(None, ge=1, le=9999, description="版本；空为现行")]
) -> HttpResponse:
    """草稿只供热线中心。"""
    viewer = caller_of(request).viewer
    found = trees.in_force(timezone.localdate()) if number is None else Tree.objects.filter(number=number).first()
    if found is None or (found.published_at is None and not selectors.sees_all(viewer)):
        raise NotFound
    plain = ("number", "name", "effective_from", "published_at", "places")
    return showing.answer(
        {
            **{name: getattr(found, name) for name in plain},
            "min_covered": str(found.min_covered),
            "nodes": [_node(node) for node in trees.nodes_of(found).nodes],
        }
    )


@router.get("/indicators/scores", **answers(ScoresOut, also=(404,)), summary="各区得分与排名")
def scores(request: HttpRequest, period: Period, node: NodeCode) -> HttpResponse:
    """总分和各维度的排名供所有岗位；分类和细项供热线中心。"""
    assessment = _assessment(period)
    nodes = trees.nodes_of(assessment.tree)
    if node != TOTAL and node not in nodes.by_code:
        raise NotFound
    public = node == TOTAL or nodes.by_code[node].level is Level.DIMENSION
    if not public and not selectors.sees_all(caller_of(request).viewer):
        raise Forbidden
    rows = Score.objects.filter(assessment=assessment, node=node)
    return showing.answer(_scores(assessment, sorted(rows, key=lambda row: (row.rank is None, row.rank or 0))))


@router.get("/indicators/profile", **answers(ScoresOut, also=(404,)), summary="一个区的全部得分")
def profile(request: HttpRequest, period: Period, district: District) -> HttpResponse:
    """供热线中心和本区。"""
    assessment, area = _assessment(period), _district(caller_of(request).viewer, district)
    rows = Score.objects.filter(assessment=assessment, district_id=area.id).order_by("id")
    return showing.answer(_scores(assessment, list(rows)))


@router.get("/indicators/values", **answers(listing(ValueOut), also=(404,)), summary="填报过的数值")
def reported(
    request: HttpRequest,
    district: District,
    item: Annotated[str, Query("", max_length=24, description="细项代码；空为全部")],
) -> HttpResponse:
    """新的在前，最多 200 条；更正过的旧数仍在其中。"""
    area = _district(caller_of(request).viewer, district)
    rows = selectors.history(item, area.id) if item else Value.objects.filter(district_id=area.id).order_by("-id")
    return showing.answer({"items": [_value(row, area) for row in rows[:_NEWEST]]})


@router.post(
    "/indicators/values",
    auth=needs(Scope.INDICATORS),
    **answers(WrittenOut, status=201, also=(404, 409)),
    summary="填报数值",
)
def report(request: HttpRequest, body: ValuesIn) -> HttpResponse:
    """全部写入，或有任何一个不对时一个也不写。供热线中心的分析员、考评员、管理员；得分要重新计算后才变。"""
    by = editing.editor_of(caller_of(request).viewer)
    current = trees.in_force(timezone.localdate())
    if current is None:
        raise NotFound
    reading = values.Reading()
    for at, one in enumerate(body.items, start=1):
        reading.take(at, one.model_dump(), trees.nodes_of(current))
    if reading.faults:
        raise InvalidData({f"items.{at}": fault for at, fault in enumerate(reading.faults[:50])})
    new, same = values.write(reading.lines, by=by, now=timezone.now(), file="接口")
    return showing.answer({"written": new, "unchanged": same}, status=201)


def _assessment(period: str) -> Assessment:
    found = selectors.assessment_of(period)
    if found is None:
        raise NotFound
    return found


def _district(viewer: Viewer, code: str) -> AreaInfo:
    area = directory.area_by_code(code)
    if area is None or area not in directory.districts():
        raise NotFound
    if not selectors.may_see(viewer, area.id):
        raise Forbidden
    return area


def _node(node: Node) -> dict[str, Any]:
    plain = ("code", "parent", "level", "name", "unit", "direction", "scale", "measure", "branch", "sample", "note")
    exact = ("weight", "floor", "target")
    return {name: getattr(node, name) for name in plain} | {name: _text(getattr(node, name)) for name in exact}


def _scores(assessment: Assessment, rows: list[Score]) -> dict[str, Any]:
    places = assessment.tree.places
    return {
        "period": assessment.period,
        "number": assessment.number,
        "tree": assessment.tree.number,
        "at": assessment.at,
        "items": [
            {
                "district_code": directory.area(row.district_id).code,
                "district": directory.area(row.district_id).name,
                "node": row.node,
                "rank": row.rank,
                "source": row.source,
                "taken_from": row.taken_from,
                "covered": _text(row.covered),
                "value": _text(row.value),
                **{name: _text(getattr(row, name), places) for name in ("score", "low", "high")},
            }
            for row in rows
        ],
    }


def _value(row: Value, area: AreaInfo) -> dict[str, Any]:
    plain = ("item", "period", "source", "note", "by", "at")
    return {
        "district_code": area.code,
        "value": _text(row.value),
        **{name: getattr(row, name) for name in plain},
    }


def _text(number: Any, places: int | None = None) -> str | None:
    """Exact decimals go as text: a program must not lose a digit to a float."""
    if number is None:
        return None
    text = f"{number:f}" if places is None else f"{number:.{places}f}"
    return text.rstrip("0").rstrip(".") if places is None and "." in text else text
