"""The shapes of answers as the OpenAPI schema shows them; `showing` builds plain dicts of these shapes."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from huiyin.domain.vocabulary import (
    ActorKind,
    AreaKind,
    Asked,
    Channel,
    ClockKind,
    Disposition,
    Grade,
    Light,
    RequestType,
    Satisfaction,
    Status,
    Term,
    UnitKind,
)


def words(term: type[Term]) -> Any:
    """The code words of an enum; the schema also tells what each means."""
    return Literal[tuple(str(member) for member in term)]


def meaning(term: type[Term], label: str) -> Any:
    return Field(description=f"{label}：" + "；".join(f"{member.value} {member.label}" for member in term))


class FieldProblem(BaseModel):
    field: str
    message: str


class Change(BaseModel):
    """What somebody else did in the meantime."""

    seq: int
    at: datetime
    action: str
    action_label: str
    actor: str
    status: str


class Problem(BaseModel):
    """RFC 9457 problem details."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="urn:huiyin:problem:<code>，不变的错误类型")
    title: str
    status: int
    detail: str = Field(description="给人看的中文说明")
    instance: str = Field(description="请求编号，查日志用")
    code: str
    errors: list[FieldProblem] = Field(default=[], description="哪些字段不对、怎么改")
    changes: list[Change] = Field(default=[], description="版本冲突时，此前他人做了什么")


class AreaRef(BaseModel):
    id: int
    code: str
    name: str


class UnitRef(AreaRef):
    pass


class ClassRef(BaseModel):
    code: str
    path: str


class Place(BaseModel):
    district: AreaRef | None
    street: AreaRef | None
    community: AreaRef | None
    address: str


class CaseBrief(BaseModel):
    """A case as lists show it: without the citizen's identity."""

    id: int
    case_no: str
    seq: int = Field(description="版本：每个事件加一；办理时可用 If-Match 或 expected_seq 防止覆盖")
    status: words(Status) = meaning(Status, "状态")
    title: str
    channel: words(Channel) = meaning(Channel, "渠道")
    request_type: words(RequestType) = meaning(RequestType, "诉求类型")
    grade: words(Grade) = meaning(Grade, "分级")
    case_class: ClassRef
    place: Place
    confidential: bool
    lead_unit: UnitRef | None = Field(description="主办单位")
    sub_unit: UnitRef | None = Field(description="二级承办单位")
    registered_at: datetime
    last_at: datetime
    due_at: datetime | None = Field(description="办理时限")
    light: words(Light) | None = Field(description="办理时限的灯：green 正常；yellow 将到期；red 已超期")
    closed_at: datetime | None


class ClockOut(BaseModel):
    kind: words(ClockKind) = meaning(ClockKind, "时限")
    started_at: datetime
    warn_at: datetime | None
    due_at: datetime


class Identity(BaseModel):
    """Masked; the open values need POST …/reveal."""

    name: str
    phone: str


class CaseOut(CaseBrief):
    content: str
    origin_line: str
    anonymous: bool
    requester: Identity | None = Field(description="已脱敏；对承办单位匿名的为 null")
    disposition: words(Disposition) | None
    first_unit: UnitRef | None = Field(description="首接单位")
    co_units: list[UnitRef] = Field(description="协办单位")
    dispatched_at: datetime | None
    signed_at: datetime | None
    contacted_at: datetime | None
    feedback_requester_at: datetime | None
    feedback_hotline_at: datetime | None
    extension: words(Asked)
    suspension: words(Asked)
    supervised: bool
    escalated: bool
    urge_count: int
    supplement_count: int
    round: int
    contacted: bool | None
    solved: bool | None
    satisfaction: words(Satisfaction) | None
    callback_valid: bool | None
    clocks: list[ClockOut]


class Registered(BaseModel):
    """What the caller tells the citizen, and what the platform decided."""

    id: int
    case_no: str
    case_no_spoken: str = Field(description="便于朗读的分段写法")
    access_code: str | None = Field(description="查询码：凭编号和查询码查询进度和评价；承办单位登记的不返回")
    seq: int
    status: words(Status) = meaning(Status, "状态")
    grade: words(Grade) = meaning(Grade, "分级")
    case_class: ClassRef
    lead_unit: UnitRef | None
    registered_at: datetime
    due_at: datetime | None
    clocks: list[ClockOut]
    proposal: dict[str, Any] | None = Field(description="系统对分类、地点、分级、单位的建议及理由")


class CasePage(BaseModel):
    items: list[CaseBrief]
    next: str | None = Field(description="下一页的地址")
    previous: str | None = Field(description="上一页的地址")


class EventOut(BaseModel):
    seq: int
    at: datetime
    action: str
    action_label: str
    from_status: words(Status) | None
    to_status: words(Status)
    actor_kind: words(ActorKind)
    actor_name: str
    unit: UnitRef | None
    reason: str
    data: dict[str, Any]


class Events(BaseModel):
    items: list[EventOut]


class FieldOut(BaseModel):
    name: str
    code_name: str | None = Field(description="可改用代码填写的字段名")
    kind: str
    label: str
    required: bool
    help: str
    choices: list[dict[str, str]]
    reasons: str


class AllowedAction(BaseModel):
    action: str
    label: str
    fields: list[FieldOut]


class Allowed(BaseModel):
    seq: int
    items: list[AllowedAction]


class Revealed(BaseModel):
    field: str
    value: str


class FileOut(BaseModel):
    id: int
    name: str
    media_type: str
    size: int
    sha256: str
    uploaded_at: datetime


class Files(BaseModel):
    items: list[FileOut]


class AreaOut(AreaRef):
    short_name: str
    kind: words(AreaKind)
    parent_code: str | None
    district_code: str | None
    valid_from: date
    valid_to: date | None


class UnitOut(AreaRef):
    short_name: str
    kind: words(UnitKind)
    parent_code: str | None
    area_code: str | None
    district_code: str | None
    valid_from: date
    valid_to: date | None


class ClassOut(BaseModel):
    code: str
    level1: str
    level2: str
    level3: str
    request_types: list[str]
    grade: words(Grade)
    dimension: str
    keywords: list[str]


class LimitOut(BaseModel):
    grade: words(Grade)
    clock: str
    label: str
    amount: int
    unit: str
    unit_label: str


class ReasonOut(BaseModel):
    code: str
    label: str
    parent: str


def listing(item: type[BaseModel], *, paged: bool = False) -> type[BaseModel]:
    """{"items": […]} and, where there may be more, the address of the next part."""
    more: dict[str, Any] = {"next": (str | None, ...)} if paged else {}
    return create_model(f"{item.__name__}List", items=(list[item], ...), **more)
