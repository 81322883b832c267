"""The case as the rules see it: a frozen snapshot, the change that an action makes, the event that records it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from huiyin.domain.deadlines import Clock
from huiyin.domain.errors import EventsOutOfOrder
from huiyin.domain.rules import Rules
from huiyin.domain.vocabulary import (
    ActorKind,
    Asked,
    ClockKind,
    Disposition,
    Grade,
    RequestType,
    Role,
    Satisfaction,
    Status,
)

Clocks = Mapping[ClockKind, Clock]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What the rules may look at. `seq` counts the events; `round` is 1, or 2 while handled for the second time."""

    status: Status
    seq: int = 0
    registered_at: datetime
    last_at: datetime
    requester_id: int
    request_type: RequestType
    class_code: str
    grade: Grade
    district_id: int | None = None
    street_id: int | None = None
    community_id: int | None = None
    address: str = ""
    confidential: bool = False
    disposition: Disposition | None = None

    lead_unit_id: int | None = None  # 主办单位: the one owner
    first_unit_id: int | None = None  # 首接单位: the first unit that the case was dispatched to
    sub_unit_id: int | None = None  # 二级承办单位
    co_unit_ids: tuple[int, ...] = ()  # 协办单位
    handler_id: int | None = None  # 承办人
    dispatched_at: datetime | None = None
    signed_at: datetime | None = None
    contacted_at: datetime | None = None
    feedback_requester_at: datetime | None = None
    feedback_hotline_at: datetime | None = None
    closed_at: datetime | None = None
    due_at: datetime | None = None  # end of the handling limit; kept after the clock stops, to judge by

    resume_status: Status | None = None  # where a denied return or a released suspension goes back to
    refused_unit_ids: tuple[int, ...] = ()  # units whose return was granted: never again for this case
    denied_unit_ids: tuple[int, ...] = ()  # units whose return was denied: they may not ask again
    extension: Asked = Asked.NONE
    suspension: Asked = Asked.NONE
    suspended_at: datetime | None = None
    supervised: bool = False
    escalated: bool = False  # 提级办
    urge_count: int = 0
    supplement_count: int = 0
    round: int = 1

    callback_attempts: int = 0
    callback_tried: str = ""  # when calls of this round went unanswered, as day_parts notes them
    callback_next_at: datetime | None = None
    callback_valid: bool | None = None
    contacted: bool | None = None
    solved: bool | None = None
    satisfaction: Satisfaction | None = None
    judged: bool = False  # a citizen has answered once: a second handling clears his answers, never this
    merged_into_id: int | None = None

    clocks: Clocks = field(default_factory=dict)

    @property
    def owner_unit_ids(self) -> frozenset[int]:
        return frozenset(unit for unit in (self.lead_unit_id, self.sub_unit_id) if unit is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts. Staff have roles at one unit and see `unit_ids` (theirs and below); a citizen is one requester.

    `district_id` is set for those who answer for a whole district, `whole_city` for those who answer for the city.
    """

    kind: ActorKind
    id: int | None = None
    name: str = ""
    roles: frozenset[Role] = frozenset()
    unit_id: int | None = None
    unit_ids: frozenset[int] = frozenset()
    district_id: int | None = None
    whole_city: bool = False
    requester_id: int | None = None

    @classmethod
    def system(cls) -> "Actor":
        return cls(kind=ActorKind.SYSTEM, name="系统")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a rule needs beside the case: who, when, by which rules, and the order of units (is a below b?)."""

    actor: Actor
    now: datetime
    rules: Rules
    is_below: Callable[[int, int], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an action does: fields set, clocks started (a Clock) or stopped (None), and the reason in words."""

    reason: str
    sets: Mapping[str, Any] = field(default_factory=dict)
    clocks: Mapping[ClockKind, Clock | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a case's history; the history, folded, is the case."""

    seq: int
    at: datetime
    action: str
    actor: Actor
    from_status: Status | None
    to_status: Status
    reason: str
    data: Mapping[str, object]
    change: Change


def apply(case: Case, change: Change, *, at: datetime) -> Case:
    """The case after the change. Time never runs backwards within a case.

    `judged` follows from the answer here, not from `sets`: so it is true of histories written before it was known.
    """
    if at < case.last_at:
        raise EventsOutOfOrder
    running = {kind: clock for kind, clock in {**case.clocks, **change.clocks}.items() if clock is not None}
    judged = case.judged or change.sets.get("callback_valid") is True
    return replace(case, **change.sets, clocks=running, judged=judged, seq=case.seq + 1, last_at=at)


def fold(registered: Case, events: Iterable[Event]) -> Case:
    """The case that a history leads to, from the empty case that was registered."""
    case = registered
    for event in events:
        case = apply(case, event.change, at=event.at)
    return case
