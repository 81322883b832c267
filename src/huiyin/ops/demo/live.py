"""Keeps the demo city alive: new calls, and simulated people who work on the simulated cases, through the desk's door.

Whatever would take an hour takes an hour divided by the speed; the platform's own clocks run as they are. Cases that
people register are left to people, and where somebody can sign in at a unit, people get the first go.
"""

import heapq
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from django.db import OperationalError, connection
from django.utils import timezone

from huiyin.accounts.models import Post
from huiyin.cases import desk, snapshot
from huiyin.cases.models import Case
from huiyin.domain.actions import Action
from huiyin.domain.case import Actor
from huiyin.domain.errors import CaseMoved, DomainError
from huiyin.domain.vocabulary import ActorKind, Channel, ClockKind, Role, Status
from huiyin.intake import registering
from huiyin.ops.demo.arrivals import arrive, truth_of
from huiyin.ops.demo.matters import Matter
from huiyin.ops.demo.next_move import next_move
from huiyin.ops.demo.phrasebook import load_phrases
from huiyin.ops.demo.story import Move, Scene
from huiyin.ops.demo.texts import pick_leaf
from huiyin.ops.demo.world import World
from huiyin.ops.models import DemoTruth
from huiyin.registry import rulebook

log = logging.getLogger(__name__)

_PEOPLE_FIRST = timedelta(minutes=15)  # at units where a demo account can sign in
_HOTLINE_FIRST = timedelta(seconds=45)  # the queues of dispatch and callback stay visible for a while
_CLUSTERED = 0.15
_LOADED = 20_000


@dataclass(slots=True)
class _Event:
    """Something that many will call about in the coming minutes."""

    number: int
    leaf_code: str
    corner: int
    calls: int


