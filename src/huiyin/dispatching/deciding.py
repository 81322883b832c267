"""The dispatcher's writes: one decision on one case, or the machine's proposals accepted for many at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from huiyin.cases import desk
from huiyin.cases.models import Case
from huiyin.dispatching.queue import proposed_values
from huiyin.domain.actions import Action
from huiyin.domain.case import Actor
from huiyin.domain.errors import DomainError


@dataclass
class BulkResult:
    dispatched: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)  # case number and why


def accept_proposals(case_ids: Iterable[int], *, actor: Actor, now: datetime) -> BulkResult:
    """Dispatches each case to its proposed unit. One that cannot be is reported and harms no other."""
    result = BulkResult()
    for case in Case.objects.filter(pk__in=list(case_ids)).order_by("registered_at", "id"):
        values = proposed_values(case)
        if values["unit_id"] is None:
            result.refused.append((case.case_no, "没有建议单位，请单独派单"))
            continue
        data = {name: value for name, value in values.items() if value} | {"reason": "按系统建议批量派单"}
        try:
            desk.act(case.pk, Action.DISPATCH, actor=actor, data=data, now=now, expected_seq=case.seq)
        except DomainError as refusal:
            result.refused.append((case.case_no, refusal.message))
        else:
            result.dispatched += 1
    return result
