"""Which cases are near due or overdue: by the unit's own clock that ends first, whichever limit it is.

Signing, first contact, handling, second review: what stands red on a row is counted as overdue everywhere. The row's
light (presenters.lights.pressing), the tabs, the search and the boards all mean the same.
"""

from datetime import datetime
from typing import Final

from django.db.models import OuterRef, Q, QuerySet, Subquery

from huiyin.cases.models import Case, RunningClock
from huiyin.domain.vocabulary import ClockKind

# The unit's own limits, in the order in which they press; the rest is the hotline's.
UNITS_OWN: Final = (ClockKind.SIGN, ClockKind.CONTACT, ClockKind.HANDLE, ClockKind.REVIEW)

# The same for statements written by hand, which look once a case: `presses` has the times of the pressing clock.
PRESSING: Final = f"""LEFT JOIN LATERAL (
    SELECT warn_at, due_at FROM case_clock
     WHERE case_id = hotline_case.id AND kind IN ({", ".join(f"'{kind}'" for kind in UNITS_OWN)})
     ORDER BY due_at LIMIT 1) AS presses ON true"""
NEAR_DUE: Final = "presses.warn_at <= %(now)s AND presses.due_at > %(now)s"
OVERDUE: Final = "presses.due_at <= %(now)s"


def with_pressing(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Adds the pressing clock's `presses_due_at` and `presses_warn_at`; one look into case_clock_once a case."""
    first = RunningClock.objects.filter(case=OuterRef("pk"), kind__in=UNITS_OWN).order_by("due_at")
    return cases.alias(
        presses_due_at=Subquery(first.values("due_at")[:1]), presses_warn_at=Subquery(first.values("warn_at")[:1])
    )


def near_due(now: datetime) -> Q:
    return Q(presses_warn_at__lte=now, presses_due_at__gt=now)


def overdue(now: datetime) -> Q:
    return Q(presses_due_at__lte=now)
