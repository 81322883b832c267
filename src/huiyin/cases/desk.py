"""The one door for writes: every change of a case goes through `register` or `act`, in one transaction.

Lock the case, ask the table, save what changed, append the event, keep the clocks. Nothing else writes these tables
(the bulk importer writes the same rows through the same domain functions, see cases.bulk).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from huiyin.accounts import sealed
from huiyin.cases import clock_rows, disclosure, journal, numbers, references, snapshot, writing
from huiyin.cases.models import Case, CaseEvent
from huiyin.domain import case as domain
from huiyin.domain import lifecycle
from huiyin.domain.actions import FIELDS, Action
from huiyin.domain.errors import CaseMoved, DomainError, InvalidData
from huiyin.domain.fields import parse
from huiyin.domain.statement import STATEMENT, normalise_phone, title_of
from huiyin.domain.vocabulary import ActorKind, Grade, RequesterKind, RequestType, Status
from huiyin.registry import directory, rulebook


class CaseNotFound(DomainError):
    """没有找到这个案件，请核对编号。"""

    code = "case_not_found"


class MovedSince(CaseMoved):
    """Somebody else acted first; `events` are what happened since the caller last looked."""

    def __init__(self, events: list[CaseEvent]) -> None:
        self.events = events
        told = "、".join(f"{event.actor_name}已{Action(event.action).label}" for event in events)
        super().__init__(f"此案件刚刚有变化：{told}。请查看最新情况后再操作。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A further action taken in the same transaction as the registration, perhaps by another actor (the system)."""

    action: Action
    data: Mapping[str, object]
    actor: domain.Actor | None = None


def register(
    *,
    actor: domain.Actor,
    data: Mapping[str, object],
    now: datetime,
    then: Sequence[Step] = (),
    proposal: Mapping[str, Any] | None = None,
    source: tuple[str, str] = ("", ""),
    position: tuple[float, float] | None = None,
) -> Case:
    """Registers a matter. `data` holds the fields of `STATEMENT` and of the register action, flat.

    Raises InvalidData with a message for every wrong field. `source` is (system, number there) for foreign cases.
    `position` is longitude and latitude in degrees (WGS 84), as the citizen's phone told them.
    """
    said, entered = _split(data)
    in_force = rulebook.current(now)
    row = Case(
        taxonomy_edition_id=in_force.taxonomy_id,
        catalogue_edition_id=in_force.catalogue_id,
        limits_edition_id=in_force.limits_id,
        proposal=None if proposal is None else dict(proposal),
        source=source[0],
        source_no=source[1],
        anonymous=bool(said["anonymous"]),
        origin_line=said["origin_line"] or "",
        longitude=position[0] if position else None,
        latitude=position[1] if position else None,
        content=said["content"],
        title=said["title"] or title_of(said["content"]),
    )
    values = references.check(Action.REGISTER, entered, case=row, actor=actor, now=now)
    references.check_place(values)
    references.check_files(said["files"], actor=actor)
    row.channel = str(values["channel"])
    with transaction.atomic():
        requester_id, row.pk = _requester_and_case_id(said, now)
        row.requester_id = requester_id
        row.case_no = numbers.case_no(row.pk, at=now, secret=settings.DATA_KEY)
        if actor.kind is ActorKind.CITIZEN and actor.requester_id is None:
            actor = domain.Actor(kind=ActorKind.CITIZEN, requester_id=requester_id)
        case, event = lifecycle.register(_blank(requester_id, values, now), entered, _context(row, actor, now))
        events = [event]
        for step in then:
            by = step.actor or actor
            references.check(step.action, step.data, case=row, actor=by, now=now)
            case, event = lifecycle.decide(case, step.action, step.data, _context(row, by, now))
            events.append(event)
        snapshot.put(row, case)
        writing.insert(row, events, clocks=case.clocks)
        references.bind_files(said["files"], case_id=row.pk, seq=1)
    clock_rows.remember(row, case.clocks)
    return row


def act(
    case_id: int,
    action: Action,
    *,
    actor: domain.Actor,
    data: Mapping[str, object],
    now: datetime,
    expected_seq: int | None = None,
) -> Case:
    """Takes one action on a case, or raises the DomainError that refuses it; nothing is half-written.

    With `expected_seq` (the case's seq when the actor looked at it) a change in between raises MovedSince.
    """
    found = Case.objects.filter(pk=case_id)
    return act_on(found, action, actor=actor, data=data, now=now, expected_seq=expected_seq)


