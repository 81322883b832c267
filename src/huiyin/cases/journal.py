"""The history: events as rows, and rows as the domain's events again."""

from collections.abc import Iterable
from typing import Any

from psycopg.types.json import Jsonb

from huiyin.cases import snapshot
from huiyin.cases.models import CaseEvent
from huiyin.domain import case as domain
from huiyin.domain.actions import Action
from huiyin.domain.vocabulary import ActorKind, Status

# As `writing` and the bulk writer fill them.
COLUMNS = (
    "case_id, seq, at, action, from_status, to_status, actor_kind, actor_id, actor_name, unit_id, "
    "reason, data, sets, clocks"
)
PLACES = "(" + ", ".join(["%s"] * 14) + ")"


def as_row(case_id: int, event: domain.Event) -> tuple[Any, ...]:
    actor = event.actor
    return (
        case_id,
        event.seq,
        event.at,
        event.action,
        None if event.from_status is None else str(event.from_status),
        str(event.to_status),
        str(actor.kind),
        actor.id if actor.kind is ActorKind.STAFF else actor.requester_id,
        actor.name if actor.kind is not ActorKind.CITIZEN else ActorKind.CITIZEN.label,
        actor.unit_id,
        event.reason,
        Jsonb(dict(event.data)),
        Jsonb(snapshot.sets_as_json(event.change.sets)),
        Jsonb(snapshot.clocks_as_json(event.change.clocks)),
    )


def of_case(case_id: int) -> list[CaseEvent]:
    """The whole timeline, oldest first; uses case_event_of_case. A case has tens of events, not thousands."""
    return list(CaseEvent.objects.filter(case_id=case_id).order_by("seq"))


def since(case_id: int, seq: int) -> list[CaseEvent]:
    return list(CaseEvent.objects.filter(case_id=case_id, seq__gt=seq).order_by("seq"))


def ended_unasked(events: Iterable[CaseEvent]) -> bool:
    """Whether the callback as it stands ended because its citizen was not drawn, even if somebody had called him.

    The events are the whole history: the number of attempts alone does not tell it from a callback that was given up.
    """
    settled = [event for event in events if "callback_valid" in event.sets]
    return bool(settled) and settled[-1].action == Action.CLOSE_UNASKED


def as_event(row: CaseEvent) -> domain.Event:
    actor = domain.Actor(
        kind=ActorKind(row.actor_kind),
        id=row.actor_id if row.actor_kind == ActorKind.STAFF else None,
        requester_id=row.actor_id if row.actor_kind == ActorKind.CITIZEN else None,
        name=row.actor_name,
        unit_id=row.unit_id,
    )
    change = domain.Change(
        reason=row.reason,
        sets=snapshot.sets_from_json(row.sets),
        clocks=snapshot.clocks_from_json(row.clocks),
    )
    return domain.Event(
        seq=row.seq,
        at=row.at,
        action=row.action,
        actor=actor,
        from_status=None if row.from_status is None else Status(row.from_status),
        to_status=Status(row.to_status),
        reason=row.reason,
        data=row.data,
        change=change,
    )
