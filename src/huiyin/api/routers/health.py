"""Is the platform alive: database, worker, queues. Open to everybody, so it tells numbers and nothing else."""

from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import BaseModel

from huiyin.api import showing

router = Router(tags=["运行"])

_SILENT_AFTER = timedelta(seconds=60)
_LATE_AFTER = 120.0
# Heartbeats of the job workers; jobs that could have started already; events that no reader has seen yet.
_STATE = """
SELECT (SELECT max(last_heartbeat) FROM procrastinate_workers),
       (SELECT count(*) FROM procrastinate_jobs
         WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())),
       (SELECT min(coalesce(scheduled_at, now())) FROM procrastinate_jobs
         WHERE status = 'todo' AND scheduled_at <= now()),
       (SELECT min(event_at) FROM (SELECT event_at FROM case_outbox ORDER BY event_id LIMIT 1) AS oldest)
"""


class Health(BaseModel):
    status: Literal["ok", "degraded", "down"]
    database: bool
    worker: bool
    jobs_waiting: int
    jobs_late_seconds: float
    events_late_seconds: float


@router.get("/health", auth=None, throttle=[], response={200: Health, 503: Health}, summary="运行状态")
def health(request: HttpRequest) -> HttpResponse:
    """`degraded`：能受理，但任务或事件积压；`down`：数据库不可用（503）。"""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_STATE)
            row = cursor.fetchone()
    except DatabaseError:
        return showing.answer(_shown("down"), status=503)
    beat, waiting, oldest_job, oldest_event = row
    now = timezone.now()
    worker = beat is not None and now - beat < _SILENT_AFTER
    jobs_late, events_late = _age(oldest_job, now), _age(oldest_event, now)
    well = worker and jobs_late < _LATE_AFTER and events_late < _LATE_AFTER
    found = {
        "database": True,
        "worker": worker,
        "jobs_waiting": waiting,
        "jobs_late_seconds": jobs_late,
        "events_late_seconds": events_late,
    }
    return showing.answer(_shown("ok" if well else "degraded", **found))


def _shown(status: str, **found: Any) -> dict[str, Any]:
    nothing = {
        "database": False,
        "worker": False,
        "jobs_waiting": 0,
        "jobs_late_seconds": 0.0,
        "events_late_seconds": 0.0,
    }
    return {"status": status, **nothing, **found}


def _age(moment: datetime | None, now: datetime) -> float:
    return 0.0 if moment is None else round(max(0.0, (now - moment).total_seconds()), 1)
