"""The life of a case as one table: from which status, which action, by whom; everything else derives from it.

Buttons, permissions, API verbs, forms and the diagram in docs/lifecycle.md are made from `TABLE`.
The rules behind it: DOMAIN.md §1 (R04-R20), §2.3-2.7.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from huiyin.domain.actions import FIELDS, Action
from huiyin.domain.case import Actor, Case, Change, Context, Event, apply
from huiyin.domain.deadlines import start_clock
from huiyin.domain.errors import ActionNotAllowed, NotPermitted
from huiyin.domain.fields import Values, as_json, parse
from huiyin.domain.moves import attention, callback, dispatch, intake, unit
from huiyin.domain.vocabulary import OPEN_STATUSES, ActorKind, Asked, ClockKind, Role, Status

Move = Callable[[Case, Values, Context], Change]


class Relation(Enum):
    """How the actor must stand to the case."""

    ANY = "any"  # hotline staff: every case of the city
    OWNER = "owner"  # the actor's unit is the lead or the second-level unit
    LEAD = "lead"  # the actor's unit is the lead unit
    INVOLVED = "involved"  # lead, second-level or 协办
    ABOVE = "above"  # the lead unit is below the actor's, or the case lies in the actor's district
    REQUESTER = "requester"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    relation: Relation
    role: Role | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One action: where it may start, who may do it, what it does, where it may lead (`to`, beside staying put).

    `when` is a further condition on the case. A move's own named refusal (AlreadyReturned …) goes before it,
    so that people read the exact reason.
    """

    action: Action
    statuses: frozenset[Status]
    who: tuple[Who, ...]
    move: Move
    to: tuple[Status, ...] = ()
    when: Callable[[Case], bool] = lambda _case: True


def _any(*roles: Role) -> tuple[Who, ...]:
    return tuple(Who(role=role, relation=Relation.ANY) for role in roles)


def _unit(relation: Relation, *roles: Role) -> tuple[Who, ...]:
    return tuple(Who(role=role, relation=relation) for role in roles)


_SYSTEM = (Who(relation=Relation.SYSTEM),)
_CITIZEN = (Who(relation=Relation.REQUESTER),)
_OWNER = _unit(Relation.OWNER, Role.HANDLER, Role.UNIT_HEAD)
_LEAD = _unit(Relation.LEAD, Role.HANDLER, Role.UNIT_HEAD)
_INVOLVED = _unit(Relation.INVOLVED, Role.HANDLER, Role.UNIT_HEAD)
_HOTLINE = _any(Role.OPERATOR, Role.DISPATCHER, Role.CALLBACK_AGENT)
_WORKING = frozenset({Status.SIGNED, Status.HANDLING})
_AT_UNIT = _WORKING | {Status.DISPATCHED}
_ANSWERED = frozenset({Status.REPLIED, Status.CALLBACK_PENDING, Status.CALLED_BACK})
_FINISHED = frozenset(Status) - OPEN_STATUSES

