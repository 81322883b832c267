"""Rows of whole lives: a case, its every event and the clocks that still run, as the desk would have left them."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from huiyin.cases import clock_rows, journal, numbers, snapshot
from huiyin.cases.bulk_text import field, line
from huiyin.cases.models import Case
from huiyin.domain import case as domain
from huiyin.domain.vocabulary import ClockKind
from huiyin.registry.rulebook import InForce

CASE_FIELDS = [model_field.attname for model_field in Case._meta.concrete_fields]
CASE_COLUMNS = ", ".join(model_field.column for model_field in Case._meta.concrete_fields)
EVENT_COLUMNS = journal.COLUMNS
CLOCK_FIELDS = ("case_id", "kind", "started_at", "warn_at", "due_at", "warned", "escalated", "next_at")
CLOCK_COLUMNS = ", ".join(CLOCK_FIELDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A case as its history leaves it. Ids of case and requester are real: reserved before the life was lived."""

    id: int
    case: domain.Case
    events: tuple[domain.Event, ...]
    editions: InForce
    channel: str
    title: str
    content: str
    origin_line: str = ""
    anonymous: bool = False
    proposal: dict[str, Any] | None = None
    source: str = ""
    source_no: str = ""
    longitude: float | None = None
    latitude: float | None = None


def case_line(life: Life) -> str:
    case = life.case
    row = Case(
        id=life.id,
        case_no=numbers.case_no(life.id, at=case.registered_at, secret=settings.DATA_KEY),
        channel=life.channel,
        title=life.title,
        content=life.content,
        origin_line=life.origin_line,
        anonymous=life.anonymous,
        longitude=life.longitude,
        latitude=life.latitude,
        proposal=life.proposal,
        source=life.source,
        source_no=life.source_no,
        taxonomy_edition_id=life.editions.taxonomy_id,
        catalogue_edition_id=life.editions.catalogue_id,
        limits_edition_id=life.editions.limits_id,
        warn_at=_last_yellow_light(life),
    )
    snapshot.put(row, case)
    return "\t".join([field(getattr(row, name)) for name in CASE_FIELDS]) + "\n"


def event_lines(life: Life) -> list[str]:
    return [line(journal.as_row(life.id, event)) for event in life.events]


def clock_lines(life: Life) -> list[str]:
    rows = (clock_rows.row(life.id, kind, clock) for kind, clock in life.case.clocks.items())
    return [line(getattr(row, name) for name in CLOCK_FIELDS) for row in rows]


def _last_yellow_light(life: Life) -> Any:
    """Lists show the handling clock's yellow light, and keep the last one when the clock has stopped."""
    for event in reversed(life.events):
        clock = event.change.clocks.get(ClockKind.HANDLE)
        if clock is not None:
            return clock.warn_at
    return None