def act_on(
    found: QuerySet[Case],
    action: Action,
    *,
    actor: domain.Actor,
    data: Mapping[str, object],
    now: datetime,
    expected_seq: int | None = None,
) -> Case:
    """`act` for the one case that a queryset names: whether the actor may see it is asked with the lock."""
    with transaction.atomic():
        row = found.select_for_update(of=("self",)).first()
        if row is None:
            raise CaseNotFound
        if expected_seq is not None and expected_seq != row.seq:
            _refuse_if_moved(row, expected_seq, actor)
        before = snapshot.load(row, row.clocks.all())
        # Two processes' clocks may differ by a little; a case's history still never runs backwards.
        moment = max(now, before.last_at)
        lifecycle.permit(before, action, actor)
        values = references.check(action, data, case=row, actor=actor, now=moment)
        after, event = lifecycle.decide(before, action, data, _context(row, actor, moment))
        snapshot.put(row, after)
        changed = _changed(event, after, before)
        writing.update(row, event, changed=changed, before=before.clocks, after=after.clocks)
        references.bind_files(values.get("files", ()), case_id=row.pk, seq=after.seq)
    clock_rows.remember(row, after.clocks)
    return row


def allowed(row: Case, actor: domain.Actor) -> list[Action]:
    """The actions that this actor may take now; needs the clocks prefetched for a list of cases."""
    return lifecycle.allowed(snapshot.load(row, row.clocks.all()), actor)


def is_below(unit_id: int, above_id: int) -> bool:
    return unit_id != above_id and unit_id in directory.subtree_unit_ids(above_id)


def _refuse_if_moved(row: Case, seen: int, actor: domain.Actor) -> None:
    """What an actor may not be told of does not stand in the way, or the refusal itself would tell it."""
    events = journal.since(row.pk, seen)
    told = disclosure.events_told(events, row, whole_city=actor.kind is not ActorKind.STAFF or actor.whole_city)
    if told or not events:
        raise MovedSince(told)


def _context(row: Case, actor: domain.Actor, now: datetime) -> domain.Context:
    return domain.Context(actor=actor, now=now, rules=rulebook.rules(row.limits_edition_id), is_below=is_below)


def _changed(event: domain.Event, after: domain.Case, before: domain.Case) -> list[str]:
    names = [name for name in event.change.sets if getattr(after, name) != getattr(before, name)]
    return [*names, "judged", "seq", "last_at", "warn_at"]


def _split(data: Mapping[str, object]) -> tuple[dict[str, Any], dict[str, object]]:
    """What was said (checked here) and what the register action is told (checked by the domain), errors together."""
    names = {field.name for field in STATEMENT}
    entered = {name: value for name, value in data.items() if name not in names}
    errors: dict[str, str] = {}
    said: dict[str, Any] = {}
    try:
        said = parse(STATEMENT, {name: value for name, value in data.items() if name in names})
        if said["phone"]:
            said["phone"] = normalise_phone(said["phone"])
    except InvalidData as wrong:
        errors |= wrong.errors
    try:
        parse(FIELDS[Action.REGISTER], entered)
    except InvalidData as wrong:
        errors |= wrong.errors
    if errors:
        raise InvalidData(errors)
    return said, _with_wider_areas(entered)


def _with_wider_areas(entered: dict[str, object]) -> dict[str, object]:
    """A street names its district and a community its street, so nobody is asked for what is known."""
    filled = dict(entered)
    for narrow, wide in (("community_id", "street_id"), ("street_id", "district_id")):
        raw = filled.get(narrow)
        area = directory.areas().get(int(str(raw))) if str(raw or "").isdecimal() else None
        if area is not None and not filled.get(wide):
            filled[wide] = area.parent_id if narrow == "community_id" else area.district_id
    return filled


def _blank(requester_id: int, values: Mapping[str, Any], now: datetime) -> domain.Case:
    """The empty case before its first event; type, class and grade are set again by that event."""
    request_type: RequestType = values["request_type"]
    grade: Grade = values["grade"]
    return domain.Case(
        status=Status.RECEIVED,
        registered_at=now,
        last_at=now,
        requester_id=requester_id,
        request_type=request_type,
        class_code=values["class_code"],
        grade=grade,
    )


# A known phone keeps its row (and takes a name given later); without a phone every case has a requester of its own.
_REQUESTER = """
WITH requester_row AS (
    INSERT INTO requester (kind, name_sealed, phone_sealed, phone_print, created_at)
    VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (phone_print) DO UPDATE SET name_sealed = CASE
        WHEN length(EXCLUDED.name_sealed) > 0 THEN EXCLUDED.name_sealed ELSE requester.name_sealed END
    RETURNING id)
SELECT id, nextval(pg_get_serial_sequence('hotline_case', 'id')) FROM requester_row
"""


def _requester_and_case_id(said: Mapping[str, Any], now: datetime) -> tuple[int, int]:
    phone, name = said["phone"] or "", said["requester_name"] or ""
    kind: RequesterKind = said["requester_kind"] or RequesterKind.PERSON
    with connection.cursor() as cursor:
        cursor.execute(
            _REQUESTER,
            [
                str(kind),
                sealed.seal(name) if name else b"",
                sealed.seal(phone) if phone else b"",
                sealed.fingerprint(phone) if phone else None,
                now,
            ],
        )
        requester_id, case_id = cursor.fetchone()
    return requester_id, case_id
