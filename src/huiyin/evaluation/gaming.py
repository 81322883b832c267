"""Holds every unit's signs against those of its group, and keeps what a person should look at (M23).

Nothing here touches a figure: a suspicion is a reason to look, and only a person's finding says more.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
from django.db import transaction

from huiyin.accounts.viewer import Viewer
from huiyin.analytics.gaming import Shares, judge
from huiyin.domain.errors import DomainError, NotPermitted
from huiyin.domain.exclusions import reason_given
from huiyin.domain.vocabulary import Role
from huiyin.evaluation import figuring, signs
from huiyin.evaluation.models import Suspicion, UnitResult, Version
from huiyin.evaluation.signs import Sign
from huiyin.evaluation.vocabulary import Group

SEE = frozenset({Role.EVALUATOR, Role.AUDITOR, Role.ANALYST, Role.LEADER})
_FIND = frozenset({Role.EVALUATOR, Role.AUDITOR})
_KEPT = ["score", "flagged", "signs", "reasons"]


class AlreadyFound(DomainError):
    """这个单位刚刚已由他人核查，请刷新查看。"""

    code = "already_found"


def look(version: Version) -> list[Suspicion]:
    """Counts and judges anew; what people have found before stays with the unit."""
    counted, adds_up = signs.count(version), figuring.lines()
    made: list[Suspicion] = []
    for group in Group:
        units = _lines(version, group)
        if units:
            made += _judged(version, group, units, counted, adds_up)
    with transaction.atomic():
        Suspicion.objects.bulk_create(
            made, update_conflicts=True, unique_fields=["version", "group", "unit_id"], update_fields=_KEPT
        )
    return made


def may_see(viewer: Viewer) -> bool:
    return viewer.sees == "city" and viewer.has(*SEE)


def may_find(viewer: Viewer) -> bool:
    return viewer.sees == "city" and viewer.has(*_FIND)


@transaction.atomic
def find(suspicion_id: int, *, confirmed: bool, finding: str, by: Viewer, now: datetime) -> Suspicion:
    """A person has looked; once, so that nobody's word is written over."""
    found = Suspicion.objects.select_for_update().get(pk=suspicion_id)
    if not may_find(by):
        raise NotPermitted("由热线考评员或监督员核查")
    if found.confirmed is not None:
        raise AlreadyFound
    found.finding, found.confirmed = reason_given(finding, "finding"), confirmed
    found.found_by_id, found.found_by, found.found_at = by.staff_id, by.name, now
    found.save(update_fields=["finding", "confirmed", "found_by_id", "found_by", "found_at"])
    return found


def _judged(
    version: Version,
    group: Group,
    units: Sequence[int],
    counted: Mapping[str, Mapping[int, Sign]],
    adds_up: Mapping[tuple[Group, int], tuple[int, ...]],
) -> list[Suspicion]:
    sums = {
        name: [_sum(by_unit, adds_up.get((group, unit_id), (unit_id,))) for unit_id in units]
        for name, by_unit in counted.items()
    }
    shares = {name: _shares(row) for name, row in sums.items() if any(sign.hits for sign in row)}
    verdicts = judge(shares) if shares else []
    return [
        Suspicion(
            version=version,
            group=str(group),
            unit_id=unit_id,
            score=round(verdicts[at].score, 4) if verdicts else 0.0,
            flagged=bool(verdicts and verdicts[at].flagged),
            signs={name: [row[at].hits, row[at].trials, list(row[at].cases)] for name, row in sums.items()},
            reasons=[[one.sign, one.words] for one in verdicts[at].reasons] if verdicts else [],
        )
        for at, unit_id in enumerate(units)
    ]


def _shares(row: Sequence[Sign]) -> Shares:
    return Shares(
        hits=np.array([sign.hits for sign in row], dtype=float),
        trials=np.array([sign.trials for sign in row], dtype=float),
    )


def _sum(by_unit: Mapping[int, Sign], unit_ids: Sequence[int]) -> Sign:
    total = Sign()
    for unit_id in unit_ids:
        total += by_unit.get(unit_id, Sign())
    return total


def _lines(version: Version, group: Group) -> list[int]:
    rows = UnitResult.objects.filter(version=version, group=str(group)).order_by("unit_id")
    return list(rows.values_list("unit_id", flat=True))
