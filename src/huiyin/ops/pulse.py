"""What an administrator watches: clocks that fired and that come next, queues, how fresh the counts are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from huiyin.accounts.viewer import Viewer
from huiyin.cases.models import Case, CaseEvent, OpenCount, RunningClock
from huiyin.cases.presenters import names
from huiyin.cases.selectors import cases_for
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.vocabulary import ClockKind

SHOWN: Final = 50
_LATE_AFTER = timedelta(seconds=30)
_COUNTS_OLD_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Something that is worked off in the background."""

    name: str
    waiting: int
    well: bool
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockLine:
    at: datetime
    kind: str
    says: str
    case: Case
    unit: str


def queues(now: datetime) -> Sequence[Queue]:
    """One statement on small tables and partial indexes."""
    with connection.cursor() as cursor:
        cursor.execute(_QUEUES, {"late": now - _LATE_AFTER})
        late, outbox, oldest, todo, failed = cursor.fetchone()
    counted_at = OpenCount.objects.order_by("-counted_at").values_list("counted_at", flat=True).first()
    fresh = counted_at is not None and now - counted_at < _COUNTS_OLD_AFTER
    return (
        Queue(name="到点未提醒的时限", waiting=late, well=not late, hint="应为0；持续增多说明时钟进程没有运行"),
        Queue(
            name="待分发的案件动态",
            waiting=outbox,
            well=oldest is None or now - oldest < _LATE_AFTER,
            hint="通知和外发消息由此产生，通常一秒内清空",
        ),
        Queue(name="待执行的后台任务", waiting=todo, well=todo < 1000, hint="由任务进程执行"),
        Queue(name="失败的后台任务", waiting=failed, well=not failed, hint="查看日志中的任务编号"),
        Queue(
            name="总览统计",
            waiting=0 if fresh else 1,
            well=fresh,
            hint=f"最近统计于 {counted_at.astimezone(CITY_ZONE):%H:%M:%S}" if counted_at else "还没有统计过",
        ),
    )


_QUEUES = """
SELECT (SELECT count(*) FROM case_clock WHERE next_at < %(late)s),
       (SELECT count(*) FROM case_outbox), (SELECT min(event_at) FROM case_outbox),
       (SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'),
       (SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed')
"""


def coming(viewer: Viewer, kind: str = "") -> list[ClockLine]:
    """The clocks that speak next (case_clock_next), of the cases that the viewer may see."""
    waiting = RunningClock.objects.filter(next_at__isnull=False, case__in=cases_for(viewer))
    clocks = waiting.select_related("case").order_by("next_at", "id")
    if kind:
        clocks = clocks.filter(kind=kind)
    return [
        ClockLine(
            at=clock.next_at,
            kind=ClockKind(clock.kind).label,
            says=_says(clock),
            case=clock.case,
            unit=names.unit_name(clock.case.lead_unit_id),
        )
        for clock in clocks[:SHOWN]
        if clock.next_at is not None
    ]


def fired(viewer: Viewer, now: datetime, kind: str = "") -> list[ClockLine]:
    """What the clocks did in the last month, newest first (case_event_fired), to cases that the viewer may see."""
    events = CaseEvent.objects.filter(action__in=["warn", "escalate"], at__gt=now - timedelta(days=31))
    if kind:
        events = events.filter(data__clock=kind)
    shown = list(events.order_by("-at")[:SHOWN])
    cases = cases_for(viewer).in_bulk({event.case_id for event in shown})
    return [
        ClockLine(
            at=event.at,
            kind=ClockKind(event.data["clock"]).label,
            says="黄灯提醒" if event.action == "warn" else "超期升级",
            case=cases[event.case_id],
            unit=names.unit_name(cases[event.case_id].lead_unit_id),
        )
        for event in shown
        if event.case_id in cases
    ]


def _says(clock: RunningClock) -> str:
    if clock.kind == ClockKind.ASK:
        return "开始回访"
    return "超期升级" if clock.warned or clock.warn_at is None else "黄灯提醒"
