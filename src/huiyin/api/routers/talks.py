"""Talks (约谈) by API: those of one's own reach, calling a unit, what was said and promised, what came of it."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router
from pydantic import BaseModel, ConfigDict, Field

from huiyin.accounts.viewer import Viewer
from huiyin.api import showing
from huiyin.api.callers import needs
from huiyin.api.common import answers, caller_of
from huiyin.api.problems import NotFound
from huiyin.api.scopes import Scope
from huiyin.api.shapes import listing, words
from huiyin.evaluation.vocabulary import Group
from huiyin.governance import talk_lists, talking
from huiyin.governance.models import Talk
from huiyin.governance.talk_lists import Shown
from huiyin.governance.vocabulary import TalkState

router = Router(tags=["约谈"], auth=needs(Scope.READ))

Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
_Words = Annotated[str, Field(min_length=1, max_length=2000)]


class TalkOut(BaseModel):
    id: int
    group: words(Group)
    unit_id: int
    name: str
    state: words(TalkState)
    period: str | None = Field(description="所依据的考核期")
    reason: str
    by_rule: bool = Field(description="由规则按已发布的成绩提出")
    proposed_by: str
    proposed_at: datetime
    held_on: date | None
    held_by: str
    minutes: str
    promises: str
    promised_until: date | None
    overdue: bool = Field(description="过了承诺日期还没有了结")
    kept: bool | None
    outcome: str
    ended_by: str
    ended_at: datetime | None


class CallIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    group: words(Group)
    unit_id: Annotated[int, Field(ge=1, le=2**31 - 1)]
    reason: _Words


class HoldIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    on: date
    minutes: Annotated[str, Field("", max_length=2000)]
    promises: _Words
    until: date


class CloseIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kept: bool = Field(description="承诺是否全部落实")
    outcome: _Words


class DropIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: _Words


@router.get("/governance/talks", **answers(listing(TalkOut)), summary="约谈")
def talks(request: HttpRequest, show: Annotated[Shown, Query(Shown.OPEN)]) -> HttpResponse:
    """您可以查看的，最多 200 条：市级考评员和领导看全部，区看本区和本区街乡镇，其他单位负责人看本单位。"""
    lines = talk_lists.talk_lines(caller_of(request).viewer, show, timezone.localdate())
    return showing.answer({"items": [_line(line) for line in lines]})


@router.post(
    "/governance/talks", auth=needs(Scope.ACT), **answers(TalkOut, status=201, also=(409,)), summary="提出约谈"
)
def call(request: HttpRequest, body: CallIn) -> HttpResponse:
    """供市级考评员和领导，写明理由；该单位负责人会收到消息。"""
    viewer = caller_of(request).viewer
    made = talking.call(Group(body.group), body.unit_id, reason=body.reason, by=viewer, now=timezone.now())
    return showing.answer(_shown(made), status=201)


@router.get("/governance/talks/{talk_id}", **answers(TalkOut, also=(404,)), summary="一次约谈")
def talk(request: HttpRequest, talk_id: Id) -> HttpResponse:
    return showing.answer(_shown(_find(caller_of(request).viewer, talk_id)))


@router.post(
    "/governance/talks/{talk_id}/hold",
    auth=needs(Scope.ACT),
    **answers(TalkOut, also=(404, 409)),
    summary="登记约谈",
)
def hold(request: HttpRequest, talk_id: Id, body: HoldIn) -> HttpResponse:
    """约谈日期、纪要、整改承诺和期限。"""
    viewer = caller_of(request).viewer
    found = _find(viewer, talk_id)
    held = talking.hold(
        found.pk,
        on=body.on,
        minutes=body.minutes,
        promises=body.promises,
        until=body.until,
        by=viewer,
        now=timezone.now(),
    )
    return showing.answer(_shown(held))


@router.post(
    "/governance/talks/{talk_id}/close",
    auth=needs(Scope.ACT),
    **answers(TalkOut, also=(404, 409)),
    summary="了结约谈",
)
def close(request: HttpRequest, talk_id: Id, body: CloseIn) -> HttpResponse:
    viewer = caller_of(request).viewer
    found = _find(viewer, talk_id)
    closed = talking.close(found.pk, kept=body.kept, outcome=body.outcome, by=viewer, now=timezone.now())
    return showing.answer(_shown(closed))


@router.post(
    "/governance/talks/{talk_id}/drop",
    auth=needs(Scope.ACT),
    **answers(TalkOut, also=(404, 409)),
    summary="不再约谈",
)
def drop(request: HttpRequest, talk_id: Id, body: DropIn) -> HttpResponse:
    """只能对还没有举行的约谈，写明理由。"""
    viewer = caller_of(request).viewer
    dropped = talking.drop(_find(viewer, talk_id).pk, reason=body.reason, by=viewer, now=timezone.now())
    return showing.answer(_shown(dropped))


def _find(viewer: Viewer, talk_id: int) -> Talk:
    found = talk_lists.talks_for(viewer).filter(pk=talk_id).first()
    if found is None:
        raise NotFound("没有这次约谈")
    return found


def _shown(talk: Talk) -> dict[str, Any]:
    return _line(talk_lists.line_of(talk, timezone.localdate()))


def _line(line: talk_lists.TalkLine) -> dict[str, Any]:
    talk = line.talk
    same = ("id", "group", "unit_id", "state", "reason", "by_rule", "proposed_by", "proposed_at")
    held = ("held_on", "held_by", "minutes", "promises", "promised_until", "kept", "outcome", "ended_by", "ended_at")
    return {
        "name": line.name,
        "period": talk.period.code if talk.period else None,
        "overdue": line.overdue,
        **{name: getattr(talk, name) for name in (*same, *held)},
    }