_ROWS = (
    Row(
        action=Action.DISPATCH,
        statuses=frozenset({Status.RECEIVED}),
        who=_any(Role.DISPATCHER) + _SYSTEM,
        move=dispatch.dispatch,
        to=(Status.DISPATCHED,),
    ),
    Row(
        action=Action.DIRECT_ANSWER,
        statuses=frozenset({Status.RECEIVED}),
        who=_any(Role.OPERATOR, Role.DISPATCHER),
        move=intake.direct_answer,
        to=(Status.CLOSED,),
    ),
    Row(
        action=Action.REFER_ELSEWHERE,
        statuses=frozenset({Status.RECEIVED}),
        who=_any(Role.OPERATOR, Role.DISPATCHER),
        move=intake.refer_elsewhere,
        to=(Status.CLOSED,),
    ),
    Row(
        action=Action.PERSUADE,
        statuses=frozenset({Status.RECEIVED}),
        who=_any(Role.OPERATOR, Role.DISPATCHER),
        move=intake.persuade,
        to=(Status.CLOSED,),
    ),
    Row(
        action=Action.REDISPATCH,
        statuses=frozenset({Status.DISPATCHED}),
        who=_any(Role.DISPATCHER),
        move=dispatch.redispatch,
        when=lambda case: case.round == 1,
    ),
    Row(action=Action.SIGN, statuses=frozenset({Status.DISPATCHED}), who=_OWNER, move=unit.sign, to=(Status.SIGNED,)),
    Row(action=Action.NOTE_CONTACT, statuses=_WORKING, who=_OWNER, move=unit.note_contact, to=(Status.HANDLING,)),
    Row(
        action=Action.REPLY,
        statuses=_WORKING,
        who=_OWNER,
        move=unit.reply,
        to=(Status.REPLIED,),
    ),
    Row(
        action=Action.ASSIGN_HANDLER,
        statuses=_WORKING,
        who=_OWNER,
        move=unit.assign_handler,
        to=(Status.HANDLING,),
    ),
    Row(action=Action.HAND_DOWN, statuses=_WORKING, who=_LEAD, move=unit.hand_down, to=(Status.HANDLING,)),
    Row(
        action=Action.ADD_NOTE,
        statuses=_WORKING | {Status.SUSPENDED, Status.RETURN_REQUESTED},
        who=_INVOLVED,
        move=unit.add_note,
    ),
    Row(
        action=Action.REQUEST_RETURN,
        statuses=_AT_UNIT,
        who=_LEAD,
        move=unit.request_return,
        to=(Status.RETURN_REQUESTED,),
        when=lambda case: case.lead_unit_id not in case.denied_unit_ids and case.round == 1,
    ),
    Row(
        action=Action.RULE_RETURN,
        statuses=frozenset({Status.RETURN_REQUESTED}),
        who=_any(Role.DISPATCHER),
        move=dispatch.rule_return,
        to=(Status.DISPATCHED, Status.SIGNED, Status.HANDLING),
    ),
    Row(
        action=Action.REQUEST_EXTENSION,
        statuses=_WORKING,
        who=_LEAD,
        move=unit.request_extension,
        when=lambda case: case.extension is Asked.NONE,
    ),
    Row(
        action=Action.DECIDE_EXTENSION,
        statuses=_WORKING,
        who=_any(Role.DISPATCHER),
        move=dispatch.decide_extension,
        when=lambda case: case.extension is Asked.REQUESTED,
    ),
    Row(
        action=Action.REQUEST_SUSPENSION,
        statuses=_WORKING,
        who=_LEAD,
        move=unit.request_suspension,
        when=lambda case: case.suspension is not Asked.REQUESTED,
    ),
    Row(
        action=Action.DECIDE_SUSPENSION,
        statuses=_WORKING,
        who=_any(Role.DISPATCHER),
        move=dispatch.decide_suspension,
        to=(Status.SUSPENDED,),
        when=lambda case: case.suspension is Asked.REQUESTED,
    ),
    Row(
        action=Action.RELEASE,
        statuses=frozenset({Status.SUSPENDED}),
        who=_LEAD + _any(Role.DISPATCHER),
        move=dispatch.release,
        to=(Status.SIGNED, Status.HANDLING),
    ),
    Row(
        action=Action.START_CALLBACK,
        statuses=frozenset({Status.REPLIED}),
        who=_any(Role.CALLBACK_AGENT) + _SYSTEM,
        move=callback.start_callback,
        to=(Status.CALLBACK_PENDING,),
    ),
    Row(
        action=Action.RECORD_CALLBACK,
        statuses=frozenset({Status.REPLIED, Status.CALLBACK_PENDING}),
        who=_any(Role.CALLBACK_AGENT) + _CITIZEN,
        move=callback.record_callback,
        to=(Status.CALLBACK_PENDING, Status.CALLED_BACK, Status.CLOSED),
    ),
    Row(
        action=Action.CLOSE_UNASKED,
        statuses=frozenset({Status.CALLBACK_PENDING}),
        who=_SYSTEM,
        move=callback.close_unasked,
        to=(Status.CLOSED,),
    ),
    Row(
        action=Action.REWORK,
        statuses=frozenset({Status.CALLED_BACK}),
        who=_any(Role.CALLBACK_AGENT, Role.DISPATCHER),
        move=callback.rework,
        to=(Status.DISPATCHED,),
    ),
    Row(
        action=Action.CLOSE,
        statuses=frozenset({Status.CALLED_BACK}),
        who=_any(Role.CALLBACK_AGENT, Role.DISPATCHER),
        move=callback.close,
        to=(Status.CLOSED,),
    ),
    Row(action=Action.SUPPLEMENT, statuses=OPEN_STATUSES, who=_HOTLINE + _CITIZEN, move=attention.supplement),
    Row(action=Action.URGE, statuses=OPEN_STATUSES, who=_HOTLINE + _CITIZEN, move=attention.urge),
    Row(
        action=Action.SUPERVISE,
        statuses=OPEN_STATUSES,
        who=_any(Role.DISPATCHER, Role.EVALUATOR) + _unit(Relation.ABOVE, Role.LEADER, Role.UNIT_HEAD),
        move=attention.supervise,
    ),
    Row(
        action=Action.CORRECT,
        statuses=OPEN_STATUSES - _ANSWERED,
        who=_any(Role.OPERATOR, Role.DISPATCHER),
        move=intake.correct,
    ),
    Row(
        action=Action.MERGE,
        statuses=OPEN_STATUSES - _ANSWERED,  # who has been answered is asked, not merged away
        who=_any(Role.OPERATOR, Role.DISPATCHER),
        move=intake.merge,
        to=(Status.MERGED,),
        when=lambda case: not case.judged,
    ),
    Row(
        action=Action.MARK_CONFIDENTIAL,
        statuses=frozenset(Status),  # a citizen may ask for it at any time; it moves nothing
        who=_any(Role.OPERATOR, Role.DISPATCHER, Role.ADMINISTRATOR),
        move=intake.mark_confidential,
    ),
    Row(
        action=Action.CANCEL,
        statuses=frozenset({Status.RECEIVED, Status.DISPATCHED}),
        who=_any(Role.OPERATOR, Role.DISPATCHER),
        move=intake.cancel,
        to=(Status.CANCELLED,),
        when=lambda case: not case.judged,
    ),
    Row(
        action=Action.REOPEN,
        statuses=_FINISHED,
        who=_any(Role.DISPATCHER, Role.CALLBACK_AGENT, Role.EVALUATOR),
        move=intake.reopen,
        to=(Status.RECEIVED, Status.DISPATCHED),
    ),
    Row(action=Action.WARN, statuses=OPEN_STATUSES, who=_SYSTEM, move=attention.warn),
    Row(action=Action.ESCALATE, statuses=OPEN_STATUSES, who=_SYSTEM, move=attention.escalate),
)

