"""Keeping the rows of running clocks in step with the domain: started and moved ones upserted, stopped ones deleted."""

from collections.abc import Mapping

from huiyin.cases.models import Case, RunningClock
from huiyin.domain.deadlines import Clock
from huiyin.domain.vocabulary import ClockKind

_KEPT = ["started_at", "warn_at", "due_at", "warned", "escalated", "next_at"]


def keep(case_id: int, *, before: Mapping[ClockKind, Clock], after: Mapping[ClockKind, Clock]) -> None:
    stopped = [str(kind) for kind in before if kind not in after]
    if stopped:
        RunningClock.objects.filter(case_id=case_id, kind__in=stopped).delete()
    moved = [row(case_id, kind, clock) for kind, clock in after.items() if before.get(kind) != clock]
    if moved:
        RunningClock.objects.bulk_create(
            moved, update_conflicts=True, unique_fields=["case", "kind"], update_fields=_KEPT
        )


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
