"""Ready-made rules, people and cases for tests; the figures are written out here a second time on purpose."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from huiyin.domain import lifecycle
from huiyin.domain.actions import Action
from huiyin.domain.calendar import CITY_ZONE, WorkCalendar
from huiyin.domain.case import Actor, Case, Context, Event
from huiyin.domain.rules import Duration, DurationUnit, Rules
from huiyin.domain.vocabulary import ActorKind, ClockKind, Grade, RequestType, Role, Span, Status

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

_UNITS = {
    "m": DurationUnit.MINUTE,
    "h": DurationUnit.HOUR,
    "d": DurationUnit.DAY,
    "w": DurationUnit.WORKING_DAY,
}
# clock or span -> limit for 特急, 紧急, 一般, 疑难
_LIMITS: Mapping[ClockKind | Span, str] = {
    ClockKind.DISPATCH: "5m 30m 30m 30m",
    ClockKind.SIGN: "15m 30m 2h 2h",
    ClockKind.CONTACT: "30m 2h 24h 24h",
    ClockKind.HANDLE: "2h 24h 7d 15d",
    ClockKind.RULING: "30m 2h 1w 1w",
    ClockKind.CALLBACK: "2d 2d 2d 2d",
    ClockKind.REVIEW: "30d 30d 30d 30d",
    Span.RETURN_WINDOW: "15m 30m 4h 4h",
    Span.EXTENSION: "- - 8d 15d",
}
# The National Day week of 2026 with its two worked weekend days.
CALENDAR = WorkCalendar(
    exceptions={date(2026, 10, day): False for day in range(1, 8)} | {date(2026, 9, 20): True, date(2026, 10, 10): True}
)
RULES = Rules(
    edition_id=1,
    limits={
        (grade, kind): Duration(amount=int(text[:-1]), unit=_UNITS[text[-1]])
        for kind, row in _LIMITS.items()
        for grade, text in zip(Grade, row.split(), strict=True)
        if text != "-"
    },
    calendar=CALENDAR,
    auto_dispatch_confidence=Decimal("0.85"),
    auto_dispatch_wrong_bound=Decimal("0.02"),
    danger_words=("漏气", "困人"),
    vulnerable_words=("呼吸机",),
    crowd_callers=5,
    crowd_minutes=30,
    yellow_fraction=Decimal("0.75"),
    max_extensions=1,
    max_reworks=1,
    rework_fraction=Decimal("0.5"),
    next_unit_fraction=Decimal("0.5"),
    escalate_after_refusals=3,
    callback_attempts=3,
    callback_at_due=True,
    callback_retry_hours=8,
)

# Units: two districts with a bureau and two streets each, one of the streets with a community; a city department.
DISTRICT, BUREAU, STREET, COMMUNITY, OTHER_STREET = 10, 11, 12, 13, 14
FAR_DISTRICT, FAR_STREET, DEPARTMENT, HOTLINE = 20, 22, 30, 1
PARENTS = {
    BUREAU: DISTRICT,
    STREET: DISTRICT,
    OTHER_STREET: DISTRICT,
    COMMUNITY: STREET,
    FAR_STREET: FAR_DISTRICT,
}
ALL_UNITS = (DISTRICT, BUREAU, STREET, COMMUNITY, OTHER_STREET, FAR_DISTRICT, FAR_STREET, DEPARTMENT)
DISTRICT_AREA, FAR_DISTRICT_AREA = 110105, 110106
REQUESTER = 7001


def is_below(unit: int, above: int) -> bool:
    parent = PARENTS.get(unit)
    return parent is not None and (parent == above or is_below(parent, above))


def at(text: str) -> datetime:
    """A moment in the city, as "2026-03-02 09:30"."""
    return datetime.fromisoformat(text).replace(tzinfo=CITY_ZONE)


MORNING = at("2026-03-02 09:00")  # a Monday without holidays near


def staff(*roles: Role, unit: int, district: int | None = None, city: bool = False, number: int = 1) -> Actor:
    below = frozenset(other for other in ALL_UNITS if other == unit or is_below(other, unit))
    return Actor(
        kind=ActorKind.STAFF,
        id=number,
        name="工作人员",
        roles=frozenset(roles),
        unit_id=unit,
        unit_ids=below,
        district_id=district,
        whole_city=city,
    )


def at_hotline(*roles: Role) -> Actor:
    return staff(*roles, unit=HOTLINE, city=True)


OPERATOR, DISPATCHER = at_hotline(Role.OPERATOR), at_hotline(Role.DISPATCHER)
CALLBACK_AGENT, EVALUATOR = at_hotline(Role.CALLBACK_AGENT), at_hotline(Role.EVALUATOR)
CITIZEN = Actor(kind=ActorKind.CITIZEN, requester_id=REQUESTER)
SYSTEM = Actor.system()


def handler(unit: int = STREET) -> Actor:
    return staff(Role.HANDLER, unit=unit)


def context(actor: Actor, now: datetime, rules: Rules = RULES) -> Context:
    return Context(actor=actor, now=now, rules=rules, is_below=is_below)


def blank(now: datetime = MORNING) -> Case:
    """The empty case before its first event."""
    return Case(
        status=Status.RECEIVED,
        registered_at=now,
        last_at=now,
        requester_id=REQUESTER,
        request_type=RequestType.HELP,
        class_code="010101",
        grade=Grade.NORMAL,
    )


REGISTRATION: Mapping[str, object] = {
    "channel": "phone",
    "request_type": "help",
    "class_code": "010101",
    "grade": "normal",
    "district_id": DISTRICT_AREA,
    "street_id": 501,
    "address": "某路1号",
}
GOOD_REPLY: Mapping[str, object] = {
    "outcome": "solved",
    "means": "phone",
    "result": "已安排维修人员上门修复并复查",
    "evidence": "现场照片两张",
}
GOOD_ANSWER: Mapping[str, object] = {"contacted": True, "solved": True, "satisfaction": "satisfied"}
BAD_ANSWER: Mapping[str, object] = {"contacted": True, "solved": False, "satisfaction": "unsatisfied"}
RETURN: Mapping[str, object] = {"reason": "不属于本单位职责", "basis": "职责清单第三条"}


@dataclass
class Life:
    """A case being lived: `now` goes on by one minute before each action unless told otherwise."""

    case: Case
    now: datetime
    rules: Rules = RULES
    events: list[Event] = field(default_factory=list)

    def act(self, actor: Actor, action: Action, *, after: timedelta = MINUTE, **data: Any) -> Case:
        self.now += after
        self.case, event = lifecycle.decide(self.case, action, data, context(actor, self.now, self.rules))
        self.events.append(event)
        return self.case

    def wait(self, span: timedelta) -> "Life":
        self.now += span
        return self

    def dispatch(self, unit: int = STREET, **data: Any) -> "Life":
        self.act(DISPATCHER, Action.DISPATCH, unit_id=unit, **data)
        return self

    def sign(self) -> "Life":
        self.act(self._owner(), Action.SIGN)
        return self

    def contact(self) -> "Life":
        self.act(self._owner(), Action.NOTE_CONTACT, means="phone", reached=True, note="已联系诉求人")
        return self

    def ask_return(self) -> "Life":
        self.act(self._owner(), Action.REQUEST_RETURN, **RETURN)
        return self

    def rule(self, *, granted: bool, unit: int | None = None) -> "Life":
        self.act(DISPATCHER, Action.RULE_RETURN, granted=granted, unit_id=unit, reason="经核实职责")
        return self

    def suspend(self, **data: Any) -> "Life":
        self.act(self._owner(), Action.REQUEST_SUSPENSION, reason="须立项改造", plan="列入明年改造计划")
        self.act(DISPATCHER, Action.DECIDE_SUSPENSION, granted=True, reason="情况属实", **data)
        return self

    def extend(self) -> "Life":
        self.act(self._owner(), Action.REQUEST_EXTENSION, reason="须等待材料到货", citizen_told=True)
        self.act(DISPATCHER, Action.DECIDE_EXTENSION, granted=True, reason="同意延期")
        return self

    def reply(self, **data: Any) -> "Life":
        told_at = self.now + MINUTE
        self.act(self._owner(), Action.REPLY, **{"told_at": told_at, **GOOD_REPLY, **data})
        return self

    def judge(self, answer: Mapping[str, object] = BAD_ANSWER) -> "Life":
        self.act(CITIZEN, Action.RECORD_CALLBACK, **answer)
        return self

    def rework(self) -> "Life":
        self.act(CALLBACK_AGENT, Action.REWORK, reason="诉求人反映未修好")
        return self

    def _owner(self) -> Actor:
        assert self.case.lead_unit_id is not None
        return handler(self.case.lead_unit_id)


def registered(grade: Grade = Grade.NORMAL, *, now: datetime = MORNING, rules: Rules = RULES, **data: Any) -> Life:
    entered = {**REGISTRATION, "grade": grade, **data}
    case, event = lifecycle.register(blank(now), entered, context(OPERATOR, now, rules))
    return Life(case=case, now=now, rules=rules, events=[event])


def _answered(life: Life) -> Life:
    return life.dispatch().sign().contact().reply()


def _acted(life: Life, actor: Actor, action: Action, **data: Any) -> Life:
    life.act(actor, action, **data)
    return life


_WAYS: Mapping[Status, Callable[[Life], Life]] = {
    Status.RECEIVED: lambda life: life,
    Status.DISPATCHED: lambda life: life.dispatch(),
    Status.SIGNED: lambda life: life.dispatch().sign(),
    Status.HANDLING: lambda life: life.dispatch().sign().contact(),
    Status.RETURN_REQUESTED: lambda life: life.dispatch().ask_return(),
    Status.SUSPENDED: lambda life: life.dispatch().sign().contact().suspend(),
    Status.REPLIED: _answered,
    Status.CALLBACK_PENDING: lambda life: _acted(_answered(life), SYSTEM, Action.START_CALLBACK),
    Status.CALLED_BACK: lambda life: _answered(life).judge(BAD_ANSWER),
    Status.CLOSED: lambda life: _answered(life).judge(GOOD_ANSWER),
    Status.MERGED: lambda life: _acted(life.dispatch(), DISPATCHER, Action.MERGE, into_id=99),
    Status.CANCELLED: lambda life: _acted(life, OPERATOR, Action.CANCEL, reason="重复登记"),
}


def in_status(status: Status, grade: Grade = Grade.NORMAL, *, rules: Rules = RULES) -> Life:
    """A case that came to this status by the shortest way; its lead is STREET wherever it has one."""
    return _WAYS[status](registered(grade, rules=rules))


def with_rules(**changes: Any) -> Rules:
    return replace(RULES, **changes)
