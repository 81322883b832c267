"""Steps whose worker died: found by a lock that ends with the worker, so that no period stays shut for good.

A worker holds an advisory lock of PostgreSQL while it takes a step; the server gives it back when the connection goes,
also after a SIGKILL. A step that is marked as running without its lock held is running nowhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from huiyin.evaluation.models import Period, Work
from huiyin.evaluation.vocabulary import WorkState

WORDS = "处理中断，请重试"
_LOST_AFTER = timedelta(minutes=10)
_JOB = "evaluation.take"


@contextmanager
def alive(period_id: int) -> Iterator[None]:
    """Held by whoever takes a step of the period, from before it is marked as running until after it has ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [_key(period_id)])
    try:
        yield
    finally:
        _give_back(period_id)


def give_up(now: datetime, period: Period | None = None) -> int:
    """Marks what runs nowhere as failed, of one period or of all; returns how many."""
    works = Work.objects.filter(state__in=[str(WorkState.QUEUED), str(WorkState.RUNNING)])
    if period is not None:
        works = works.filter(period=period)
    return sum(_given_up(work, now) for work in works)


@transaction.atomic
def _given_up(work: Work, now: datetime) -> int:
    """The state is asked for once more while writing: the step may have ended, or begun, since it was read."""
    dead = _unheld(work.period_id) if work.state == WorkState.RUNNING else _lost(work, now)
    if not dead:
        return 0
    still = Work.objects.filter(pk=work.pk, state=work.state)
    return still.update(state=str(WorkState.FAILED), words=WORDS, ended_at=now)


def _unheld(period_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [_key(period_id)])
        free: bool = cursor.fetchone()[0]
    return free


def _lost(work: Work, now: datetime) -> bool:
    """A job that still waits for its turn is not lost, however long the queue is."""
    if now - work.asked_at < _LOST_AFTER:
        return False
    return not ProcrastinateJob.objects.filter(task_name=_JOB, args__work_id=work.pk, status="todo").exists()


def _give_back(period_id: int) -> None:
    """Where the connection broke the lock went with it; what broke it is the error to be told of."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [_key(period_id)])
    except DatabaseError:
        connection.close()


def _key(period_id: int) -> str:
    return f"assessment_work:{period_id}"
