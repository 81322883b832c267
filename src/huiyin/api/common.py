"""What the operations share: how a case is named in an address, the refusals every schema lists."""

from collections.abc import Collection
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path

from huiyin.api.callers import Caller

CaseNo = Annotated[
    str,
    Path(description="案件编号，可带分隔符：261122-0004217-8306", min_length=1, max_length=32, pattern=r"^[0-9-]+$"),
]

_REFUSALS = {
    400: "请求的格式不对",
    401: "没有有效的令牌",
    403: "无权操作",
    404: "没有找到（或无权查看）",
    409: "与案件当前状态冲突",
    412: "If-Match 所指版本已变化",
    413: "内容过大",
    415: "类型不支持",
    422: "内容有误，errors 指出字段",
    429: "过于频繁，见 Retry-After",
    503: "暂不可用",
}


def caller_of(request: HttpRequest) -> Caller:
    caller: Caller = request.auth  # type: ignore[attr-defined]  # set by ninja after authentication
    return caller


def answers(body: Any, *, status: int = 200, also: Collection[int] = (), example: Any = None) -> dict[str, Any]:
    """What an operation gives and which refusals it knows, as ninja's decorator takes it."""
    codes = sorted({400, 401, 403, 422, 429, *also})
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    extra: dict[str, Any] = {
        "responses": {code: {"description": _REFUSALS[code], "content": content} for code in codes}
    }
    if example is not None:
        extra["requestBody"] = {"content": {"application/json": {"example": example}}}
    return {"response": {status: body}, "openapi_extra": extra}
