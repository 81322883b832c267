"""A worker may be killed at any moment: its step ends as failed and the period opens again, but never while it runs."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from huiyin.evaluation import interrupted, jobs
from huiyin.evaluation.models import Work
from huiyin.evaluation.vocabulary import Step, WorkState
from tests.builders_evaluation import AFTER, june, staff

pytestmark = pytest.mark.usefixtures("city")
_TRY = "SELECT pg_try_advisory_lock(hashtext(%s))"


@pytest.fixture
def worker() -> Iterator[BaseDatabaseWrapper]:
    """The connection of another process; closing it is what a kill does."""
    other = connection.copy()
    yield other
    other.close()


def tried(other: BaseDatabaseWrapper) -> bool:
    with other.cursor() as cursor:
        cursor.execute(_TRY, [f"assessment_work:{june().pk}"])
        return bool(cursor.fetchone()[0])


def work(state: WorkState, at: datetime = AFTER) -> Work:
    return Work.objects.create(period=june(), step=Step.DRAFT, state=state, by_id=1, by_name="考评员1", asked_at=at)


def test_a_killed_step_is_failed_by_who_asks_next(worker: BaseDatabaseWrapper) -> None:
    killed = work(WorkState.RUNNING)

    asked = jobs.ask(june(), Step.DRAFT, by=staff(), now=AFTER + timedelta(seconds=1))

    killed.refresh_from_db()
    assert (killed.state, killed.words) == (WorkState.FAILED, "处理中断，请重试")
    assert killed.ended_at == AFTER + timedelta(seconds=1)
    assert asked.state == WorkState.QUEUED


def test_a_step_that_runs_is_left_alone_until_its_connection_goes(worker: BaseDatabaseWrapper) -> None:
    running = work(WorkState.RUNNING)
    assert tried(worker)

    with pytest.raises(jobs.Busy):
        jobs.ask(june(), Step.DRAFT, by=staff(), now=AFTER + timedelta(days=1))
    assert jobs.give_up_interrupted(0) == 0
    with worker.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        process = cursor.fetchone()[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [process])

    assert jobs.give_up_interrupted(0) == 1
    running.refresh_from_db()
    assert running.state == WorkState.FAILED


def test_the_lock_is_held_while_a_step_is_taken_and_given_back(
    worker: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[bool] = []
    monkeypatch.setattr(jobs, "perform", lambda work, now: (found.append(tried(worker)), ("好", {}))[1])
    asked = jobs.ask(june(), Step.DRAFT, by=staff(), now=AFTER)

    jobs.take(asked.pk)

    assert (found, tried(worker)) == ([False], True)


def test_the_lock_is_given_back_after_a_fault(worker: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(work: Work, now: datetime) -> None:
        raise RuntimeError

    monkeypatch.setattr(jobs, "perform", fault)
    asked = jobs.ask(june(), Step.DRAFT, by=staff(), now=AFTER)

    with pytest.raises(RuntimeError):
        jobs.take(asked.pk)

    assert tried(worker)


def test_a_queued_step_without_a_job_is_lost_after_ten_minutes() -> None:
    lost = work(WorkState.QUEUED)

    assert interrupted.give_up(AFTER + timedelta(minutes=9)) == 0
    assert interrupted.give_up(AFTER + timedelta(minutes=10)) == 1
    lost.refresh_from_db()
    assert (lost.state, lost.words) == (WorkState.FAILED, interrupted.WORDS)


def test_a_queued_step_whose_job_waits_for_its_turn_is_not_lost() -> None:
    asked = jobs.ask(june(), Step.DRAFT, by=staff(), now=timezone.now())
    assert ProcrastinateJob.objects.filter(task_name="evaluation.take", args={"work_id": asked.pk}).exists()

    assert interrupted.give_up(timezone.now() + timedelta(hours=2)) == 0


def test_a_lost_step_that_is_taken_after_all_does_nothing() -> None:
    lost = work(WorkState.QUEUED)
    interrupted.give_up(AFTER + timedelta(minutes=10))

    jobs.take(lost.pk)

    lost.refresh_from_db()
    assert lost.state == WorkState.FAILED
