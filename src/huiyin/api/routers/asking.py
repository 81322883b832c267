"""Asking the citizen by API: links sent and how far each came, second answers; recording a callback is an action."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from huiyin.accounts.viewer import Viewer
from huiyin.api import showing
from huiyin.api.callers import needs
from huiyin.api.common import CaseNo, answers, caller_of
from huiyin.api.scopes import Scope
from huiyin.api.shapes import listing
from huiyin.callbacks import links, second_answers, shown_links
from huiyin.callbacks.models import SecondAnswer
from huiyin.callbacks.shown_links import ShownLink
from huiyin.callbacks.vocabulary import Channel, Way
from huiyin.cases import selectors
from huiyin.cases.models import Case
from huiyin.domain.errors import NotPermitted
from huiyin.domain.vocabulary import Attitude, Satisfaction

router = Router(tags=["回访"], auth=needs(Scope.READ))


class CallbackLinkOut(BaseModel):
    id: int
    round: int
    channel: Channel
    to: str = Field(description="脱敏")
    state: str = Field(description="送达到哪一步")
    made_by: str
    sent_at: datetime | None
    reminded_at: datetime | None
    opened_at: datetime | None
    answered_at: datetime | None
    expires_at: datetime
    phone_after: datetime = Field(description="此前不打电话")
    problem: str


class CallbackLinkIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    channel: Channel = Channel.SMS
    address: str = Field("", max_length=254, description="电子邮箱；短信发往登记的号码，不填")


class SecondAnswerOut(BaseModel):
    id: int
    round: int
    way: Way
    contacted: bool
    solved: bool | None
    satisfaction: Satisfaction
    attitude: Attitude | None
    words: str
    reason: str
    at: datetime
    by_name: str


class SecondAnswerIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=200, description="诉求人为什么再次评价")
    contacted: bool
    solved: bool | None = Field(None, description="建议类不问")
    satisfaction: Satisfaction
    attitude: Attitude | Literal[""] = ""
    remark: str = Field("", max_length=4000)


@router.get("/cases/{case_no}/links", **answers(listing(CallbackLinkOut), also=(404,)), summary="评价链接的送达情况")
def sent_links(request: HttpRequest, case_no: CaseNo) -> HttpResponse:
    """新的在前；链接本身不向任何人显示。承办单位不能查看。"""
    case = _asked_case(caller_of(request).viewer, case_no)
    return showing.answer({"items": [_link(one) for one in shown_links.of_case(case)]})


@router.post(
    "/cases/{case_no}/links",
    auth=needs(Scope.ACT),
    **answers(CallbackLinkOut, status=201, also=(404, 409)),
    summary="发评价链接",
)
def send_link(request: HttpRequest, case_no: CaseNo, body: CallbackLinkIn) -> HttpResponse:
    """由回访员发出；同一轮同一方式只发一次，发送失败的可以重发。"""
    viewer = caller_of(request).viewer
    case = _asked_case(viewer, case_no)
    made = links.invite_by_hand(case, channel=body.channel, address=body.address, by=viewer, now=timezone.now())
    return showing.answer(_link(next(one for one in shown_links.of_case(case) if one.id == made.pk)), status=201)


@router.get("/cases/{case_no}/second-answers", **answers(listing(SecondAnswerOut), also=(404,)), summary="再次评价")
def all_second_answers(request: HttpRequest, case_no: CaseNo) -> HttpResponse:
    """与原回访结果并存，不改变成绩。承办单位不能查看。"""
    viewer = caller_of(request).viewer
    case = _asked_case(viewer, case_no)
    return showing.answer({"items": [_second(one) for one in second_answers.of_case(viewer, case)]})


@router.post(
    "/cases/{case_no}/second-answers",
    auth=needs(Scope.ACT),
    **answers(SecondAnswerOut, status=201, also=(404, 409)),
    summary="记录再次评价",
)
def keep_second_answer(request: HttpRequest, case_no: CaseNo, body: SecondAnswerIn) -> HttpResponse:
    """由回访员记录诉求人在有结果之后又说的话。"""
    viewer = caller_of(request).viewer
    case = _asked_case(viewer, case_no)
    given = body.model_dump(exclude={"reason"}, exclude_none=True)
    kept = second_answers.keep_by_phone(case, answers=given, reason=body.reason, by=viewer, now=timezone.now())
    return showing.answer(_second(kept), status=201)


def _asked_case(viewer: Viewer, case_no: str) -> Case:
    """Of what a citizen was asked a unit learns nothing before the rule lets it (evaluation)."""
    if not second_answers.may_read(viewer):
        raise NotPermitted("评价链接和再次评价由热线回访、考评、监督人员查看")
    return selectors.find_case(viewer, case_no)


def _link(one: ShownLink) -> dict[str, Any]:
    same = ("id", "round", "channel", "to", "made_by", "sent_at", "reminded_at", "opened_at", "answered_at")
    rest = ("expires_at", "phone_after", "problem")
    return {"state": one.badge.words, **{name: getattr(one, name) for name in (*same, *rest)}}


def _second(one: SecondAnswer) -> dict[str, Any]:
    same = ("id", "round", "way", "contacted", "solved", "satisfaction", "words", "reason", "at", "by_name")
    return {"attitude": one.attitude or None, **{name: getattr(one, name) for name in same}}
