"""Attachments: uploaded first, then named by the registration or action that they belong to."""

from typing import Annotated

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import File, Path, Router
from ninja.files import UploadedFile

from huiyin.api import showing
from huiyin.api.callers import needs
from huiyin.api.common import answers, caller_of
from huiyin.api.problems import NotFound, OutOfScope
from huiyin.api.scopes import Scope
from huiyin.api.shapes import FileOut
from huiyin.cases import attachments
from huiyin.domain.vocabulary import Role

router = Router(tags=["附件"])

FileId = Annotated[int, Path(ge=1, le=2**63 - 1)]
_BRINGS_FILES = frozenset({Role.OPERATOR, Role.DISPATCHER, Role.CALLBACK_AGENT, Role.HANDLER, Role.UNIT_HEAD})


@router.post(
    "/attachments",
    auth=needs(Scope.READ),
    **answers(FileOut, status=201, also=(413,)),
    summary="上传附件",
)
def upload(request: HttpRequest, file: Annotated[UploadedFile, File(description="一个文件")]) -> HttpResponse:
    """按内容识别类型；图片重新编码并去除位置信息。返回的 id 填入登记或办理的 `files`。须有“登记”或“办理”权限。"""
    caller = caller_of(request)
    if not caller.scopes & {Scope.REGISTER, Scope.ACT}:
        raise OutOfScope(Scope.ACT)
    caller.must_be(_BRINGS_FILES)
    row = attachments.receive(file, actor=caller.actor, now=timezone.now())
    return showing.answer(showing.file_out(row), status=201)


@router.get(
    "/attachments/{file_id}",
    auth=needs(Scope.READ),
    **answers(None, also=(404,)),
    summary="下载附件",
)
def download(request: HttpRequest, file_id: FileId) -> FileResponse:
    """只限能查看所属案件的人。"""
    row = attachments.visible_files(caller_of(request).viewer).filter(pk=file_id).first()
    if row is None:
        raise NotFound("没有这个附件，或您无权查看。")
    try:
        content = default_storage.open(row.stored_as)
    except FileNotFoundError as exc:
        raise NotFound("附件的内容已不在存储中。") from exc
    response = FileResponse(content, as_attachment=True, filename=row.name, content_type=row.media_type)
    response["Content-Security-Policy"] = "sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
