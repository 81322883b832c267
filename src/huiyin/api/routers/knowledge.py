"""The knowledge base by API: what may be answered here and today; entries and versions for those who keep them."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router
from pydantic import BaseModel, ConfigDict, Field

from huiyin.api import showing
from huiyin.api.callers import Caller, needs
from huiyin.api.common import answers, caller_of
from huiyin.api.problems import Forbidden, NotFound
from huiyin.api.scopes import Scope
from huiyin.api.shapes import listing, words
from huiyin.domain.errors import InvalidData
from huiyin.knowledge import answering, selectors, writing
from huiyin.knowledge.models import Entry, EntryVersion, State
from huiyin.knowledge.selectors import View, Wanted
from huiyin.registry import directory

router = Router(tags=["知识库"])

Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
_READS, _WRITES = needs(Scope.REGISTRY), needs(Scope.KNOWLEDGE)


class AnswerOut(BaseModel):
    id: int
    version: int
    title: str
    answer: str
    source: str
    issuer: str
    link: str
    area_code: str | None = Field(description="适用区域；空为全市")
    valid_from: date
    valid_until: date | None
    confidence: float = Field(description="这一条能回答问题的概率")
    quote: str = Field(description="可直接引用的答复，附编号、来源和有效期")


class EntryOut(BaseModel):
    id: int
    version: int
    state: words(State)
    title: str
    questions: list[str]
    answer: str
    source: str
    issuer: str
    link: str
    area_code: str | None
    classes: list[str]
    valid_from: date
    valid_until: date | None
    review_date: date | None
    owner_code: str | None
    public: bool
    editor: str
    at: datetime
    note: str


class EntryIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Field(min_length=1, max_length=120)]
    questions: Annotated[
        list[Annotated[str, Field(max_length=120)]], Field([], max_length=30, description="市民的问法")
    ]
    answer: Annotated[str, Field(min_length=1, max_length=4000)]
    source: Annotated[str, Field(min_length=1, max_length=200, description="来源文件")]
    issuer: Annotated[str, Field("", max_length=80)]
    link: Annotated[str, Field("", max_length=400, pattern="^(https?://.*)?$")]
    area_code: Annotated[str, Field("", max_length=12, description="适用区域代码；空为全市")]
    classes: Annotated[list[Annotated[str, Field(max_length=12)]], Field([], max_length=10)]
    valid_from: date
    valid_until: date | None = None
    review_date: date | None = None
    owner_code: Annotated[str, Field("", max_length=24, description="责任单位代码；空为本单位")]
    public: bool = False
    note: Annotated[str, Field("", max_length=200)]
    publish: Annotated[bool, Field(True, description="有权发布者：是否直接生效；否则送审")]


@router.get("/knowledge/answers", auth=_READS, **answers(listing(AnswerOut)), summary="查找可引用的答复")
def find(
    request: HttpRequest,
    q: Annotated[str, Query(min_length=1, max_length=500, description="问题，照市民的话")],
    area: Annotated[str, Query("", max_length=12, pattern="^[0-9]*$", description="所在区域代码")],
    size: Annotated[int, Query(3, ge=1, le=10)],
) -> HttpResponse:
    """过期、停用和其他区域的条目不会出现；没有把握够的答案时为空。"""
    found = answering.find(q, at=timezone.now(), area=_area(area), limit=size)
    return showing.answer({"items": [_answer(one) for one in found]})


@router.get("/knowledge", auth=_READS, **answers(listing(EntryOut, paged=True)), summary="知识条目")
def entries(
    request: HttpRequest,
    q: Annotated[str, Query("", max_length=100)],
    view: Annotated[words(View), Query("in_force", description="；".join(f"{one} {one.label}" for one in View))],
    cursor: Annotated[str, Query("", max_length=400)],
) -> HttpResponse:
    wanted = Wanted(view=View(view), q=q.strip(), cursor=cursor)
    page = selectors.entries(caller_of(request).viewer, wanted, today=timezone.localdate())
    address = request.GET.copy()
    address["cursor"] = page.next
    following = f"{request.path}?{address.urlencode()}" if page.next else None
    return showing.answer({"items": [_entry(row.latest) for row in page.rows if row.latest], "next": following})


@router.get("/knowledge/{entry_id}", auth=_READS, **answers(listing(EntryOut), also=(404,)), summary="条目的各个版本")
def entry(request: HttpRequest, entry_id: Id) -> HttpResponse:
    """新的在前。"""
    found = _found(caller_of(request), entry_id)
    return showing.answer({"items": [_entry(version) for version in selectors.versions_of(found)]})


@router.post("/knowledge", auth=_WRITES, **answers(EntryOut, status=201), summary="新建条目")
def create(request: HttpRequest, body: EntryIn) -> HttpResponse:
    """热线的分析员、考评员、管理员直接发布；单位负责人为本单位送审。"""
    caller = _keeper(request)
    content = _content(body, caller)
    made = writing.create(content, by=writing.editor_of(caller.viewer), now=timezone.now(), publish=body.publish)
    assert made.latest is not None
    return showing.answer(_entry(made.latest), status=201)


@router.post(
    "/knowledge/{entry_id}/versions",
    auth=_WRITES,
    **answers(EntryOut, status=201, also=(404, 409)),
    summary="修改条目（新版本）",
)
def change(request: HttpRequest, entry_id: Id, body: EntryIn) -> HttpResponse:
    caller = _keeper(request)
    found = _found(caller, entry_id)
    by = writing.editor_of(caller.viewer)
    version = writing.change(found.pk, _content(body, caller), by=by, now=timezone.now(), publish=body.publish)
    return showing.answer(_entry(version), status=201)


def _keeper(request: HttpRequest) -> Caller:
    caller = caller_of(request)
    if not writing.may_propose(caller.viewer):
        raise Forbidden
    return caller


def _found(caller: Caller, entry_id: int) -> Entry:
    found = selectors.visible(caller.viewer).filter(pk=entry_id).first()
    if found is None:
        raise NotFound
    return found


def _content(body: EntryIn, caller: Caller) -> writing.Content:
    owner = directory.unit_by_code(body.owner_code) if body.owner_code else directory.find_unit(caller.viewer.unit_id)
    if owner is None:
        raise InvalidData({"owner_code": "没有这个单位代码"})
    given = body.model_dump(exclude={"area_code", "owner_code", "publish", "classes", "questions"})
    return writing.Content(
        **given,
        questions=tuple(dict.fromkeys(body.questions)),
        class_codes=tuple(body.classes),
        area_id=_area(body.area_code, field="area_code"),
        owner_id=owner.id,
    )


def _area(code: str, *, field: str = "area") -> int | None:
    found = directory.area_by_code(code) if code else None
    if code and found is None:
        raise InvalidData({field: "没有这个区域代码"})
    return found.id if found else None


def _answer(found: answering.Found) -> dict[str, Any]:
    entry = found.entry
    return {
        **{name: getattr(entry, name) for name in ("id", "version", "title", "answer", "source", "issuer", "link")},
        "area_code": _area_code(entry.area_id),
        "valid_from": entry.valid_from,
        "valid_until": entry.valid_until,
        "confidence": found.confidence,
        "quote": found.quote,
    }


def _entry(version: EntryVersion) -> dict[str, Any]:
    owner = directory.find_unit(version.owner_id)
    plain = ("state", "title", "questions", "answer", "source", "issuer", "link", "valid_from", "valid_until")
    return {
        "id": version.entry_id,
        "version": version.number,
        **{name: getattr(version, name) for name in (*plain, "review_date", "public", "at", "note")},
        "area_code": _area_code(version.area_id),
        "classes": version.class_codes,
        "owner_code": owner.code if owner else None,
        "editor": version.editor_name,
    }


def _area_code(area_id: int | None) -> str | None:
    area = directory.find_area(area_id)
    return area.code if area else None
