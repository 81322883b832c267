"""The rows of running clocks as the domain's clocks have it (see writing for how they are kept in step)."""

from collections.abc import Mapping

from huiyin.cases.models import Case, RunningClock
from huiyin.domain.deadlines import Clock
from huiyin.domain.vocabulary import ClockKind

KEPT = ("started_at", "warn_at", "due_at", "warned", "escalated", "next_at")


def remember(case: Case, clocks: Mapping[ClockKind, Clock]) -> None:
    """Leaves the clocks just written with the case, as a prefetch would, so that showing it asks nothing."""
    known = case.clocks.all()
    known._result_cache = [row(case.pk, kind, clock) for kind, clock in clocks.items()]
    case._prefetched_objects_cache = {"clocks": known}


def row(case_id: int, kind: ClockKind, clock: Clock) -> RunningClock:
    return RunningClock(
        case_id=case_id,
        kind=str(kind),
        started_at=clock.started_at,
        warn_at=clock.warn_at,
        due_at=clock.due_at,
        warned=clock.warned,
        escalated=clock.escalated,
        next_at=clock.next_at,
    )
