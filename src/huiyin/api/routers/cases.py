"""Registering, reading and listing cases, their history, and the logged look at a citizen's identity."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import BaseModel, Field

from huiyin.accounts import reveals
from huiyin.accounts.models.looks import Purpose
from huiyin.api import finding, idempotency, showing
from huiyin.api.bodies import body_of, resolved
from huiyin.api.callers import Caller, needs
from huiyin.api.common import CaseNo, answers, caller_of
from huiyin.api.finding import Filters
from huiyin.api.idempotency import Answer, IdempotencyKey
from huiyin.api.scopes import Scope
from huiyin.api.shapes import CaseOut, CasePage, Events, Registered, Revealed
from huiyin.cases import disclosure, journal, selectors
from huiyin.domain.actions import FIELDS, Action
from huiyin.domain.fields import Field as DomainField
from huiyin.domain.statement import STATEMENT
from huiyin.intake import registering

router = Router(tags=["案件"])

_REGISTER: tuple[DomainField, ...] = (*STATEMENT, *FIELDS[Action.REGISTER])
# What the caller leaves out is proposed from the text and the place; the channel is then 接口.
RegisterCase = body_of("RegisterCase", _REGISTER, optional=("channel", "request_type", "class_code", "grade"))
_REGISTER_EXAMPLE = {
    "content": "幸福小区3号楼2单元楼道灯坏了三个月，晚上老人上下楼很危险，希望尽快修好。",
    "requester_name": "王女士",
    "phone": "13900001234",
    "street_code": "110105026",
    "address": "幸福小区3号楼2单元",
}


@router.post(
    "/cases",
    auth=needs(Scope.REGISTER),
    **answers(Registered, status=201, also=(409, 413), example=_REGISTER_EXAMPLE),
    summary="登记案件",
    operation_id="register_case",
)
def register(request: HttpRequest, body: RegisterCase, idempotency_key: IdempotencyKey = None) -> HttpResponse:  # type: ignore[valid-type]
    """登记一件诉求。分类、分级、诉求类型、承办单位可以不填，由系统按内容和地点提出建议；把握足够时直接派单，否则进入派单台。"""
    caller, now, given = caller_of(request), timezone.now(), body.model_extra or {}

    def work() -> Answer:
        data = {"channel": "api", **resolved(_REGISTER, given, viewer=caller.viewer)}
        row = registering.register_matter(actor=caller.actor, data=data, now=now)
        shown = showing.registered(row, row.clocks.all(), caller.viewer)
        return Answer(status=201, body=showing.as_text(shown), location=f"/api/v1/cases/{row.case_no}")

    digest = idempotency.digest_of("register", given) if idempotency_key else b""
    return idempotency.once(caller=caller.key, key=idempotency_key, digest=digest, now=now, work=work).response()


@router.get(
    "/cases",
    auth=needs(Scope.READ),
    **answers(CasePage),
    summary="查询案件",
    operation_id="list_cases",
)
def list_cases(request: HttpRequest, filters: Annotated[Filters, Query()]) -> HttpResponse:
    """按条件列出有权查看的案件，从新到旧（`sort=due` 时按办理时限）。用 `next`、`previous` 翻页，翻到多深都一样快。"""
    caller, now = caller_of(request), timezone.now()
    page = finding.page_of(caller.viewer, filters, now)
    following, earlier = finding.links(request, page)
    response = showing.answer(
        {"items": [showing.brief(row, caller.viewer, now) for row in page.rows], "next": following, "previous": earlier}
    )
    links = [f'<{address}>; rel="{rel}"' for rel, address in (("next", following), ("prev", earlier)) if address]
    if links:
        response["Link"] = ", ".join(links)
    return response


@router.get(
    "/cases/{case_no}",
    auth=needs(Scope.READ),
    **answers(CaseOut, also=(404,)),
    summary="查看案件",
    operation_id="read_case",
)
def read(request: HttpRequest, case_no: CaseNo) -> HttpResponse:
    """案件的现状。诉求人的姓名和电话已脱敏。`ETag` 即版本号，办理时放入 `If-Match`。"""
    caller = caller_of(request)
    return case_answer(caller, selectors.find_case(caller.viewer, case_no), now=timezone.now())


@router.get(
    "/cases/{case_no}/events",
    auth=needs(Scope.READ),
    **answers(Events, also=(404,)),
    summary="办理过程",
    operation_id="list_events",
)
def events(
    request: HttpRequest,
    case_no: CaseNo,
    after: Annotated[int, Query(0, ge=0, le=2**31 - 1, description="只要此序号之后的事件")],
) -> HttpResponse:
    """从旧到新。回访尚未结束时，未接通的拨打只有热线能看到，其他单位看到的序号可能不连续。"""
    viewer = caller_of(request).viewer
    row = selectors.find_case(viewer, case_no)
    said = disclosure.words_for(viewer, row)
    told = disclosure.events_told(journal.since(row.pk, after), row, whole_city=viewer.sees == "city")
    return showing.answer({"items": [showing.event(event, said) for event in told]})


class RevealRequest(BaseModel):
    field: Annotated[Literal["phone", "name"], Field(description="phone 联系电话；name 姓名")]
    purpose: Annotated[
        Literal[tuple(Purpose.values)],  # type: ignore[valid-type]  # the enum's words
        Field(description="；".join(f"{value} {label}" for value, label in Purpose.choices)),
    ]
    reason: Annotated[str, Field(min_length=4, max_length=200, description="为什么需要查看")]


@router.post(
    "/cases/{case_no}/reveal",
    auth=needs(Scope.REVEAL),
    **answers(Revealed, also=(404,)),
    summary="查看未脱敏信息",
    operation_id="reveal",
)
def reveal(request: HttpRequest, case_no: CaseNo, body: RevealRequest) -> HttpResponse:
    """每次查看都留痕：何人、何时、何单位、何用途。"""
    caller = caller_of(request)
    row = selectors.find_case(caller.viewer, case_no)
    ip = reveals.address_of(request)
    value = disclosure.reveal(
        caller.viewer, row, body.field, purpose=body.purpose, reason=body.reason, ip=ip, now=timezone.now()
    )
    return showing.answer({"field": body.field, "value": value})


def case_answer(caller: Caller, row: Any, *, now: datetime) -> HttpResponse:
    response = showing.answer(showing.full(row, caller.viewer, clocks=row.clocks.all(), now=now))
    response["ETag"] = f'"{row.seq}"'
    return response
