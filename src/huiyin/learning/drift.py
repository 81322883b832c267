"""How far this week's matters lie from what the champion was trained on: shares of classes, and unknown words."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from huiyin.cases.models import Case
from huiyin.domain.calendar import CITY_ZONE
from huiyin.learning import bundle, pairs, storing
from huiyin.learning.examples import text_of
from huiyin.learning.models import DriftWeek, ModelState, ModelVersion

_READ = 5_000  # cases of a week
_GROUP = 4  # digits: level two of the taxonomy; leaves are too few a week to tell a shift from chance
_MOVERS = 8


def measure(*, now: datetime) -> DriftWeek | None:
    """The running week against the champion; written again each night until the week is over. Uses case_newest."""
    version = ModelVersion.objects.filter(state=ModelState.CHAMPION).first()
    if version is None:
        return None
    week = monday(now)
    start = datetime(week.year, week.month, week.day, tzinfo=CITY_ZONE)
    rows = list(
        Case.objects.filter(registered_at__gte=start, registered_at__lt=now)
        .order_by("-registered_at", "-id")
        .values_list("class_code", "title", "content")[:_READ]
    )
    if not rows:
        return None
    learned = Counter[str]()
    for code, (count, _tested, _right) in version.scores["classes"].items():
        learned[code[:_GROUP]] += count
    shift, movers = shift_between(learned, Counter(code[:_GROUP] for code, _title, _content in rows if code))
    seen = bundle.unpack(storing.fetch(version.stored_as, sha256=version.sha256))["pairs"]
    found, _ = DriftWeek.objects.update_or_create(
        week=week,
        model=version.number,
        defaults={
            "cases": len(rows),
            "shift": shift,
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


def monday(now: datetime) -> date:
    day = now.astimezone(CITY_ZONE).date()
    return day - timedelta(days=day.weekday())