@dataclass(slots=True)
class Simulator:
    world: World
    speed: float
    per_day: float  # matters of a day at speed 1
    rng: Random = field(default_factory=Random)
    done: int = 0
    registered: int = 0
    _queue: list[tuple[float, int]] = field(default_factory=list)
    _planned: dict[int, float] = field(default_factory=dict)
    _refused: dict[int, frozenset[Action]] = field(default_factory=dict)
    _staffed: frozenset[int] = frozenset()
    _next_key: int = 0
    _next_arrival: float = 0.0
    _event: _Event | None = None

    def start(self, now: datetime) -> int:
        """Takes up every open simulated case; returns how many."""
        posts = Post.objects.filter(staff__demo=True, valid_to__isnull=True)
        self._staffed = frozenset(posts.values_list("unit_id", flat=True))
        self._next_key = (DemoTruth.objects.order_by("-key").values_list("key", flat=True).first() or 0) + 1
        rows = list(Case.objects.filter(closed_at__isnull=True).order_by("-id").prefetch_related("clocks")[:_LOADED])
        truths = DemoTruth.objects.in_bulk([row.pk for row in rows])
        for row in rows:
            if row.pk in truths:
                self._plan(row, truths[row.pk], now)
        self._next_arrival = time.monotonic()
        return len(self._planned)

    def run(self, stopped: Callable[[], bool]) -> None:
        while not stopped():
            try:
                self.step(timezone.now())
            except OperationalError:
                log.warning("the database is away; trying again")
                connection.close()
                time.sleep(1)
                continue
            time.sleep(min(0.5, max(0.02, self._idle_for())))

    def step(self, now: datetime, *, at_most: int = 50) -> int:
        """Whatever is due: a few moves, and a new call if one comes in. Returns how much was done."""
        before = self.done + self.registered
        moment = time.monotonic()
        while self._queue and self._queue[0][0] <= moment and self.done + self.registered - before < at_most:
            due, case_id = heapq.heappop(self._queue)
            if self._planned.get(case_id) == due:
                self._act(case_id, now)
        if moment >= self._next_arrival:
            self.call(now)
            mean = 86_400 / self.per_day / self.speed
            self._next_arrival = max(self._next_arrival, moment - mean) + self.rng.expovariate(1 / mean)
        return self.done + self.registered - before

    def call(self, now: datetime) -> int:
        """Somebody calls or writes; returns the new case's number."""
        matter = self._matter(now)
        arrival = arrive(matter, world=self.world, phrasebook=load_phrases(), requester_id=0)
        actor = arrival.actor if arrival.actor.kind is ActorKind.STAFF else Actor(kind=ActorKind.CITIZEN)
        row = registering.register_matter(actor=actor, data=arrival.data, now=now)
        arrival.row.case_id, arrival.row.live = row.pk, True
        arrival.row.save(force_insert=True)
        self.registered += 1
        self._plan(row, arrival.row, now)
        return row.pk

    def _matter(self, now: datetime) -> Matter:
        key, self._next_key = self._next_key, self._next_key + 1
        event = self._event
        if event is None or event.calls <= 0:
            self._event = event = _Event(
                key, self._leaf(now), self.world.some_corner(self.rng), self.rng.randint(4, 15)
            )
        together = self.rng.random() < _CLUSTERED
        event.calls -= together
        return Matter(
            number=key,
            at=now,
            leaf_code=event.leaf_code if together else self._leaf(now),
            channel=Channel.PHONE if self.rng.random() < 0.85 else Channel.WECHAT,
            corner=event.corner if together else self.world.some_corner(self.rng),
            caller=int(key * self.rng.random()) if self.rng.random() < 0.2 else key,
            cluster=event.number if together else None,
        )

    def _leaf(self, now: datetime) -> str:
        return pick_leaf(rng=self.rng, at=now, phrasebook=load_phrases())

    def _act(self, case_id: int, now: datetime) -> None:
        row = Case.objects.prefetch_related("clocks").get(pk=case_id)
        truth = DemoTruth.objects.get(pk=case_id)
        move = self._move(row, truth)
        if move is None:
            self._planned.pop(case_id, None)
            return
        try:
            row = desk.act(case_id, move.action, actor=move.actor, data=move.data(now), now=now, expected_seq=row.seq)
        except CaseMoved:  # somebody else was quicker: look again
            row = Case.objects.prefetch_related("clocks").get(pk=case_id)
        except DomainError:
            self._refused[case_id] = self._refused.get(case_id, frozenset()) | {move.action}
        else:
            self.done += 1
            self._refused.pop(case_id, None)
        self._plan(row, truth, now)

    def _plan(self, row: Case, truth: DemoTruth, now: datetime) -> None:
        move = self._move(row, truth)
        if move is None:
            self._planned.pop(row.pk, None)
            return
        since = max(row.last_at, now)
        wait = max(move.at - since, timedelta(0)) / self.speed
        if move.at < now:  # held up while the demo was not running: spread over the first minutes
            wait = timedelta(seconds=self.rng.random() * 120)
        wait = max(wait, self._grace(move))
        if row.callback_next_at is not None and move.action is Action.RECORD_CALLBACK:
            wait = max(wait, row.callback_next_at - now)
        due = time.monotonic() + wait.total_seconds()
        self._planned[row.pk] = due
        heapq.heappush(self._queue, (due, row.pk))

    def _grace(self, move: Move) -> timedelta:
        if move.actor.whole_city:
            return _HOTLINE_FIRST
        return _PEOPLE_FIRST if move.actor.unit_id in self._staffed else timedelta(0)

    def _move(self, row: Case, truth: DemoTruth) -> Move | None:
        case = snapshot.load(row, row.clocks.all())
        scene = Scene(
            case=case,
            truth=truth_of(truth, title=row.title, merge_into=self._same_event(row, truth)),
            world=self.world,
            rules=rulebook.rules(row.limits_edition_id),
            phrasebook=load_phrases(),
            refused=self._refused.get(row.pk, frozenset()),
        )
        if case.status is Status.REPLIED and ClockKind.ASK in case.clocks:
            # At the demo's speed nobody waits a week for the limit to end: the agents ask early.
            actor = self.world.at_hotline(Role.CALLBACK_AGENT, scene.dice("early"))
            return Move(
                at=case.clocks[ClockKind.ASK].due_at, action=Action.START_CALLBACK, actor=actor, data=lambda _at: {}
            )
        move = next_move(scene)
        if move is None or move.action is Action.REOPEN:
            return None
        return replace(move, at=max(move.at, case.last_at))

    def _same_event(self, row: Case, truth: DemoTruth) -> int | None:
        if truth.cluster is None or row.status != Status.RECEIVED:
            return None
        others = DemoTruth.objects.filter(cluster=truth.cluster, live=truth.live).exclude(pk=row.pk)
        ids = list(others.order_by("case_id").values_list("case_id", flat=True)[:50])
        return (
            Case.objects.filter(pk__in=ids, closed_at__isnull=True).values_list("pk", flat=True).order_by("pk").first()
        )

    def _idle_for(self) -> float:
        nearest = min(self._next_arrival, self._queue[0][0] if self._queue else float("inf"))
        return nearest - time.monotonic()
