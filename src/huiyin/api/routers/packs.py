"""Briefing packs by API: a period's units and their packs, asking for them, their contents and files."""

from datetime import datetime
from typing import Annotated, Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router
from pydantic import BaseModel, ConfigDict, Field

from huiyin.accounts.reveals import address_of
from huiyin.accounts.viewer import Viewer
from huiyin.api import showing
from huiyin.api.callers import needs
from huiyin.api.common import answers, caller_of
from huiyin.api.problems import NotFound
from huiyin.api.scopes import Scope
from huiyin.api.shapes import listing
from huiyin.domain.errors import InvalidData
from huiyin.evaluation import selectors as evaluation
from huiyin.evaluation.models import Version
from huiyin.evaluation.vocabulary import Group
from huiyin.packs import access, looks, making, selectors, withheld
from huiyin.packs.models import Form, Pack, State
from huiyin.packs.selectors import PackNotFound
from huiyin.packs.views import file_response
from huiyin.registry import directory

router = Router(tags=["点评会材料"], auth=needs(Scope.READ))

Code = Annotated[str, Path(pattern=r"^\d{4}-\d{2}$", description="考核期，如 2026-11")]
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
_MOST = 1000


class PackLineOut(BaseModel):
    group: Group
    unit_id: int
    name: str
    pack_id: int | None
    state: State | None
    made_at: datetime | None
    error: str
    may_make: bool


class FigureOut(BaseModel):
    code: str
    label: str
    shown: str
    exact: str
    change: str
    year_change: str


class SectionOut(BaseModel):
    code: str
    heading: str
    message: str
    notes: list[str]
    figures: list[FigureOut]
    case_nos: list[str]


class PackOut(BaseModel):
    id: int
    title: str
    subtitle: str
    as_of: str
    fingerprint: str = Field(description="所依据成绩版本的指纹开头")
    sections: list[SectionOut]
    caveats: list[str]


class AskIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    group: Group | None = Field(None, description="不填为您能制作的全部单位")
    unit_id: int | None = Field(None, ge=1, le=2**31 - 1)
    again: bool = Field(False, description="已做好的也重做")


class BatchOut(BaseModel):
    id: int
    total: int
    ready: int
    failed: int


@router.get("/evaluation/{code}/packs", **answers(listing(PackLineOut), also=(404,)), summary="一个考核期的材料")
def packs(request: HttpRequest, code: Code, group: Annotated[Group | None, Query(None)]) -> HttpResponse:
    """只含您可以查看的单位。"""
    viewer = caller_of(request).viewer
    keys = [key for key in selectors.keys_for(viewer) if group is None or key[0] is group]
    lines = selectors.lines_of(viewer, _published(code), keys[:_MOST])
    return showing.answer({"items": [_line(line) for line in lines]})


@router.post(
    "/evaluation/{code}/packs",
    auth=needs(Scope.ACT),
    **answers(BatchOut, status=202, also=(404, 409)),
    summary="制作材料",
)
def ask(request: HttpRequest, code: Code, body: AskIn) -> HttpResponse:
    """在后台制作，用返回的 id 查看进度。"""
    viewer = caller_of(request).viewer
    if (body.group is None) != (body.unit_id is None):
        raise InvalidData({"unit_id": "group 和 unit_id 须一起填写，或都不填"})
    every = _lines_to_make(viewer)
    keys = every if body.group is None else [key for key in every if key == (body.group, body.unit_id)]
    batch = making.ask(_published(code), keys, by=viewer, now=timezone.now(), again=body.again)
    return showing.answer(_batch(selectors.progress_of(batch)), status=202)


@router.get("/packs/batches/{batch_id}", **answers(BatchOut, also=(404,)), summary="制作进度")
def batch(request: HttpRequest, batch_id: Id) -> HttpResponse:
    found = _or_404(selectors.find_batch, caller_of(request).viewer, batch_id)
    return showing.answer(_batch(selectors.progress_of(found)))


@router.get("/packs/{pack_id}", **answers(PackOut, also=(404,)), summary="一份材料的内容")
def pack(request: HttpRequest, pack_id: Id) -> HttpResponse:
    """与文档、PDF、幻灯片逐位一致；制作后设为保密的案件不再列出。"""
    viewer = caller_of(request).viewer
    found = _or_404(selectors.find, viewer, pack_id)
    now = timezone.now()
    contents = _opened(found, now).contents
    looks.record(found, contents, viewer=viewer, form=Form.PAGE, ip=address_of(request), now=now)
    return showing.answer(
        {
            "id": found.pk,
            "title": contents.title,
            "subtitle": contents.subtitle,
            "as_of": contents.as_of,
            "fingerprint": contents.fingerprint,
            "sections": [
                {
                    "code": one.code,
                    "heading": one.heading,
                    "message": one.message,
                    "notes": one.notes,
                    "figures": [
                        {name: getattr(figure, name) for name in FigureOut.model_fields} for figure in one.figures
                    ],
                    "case_nos": [case.case_no for case in one.cases],
                }
                for one in contents.sections
            ],
            "caveats": contents.caveats,
        }
    )


@router.get("/packs/{pack_id}/files/{form}", **answers(None, also=(404, 409)), summary="下载一份材料")
def download(
    request: HttpRequest, pack_id: Id, form: Annotated[str, Path(pattern="^(docx|pdf|pptx)$")]
) -> FileResponse:
    """材料中有案件在制作后设为保密的，返回 409，重新制作后才能下载。"""
    viewer = caller_of(request).viewer
    found: Pack = _or_404(selectors.find, viewer, pack_id)
    now = timezone.now()
    contents = _opened(found, now).whole()
    looks.record(found, contents, viewer=viewer, form=Form(form), ip=address_of(request), now=now)
    return file_response(found, contents, Form(form))


def _lines_to_make(viewer: Viewer) -> list[Any]:
    return [key for key in selectors.keys_for(viewer) if access.makes(viewer, key)]


def _published(code: str) -> Version:
    found = next((one for one in evaluation.published() if one.period.code == code), None)
    if found is None:
        raise NotFound(f"考核期“{code}”还没有发布成绩")
    return found


def _or_404(find: Any, viewer: Viewer, wanted: Any) -> Any:
    try:
        return find(viewer, wanted)
    except PackNotFound as refusal:
        raise NotFound(refusal.message) from refusal


def _opened(found: Pack, now: datetime) -> withheld.Shown:
    try:
        return withheld.open_pack(found, now=now)
    except PackNotFound as refusal:
        raise NotFound(refusal.message) from refusal


def _line(line: selectors.Line) -> dict[str, Any]:
    kept = line.pack
    return {
        "group": line.group,
        "unit_id": line.unit_id,
        "name": directory.unit(line.unit_id).name,
        "pack_id": kept.pk if kept else None,
        "state": kept.state if kept else None,
        "made_at": kept.made_at if kept else None,
        "error": kept.error if kept else "",
        "may_make": line.may_make,
    }


def _batch(progress: selectors.Progress) -> dict[str, Any]:
    return {
        "id": progress.batch.pk,
        "total": progress.batch.total,
        "ready": progress.ready,
        "failed": progress.failed,
    }
