"""Webhooks by API: what the page 事件推送 does, for administrators."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from huiyin.api import showing
from huiyin.api.callers import Caller, needs
from huiyin.api.common import answers, caller_of
from huiyin.api.models import Delivery, DeliveryState, Webhook
from huiyin.api.problems import NotFound
from huiyin.api.scopes import Scope
from huiyin.api.shapes import listing, words
from huiyin.api.webhooks import subscribing
from huiyin.domain.actions import Action
from huiyin.domain.errors import InvalidData
from huiyin.domain.vocabulary import Role
from huiyin.registry import directory

router = Router(tags=["事件推送"], auth=needs(Scope.WEBHOOKS))

Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
_NEWEST = 100


class NewWebhook(BaseModel):
    name: Annotated[str, Field(min_length=2, max_length=60, description="对方系统的名称")]
    url: Annotated[str, Field(min_length=8, max_length=500, description="https:// 地址")]
    events: Annotated[list[words(Action)], Field([], max_length=len(Action), description="要推送的操作；空为全部")]
    unit_code: Annotated[str, Field("", max_length=24, description="只推送此单位及其下级的案件；空为全市")]
    confidential: Annotated[bool, Field(False, description="是否包含保密件")]
    secret: Annotated[str, Field("", max_length=200, description="签名密钥；不填则由系统生成")]


class WebhookOut(BaseModel):
    id: int
    name: str
    url: str
    events: list[str]
    unit_code: str | None
    confidential: bool
    active: bool
    created_at: datetime
    failing_since: datetime | None
    disabled_because: str
    secret: str | None = Field(None, description="只在新建时给出一次")


class AttemptOut(BaseModel):
    at: datetime
    status: int | None
    problem: str
    milliseconds: int


class DeliveryOut(BaseModel):
    id: int
    action: str
    case_no: str
    state: words(DeliveryState)
    attempts: int
    created_at: datetime
    next_at: datetime | None
    tries: list[AttemptOut]


@router.get(
    "/webhooks",
    **answers(listing(WebhookOut)),
    summary="推送地址",
)
def list_webhooks(request: HttpRequest) -> HttpResponse:
    _administrator(request)
    return showing.answer({"items": [_shown(webhook) for webhook in Webhook.objects.order_by("id")[:_NEWEST]]})


@router.post(
    "/webhooks",
    **answers(WebhookOut, status=201),
    summary="登记推送地址",
)
def add_webhook(request: HttpRequest, body: NewWebhook) -> HttpResponse:
    """签名方法见 docs/api.md。"""
    caller = _administrator(request)
    unit = directory.unit_by_code(body.unit_code) if body.unit_code else None
    if body.unit_code and unit is None:
        raise InvalidData({"unit_code": "没有这个单位代码"})
    terms = subscribing.Terms(
        name=body.name,
        url=body.url,
        events=tuple(dict.fromkeys(body.events)),
        unit_id=unit.id if unit else None,
        confidential=body.confidential,
    )
    made = subscribing.subscribe(terms, now=timezone.now(), by=caller.viewer.staff_id, secret=body.secret)
    return showing.answer({**_shown(made.webhook), "secret": made.secret}, status=201)


@router.delete(
    "/webhooks/{webhook_id}",
    **answers(None, status=204, also=(404,)),
    summary="删除推送地址",
)
def remove_webhook(request: HttpRequest, webhook_id: Id) -> HttpResponse:
    _administrator(request)
    _found(webhook_id).delete()
    return HttpResponse(status=204)


@router.get(
    "/webhooks/{webhook_id}/deliveries",
    **answers(listing(DeliveryOut), also=(404,)),
    summary="推送记录",
)
def list_deliveries(
    request: HttpRequest,
    webhook_id: Id,
    state: Annotated[words(DeliveryState) | None, Query(None)],
) -> HttpResponse:
    """最近一百条，每条含各次尝试。"""
    _administrator(request)
    rows = Delivery.objects.filter(webhook=_found(webhook_id)).prefetch_related("tries").order_by("-id")
    if state:
        rows = rows.filter(state=state)
    return showing.answer({"items": [_delivery(row) for row in rows[:_NEWEST]]})


@router.post(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/resend",
    **answers(None, status=204, also=(404,)),
    summary="重新推送",
)
def resend(request: HttpRequest, webhook_id: Id, delivery_id: Id) -> HttpResponse:
    _administrator(request)
    delivery = Delivery.objects.filter(webhook_id=webhook_id, pk=delivery_id).first()
    if delivery is None:
        raise NotFound
    subscribing.resend(delivery, now=timezone.now())
    return HttpResponse(status=204)


def _administrator(request: HttpRequest) -> Caller:
    caller = caller_of(request)
    caller.must_be({Role.ADMINISTRATOR})
    return caller


def _found(webhook_id: int) -> Webhook:
    webhook = Webhook.objects.filter(pk=webhook_id).first()
    if webhook is None:
        raise NotFound
    return webhook


def _shown(webhook: Webhook) -> dict[str, Any]:
    unit = directory.find_unit(webhook.unit_id) if webhook.unit_id else None
    names = "id name url events confidential active created_at failing_since disabled_because"
    return {
        **{name: getattr(webhook, name) for name in names.split()},
        "unit_code": unit.code if unit else None,
        "secret": None,
    }


def _delivery(row: Delivery) -> dict[str, Any]:
    tries = [
        {"at": one.at, "status": one.status, "problem": one.problem, "milliseconds": one.milliseconds}
        for one in row.tries.all()
    ]
    return {
        "id": row.pk,
        "action": row.action,
        "case_no": row.case_no,
        "state": row.state,
        "attempts": row.attempts,
        "created_at": row.created_at,
        "next_at": row.next_at if row.state == DeliveryState.PENDING else None,
        "tries": sorted(tries, key=lambda one: one["at"]),
    }
