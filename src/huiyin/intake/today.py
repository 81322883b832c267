"""What somebody filed today and how long an entry took on average, from the first key to the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count
from django.utils import timezone

from huiyin.intake.models import Filing

_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    count: int
    average: timedelta | None
    latest: Sequence[Filing]

    @property
    def average_text(self) -> str:
        """48秒, 1分20秒; short enough for a toolbar."""
        return "" if self.average is None else seconds_text(round(self.average.total_seconds()))


def filed_today(staff_id: int, *, now: datetime) -> Today:
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = Filing.objects.filter(staff_id=staff_id, at__gte=midnight)
    told = mine.aggregate(count=Count("id"), seconds=Avg("seconds"))
    seconds = told["seconds"]
    return Today(
        count=told["count"],
        average=None if seconds is None else timedelta(seconds=float(seconds)),
        latest=list(mine.select_related("case").order_by("-at", "-id")[:_SHOWN]),
    )


def seconds_text(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}分{rest:02d}秒" if minutes else f"{rest}秒"
