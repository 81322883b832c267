"""Who, where, what: areas, units, classes, limits and reasons, by type-ahead or in full. Answered without a query."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import urlencode
from ninja import Query, Router

from huiyin.api import showing
from huiyin.api.callers import needs
from huiyin.api.common import answers
from huiyin.api.scopes import Scope
from huiyin.api.shapes import AreaOut, ClassOut, LimitOut, ReasonOut, UnitOut, listing, words
from huiyin.domain.errors import InvalidData
from huiyin.domain.rules import DurationUnit
from huiyin.domain.vocabulary import AreaKind, ClockKind, Grade, Span, UnitKind
from huiyin.registry import directory, lookup, rulebook
from huiyin.registry.models import ReasonKind

router = Router(tags=["基础数据"], auth=needs(Scope.REGISTRY))

Typed = Annotated[str, Query("", max_length=60, description="输入的字：名称、别名、拼音、首字母或代码")]
Code = Annotated[str, Query("", max_length=24, pattern=r"^[0-9A-Za-z_.-]*$", description="精确代码")]
After = Annotated[str, Query("", max_length=24, pattern=r"^[0-9A-Za-z_.-]*$", description="从此代码之后列起")]
Size = Annotated[int, Query(100, ge=1, le=500, description="最多返回几项")]


@router.get(
    "/areas",
    **answers(listing(AreaOut, paged=True)),
    summary="区、街道（乡镇）、社区",
)
def areas(
    request: HttpRequest,
    q: Typed,
    code: Code,
    after: After,
    size: Size,
    kind: Annotated[words(AreaKind) | None, Query(None)],
    parent: Annotated[str, Query("", max_length=12, pattern="^[0-9]*$", description="上级区域代码")],
) -> HttpResponse:
    found: Iterable[directory.AreaInfo] = directory.areas().values()
    if q:
        hits = lookup.areas(q, size, kinds=[AreaKind(kind)] if kind else None)
        found = [directory.area(hit.id) for hit in hits]
    above = _known_area("parent", parent) if parent else None
    chosen = [
        info
        for info in found
        if (not code or info.code == code)
        and (kind is None or info.kind == kind)
        and (above is None or info.parent_id == above.id)
    ]
    return _listed(request, [_area(info) for info in chosen], after=after, size=size, by_code=not q)


@router.get(
    "/units",
    **answers(listing(UnitOut, paged=True)),
    summary="承办单位",
)
def units(
    request: HttpRequest,
    q: Typed,
    code: Code,
    after: After,
    size: Size,
    kind: Annotated[words(UnitKind) | None, Query(None)],
    district: Annotated[str, Query("", max_length=12, pattern="^[0-9]*$", description="所属区的代码")],
) -> HttpResponse:
    found: Iterable[directory.UnitInfo] = directory.units().values()
    if q:
        hits = lookup.units(q, size, kinds=[UnitKind(kind)] if kind else None)
        found = [directory.unit(hit.id) for hit in hits]
    inside = _known_area("district", district) if district else None
    chosen = [
        info
        for info in found
        if (not code or info.code == code)
        and (kind is None or info.kind == kind)
        and (inside is None or info.district_id == inside.id)
    ]
    return _listed(request, [_unit(info) for info in chosen], after=after, size=size, by_code=not q)


@router.get(
    "/classes",
    **answers(listing(ClassOut, paged=True)),
    summary="问题分类",
)
def classes(request: HttpRequest, q: Typed, code: Code, after: After, size: Size) -> HttpResponse:
    """现行版本的三级分类；`code` 可为前两位、四位或全部六位。"""
    taxonomy = rulebook.taxonomy(rulebook.current(timezone.now()).taxonomy_id)
    chosen = [taxonomy[hit.code] for hit in lookup.classes(q, size)] if q else taxonomy.values()
    shown = [_class(info) for info in chosen if info.code.startswith(code)]
    return _listed(request, shown, after=after, size=size, by_code=not q)


@router.get(
    "/limits",
    **answers(listing(LimitOut)),
    summary="现行时限",
)
def limits(request: HttpRequest) -> HttpResponse:
    rules = rulebook.rules(rulebook.current(timezone.now()).limits_id)
    order = {grade: place for place, grade in enumerate(Grade)}
    rows = sorted(rules.limits.items(), key=lambda row: (str(row[0][1]), order[row[0][0]]))
    return showing.answer({"items": [_limit(grade, clock, length) for (grade, clock), length in rows]})


@router.get(
    "/reasons",
    **answers(listing(ReasonOut)),
    summary="常用理由",
)
def reasons(
    request: HttpRequest,
    kind: Annotated[
        Literal[tuple(str(kind) for kind in ReasonKind)],  # type: ignore[valid-type]  # the enum's words
        Query(description="；".join(f"{kind} {kind.label}" for kind in ReasonKind)),
    ],
) -> HttpResponse:
    found = rulebook.reasons(kind)
    shown = [{"code": reason.code, "label": reason.label, "parent": reason.parent} for reason in found]
    return showing.answer({"items": shown})


def _listed(request: HttpRequest, items: list[dict[str, Any]], *, after: str, size: int, by_code: bool) -> HttpResponse:
    """In code order with the address of the next part; what was typed for keeps the order of likeness."""
    if not by_code:
        return showing.answer({"items": items[:size], "next": None})
    rest = sorted((item for item in items if item["code"] > after), key=lambda item: item["code"])
    page = rest[:size]
    following = None
    if len(rest) > size:
        following = f"{request.path}?{urlencode({**request.GET.dict(), 'after': page[-1]['code']})}"
    return showing.answer({"items": page, "next": following})


def _known_area(name: str, code: str) -> directory.AreaInfo:
    found = directory.area_by_code(code)
    if found is None:
        raise InvalidData({name: "没有这个区域代码"})
    return found


def _area(info: directory.AreaInfo) -> dict[str, Any]:
    return {
        "id": info.id,
        "code": info.code,
        "name": info.name,
        "short_name": info.short_name,
        "kind": str(info.kind),
        "parent_code": _code(directory.areas(), info.parent_id),
        "district_code": _code(directory.areas(), info.district_id),
        "valid_from": info.valid_from,
        "valid_to": info.valid_to,
    }


def _unit(info: directory.UnitInfo) -> dict[str, Any]:
    return {
        "id": info.id,
        "code": info.code,
        "name": info.name,
        "short_name": info.short_name,
        "kind": str(info.kind),
        "parent_code": _code(directory.units(), info.parent_id),
        "area_code": _code(directory.areas(), info.area_id),
        "district_code": _code(directory.areas(), info.district_id),
        "valid_from": info.valid_from,
        "valid_to": info.valid_to,
    }


def _class(info: rulebook.ClassInfo) -> dict[str, Any]:
    return {
        "code": info.code,
        "level1": info.level1,
        "level2": info.level2,
        "level3": info.level3,
        "request_types": [str(kind) for kind in info.request_types],
        "grade": str(info.urgency),
        "dimension": info.dimension,
        "keywords": list(info.keywords),
    }


def _limit(grade: Grade, clock: ClockKind | Span, length: Any) -> dict[str, Any]:
    return {
        "grade": str(grade),
        "clock": str(clock),
        "label": clock.label,
        "amount": length.amount,
        "unit": str(length.unit),
        "unit_label": DurationUnit(length.unit).label,
    }


def _code(infos: Mapping[int, Any], key: int | None) -> str | None:
    info = infos.get(key) if key else None
    return info.code if info else None
