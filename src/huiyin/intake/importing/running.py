"""Runs an import: one reader, several writers, every row accounted for, and a second run that does nothing twice."""

import csv
import ctypes
import gc
import multiprocessing
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from multiprocessing.pool import ApplyResult
from pathlib import Path
from typing import Any

from django.db import connection, connections, transaction

from huiyin.cases import bulk, bulk_indexes
from huiyin.cases.models import Case
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.case import Actor
from huiyin.domain.vocabulary import ActorKind
from huiyin.intake.importing.interpreting import BadRow, Interpreter
from huiyin.intake.importing.mapping import TARGETS, ColumnMapping, Layout, lay_over
from huiyin.registry import directory, rulebook
from huiyin.tables.reading import Rows

BATCH = 4000
_LONGEST_NUMBER = 64
_LONGEST_SOURCE = 40
_BYTES_A_ROW = 400  # a guess, only to tell a large first load from a small one
_LARGE = 50_000
_PR_SET_PDEATHSIG = 1


class ImportRefused(Exception):
    """The import cannot start; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Reject:
    row: int
    target: str
    reason: str
    cells: list[str]


@dataclass(slots=True)
class Totals:
    """Rows of the file = imported + skipped + rejected."""

    imported: int = 0
    skipped: int = 0  # already here from an earlier run
    rejected: int = 0
    closed: int = 0  # of the imported: came with their ending
    unclassed: int = 0  # of the imported: without a class of ours, for the dispatcher
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return self.imported + self.skipped + self.rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    path: Path
    mapping: ColumnMapping | None = None
    source: str = ""  # the other system's name; with its number it names a case for good
    rejects: Path | None = None
    dry_run: bool = False
    resume: bool = False
    keep_indexes: bool = False
    usual_time: datetime | None = None  # of rows that say none
    processes: int = 0  # 0: all in this process
    by: str = ""  # who imports, for the history


Task = list[tuple[int, str, list[str]]]  # row of the file, number in the source system, cells
_CELL, _ROW = "\x1f", "\x1e"  # the separators of old; hardly a file has them inside a cell
Packed = tuple[list[int], list[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    imported: int
    closed: int
    unclassed: int
    rejects: list[Reject]
    days: set[date]


@dataclass(slots=True)
class _Job:
    interpreter: Interpreter
    actor: Actor
    dry_run: bool


_job: _Job | None = None


def run_import(plan: Plan, *, now: datetime, tell: Callable[[Totals, float], None] = lambda _t, _share: None) -> Totals:
    """Raises ImportRefused, BadFile or BadMapping before anything is written. `tell` hears of progress (share read)."""
    with closing(Rows(plan.path)) as rows:
        return _run(plan, rows, now=now, tell=tell)


def _run(plan: Plan, rows: Rows, *, now: datetime, tell: Callable[[Totals, float], None]) -> Totals:
    layout = lay_over(rows.heading, plan.mapping)
    source = plan.source or layout.name
    if len(source) > _LONGEST_SOURCE:
        raise ImportRefused(f"来源名称不能超过{_LONGEST_SOURCE}个字")
    global _job
    name = f"批量导入（{plan.by}）" if plan.by else "批量导入"
    _job = _Job(
        interpreter=Interpreter(layout=layout, source=source, now=now, usual_time=plan.usual_time),
        actor=Actor(kind=ActorKind.SYSTEM, name=name),
        dry_run=plan.dry_run,
    )
    _warm(now)
    totals, days = Totals(), set[date]()
    with ExitStack() as stack:
        # Forked before this process opens a connection of its own: two processes must not share a wire.
        workers = stack.enter_context(_workers(plan.processes))
        stack.enter_context(_alone(source))
        here = _numbers_here(source)
        if plan.resume and not here:
            raise ImportRefused(f"来源“{source}”还没有导入过任何案件，无从继续；请核对 --source 和文件")
        if not plan.dry_run:
            stack.enter_context(_indexes(plan, rows))
        rejects = stack.enter_context(_Rejects(plan.rejects, rows.heading))
        number = _Numbers(layout, here, rows)

        def take(done: _Done) -> None:
            totals.imported += done.imported
            totals.closed += done.closed
            totals.unclassed += done.unclassed
            days.update(done.days)
            for reject in done.rejects:
                _refuse(totals, rejects, reject)
            tell(totals, rows.position() / rows.size)

        workers.each(number.tasks(rows, totals, lambda reject: _refuse(totals, rejects, reject)), take)
    if not plan.dry_run:
        bulk.recount(days, now=now)
    return totals


def _refuse(totals: Totals, rejects: "_Rejects", reject: Reject) -> None:
    totals.rejected += 1
    totals.reasons[reject.target] = totals.reasons.get(reject.target, 0) + 1
    rejects.write(reject)


class _Numbers:
    """Gives every row its number in the source system, and tells those that are here already."""

    def __init__(self, layout: Layout, here: set[str], rows: Rows) -> None:
        self._layout = layout
        self._here = here
        self._place = next(iter(layout.places.get("number", ())), None)
        self._file = "" if self._place is not None else rows.digest()[:24]
        self._seen: dict[str, int] = {}

    def tasks(self, rows: Rows, totals: Totals, refuse: Callable[[Reject], None]) -> Iterator[Task]:
        task: Task = []
        for row, cells in rows:
            fault = self._fault(cells)
            if fault or isinstance(cells, str):
                refuse(Reject(row, "", fault, [] if isinstance(cells, str) else cells))
                continue
            cells.extend([""] * (self._layout.width - len(cells)))
            number = self._of(row, cells)
            if not number or len(number) > _LONGEST_NUMBER:
                refuse(Reject(row, "number", "工单编号为空" if not number else "工单编号过长", cells))
            elif number in self._seen:
                refuse(Reject(row, "number", f"工单编号与第 {self._seen[number]} 行重复", cells))
            else:
                self._seen[number] = row
                if number in self._here:
                    totals.skipped += 1
                else:
                    task.append((row, number, cells))
            if len(task) >= BATCH:
                yield task
                task = []
        if task:
            yield task

    def _fault(self, cells: list[str] | str) -> str:
        if isinstance(cells, str):
            return cells
        if len(cells) > self._layout.width and any(cells[self._layout.width :]):
            return f"这一行有 {len(cells)} 列，表头只有 {self._layout.width} 列"
        return ""

    def _of(self, row: int, cells: list[str]) -> str:
        return f"{self._file}-{row}" if self._place is None else cells[self._place].strip()


def _import_task(task: Task) -> _Done:
    """One transaction: all good rows of the batch are in, or none."""
    assert _job is not None
    good, rejects = [], []
    for row, number, cells in task:
        try:
            good.append(_job.interpreter.read(cells, number=number))
        except BadRow as bad:
            rejects.append(Reject(row, bad.target, bad.reason, cells))
    if not _job.dry_run:
        with transaction.atomic():
            _note_writing(_job.interpreter.source)
            bulk.register(good, actor=_job.actor, clocks_from=_job.interpreter.now)
    moments = [given.at for given in good] + [given.closing.at for given in good if given.closing]
    return _Done(
        imported=len(good),
        closed=sum(given.closing is not None for given in good),
        unclassed=sum(not given.class_code for given in good),
        rejects=rejects,
        days={moment.astimezone(CITY_ZONE).date() for moment in moments},
    )


def _pack(task: Task) -> Packed | Task:
    """As one text: to send, it takes a quarter of the time of a million little ones."""
    rows, numbers, cells = zip(*task, strict=True)
    text = _ROW.join([_CELL.join(row) for row in cells])
    separated = text.count(_ROW) == len(cells) - 1 and text.count(_CELL) == sum(map(len, cells)) - len(cells)
    return (list(rows), list(numbers), text) if separated else task


def _unpack(packed: Packed | Task) -> Task:
    if isinstance(packed, list):
        return packed
    rows, numbers, text = packed
    return list(zip(rows, numbers, [row.split(_CELL) for row in text.split(_ROW)], strict=True))


def _import_packed(packed: Packed | Task) -> _Done:
    return _import_task(_unpack(packed))


class _Here:
    """All in this process."""

    def each(self, tasks: Iterator[Task], take: Callable[[_Done], None]) -> None:
        for task in tasks:
            take(_import_task(task))


class _Forked:
    """In several processes; the reader waits when they fall behind, so that a file of any size fits in memory."""

    def __init__(self, pool: Any, processes: int) -> None:
        self._pool = pool
        self._room = threading.Semaphore(processes * 2)

    def each(self, tasks: Iterator[Task], take: Callable[[_Done], None]) -> None:
        waiting: list[ApplyResult[_Done]] = []
        for task in tasks:
            self._room.acquire()
            release: Any = lambda _done: self._room.release()
            packed = _pack(task)
            waiting.append(self._pool.apply_async(_import_packed, (packed,), callback=release, error_callback=release))
            while waiting and waiting[0].ready():
                take(waiting.pop(0).get())
        for result in waiting:
            take(result.get())


@contextmanager
def _workers(processes: int) -> Iterator[_Here | _Forked]:
    if not processes:
        yield _Here()
        return
    connections.close_all()
    if hasattr(connection, "close_pool"):
        connection.close_pool()
    with multiprocessing.get_context("fork").Pool(processes, initializer=_end_with_parent) as pool:
        gc.freeze()
        gc.disable()
        try:
            yield _Forked(pool, processes)
        finally:
            gc.enable()
            gc.unfreeze()


def _end_with_parent() -> None:
    """A killed import must not go on writing what a second run will write again. Ctrl-C is the parent's to handle."""
    # Rows leave no cycles behind: the collector would walk registry and rows again and again for nothing.
    gc.freeze()
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@contextmanager
def _alone(source: str) -> Iterator[None]:
    """One import of a source at a time, or both would find the same numbers missing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [f"import:{source}"])
        if not cursor.fetchone()[0]:
            raise ImportRefused(f"来源“{source}”正在导入，请等它结束")
        # Writers of an import that was killed a moment ago: their last batch is either in or gone, then we look.
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [f"import-batch:{source}"])
        cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [f"import-batch:{source}"])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [f"import:{source}"])


def _note_writing(source: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtext(%s))", [f"import-batch:{source}"])


def _numbers_here(source: str) -> set[str]:
    return set(Case.objects.filter(source=source).exclude(source_no="").values_list("source_no", flat=True))


def _indexes(plan: Plan, rows: Rows) -> AbstractContextManager[None]:
    """A large load into a nearly empty database is quicker with the indexes built afterwards."""
    bulk_indexes.restore()  # what a killed import left aside
    likely = rows.likely_bytes / _BYTES_A_ROW
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM (SELECT FROM hotline_case LIMIT %s) AS first_rows", [_LARGE])
        there = cursor.fetchone()[0]
    first_load = likely > _LARGE and there < min(_LARGE, likely / 4)
    return bulk_indexes.set_aside() if first_load and not plan.keep_indexes else nullcontext()


def _warm(now: datetime) -> None:
    """Read the registry before forking, so that the writers share it."""
    from huiyin.intake.proposing import Known, propose

    directory.hotline()
    propose(Known(text="路灯不亮"), at=now)
    rulebook.current(now)


class _Rejects:
    """The rejected rows as a CSV: number, field, reason, then the row as it was."""

    def __init__(self, path: Path | None, heading: Sequence[str]) -> None:
        self._path, self._heading = path, heading
        self._file: Any = None
        self._writer: Any = None

    def __enter__(self) -> "_Rejects":
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, reject: Reject) -> None:
        if self._path is None:
            return
        if self._file is None:
            # With a byte order mark: Excel takes a CSV without one for GB 18030.
            self._file = self._path.open("w", encoding="utf-8-sig", newline="", errors="replace")
            self._writer = csv.writer(self._file)
            self._writer.writerow(["行号", "字段", "原因", *self._heading])
        field_name = TARGETS.get(reject.target, "整行")
        self._writer.writerow([reject.row, field_name, reject.reason, *reject.cells])
        self._file.flush()
