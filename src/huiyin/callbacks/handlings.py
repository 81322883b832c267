"""Which handling of a case something belongs to: links, answers and draws of one that was reopened since are past."""

from datetime import datetime

from django.db.models import OuterRef

from huiyin.callbacks.models import FrameCase, Invitation
from huiyin.cases.models import Case

# Of the case that a query is about: its links of now, and its place in a frame of now.
LINKS = Invitation.objects.filter(
    case_id=OuterRef("pk"), round=OuterRef("round"), made_at__gte=OuterRef("dispatched_at")
)
LISTED = FrameCase.objects.filter(case_id=OuterRef("pk"), entered_at__gte=OuterRef("dispatched_at"))


def is_of_now(made_at: datetime, made_in_round: int, case: Case) -> bool:
    """Reopening begins at round 1 again: what was made before it was dispatched anew is of an earlier handling."""
    return made_in_round == case.round and case.dispatched_at is not None and made_at >= case.dispatched_at
