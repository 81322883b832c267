"""Lives one case of the demo city up to a moment: people's moves and the clocks' strikes, all by the domain's table."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from huiyin.domain import lifecycle
from huiyin.domain.actions import Action
from huiyin.domain.case import Actor, Case, Context, Event
from huiyin.domain.errors import DomainError
from huiyin.domain.rules import Rules
from huiyin.domain.statement import STATEMENT, title_of
from huiyin.domain.vocabulary import ClockKind, Grade, RequestType, Status
from huiyin.intake import registering
from huiyin.intake.proposing import propose
from huiyin.ops.demo.arrivals import Arrival
from huiyin.ops.demo.next_move import next_move
from huiyin.ops.demo.phrasebook import Phrasebook
from huiyin.ops.demo.story import Scene
from huiyin.ops.demo.world import World, is_below
from huiyin.registry import directory, rulebook

_LONGEST = 200  # events of one life: a loop in the story would be a bug, not a long case


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    case: Case
    events: tuple[Event, ...]
    proposal: dict[str, Any]
    title: str
    content: str


def live(
    arrival: Arrival, *, at: datetime, until: datetime, requester_id: int, world: World, phrasebook: Phrasebook,
    merge_into: int | None = None,
) -> Lived:  # fmt: skip
    """From the call to `until`; nothing happens that the rules in force would not have allowed."""
    rules = rulebook.rules(rulebook.current(at).limits_id)
    truth = replace(arrival.truth, merge_into=merge_into)
    case, events, proposal = _register(arrival, at=at, requester_id=requester_id, rules=rules)
    refused: frozenset[Action] = frozenset()
    while len(events) < _LONGEST:
        scene = Scene(case=case, truth=truth, world=world, rules=rules, phrasebook=phrasebook, refused=refused)
        step = _next(scene)
        if step is None or step[0] > until:
            break
        moment, action, data, actor = step
        try:
            entered = data(moment)
            case, event = lifecycle.decide(case, action, entered, _context(actor, moment, rules))
        except DomainError:
            refused |= {action}
            continue
        events.append(event)
    return Lived(
        case=case,
        events=tuple(events),
        proposal=proposal,
        title=arrival.data["title"] or title_of(arrival.data["content"]),
        content=arrival.data["content"],
    )


def strike(case: Case) -> tuple[datetime, Action, dict[str, object]] | None:
    """What the case's clocks say next, and when (as cases.sweeps lets them speak)."""
    due = [(clock.next_at, kind) for kind, clock in case.clocks.items() if clock.next_at is not None]
    if not due:
        return None
    moment, kind = min(due)
    if kind is ClockKind.ASK:
        return moment, Action.START_CALLBACK, {}
    over = moment >= case.clocks[kind].due_at
    return moment, Action.ESCALATE if over else Action.WARN, {"clock": str(kind)}


def _next(scene: Scene) -> Any:
    """The clocks' turn or the people's, whichever comes first: (when, action, data for a moment, actor)."""
    move, struck = next_move(scene), strike(scene.case)
    if struck is not None and (move is None or struck[0] <= move.at):
        moment, action, data = struck
        return max(moment, scene.case.last_at), action, lambda _at: data, Actor.system()
    return None if move is None else (move.at, move.action, move.data, move.actor)


def _register(
    arrival: Arrival, *, at: datetime, requester_id: int, rules: Rules
) -> tuple[Case, list[Event], dict[str, Any]]:
    """As intake.registering does over the desk: proposals fill the gaps, and are dispatched where they are sure."""
    proposal = propose(registering.known_of(arrival.data), at=at)
    proposed = registering.proposed_values(proposal)
    filled = {**arrival.data, **{name: value for name, value in proposed.items() if not arrival.data.get(name)}}
    entered = {name: value for name, value in filled.items() if name not in _SAID}
    if entered.get("street_id") and not entered.get("district_id"):
        entered["district_id"] = directory.area(entered["street_id"]).district_id
    blank = Case(
        status=Status.RECEIVED,
        registered_at=at,
        last_at=at,
        requester_id=requester_id,
        request_type=RequestType(filled["request_type"]),
        class_code=filled["class_code"],
        grade=Grade(filled["grade"]),
    )
    case, event = lifecycle.register(blank, entered, _context(arrival.actor, at, rules))
    events = [event]
    if registering.goes_out_by_itself(proposal, request_type=str(filled["request_type"])):
        for step in registering.dispatch_step(proposal):
            case, event = lifecycle.decide(
                case, step.action, step.data, _context(step.actor or arrival.actor, at, rules)
            )
            events.append(event)
    return case, events, proposal.as_json()


_SAID = frozenset(field.name for field in STATEMENT)


def _context(actor: Actor, now: datetime, rules: Rules) -> Context:
    return Context(actor=actor, now=now, rules=rules, is_below=is_below)
