"""Between the stored row and the domain's frozen case: loading, saving, and the primitives that events keep."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from enum import Enum
from typing import Any

from huiyin.cases.models import Case, RunningClock
from huiyin.domain import case as domain
from huiyin.domain.deadlines import Clock
from huiyin.domain.fields import as_json
from huiyin.domain.vocabulary import Asked, ClockKind, Disposition, Grade, RequestType, Satisfaction, Status

_ENUMS: Mapping[str, type[Enum]] = {
    "status": Status,
    "request_type": RequestType,
    "grade": Grade,
    "disposition": Disposition,
    "resume_status": Status,
    "extension": Asked,
    "suspension": Asked,
    "satisfaction": Satisfaction,
}
_TUPLES = frozenset({"co_unit_ids", "refused_unit_ids", "denied_unit_ids"})
_TIMES = frozenset(
    {
        "registered_at",
        "last_at",
        "dispatched_at",
        "signed_at",
        "contacted_at",
        "feedback_requester_at",
        "feedback_hotline_at",
        "closed_at",
        "due_at",
        "suspended_at",
        "callback_next_at",
    }
)
STORED = tuple(field.name for field in fields(domain.Case) if field.name != "clocks")


def load(row: Case, clocks: Iterable[RunningClock]) -> domain.Case:
    values = {name: _from_stored(name, getattr(row, name)) for name in STORED}
    running = {
        ClockKind(clock.kind): Clock(
            started_at=clock.started_at,
            due_at=clock.due_at,
            warn_at=clock.warn_at,
            warned=clock.warned,
            escalated=clock.escalated,
        )
        for clock in clocks
    }
    return domain.Case(**values, clocks=running)


def put(row: Case, after: domain.Case) -> None:
    """Copies the domain's values onto the row, with the yellow light of the handling clock for lists."""
    for name in STORED:
        value = getattr(after, name)
        setattr(row, name, list(value) if name in _TUPLES else str(value) if isinstance(value, Enum) else value)
    handle = after.clocks.get(ClockKind.HANDLE)
    if handle is not None:
        row.warn_at = handle.warn_at


def sets_as_json(sets: Mapping[str, Any]) -> dict[str, object]:
    return {name: as_json(value) for name, value in sets.items()}


def sets_from_json(sets: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _from_json(name, value) for name, value in sets.items()}


def clocks_as_json(clocks: Mapping[ClockKind, Clock | None]) -> dict[str, object]:
    return {str(kind): None if clock is None else _clock_as_json(clock) for kind, clock in clocks.items()}


def clocks_from_json(clocks: Mapping[str, Any]) -> dict[ClockKind, Clock | None]:
    return {ClockKind(kind): None if value is None else _clock_from_json(value) for kind, value in clocks.items()}


def _clock_as_json(clock: Clock) -> list[object]:
    return [as_json(clock.started_at), as_json(clock.warn_at), as_json(clock.due_at), clock.warned, clock.escalated]


def _clock_from_json(value: list[Any]) -> Clock:
    started, warn, due, warned, escalated = value
    return Clock(
        started_at=datetime.fromisoformat(started),
        warn_at=None if warn is None else datetime.fromisoformat(warn),
        due_at=datetime.fromisoformat(due),
        warned=warned,
        escalated=escalated,
    )


def _from_stored(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _ENUMS:
        return _ENUMS[name](value)
    return tuple(value) if name in _TUPLES else value


def _from_json(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name in _TIMES and value is not None else _from_stored(name, value)
