"""Which handling of a case something belongs to: links, answers and draws of one that was reopened since are past."""

from datetime import datetime

from huiyin.cases.models import Case


def is_of_now(made_at: datetime, made_in_round: int, case: Case) -> bool:
    """Reopening begins at round 1 again: what was made before it was dispatched anew is of an earlier handling."""
    return made_in_round == case.round and (case.dispatched_at is None or made_at >= case.dispatched_at)
