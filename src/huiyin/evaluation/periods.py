"""Which rules hold when, and the rows of the periods that follow from them."""

import re
from datetime import datetime, timedelta

from huiyin.domain import periods
from huiyin.domain.errors import InvalidData
from huiyin.domain.schemes import EvaluationRules
from huiyin.evaluation.models import Period
from huiyin.registry import rulebook

_CODE = re.compile(r"\d{4}-\d{2}", re.ASCII)


def rules_at(at: datetime) -> tuple[int, EvaluationRules]:
    """The scheme in force at a moment and the number of its edition."""
    return rulebook.evaluation(at)


def rules_of(edition_id: int) -> EvaluationRules:
    return rulebook.evaluation_rules(edition_id)


def period_at(now: datetime) -> Period:
    """The period that a moment lies in; its row is made when it is asked for first."""
    known = Period.objects.filter(begins_at__lte=now, ends_at__gt=now).first()
    return known or _made(now, rules_at(now)[1].periods)


def period_before(period: Period) -> Period:
    return period_at(period.begins_at - timedelta(seconds=1))


def is_code(text: str) -> bool:
    """What comes in an address may be anything, also what the database cannot be asked for."""
    return _CODE.fullmatch(text) is not None


def period_coded(code: str) -> Period:
    """By its code 2026-11; InvalidData where no such period was ever opened."""
    found = Period.objects.filter(code=code).first() if is_code(code) else None
    if found is None:
        raise InvalidData({"period": f"没有考核期“{code}”"})
    return found


def known() -> list[Period]:
    """All opened periods, the newest first: twelve a year."""
    return list(Period.objects.order_by("-begins_at"))


def open_periods(first: datetime, last: datetime) -> list[Period]:
    """The periods from the one that `first` lies in to that of `last`, oldest first; missing rows are made."""
    found = [period_at(first)]
    while found[-1].ends_at <= last:
        found.append(period_at(found[-1].ends_at))
    return found


def cuts_before(period: Period, since: datetime) -> list[datetime]:
    """The ends of earlier periods after `since`, at which a case may have been judged already."""
    found = []
    while period.begins_at > since:
        found.append(period.begins_at)
        period = period_before(period)
    return found


def _made(now: datetime, rule: periods.PeriodRule) -> Period:
    """Where the day on which periods begin was changed, the first new one takes over where the last one ended: no day
    lies in none, and none in two."""
    named = periods.period_at(now, rule)
    if Period.objects.filter(code=named.code).exists():  # it ended under the rule before; these days go to the next
        named = periods.neighbour(named, 1, rule)
    before = Period.objects.filter(code=periods.neighbour(named, -1, rule).code, ends_at__lte=now).first()
    made, _ = Period.objects.get_or_create(
        code=named.code,
        defaults={
            "year": named.year,
            "month": named.month,
            "begins_at": before.ends_at if before else named.begins_at,
            "ends_at": named.ends_at,
        },
    )
    return made
