"""What holds in every life of a case, whoever acts, whatever they try, whenever: stated over random lives."""

import copy
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from huiyin.domain import lifecycle
from huiyin.domain.actions import FIELDS, Action
from huiyin.domain.case import Actor, Case, Event, fold
from huiyin.domain.deadlines import may_extend
from huiyin.domain.errors import DomainError, NotPermitted
from huiyin.domain.fields import Field, FieldKind
from huiyin.domain.vocabulary import ActorKind, Asked, ClockKind, Grade, Role, Status
from tests import builders as b

FINISHED = frozenset({Status.CLOSED, Status.MERGED, Status.CANCELLED})
ANSWERED = frozenset({Status.REPLIED, Status.CALLBACK_PENDING, Status.CALLED_BACK})
ENDS = frozenset(
    {
        Action.DIRECT_ANSWER,
        Action.REFER_ELSEWHERE,
        Action.PERSUADE,
        Action.MERGE,
        Action.CANCEL,
        Action.CLOSE,
        Action.MARK_CONFIDENTIAL,
    }
)
LIGHTS = frozenset({Action.WARN, Action.ESCALATE})
MOVES_OF_LEAD = frozenset({Action.DISPATCH, Action.REDISPATCH, Action.RULE_RETURN})
CLOCKS_OF_STATUS: Mapping[Status, frozenset[ClockKind]] = {
    Status.RECEIVED: frozenset({ClockKind.DISPATCH}),
    Status.DISPATCHED: frozenset({ClockKind.SIGN, ClockKind.HANDLE}),
    Status.SIGNED: frozenset({ClockKind.HANDLE}),
    Status.HANDLING: frozenset({ClockKind.HANDLE}),
    Status.RETURN_REQUESTED: frozenset({ClockKind.RULING, ClockKind.HANDLE}),
    Status.SUSPENDED: frozenset({ClockKind.REVIEW}),
    Status.REPLIED: frozenset({ClockKind.ASK}),
    Status.CALLBACK_PENDING: frozenset({ClockKind.CALLBACK}),
    Status.CALLED_BACK: frozenset({ClockKind.CALLBACK}),
    **dict.fromkeys(FINISHED, frozenset[ClockKind]()),
}
AT_UNIT = frozenset({Status.DISPATCHED, Status.SIGNED, Status.HANDLING, Status.RETURN_REQUESTED})

HANDLERS = [b.handler(unit) for unit in b.ALL_UNITS]
HEADS = [b.staff(Role.UNIT_HEAD, unit=unit) for unit in b.ALL_UNITS]
OTHERS = [b.at_hotline(role) for role in Role if role not in {Role.HANDLER, Role.UNIT_HEAD}]
STRANGER = Actor(kind=ActorKind.CITIZEN, requester_id=b.REQUESTER + 1)
NOBODY = Actor(kind=ActorKind.CITIZEN)
ACTORS = [*HANDLERS, *HEADS, *OTHERS, b.CITIZEN, b.SYSTEM, STRANGER, NOBODY]

WAITS = st.sampled_from([timedelta(0), b.MINUTE, 20 * b.MINUTE, 2 * b.HOUR, b.DAY, 5 * b.DAY, 40 * b.DAY])
GARBAGE = st.sampled_from(
    ["", " ", "\x00", "\ud800", "x" * 5000, 0, -1, 2**70, 1.5, [], {}, ["a"], True, None, object()]
)

VALUES: Mapping[FieldKind, st.SearchStrategy[Any]] = {
    FieldKind.TEXT: st.just("某路1号"),
    FieldKind.LONG_TEXT: st.just("写明情况和依据的一段文字"),
    FieldKind.CLASS: st.just("010203"),
    FieldKind.YES_NO: st.booleans(),
    FieldKind.UNIT: st.sampled_from(b.ALL_UNITS),
    FieldKind.UNITS: st.lists(st.sampled_from(b.ALL_UNITS), max_size=3),
    FieldKind.AREA: st.sampled_from([b.DISTRICT_AREA, b.FAR_DISTRICT_AREA]),
    FieldKind.STAFF: st.integers(1, 9),
    FieldKind.CASE: st.integers(1, 9),
    FieldKind.FILES: st.just([5]),
}


def _value(field: Field, now: datetime) -> st.SearchStrategy[Any]:
    """Well-formed values of a field; whether the rules like them is another matter."""
    if field.choices is not None:
        return st.sampled_from([str(term) for term in field.choices])
    if field.kind is FieldKind.TIME:
        return st.sampled_from([-3 * b.DAY, -b.MINUTE, timedelta(0), b.HOUR, 20 * b.DAY]).map(lambda off: now + off)
    return VALUES[field.kind]


