"""The lights of a case: which of its clocks run, how much time each has left, and the one that presses most."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from huiyin.cases.lit import UNITS_OWN
from huiyin.cases.models import RunningClock
from huiyin.domain.deadlines import light
from huiyin.domain.vocabulary import ClockKind, Light


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownClock:
    kind: ClockKind
    due_at: datetime
    light: Light
    spent: int  # hundredths of the limit, for the bar

    @property
    def label(self) -> str:
        return self.kind.label


def shown(clocks: Iterable[RunningClock], now: datetime) -> list[ShownClock]:
    """The running clocks, the soonest first. 到期回访 is an appointment, not a limit: past it, nothing is late."""
    limits = (clock for clock in clocks if clock.kind != ClockKind.ASK or clock.due_at > now)
    return sorted((_shown(clock, now) for clock in limits), key=lambda clock: clock.due_at)


def pressing(clocks: Iterable[RunningClock], now: datetime) -> ShownClock | None:
    """The unit's clock that ends first; none while the unit has nothing to do."""
    return next((clock for clock in shown(clocks, now) if clock.kind in UNITS_OWN), None)


def _shown(clock: RunningClock, now: datetime) -> ShownClock:
    length = (clock.due_at - clock.started_at).total_seconds()
    gone = (now - clock.started_at).total_seconds()
    return ShownClock(
        kind=ClockKind(clock.kind),
        due_at=clock.due_at,
        light=light(now=now, warn_at=clock.warn_at, due=clock.due_at),
        spent=100 if length <= 0 else max(0, min(100, round(100 * gone / length))),
    )
