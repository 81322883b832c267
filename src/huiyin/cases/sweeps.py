"""What time itself brings about: lights, escalations, callbacks that fall due, counts, partitions.

Called every second by `huiyin scheduler`. Each step is an indexed query; each light fires once because the domain
refuses a second time, also when two schedulers run or one was down.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import QuerySet

from huiyin.cases import desk, partitions, rollups, subscriptions
from huiyin.cases.models import RunningClock
from huiyin.domain.actions import Action
from huiyin.domain.case import Actor
from huiyin.domain.errors import DomainError
from huiyin.domain.vocabulary import ClockKind

log = logging.getLogger(__name__)

Ending = Callable[[int], Action | None]
_ENDINGS: dict[ClockKind, Ending] = {}

_BATCH = 200
_ROLLUP_EVERY = timedelta(seconds=15)
_PARTITIONS_EVERY = timedelta(hours=6)
_RETRY_BROKEN_AFTER = timedelta(minutes=10)


def end_with(kind: ClockKind, ending: Ending) -> None:
    """A room above says what the end of a limit means for a case (by its id); None: the red light, as for any other."""
    _ENDINGS[kind] = ending


@dataclass
class Sweeper:
    """One scheduler's memory: when the slower steps last ran, and which clocks failed (tried again later)."""

    rolled_up_at: datetime | None = None
    partitioned_at: datetime | None = None
    broken: dict[int, datetime] = field(default_factory=dict)

    def run_due(self, now: datetime) -> int:
        """One round; returns how many clocks fired and events were delivered (0: nothing waits)."""
        done = self.fire_clocks(now) + subscriptions.deliver()
        if self.rolled_up_at is None or now - self.rolled_up_at >= _ROLLUP_EVERY:
            rollups.refresh(now)
            self.rolled_up_at = now
        if self.partitioned_at is None or now - self.partitioned_at >= _PARTITIONS_EVERY:
            partitions.ensure_ahead(now)
            self.partitioned_at = now
        return done

    def fire_clocks(self, now: datetime) -> int:
        self.broken = {pk: at for pk, at in self.broken.items() if now - at < _RETRY_BROKEN_AFTER}
        fired = 0
        for clock in due_clocks(now).exclude(pk__in=self.broken)[:_BATCH]:
            try:
                fired += fire(clock, now)
            except Exception:  # a process boundary: one broken case must not silence all others' reminders
                log.exception("clock %s of case %s could not be fired", clock.kind, clock.case_id)
                self.broken[clock.pk] = now
        return fired


def due_clocks(now: datetime) -> QuerySet[RunningClock]:
    """Clocks with something to say, longest waiting first; uses case_clock_next."""
    return RunningClock.objects.filter(next_at__lte=now).order_by("next_at", "id")


def fire(clock: RunningClock, now: datetime) -> bool:
    """Lets one clock speak. False if the case moved on in between, which is no error."""
    action, data = _speech(clock, now)
    try:
        desk.act(clock.case_id, action, actor=Actor.system(), data=data, now=now)
    except DomainError:
        return False
    return True


def _speech(clock: RunningClock, now: datetime) -> tuple[Action, dict[str, object]]:
    if clock.kind == ClockKind.ASK:
        return Action.START_CALLBACK, {}
    if now < clock.due_at:
        return Action.WARN, {"clock": clock.kind}
    ending = _ENDINGS.get(ClockKind(clock.kind))
    instead = ending(clock.case_id) if ending else None
    return (instead, {}) if instead else (Action.ESCALATE, {"clock": clock.kind})