TABLE: Mapping[tuple[Status, Action], Row] = {(status, row.action): row for row in _ROWS for status in row.statuses}
WHO: Mapping[Action, tuple[Who, ...]] = {row.action: row.who for row in _ROWS}
MAY_REGISTER = frozenset({Role.OPERATOR, Role.DISPATCHER, Role.HANDLER, Role.UNIT_HEAD})


def register(case: Case, data: Mapping[str, object], context: Context) -> tuple[Case, Event]:
    """登记: the first event, from a blank case; the dispatch clock starts (no case is refused at intake, R04)."""
    if case.seq != 0:
        raise ActionNotAllowed("案件已登记")
    if context.actor.kind is ActorKind.STAFF and not context.actor.roles & MAY_REGISTER:
        raise NotPermitted
    values = parse(FIELDS[Action.REGISTER], data)
    names = ("request_type", "grade", "district_id", "street_id", "community_id")
    change = Change(
        reason=values["reason"] or "登记受理",
        sets={name: values[name] for name in names}
        | {name: values[name] or "" for name in ("class_code", "address")}
        | {"confidential": bool(values["confidential"])},
        clocks={
            ClockKind.DISPATCH: start_clock(
                ClockKind.DISPATCH, at=context.now, grade=values["grade"], rules=context.rules
            )
        },
    )
    return _record(case, Action.REGISTER, values, change, context, from_status=None)


def decide(case: Case, action: Action, data: Mapping[str, object], context: Context) -> tuple[Case, Event]:
    """The case after the action and the event that records it, or the DomainError that refuses it."""
    row = permit(case, action, context.actor)
    values = parse(FIELDS[action], data)
    change = row.move(case, values, context)
    if not row.when(case):
        raise ActionNotAllowed
    return _record(case, action, values, change, context, from_status=case.status)


def permit(case: Case, action: Action, actor: Actor) -> Row:
    """The table's row for this action here and now, or the refusal: not this actor's to do, or the wrong status.

    Whose it is comes first: a stranger learns nothing, not even the status.
    """
    if not any(_stands(who, case, actor) for who in WHO.get(action, ())):
        raise NotPermitted
    row = TABLE.get((case.status, action))
    if row is None:
        raise ActionNotAllowed(f"案件现为“{case.status.label}”，不能{action.label}")
    return row


def allowed(case: Case, actor: Actor) -> list[Action]:
    """The actions that this actor may take now, in the table's order: the buttons of the case page."""
    return [
        row.action
        for row in _ROWS
        if case.status in row.statuses and row.when(case) and any(_stands(who, case, actor) for who in row.who)
    ]


def _record(
    case: Case, action: Action, values: Values, change: Change, context: Context, *, from_status: Status | None
) -> tuple[Case, Event]:
    after = apply(case, change, at=context.now)
    event = Event(
        seq=after.seq,
        at=context.now,
        action=str(action),
        actor=context.actor,
        from_status=from_status,
        to_status=after.status,
        reason=change.reason,
        data={name: as_json(value) for name, value in values.items() if value not in (None, ())},
        change=change,
    )
    return after, event


def _stands(who: Who, case: Case, actor: Actor) -> bool:
    if actor.kind is ActorKind.SYSTEM:
        return who.relation is Relation.SYSTEM
    if actor.kind is ActorKind.CITIZEN:
        return who.relation is Relation.REQUESTER and actor.requester_id == case.requester_id
    return who.role in actor.roles and _RELATIONS[who.relation](case, actor)


def _above(case: Case, actor: Actor) -> bool:
    in_district = actor.district_id is not None and case.district_id == actor.district_id
    below = case.lead_unit_id in actor.unit_ids and case.lead_unit_id != actor.unit_id
    return actor.whole_city or below or in_district


_RELATIONS: Mapping[Relation, Callable[[Case, Actor], bool]] = {
    Relation.ANY: lambda _case, actor: actor.whole_city,
    Relation.OWNER: lambda case, actor: actor.unit_id in case.owner_unit_ids,
    Relation.LEAD: lambda case, actor: actor.unit_id is not None and actor.unit_id == case.lead_unit_id,
    Relation.INVOLVED: lambda case, actor: actor.unit_id in case.owner_unit_ids | set(case.co_unit_ids),
    Relation.ABOVE: _above,
    Relation.REQUESTER: lambda _case, _actor: False,
    Relation.SYSTEM: lambda _case, _actor: False,
}