class LifeOfACase(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.refused: set[int] = set()  # units whose return was granted, as the test has seen it
        self.denied: set[int] = set()
        self.reworks = 0
        self.extension_decided = False
        self.lit: set[tuple[ClockKind, Action]] = set()

    @initialize(grade=st.sampled_from(Grade), kind=st.sampled_from(["help", "suggestion"]))
    def register(self, grade: Grade, kind: str) -> None:
        self.now = b.MORNING
        self.blank = b.blank(self.now)
        data = {**b.REGISTRATION, "grade": grade, "request_type": kind}
        self.case, event = lifecycle.register(self.blank, data, b.context(b.OPERATOR, self.now))
        self.events: list[Event] = [event]

    @rule(data=st.data(), wait=WAITS)
    def act_as_one_may(self, data: st.DataObject, wait: timedelta) -> None:
        """Somebody takes an action that the case page offers, with well-formed data."""
        self._wait(wait)
        offers = [(actor, action) for actor in ACTORS for action in lifecycle.allowed(self.case, actor)]
        ends = ENDS if data.draw(st.integers(0, 9)) else frozenset[Action]()  # most lives should go on
        actions = sorted({action for _, action in offers} - LIGHTS - ends, key=str)
        if not actions:
            return
        action = data.draw(st.sampled_from(actions), label="action")
        actor = data.draw(st.sampled_from([actor for actor, offered in offers if offered is action]), label="actor")
        self._try(actor, action, data.draw(self._well_formed(action), label="data"))

    @rule(unit=st.sampled_from(b.ALL_UNITS), bad=st.booleans(), wait=WAITS)
    def forward(self, unit: int, bad: bool, wait: timedelta) -> None:
        """The ordinary way, so that lives become long: sign, contact, reply, ask, judge, go on."""
        self._wait(b.MINUTE if self.case.status in AT_UNIT else wait)
        owner, reason = b.handler(self.case.lead_unit_id or 0), {"reason": "写明理由"}
        granted = {**reason, "granted": True}
        ways: Mapping[Status, list[tuple[Actor, Action, dict[str, Any]]]] = {
            Status.RECEIVED: [(b.DISPATCHER, Action.DISPATCH, {"unit_id": unit})] * 2,
            Status.DISPATCHED: [(owner, Action.SIGN, {}), (owner, Action.REQUEST_RETURN, dict(b.RETURN))],
            Status.SIGNED: [
                (owner, Action.NOTE_CONTACT, {"means": "phone", "reached": True, "note": "已联系"}),
                (owner, Action.REQUEST_EXTENSION, {**reason, "citizen_told": True}),
            ],
            Status.HANDLING: [
                (owner, Action.REPLY, {**b.GOOD_REPLY, "told_at": self.now}),
                (b.DISPATCHER, Action.DECIDE_EXTENSION, granted)
                if self.case.extension is Asked.REQUESTED
                else (b.DISPATCHER, Action.DECIDE_SUSPENSION, granted),
            ],
            Status.RETURN_REQUESTED: [
                (b.DISPATCHER, Action.RULE_RETURN, {**granted, "unit_id": unit}),
                (b.DISPATCHER, Action.RULE_RETURN, {**reason, "granted": False}),
            ],
            Status.SUSPENDED: [(b.DISPATCHER, Action.RELEASE, reason)] * 2,
            Status.REPLIED: [
                (b.CITIZEN, Action.RECORD_CALLBACK, dict(b.GOOD_ANSWER)),
                (b.CITIZEN, Action.RECORD_CALLBACK, dict(b.BAD_ANSWER)),
            ],
            Status.CALLBACK_PENDING: [
                (b.CALLBACK_AGENT, Action.RECORD_CALLBACK, {"reached": False}),
                (b.CALLBACK_AGENT, Action.RECORD_CALLBACK, dict(b.BAD_ANSWER)),
            ],
            Status.CALLED_BACK: [
                (b.CALLBACK_AGENT, Action.REWORK, reason),
                (b.CALLBACK_AGENT, Action.CLOSE, reason),
            ],
            **dict.fromkeys(FINISHED, [(b.DISPATCHER, Action.REOPEN, reason)] * 2),
        }
        self._try(*ways[self.case.status][bad])

    @rule(data=st.data(), actor=st.sampled_from(ACTORS), action=st.sampled_from(Action), wait=WAITS)
    def try_anything(self, data: st.DataObject, actor: Actor, action: Action, wait: timedelta) -> None:
        self._wait(wait)
        entered = data.draw(self._well_formed(action), label="data")
        for name in data.draw(st.lists(st.sampled_from([*sorted(entered), "unknown"]), max_size=2), label="spoilt"):
            entered[name] = data.draw(GARBAGE)
        self._try(actor, action, entered)

    @rule()
    def sweep_at_the_next_moment(self) -> None:
        """The system comes exactly when a clock has something to say."""
        pending = [(clock.next_at, kind) for kind, clock in self.case.clocks.items() if clock.next_at is not None]
        if not pending:
            return
        moment, kind = min(pending)
        self.now = max(self.now, moment)
        action = Action.ESCALATE if self.now >= self.case.clocks[kind].due_at else Action.WARN
        if kind is ClockKind.ASK:
            assert self._try(b.SYSTEM, Action.START_CALLBACK, {})
        else:
            assert self._try(b.SYSTEM, action, {"clock": str(kind)})

    @rule(data=st.data(), actor=st.sampled_from(ACTORS))
    def act_in_the_past(self, data: st.DataObject, actor: Actor) -> None:
        offered = lifecycle.allowed(self.case, actor)
        if not offered:
            return
        action = data.draw(st.sampled_from(offered))
        context = b.context(actor, self.case.last_at - b.MINUTE)
        with pytest.raises(DomainError):
            lifecycle.decide(self.case, action, data.draw(self._well_formed(action)), context)

    def _well_formed(self, action: Action) -> st.SearchStrategy[dict[str, Any]]:
        needed = {field.name: _value(field, self.now) for field in FIELDS[action] if field.required}
        free = {field.name: _value(field, self.now) for field in FIELDS[action] if not field.required}
        return st.fixed_dictionaries(needed, optional=free)

    def _wait(self, wait: timedelta) -> None:
        self.now += wait

    def _try(self, actor: Actor, action: Action, data: dict[str, Any]) -> bool:
        """Acts; on success the laws of one step are checked, on refusal that nothing has changed."""
        before, told = self.case, dict(data)
        frozen = copy.deepcopy(before)
        context = b.context(actor, self.now)
        offered = lifecycle.allowed(before, actor)
        try:
            after, event = lifecycle.decide(before, action, data, context)
        except DomainError as refused:
            refusal: DomainError | None = refused
        else:
            refusal = None
        assert (before, data) == (frozen, told), "a rule changed what it was given"
        if refusal is not None:
            assert refusal.code
            assert refusal.message.strip()
            return False
        assert (after, event) == lifecycle.decide(before, action, data, context), "the same question, another answer"
        assert action in offered, "done, but never offered"
        self._check_event(before, after, event, actor)
        self._check_owner(before, after, action, data)
        self._check_once(before, after, action, data)
        self._check_dues(before, after, action)
        self._check_rest(before, after, action, actor, data)
        self.case = after
        self.events.append(event)
        return True

    def _check_event(self, before: Case, after: Case, event: Event, actor: Actor) -> None:
        assert event.seq == after.seq == before.seq + 1
        assert event.at == after.last_at == self.now >= before.last_at
        assert (event.actor, event.from_status, event.to_status) == (actor, before.status, after.status)
        assert event.to_status in {before.status, *lifecycle.TABLE[before.status, Action(event.action)].to}
        assert event.reason.strip()
        assert json.loads(json.dumps(event.data)) == event.data

    def _check_owner(self, before: Case, after: Case, action: Action, data: Mapping[str, Any]) -> None:
        """首接负责: the lead changes only by dispatch, by redispatch before signing, by a granted return."""
        if after.lead_unit_id != before.lead_unit_id:
            assert action in MOVES_OF_LEAD
            if action is Action.REDISPATCH:
                assert before.signed_at is None
            if action is Action.RULE_RETURN:
                assert data["granted"]
                self.refused.add(before.lead_unit_id or 0)
        elif action is Action.RULE_RETURN:
            assert not data["granted"]
            self.denied.add(before.lead_unit_id or 0)
        if action is Action.REQUEST_RETURN:
            assert before.lead_unit_id not in self.denied
        assert after.lead_unit_id not in self.refused
        assert after.sub_unit_id not in self.refused
        assert (after.first_unit_id == before.first_unit_id) or action in {Action.DISPATCH, Action.REDISPATCH}

    def _check_once(self, before: Case, after: Case, action: Action, data: Mapping[str, Any]) -> None:
        if action is Action.REOPEN:
            self.reworks = 0
            self.extension_decided = False
        if action is Action.REWORK:
            self.reworks += 1
            assert self.reworks <= b.RULES.max_reworks
        if action is Action.REQUEST_EXTENSION:
            assert before.due_at is not None
            assert self.now < before.due_at
            assert not self.extension_decided
        if action is Action.DECIDE_EXTENSION:
            assert before.extension is Asked.REQUESTED
            self.extension_decided = True
        if action in LIGHTS:
            light = (ClockKind(data["clock"]), action)
            assert light not in self.lit
            self.lit.add(light)
        for kind in ClockKind:
            if after.clocks.get(kind) != before.clocks.get(kind) and action not in LIGHTS | {Action.RELEASE}:
                self.lit -= {(kind, light) for light in LIGHTS}

    def _check_dues(self, before: Case, after: Case, action: Action) -> None:
        if action in {Action.DECIDE_EXTENSION, Action.RELEASE, Action.RULE_RETURN, Action.REDISPATCH}:
            assert before.due_at is not None
            assert after.due_at is not None
            assert after.due_at >= before.due_at
        elif action not in {Action.CORRECT, Action.DISPATCH, Action.REWORK, Action.REOPEN}:
            assert after.due_at == before.due_at
        if after.extension is Asked.GRANTED and before.extension is not Asked.GRANTED:
            assert may_extend(after.grade, b.RULES)

    def _check_rest(self, before: Case, after: Case, action: Action, actor: Actor, data: Mapping[str, Any]) -> None:
        if before.status in FINISHED and after.status is not before.status:
            assert action is Action.REOPEN
            assert data["reason"].strip()
        if before.status in FINISHED and action is not Action.REOPEN:
            assert action is Action.MARK_CONFIDENTIAL
        if action is Action.REPLY:
            assert after.feedback_requester_at is not None
            assert after.feedback_hotline_at == self.now
            assert data.get("evidence") or data.get("files")
        if actor in HANDLERS:
            assert actor.unit_id in {before.lead_unit_id, before.sub_unit_id, *before.co_unit_ids}
        if actor.kind is ActorKind.CITIZEN:
            assert actor is b.CITIZEN

    @invariant()
    def the_history_folded_is_the_case(self) -> None:
        assert fold(self.blank, self.events) == self.case
        assert [event.seq for event in self.events] == list(range(1, len(self.events) + 1))

    @invariant()
    def who_has_judged_once_has_judged(self) -> None:
        answers = [event.change.sets.get("callback_valid") for event in self.events]
        assert self.case.judged is (True in answers)
        assert not self.case.judged or self.case.status not in {Status.MERGED, Status.CANCELLED}

    @invariant()
    def there_is_one_owner_once_dispatched(self) -> None:
        case = self.case
        if case.status is Status.RECEIVED:
            assert case.lead_unit_id is None
        elif case.status not in FINISHED:
            assert case.lead_unit_id is not None
            assert case.first_unit_id is not None
        assert case.lead_unit_id is None or case.lead_unit_id not in case.co_unit_ids
        if case.sub_unit_id is not None:
            assert case.lead_unit_id is not None
            assert b.is_below(case.sub_unit_id, case.lead_unit_id)

    @invariant()
    def the_clocks_fit_the_status(self) -> None:
        case = self.case
        contact = {ClockKind.CONTACT} if case.status in AT_UNIT and case.contacted_at is None else set()
        assert set(case.clocks) == CLOCKS_OF_STATUS[case.status] | contact
        handle = case.clocks.get(ClockKind.HANDLE)
        assert handle is None or handle.due_at == case.due_at
        assert all(clock.started_at <= clock.due_at for clock in case.clocks.values())

    @invariant()
    def what_is_over_is_over(self) -> None:
        case = self.case
        assert (case.closed_at is not None) is (case.status in FINISHED)
        assert (case.suspended_at is not None) is (case.status is Status.SUSPENDED)
        assert (case.resume_status is not None) is (case.status in {Status.SUSPENDED, Status.RETURN_REQUESTED})
        if case.status in FINISHED | ANSWERED:
            assert Asked.REQUESTED not in {case.extension, case.suspension}
        if case.status in ANSWERED:
            assert case.feedback_requester_at is not None
            assert case.feedback_hotline_at is not None

    @invariant()
    def a_stranger_can_do_nothing(self) -> None:
        known = {self.case.lead_unit_id, self.case.sub_unit_id, *self.case.co_unit_ids}
        for actor in (*(one for one in HANDLERS if one.unit_id not in known), STRANGER, NOBODY):
            assert lifecycle.allowed(self.case, actor) == []
            with pytest.raises(NotPermitted):
                lifecycle.permit(self.case, Action.SIGN, actor)


TestLifeOfACase = LifeOfACase.TestCase
