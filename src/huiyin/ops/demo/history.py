"""Writes the demo city's past: every life lived by the domain's rules, in several processes, then written by COPY."""

import hashlib
import json
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from huiyin.cases import bulk, bulk_indexes
from huiyin.cases.bulk_text import copy, line
from huiyin.domain.calendar import CITY_ZONE
from huiyin.ops.child import end_with_parent
from huiyin.ops.demo import cheats, staffing
from huiyin.ops.demo.arrivals import Arrival, arrive, caller
from huiyin.ops.demo.beside import drop_connections
from huiyin.ops.demo.lives import Lived, live
from huiyin.ops.demo.matters import Matter, Plan, plan_city
from huiyin.ops.demo.phrasebook import Phrasebook, load_phrases
from huiyin.ops.demo.world import World
from huiyin.ops.models import DemoTruth
from huiyin.registry import rulebook

_BUNDLE = 400
_TRUTH_FIELDS = [field.attname for field in DemoTruth._meta.concrete_fields]
_TRUTH_COLUMNS = ", ".join(field.column for field in DemoTruth._meta.concrete_fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    cases: int
    events: int
    digest: str  # of all that happened; equal for equal seeds


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """What the processes share; made before they fork."""

    world: World
    phrasebook: Phrasebook
    now: datetime
    bundles: list[list[Matter]]
    case_ids: list[int]
    requester_ids: list[int]


_work: _Work | None = None


def write_history(
    *,
    seed: int,
    cases: int,
    days: int,
    now: datetime,
    processes: int = 1,
    tell: Callable[[int], None] = lambda _n: None,
) -> Written:
    """`tell` hears how many more cases were written. With `processes=0` everything happens in this process."""
    world = World(seed=seed)
    crew = staffing.hire(world)
    world = World(seed=seed, crew=crew, cheating=True)
    phrasebook = load_phrases()
    calendar = rulebook.calendar()
    plan = plan_city(world=world, phrasebook=phrasebook, calendar=calendar, now=now, days=days, cases=cases)
    plan = cheats.plant(plan, world, now)
    cheats.record(world)
    staffing.give_numbers((unit_id, caller(world, number).phone) for unit_id, number in plan.own)
    global _work
    _work = _Work(
        world=world,
        phrasebook=phrasebook,
        now=now,
        bundles=plan.bundles(_BUNDLE),
        case_ids=bulk.reserve(len(plan.matters)),
        requester_ids=_requesters(world, plan),
    )
    results = []
    for written in _run(_work, processes):
        results.append(written)
        tell(written.cases)
    first = (now - timedelta(days=days)).astimezone(CITY_ZONE).date()
    bulk.recount(_days(first, now.astimezone(CITY_ZONE).date()), now=now)
    digest = sum(int(written.digest, 16) for written in results) % (1 << 256)
    return Written(
        cases=sum(written.cases for written in results),
        events=sum(written.events for written in results),
        digest=f"{digest:064x}",
    )


def _run(work: _Work, processes: int) -> Iterator[Written]:
    numbers = range(len(work.bundles))
    if not processes:
        yield from map(_write_bundle, numbers)
        return
    with bulk_indexes.set_aside():
        drop_connections()
        with multiprocessing.get_context("fork").Pool(processes, end_with_parent, (signal.SIGKILL,)) as pool:
            yield from pool.imap_unordered(_write_bundle, numbers)


def _write_bundle(number: int) -> Written:
    assert _work is not None
    lives = list(_live_bundle(_work, _work.bundles[number]))
    with transaction.atomic():
        bulk.write(life for _, _, life in lives)
        rows = (arrival.row for _, arrival, _ in lives)
        lines = [line([getattr(row, name) for name in _TRUTH_FIELDS]) for row in rows]
        copy("demo_truth", _TRUTH_COLUMNS, lines)
    digest = sum(int.from_bytes(_fingerprint(matter, life), "big") for matter, _, life in lives)
    return Written(
        cases=len(lives),
        events=sum(len(life.events) for _, _, life in lives),
        digest=f"{digest % (1 << 256):064x}",
    )


def _live_bundle(work: _Work, matters: list[Matter]) -> Iterator[tuple[Matter, Arrival, bulk.Life]]:
    anchors: dict[int, tuple[int, datetime | None]] = {}
    for matter in matters:
        requester_id = work.requester_ids[matter.caller]
        arrival = arrive(matter, world=work.world, phrasebook=work.phrasebook, requester_id=requester_id)
        case_id = work.case_ids[matter.number]
        lived = live(
            arrival,
            at=matter.at,
            until=work.now,
            requester_id=requester_id,
            world=work.world,
            phrasebook=work.phrasebook,
            merge_into=_open_anchor(anchors, matter),
        )
        if matter.cluster is not None and lived.case.merged_into_id is None:
            anchors[matter.cluster] = (case_id, lived.case.closed_at)
        arrival.row.case_id = case_id
        yield matter, arrival, _as_life(case_id, arrival, lived, at=matter.at)


def _open_anchor(anchors: dict[int, tuple[int, datetime | None]], matter: Matter) -> int | None:
    """A case of the same cluster that is open now and will be for the next hours."""
    if matter.cluster not in anchors:
        return None
    case_id, closed_at = anchors[matter.cluster]
    return case_id if closed_at is None or closed_at > matter.at + timedelta(hours=12) else None


def _as_life(case_id: int, arrival: Arrival, lived: Lived, *, at: datetime) -> bulk.Life:
    return bulk.Life(
        id=case_id,
        case=lived.case,
        events=lived.events,
        editions=rulebook.current(at),
        channel=arrival.data["channel"],
        title=lived.title,
        content=lived.content,
        anonymous=bool(arrival.data.get("anonymous")),
        proposal=lived.proposal,
    )


def _requesters(world: World, plan: Plan) -> list[int]:
    first_call: dict[int, datetime] = {}
    for matter in plan.matters:
        first_call.setdefault(matter.caller, matter.at)
    begins = plan.matters[0].at  # of a caller whose only matter became another's
    found: list[int] = []
    for start in range(0, plan.callers, 5000):
        people = [
            (caller(world, number), first_call.get(number, begins))
            for number in range(start, min(start + 5000, plan.callers))
        ]
        found += bulk.ensure_requesters(
            [bulk.Caller(name=person.name, phone=person.phone, kind=person.kind, at=at) for person, at in people]
        )
    return found


def _fingerprint(matter: Matter, life: bulk.Life) -> bytes:
    """Of what was said and done, without the numbers that a database gives out."""
    told = [matter.number, life.title, life.content, life.channel]
    told += [[event.seq, event.at.timestamp(), event.action, event.actor.name, event.reason] for event in life.events]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).digest()


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def usual_processes() -> int:
    return max(1, min(8, os.cpu_count() or 1))
