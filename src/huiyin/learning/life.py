"""Reads a case's history for learning: what the machine had proposed, what people decided, what came of it.

Always from the whole history, so that reading twice, or late, gives the same rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from huiyin.domain.actions import Action
from huiyin.domain.vocabulary import ActorKind, Disposition, Status
from huiyin.learning.models import Kind, Source

# What can bring a label or settle one; other events (reminders, notes …) are not even fetched.
TELLING = (
    Action.REGISTER,
    Action.DISPATCH,
    Action.REDISPATCH,
    Action.RULE_RETURN,
    Action.CORRECT,
    Action.REPLY,
    Action.DIRECT_ANSWER,
)
SETS = ("class_code", "lead_unit_id", "request_type", "street_id", "grade")
_SETTLING = frozenset({Action.REPLY, Action.DIRECT_ANSWER})
_DROPPED = frozenset({Status.CANCELLED, Status.MERGED})
_CORRECTED = {Kind.TYPE: "request_type", Kind.PLACE: "street_id", Kind.GRADE: "grade"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What learning needs of an event."""

    action: str
    at: datetime
    actor_kind: str
    actor_id: int | None
    unit_id: int | None
    chosen: str | None = None  # the class that was entered
    sets: Mapping[str, str | None]  # the fields of SETS that the case took from it


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What the machine had proposed; empty where it was not asked or had no idea."""

    class_code: str = ""
    class_confidence: float | None = None
    unit_id: int | None = None
    share: float | None = None
    confidence: float | None = None
    model: int | None = None
    request_type: str = ""
    street_id: str = ""
    grade: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A value that holds, who gave it and when."""

    final: str
    source: Source
    at: datetime
    staff_id: int | None = None
    unit_id: int | None = None
    proposed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The case's way to a unit."""

    at: datetime
    automatic: bool
    unit_id: int
    settled_at: datetime | None
    moved_at: datetime | None  # when another unit got it than the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    labels: Mapping[Kind, Said]
    sent: Sent | None
    class_code: str
    class_settled: bool


def lesson_of(
    lines: Sequence[Line], *, proposed: Proposed, foreign: bool, status: str, disposition: str | None
) -> Lesson:
    """`lines` in order. `foreign`: the case was imported, its values are another system's."""
    settled = next((line.at for line in lines if line.action in _SETTLING), None)
    if status in _DROPPED or disposition == Disposition.CANCELLED:
        settled = None
    labels: dict[Kind, Said] = {}
    class_code, said = _class(lines, proposed.class_code, foreign=foreign, settled=settled)
    if said is not None:
        labels[Kind.CLASS] = said
    sent, unit_said = _unit(lines, str(proposed.unit_id or ""), settled=settled)
    if unit_said is not None:
        labels[Kind.UNIT] = unit_said
    for kind, name in _CORRECTED.items():
        corrected = _corrected(lines, name, getattr(proposed, name))
        if corrected is not None:
            labels[kind] = corrected
    return Lesson(labels=labels, sent=sent, class_code=class_code, class_settled=settled is not None)


def _class(lines: Sequence[Line], proposed: str, *, foreign: bool, settled: datetime | None) -> tuple[str, Said | None]:
    code, said = "", None
    for line in lines:
        value = line.sets.get("class_code")
        by_person = line.actor_kind == ActorKind.STAFF
        if line.action == Action.REGISTER:
            code = str(value or "")
            if code and code != proposed and by_person:
                said = _said(line, code, Source.IMPORT if foreign else Source.OPERATOR, proposed)
        elif line.action == Action.DISPATCH and by_person and value and line.chosen:
            code = str(value)
            said = _said(line, code, Source.DISPATCHER, proposed)
        elif line.action == Action.CORRECT and value:
            code = str(value)
            said = _said(line, code, Source.CORRECTION, proposed)
    if said is None and settled is not None and code:
        said = Said(final=code, source=Source.CONFIRMED, at=settled, proposed=proposed)
    # What the operator took is a first word: it counts once the case was answered under it.
    waits = said is not None and said.source in (Source.OPERATOR, Source.IMPORT) and settled is None
    return code, None if waits else said


def _unit(lines: Sequence[Line], proposed: str, *, settled: datetime | None) -> tuple[Sent | None, Said | None]:
    first: Line | None = None
    unit, said, kept, moved = None, None, None, None
    for line in lines:
        value = line.sets.get("lead_unit_id")
        if line.action == Action.DISPATCH and value:
            first, unit = first or line, int(value)
            if line.actor_kind == ActorKind.STAFF:
                said = _said(line, str(value), Source.DISPATCHER, proposed)
        elif line.action == Action.REDISPATCH and value:
            unit, moved = int(value), line.at
            said = _said(line, str(value), Source.CORRECTION, proposed)
        elif line.action == Action.RULE_RETURN and unit is not None:
            unit = int(value or unit)
            said = _said(line, str(unit), Source.RULING, proposed)
            moved = line.at if value else moved
            kept = None if value else line.at  # a denied return is final: the unit keeps it
    if first is None or unit is None:
        return None, None
    if said is None and settled is not None:
        said = Said(final=str(unit), source=Source.CONFIRMED, at=settled, proposed=proposed)
    began = int(first.sets["lead_unit_id"] or 0)
    sent = Sent(
        at=first.at,
        automatic=first.actor_kind == ActorKind.SYSTEM,
        unit_id=unit,
        settled_at=settled or kept,
        moved_at=moved if unit != began else None,
    )
    return sent, said


def _corrected(lines: Sequence[Line], name: str, proposed: str) -> Said | None:
    said, before = None, ""
    for line in lines:
        value = line.sets.get(name)
        if line.action == Action.CORRECT and value:
            said = _said(line, str(value), Source.CORRECTION, proposed or before)
        elif line.action == Action.REGISTER:
            before = str(value or "")
    return said


def _said(line: Line, final: str, source: Source, proposed: str) -> Said:
    return Said(final=final, source=source, at=line.at, staff_id=line.actor_id, unit_id=line.unit_id, proposed=proposed)
