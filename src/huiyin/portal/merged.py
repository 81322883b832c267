"""Where a merged matter goes on: told without a word of whoever the other case belongs to."""

from dataclasses import dataclass
from datetime import datetime

from huiyin.cases import journal, numbers
from huiyin.cases.models import Case
from huiyin.portal import story
from huiyin.portal.story import Answer, Step
from huiyin.registry.directory import UnitInfo

_MOST_HOPS = 5  # a merged case can be merged again; more would be a ring


@dataclass(frozen=True, slots=True, kw_only=True)
class GoesOn:
    headline: str
    note: str
    steps: tuple[Step, ...]
    units: tuple[UnitInfo, ...]
    number: str  # only when it is the same person's
    answer: Answer | None


def goes_on(case: Case, now: datetime) -> GoesOn | None:
    target = follow(case)
    if target is None:
        return None
    told = story.tell(target, journal.of_case(target.pk), now)
    own = target.requester_id == case.requester_id
    return GoesOn(
        headline=told.headline,
        note=told.note,
        steps=tuple(told.steps),
        units=tuple(told.units),
        number=numbers.grouped(target.case_no) if own else "",
        # The answer of a confidential case speaks of another person's secret.
        answer=told.answer if own or not target.confidential else None,
    )


def follow(case: Case) -> Case | None:
    """The case at the end of the chain."""
    target, into_id = None, case.merged_into_id
    for _hop in range(_MOST_HOPS):
        if into_id is None:
            break
        target = Case.objects.prefetch_related("clocks").get(pk=into_id)
        into_id = target.merged_into_id
    return target
