"""The API, version 1: the routers put together, JSON read strictly, every address guarded."""

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.types import DictStrAny

from huiyin import __version__
from huiyin.api import problems
from huiyin.api.edge import guarded
from huiyin.api.limits import PerMinute
from huiyin.api.routers import (
    actions,
    asking,
    cases,
    evaluation,
    exclusions,
    files,
    gaming,
    governance,
    health,
    indicators,
    knowledge,
    learning,
    matters,
    packs,
    registry,
    sampling,
    talks,
    webhooks,
)
from huiyin.api.shapes import Problem

DESCRIPTION = """
市民热线平台的开放接口：登记、查询、办理、附件、基础数据、事件推送。

- **认证**：`Authorization: Bearer <令牌>`；令牌由管理员发放，按权限（scope）和账号岗位限定范围。停用后 5 秒内失效。
- **错误**：一律为 RFC 9457 的 `application/problem+json`；`code` 不变，`detail` 可直接给人看。
- **限流**：每个令牌按分钟计，见回答头 `RateLimit`、`RateLimit-Policy`；超出为 429 和 `Retry-After`。
- **隐私**：个人信息默认脱敏；查看原文须有 `reveal` 权限、写明事由，逐次留痕。
""".strip()


class StrictParser(Parser):
    """JSON as its standard says: no NaN, UTF-8 only."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        if request.content_type != "application/json":
            raise HttpError(415, "")
        parsed: DictStrAny = json.loads(request.body.decode("utf-8"), parse_constant=_refuse)
        return parsed


class HuiyinApi(NinjaAPI):
    def _get_urls(self) -> list[URLResolver | URLPattern]:
        found = super()._get_urls()
        for pattern in found:
            if isinstance(pattern, URLPattern):
                pattern.callback = guarded(pattern.callback)
        return found

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        """Problem is named by every refusal through its address alone, so its definition is added here."""
        schema = super().get_openapi_schema(**given)
        definition = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schema["components"]["schemas"] |= {**definition.pop("$defs", {}), "Problem": definition}
        return schema


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


api = HuiyinApi(
    title="回音 Huiyin 12345 热线平台接口",
    version=__version__,
    description=DESCRIPTION,
    urls_namespace="api:v1",
    parser=StrictParser(),
    throttle=[PerMinute()],
)
problems.teach(api)
for _router in (
    cases,
    actions,
    asking,
    files,
    matters,
    registry,
    sampling,
    webhooks,
    learning,
    knowledge,
    evaluation,
    exclusions,
    gaming,
    governance,
    talks,
    indicators,
    packs,
    health,
):
    api.add_router("", _router.router)
