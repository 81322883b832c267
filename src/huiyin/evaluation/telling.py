"""Tells a unit what was decided about one of its cases, among the notices that it reads anyway."""

from datetime import datetime

from huiyin.cases.models import Notice
from huiyin.domain.exclusions import Ruling
from huiyin.evaluation.models import Appeal, Exclusion

_STAGES = {Ruling.DENIED: 0, Ruling.GRANTED: 1, Ruling.REVOKED: 2}
_APPEAL = 3
_KINDS = 4


def tell_unit(about: Exclusion | Appeal, text: str, *, now: datetime) -> None:
    """Once for each decision: notices that no event made are told apart by negative numbers of what made them."""
    stage = _APPEAL if isinstance(about, Appeal) else _STAGES[Ruling(about.ruling)]
    Notice.objects.get_or_create(
        event_id=-(about.pk * _KINDS + stage),
        unit_id=about.unit_id,
        defaults={"case_id": about.case_id, "action": "evaluation", "text": text[:200], "at": now},
    )
