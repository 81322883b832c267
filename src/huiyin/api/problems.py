"""Every refusal of the API as RFC 9457 problem details: a stable type, a Chinese sentence, the fields at fault."""

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from huiyin.api.scopes import Scope
from huiyin.api.wording import said_in_chinese
from huiyin.cases.desk import MovedSince
from huiyin.domain.actions import Action
from huiyin.domain.errors import DomainError, InvalidData

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:huiyin:problem:"
_STATUS = {"invalid_data": 422, "file_refused": 422, "case_not_found": 404, "not_permitted": 403}
_BROKEN_RULE = 409


class ApiRefusal(DomainError):
    """请求不能处理。"""

    status = 400


class NotFound(ApiRefusal):
    """没有找到所请求的内容。"""

    code, status = "not_found", 404


class OutOfScope(ApiRefusal):
    """此令牌没有这项权限。"""

    code, status = "out_of_scope", 403

    def __init__(self, scope: Scope) -> None:
        super().__init__(f"此令牌没有“{scope.label}”权限（{scope}）。")


class NoPost(ApiRefusal):
    """此账号暂无岗位，请联系管理员设置岗位。"""

    code, status = "no_post", 403


class Forbidden(ApiRefusal):
    """您的岗位无权使用这项功能。"""

    code, status = "forbidden", 403


class CsrfFailed(ApiRefusal):
    """页面已过期，请刷新后重试（缺少或不符的 CSRF 标记）。"""

    code, status = "csrf_failed", 403


class KeyReused(ApiRefusal):
    """此 Idempotency-Key 已用于内容不同的请求，请换一个。"""

    code, status = "idempotency_key_reused", 422


class PreconditionFailed(MovedSince):
    """If-Match named an older version of the case."""

    code, status = "precondition_failed", 412


class Unavailable(ApiRefusal):
    """服务暂时不可用，请稍后重试。"""

    code, status = "unavailable", 503


def problem(
    request: HttpRequest,
    status: int,
    code: str,
    detail: str,
    *,
    errors: Sequence[Mapping[str, str]] = (),
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    body: dict[str, Any] = {
        "type": TYPE + code,
        "title": _TITLES.get(status) or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": f"urn:huiyin:request:{getattr(request, 'request_id', '')}",
        "code": code,
    }
    if errors:
        body["errors"] = list(errors)
    body |= more or {}
    # A message may repeat what was sent, and that may hold characters that no UTF-8 can.
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    response = HttpResponse(text, content_type=MEDIA_TYPE, status=status)
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="huiyin"'
    return response


def of_status(request: HttpRequest, status: int) -> HttpResponse:
    code, detail = _PLAIN.get(status, ("error", "请求不能处理。"))
    return problem(request, status, code, detail)


def teach(api: NinjaAPI) -> None:
    """Sets the handlers, most general first; ninja takes the nearest class."""
    api.add_exception_handler(Exception, _bug)
    api.add_exception_handler(DomainError, _domain)
    api.add_exception_handler(HttpError, _http)
    api.add_exception_handler(AuthenticationError, lambda request, exc: of_status(request, 401))
    api.add_exception_handler(Throttled, lambda request, exc: of_status(request, 429))
    api.add_exception_handler(ValidationError, _validation)
    api.add_exception_handler(Http404, lambda request, exc: of_status(request, 404))
    api.add_exception_handler(PermissionDenied, lambda request, exc: of_status(request, 403))
    api.add_exception_handler(RequestDataTooBig, lambda request, exc: of_status(request, 413))
    api.add_exception_handler(SuspiciousOperation, lambda request, exc: of_status(request, 400))
    api.add_exception_handler(MultiPartParserError, lambda request, exc: of_status(request, 400))


def _http(request: HttpRequest, exc: HttpError) -> HttpResponse:
    """Ninja says 400 of any body that could not be read; the reader may have known better (415)."""
    cause = exc.__cause__
    return of_status(request, cause.status_code if isinstance(cause, HttpError) else exc.status_code)


def _domain(request: HttpRequest, exc: DomainError) -> HttpResponse:
    status = getattr(exc, "status", None) or _STATUS.get(exc.code, _BROKEN_RULE)
    errors = [{"field": name, "message": text} for name, text in exc.errors.items()] if _has_fields(exc) else []
    if not errors and exc.field:
        errors = [{"field": exc.field, "message": exc.message}]
    more = {"changes": _changes(exc)} if isinstance(exc, MovedSince) else None
    return problem(request, status, exc.code, exc.message, errors=errors, more=more)


def _has_fields(exc: DomainError) -> bool:
    return isinstance(exc, InvalidData)


def _changes(exc: MovedSince) -> list[dict[str, Any]]:
    return [
        {
            "seq": event.seq,
            "at": event.at.isoformat(),
            "action": event.action,
            "action_label": Action(event.action).label,
            "actor": event.actor_name,
            "status": event.to_status,
        }
        for event in exc.events
    ]


def _validation(request: HttpRequest, exc: ValidationError) -> HttpResponse:
    errors = [
        {"field": ".".join(str(part) for part in error["loc"][1:]) or str(error["loc"][0]), "message": text}
        for error in exc.errors
        for text in [said_in_chinese(error)]
    ]
    return problem(request, 422, InvalidData.code, "请求中的内容有误，请按提示修改。", errors=errors)


def _bug(request: HttpRequest, exc: Exception) -> HttpResponse:
    """The process boundary: the log tells what happened, the caller gets the number to ask about."""
    log.error("request %s failed", getattr(request, "request_id", ""), exc_info=exc)
    return of_status(request, 500)


_PLAIN: Mapping[int, tuple[str, str]] = {
    400: ("bad_request", "请求的格式不对，无法解析。"),
    401: ("not_authenticated", "没有提供有效的令牌，或令牌已到期、已停用。"),
    403: ("forbidden", "您的岗位无权使用这项功能。"),
    404: ("not_found", "没有找到所请求的内容。"),
    405: ("method_not_allowed", "此地址不支持这种请求方法。"),
    413: ("too_large", "请求内容过大。"),
    415: ("unsupported_media_type", "不支持这种内容类型。"),
    429: ("too_many_requests", "请求过于频繁，请稍后再试。"),
    500: ("internal_error", "系统出错，已记录。请稍后重试，或凭请求编号联系管理员。"),
    503: ("unavailable", "服务暂时不可用，请稍后重试。"),
}
_TITLES: Mapping[int, str] = {
    400: "请求有误",
    401: "未通过认证",
    403: "无权操作",
    404: "没有找到",
    405: "方法不支持",
    409: "与当前状态冲突",
    412: "版本已变化",
    413: "内容过大",
    415: "类型不支持",
    422: "内容有误",
    429: "过于频繁",
    500: "系统错误",
    503: "暂不可用",
}
