"""The steps of closing a period as jobs: a month of a megacity takes a minute, and no request waits for it."""

import logging
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from huiyin.accounts.models import Staff
from huiyin.accounts.viewer import Viewer, read_viewer
from huiyin.domain.errors import DomainError
from huiyin.domain.exclusions import words_of
from huiyin.evaluation import interrupted
from huiyin.evaluation.models import Period, Version, Work
from huiyin.evaluation.vocabulary import Step, WorkState
from huiyin.registry.rulebook import NoEdition

log = logging.getLogger(__name__)


class Busy(DomainError):
    """本期正在处理上一个步骤，请等它完成。"""

    code = "busy"


def ask(
    period: Period,
    step: Step,
    *,
    by: Viewer,
    note: str = "",
    number: int | None = None,
    as_of: datetime | None = None,
    now: datetime,
) -> Work:
    """Queues a step; refused where another of the same period is under way, not where one was interrupted.

    `as_of`: of the draft that was read. It is asked for here and again when the step is taken.
    """
    from huiyin.evaluation import closing  # here and below: what counts loads numpy, which other processes can spare

    words = words_of(note, "note")
    interrupted.give_up(now, period)
    try:
        with transaction.atomic():
            work = Work.objects.create(
                period=period,
                step=step,
                version_number=number,
                note=words,
                draft_as_of=as_of,
                state=WorkState.QUEUED,
                by_id=by.staff_id,
                by_name=by.name,
                asked_at=now,
            )
            if as_of is not None:
                closing.check_read(_version(work), as_of)
            take.defer(work_id=work.pk)
    except IntegrityError as exc:
        raise Busy from exc
    return work


@app.task(name="evaluation.take", retry=False)
def take(work_id: int) -> None:
    """May run twice: a work that has begun elsewhere or ended is left alone."""
    work = Work.objects.select_related("period").filter(pk=work_id).first()
    if work is not None:
        with interrupted.alive(work.period_id):
            _take(work)


def _take(work: Work) -> None:
    begun = Work.objects.filter(pk=work.pk, state=WorkState.QUEUED).update(
        state=WorkState.RUNNING, began_at=timezone.now()
    )
    if not begun:
        return
    work.refresh_from_db(fields=["state", "began_at"])
    try:
        words, found = perform(work, now=timezone.now())
        state = WorkState.DONE
    except DomainError as refusal:
        words, found, state = refusal.message, {}, WorkState.FAILED
    except Exception:
        # A fault must not leave the period locked; it is raised on, so that it shows among the failed jobs.
        _end(work, WorkState.FAILED, "计算出错，请查看运行日志后重试", {})
        raise
    _end(work, state, words, found)


def perform(work: Work, *, now: datetime) -> tuple[str, dict[str, object]]:
    """What came out, in words, and a check's findings."""
    from huiyin.evaluation import closing

    by = read_viewer(Staff.objects.get(pk=work.by_id))
    match Step(work.step):
        case Step.DRAFT:
            version = closing.draft(work.period, by=by, now=now)
            look_for_gaming.defer(version_id=version.pk)
            return f"草稿已生成：{version.case_count} 件", {}
        case Step.REVISE:
            version = closing.revise(work.period, reason=work.note, by=by, now=now)
            look_for_gaming.defer(version_id=version.pk)
            return f"第 {version.number} 版草稿已生成：{version.case_count} 件", {}
        case Step.REVIEW:
            closing.review(_version(work), by=by, note=work.note, now=now, as_of=work.draft_as_of)
            return "已复核通过", {}
        case Step.FREEZE:
            return f"已冻结，指纹 {closing.freeze(_version(work), by=by, now=now).digest}", {}
        case Step.PUBLISH:
            closing.publish(_version(work), by=by, now=now)
            return "已发布", {}
        case Step.VERIFY:
            return _verified(_version(work))


@app.task(name="evaluation.look_for_gaming")
def look_for_gaming(version_id: int) -> int:
    """Beside the figures and after them; a draft that was made anew meanwhile has its own look."""
    from huiyin.evaluation import gaming

    version = Version.objects.select_related("period").filter(pk=version_id).first()
    return len(gaming.look(version)) if version else 0


@app.periodic(cron="* * * * *")
@app.task(name="evaluation.give_up_interrupted", queueing_lock="evaluation.give_up_interrupted")
def give_up_interrupted(timestamp: int) -> int:
    """A period's page offers no step while one runs, so nobody could ask anew for one that runs nowhere."""
    return interrupted.give_up(timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="evaluation.refresh_live", queueing_lock="evaluation.refresh_live")
def refresh_live(timestamp: int) -> int:
    """The running period's estimate anew; nothing to estimate before a city is loaded."""
    from huiyin.evaluation import live

    try:
        return live.refresh(timezone.now()).case_count
    except NoEdition:
        return 0


def _verified(version: Version) -> tuple[str, dict[str, object]]:
    from huiyin.evaluation import digest

    result = digest.verify(version)
    found: dict[str, object] = {"cases": list(result.cases), "figures": [list(one) for one in result.figures[:200]]}
    if result.same:
        return f"逐位一致：按案件记录重新计算 {version.case_count} 件，与第 {version.number} 版完全相同", found
    broken = "" if result.digest_holds else "存储的数据与冻结时的指纹不符；"
    return f"{broken}{len(result.cases)} 件案件、{len(result.figures)} 个数字与重新计算的结果不一致", found


def _version(work: Work) -> Version:
    from huiyin.evaluation import selectors

    return selectors.version_of(work.period.code, work.version_number)


def _end(work: Work, state: WorkState, words: str, found: dict[str, object]) -> None:
    work.state, work.words, work.found, work.ended_at = state, words, found, timezone.now()
    work.save(update_fields=["state", "words", "found", "ended_at"])
