"""How far this week's matters lie from what the champion was trained on: shares of classes, and unknown words."""

import math
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from huiyin.cases.models import Case
from huiyin.domain.calendar import CITY_ZONE
from huiyin.learning import bundle, pairs, storing
from huiyin.learning.examples import text_of
from huiyin.learning.models import DriftWeek, ModelState, ModelVersion

_SPAN = timedelta(days=7)
_READ = 5_000  # cases
_GROUP = 4  # digits: level two of the taxonomy; leaves are too few a week to tell a shift from chance
_MOVERS = 8


def measure(*, now: datetime) -> DriftWeek | None:
    """The last seven days against the champion; a row a week, written anew each night. Uses case_newest."""
    version = ModelVersion.objects.filter(state=ModelState.CHAMPION).first()
    if version is None:
        return None
    rows = list(
        Case.objects.filter(registered_at__gte=now - _SPAN, registered_at__lt=now)
        .order_by("-registered_at", "-id")
        .values_list("class_code", "title", "content")[:_READ]
    )
    if not rows:
        return None
    learned = Counter[str]()
    for code, (count, _tested, _right) in version.scores["classes"].items():
        learned[code[:_GROUP]] += count
    came = Counter(code[:_GROUP] for code, _title, _content in rows if code)
    shift, movers = shift_between(learned, came)
    seen = bundle.unpack(storing.fetch(version.stored_as, sha256=version.sha256))["pairs"]
    found, _ = DriftWeek.objects.update_or_create(
        week=monday(now),
        model=version.number,
        defaults={
            "cases": len(rows),
            "shift": shift,
            "by_chance": shift_by_chance(learned, came.total()),
            "unknown": pairs.unknown_share((text_of(title, content) for _, title, content in rows), seen),
            "movers": movers,
        },
    )
    return found


def shift_between(before: Counter[str], after: Counter[str]) -> tuple[float, list[list[Any]]]:
    """Total variation (half the sum of the differences of shares) and the groups that moved farthest."""
    total_before, total_after = before.total() or 1, after.total() or 1
    shares = {key: (before[key] / total_before, after[key] / total_after) for key in {*before, *after}}
    moved = sorted(shares.items(), key=lambda item: (-abs(item[1][1] - item[1][0]), item[0]))
    distance = sum(abs(new - old) for old, new in shares.values()) / 2
    return round(distance, 4), [[key, round(old, 4), round(new, 4)] for key, (old, new) in moved[:_MOVERS]]


def shift_by_chance(before: Counter[str], cases: int) -> float:
    """The mean shift between two samples of one and the same mixture: what of a shift need not worry anybody."""
    total = before.total()
    if not total or not cases:
        return 1.0
    spread = 1 / total + 1 / cases
    shares = (count / total for count in before.values())
    return round(min(1.0, sum(math.sqrt(2 / math.pi * share * (1 - share) * spread) for share in shares) / 2), 4)


def monday(now: datetime) -> date:
    day = now.astimezone(CITY_ZONE).date()
    return day - timedelta(days=day.weekday())
