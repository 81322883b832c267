"""Same matters by API: cases like one case, groups of cases about one thing, joining and splitting them."""

from collections.abc import Sequence
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
from huiyin.cases import selectors as case_selectors
from huiyin.domain.privacy import mask_text
from huiyin.matching import joining, selectors
from huiyin.matching.finding import similar_to_case
from huiyin.matching.joining import MatterNotFound
from huiyin.matching.models import Matter

router = Router(tags=["共性问题"], auth=needs(Scope.READ))

Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
Number = Annotated[str, Field(min_length=6, max_length=31, pattern=r"^\d[\d-]*$")]
_MOST = 100  # cases named in one call


class SimilarOut(BaseModel):
    case_no: str
    title: str
    probability: float = Field(description="与此件为同一问题的概率")
    reasons: list[str]
    same_caller: bool
    matter_id: int | None


class MatterOut(BaseModel):
    id: int
    name: str
    size: int = Field(description="件数，含您无权查看的")
    seen: int = Field(description="您可查看的件数")
    open: int
    callers: int
    first_at: datetime
    last_at: datetime
    case_nos: list[str] | None = Field(None, description="仅单个查询时给出，最多100件")


class JoinIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    case_nos: Annotated[list[Number], Field(min_length=1, max_length=_MOST)]
    into: Annotated[
        int | None, Field(None, ge=1, le=2**63 - 1, description="并入已有的共性问题；不填则新建或并入其中一件所属的")
    ]
    why: Annotated[str, Field("", max_length=200)]


class SplitIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    case_nos: Annotated[list[Number], Field(min_length=1, max_length=_MOST)]
    why: Annotated[str, Field(min_length=2, max_length=200, description="原因")]


@router.get("/cases/{case_no}/similar", **answers(listing(SimilarOut), also=(404,)), summary="可能相同的案件")
def similar(request: HttpRequest, case_no: CaseNo) -> HttpResponse:
    """最像的在前；人已拆开的不再出现。"""
    viewer = caller_of(request).viewer
    case = case_selectors.find_case(viewer, case_no)
    found = similar_to_case(case, viewer=viewer, at=timezone.now())
    return showing.answer({"items": [_similar(one) for one in found]})


@router.get("/matters", **answers(listing(MatterOut, paged=True)), summary="共性问题")
def matters(request: HttpRequest, cursor: Annotated[str, Query("", max_length=400)]) -> HttpResponse:
    """最近有新来电的在前。"""
    viewer = caller_of(request).viewer
    page = selectors.page_of(viewer, cursor=cursor)
    address = request.GET.copy()
    address["cursor"] = page.next
    following = f"{request.path}?{address.urlencode()}" if page.next else None
    lines = selectors.lines_of(page.rows, viewer, now=timezone.now())
    return showing.answer({"items": [_matter(line) for line in lines], "next": following})


@router.get("/matters/{matter_id}", **answers(MatterOut, also=(404,)), summary="一个共性问题")
def matter(request: HttpRequest, matter_id: Id) -> HttpResponse:
    viewer = caller_of(request).viewer
    return showing.answer(_whole(_find(viewer, matter_id), viewer))


@router.post(
    "/matters", auth=needs(Scope.ACT), **answers(MatterOut, status=201, also=(404, 409)), summary="合为同一问题"
)
def join(request: HttpRequest, body: JoinIn) -> HttpResponse:
    """各件仍各自办理、各自答复。"""
    viewer = caller_of(request).viewer
    if body.into is not None:
        _find(viewer, body.into)
    found = joining.put_together(
        _ids(viewer, body.case_nos), viewer=viewer, why=body.why, now=timezone.now(), into=body.into
    )
    return showing.answer(_whole(found, viewer), status=201)


@router.post(
    "/matters/{matter_id}/split", auth=needs(Scope.ACT), **answers(MatterOut, also=(404, 409)), summary="拆出案件"
)
def split(request: HttpRequest, matter_id: Id, body: SplitIn) -> HttpResponse:
    """拆出的案件不再提示为同一问题；剩下一件时解散。"""
    viewer = caller_of(request).viewer
    _find(viewer, matter_id)
    left = joining.split(matter_id, _ids(viewer, body.case_nos), viewer=viewer, why=body.why, now=timezone.now())
    return showing.answer(_whole(left, viewer))


def _find(viewer: Viewer, matter_id: int) -> Matter:
    try:
        return selectors.find(viewer, matter_id)
    except MatterNotFound as exc:
        raise NotFound(exc.message) from exc


def _ids(viewer: Viewer, case_nos: Sequence[str]) -> list[int]:
    return [case_selectors.find_case(viewer, number).pk for number in dict.fromkeys(case_nos)]


def _similar(one: Any) -> dict[str, Any]:
    return {
        "case_no": one.case.case_no,
        "title": one.title,
        "probability": round(one.probability, 4),
        "reasons": list(one.reasons),
        "same_caller": one.same_caller,
        "matter_id": one.matter_id,
    }


def _matter(line: selectors.Line) -> dict[str, Any]:
    found = line.matter
    return {
        "id": found.pk,
        "name": mask_text(found.name),
        "size": found.size,
        "seen": line.seen,
        "open": line.open,
        "callers": found.callers,
        "first_at": found.first_at,
        "last_at": found.last_at,
        "case_nos": None,
    }


def _whole(found: Matter, viewer: Viewer) -> dict[str, Any]:
    (line,) = selectors.lines_of([found], viewer, now=timezone.now())
    numbers = selectors.cases_of(found, viewer).prefetch_related(None).order_by("-id")
    return {**_matter(line), "case_nos": list(numbers.values_list("case_no", flat=True)[:_MOST])}
