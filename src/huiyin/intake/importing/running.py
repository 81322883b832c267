"""Runs an import: one reader, several writers, every row accounted for, and a second run that does nothing twice."""

import csv
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from huiyin.cases import bulk, bulk_indexes
from huiyin.cases.models import Case
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.case import Actor
from huiyin.domain.vocabulary import ActorKind
from huiyin.intake.importing.interpreting import BadRow, Interpreter
from huiyin.intake.importing.mapping import TARGETS, ColumnMapping, Layout, lay_over
from huiyin.intake.importing.writers import Task, WriterDied, Writers, writers
from huiyin.registry import directory, rulebook
from huiyin.tables.reading import Rows

_FIRST_BATCH, _LARGEST_BATCH = 200, 4000  # rows
_BATCH_SECONDS = 1.0  # rows whose class is told by their words alone take a hundred times as long as others
_LONGEST_NUMBER = 64
_LONGEST_SOURCE = 40
_BYTES_A_ROW = 400  # a guess, only to tell a large first load from a small one
_LARGE = 50_000


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
    source: str = ""
    first_id: int | None = None  # of the imported cases, the lowest and the highest id: no other import
    last_id: int | None = None  # of the source can run meanwhile, so they and the source name this one's cases
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return self.imported + self.skipped + self.rejected

    def span(self, ids: Iterable[int]) -> None:
        """Widens the span by the lowest and highest id of a batch."""
        for one in ids:
            self.first_id = one if self.first_id is None else min(self.first_id, one)
            self.last_id = one if self.last_id is None else max(self.last_id, one)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    imported: int
    closed: int
    unclassed: int
    rejects: list[Reject]
    days: set[date]
    ids: list[int]
    seconds: float


@dataclass(slots=True)
class _Job:
    interpreter: Interpreter
    actor: Actor
    dry_run: bool


_job: _Job | None = None


def run_import(plan: Plan, *, now: datetime, tell: Callable[[Totals, float], None] = lambda _t, _share: None) -> Totals:
    """Raises ImportRefused, BadFile or BadMapping before anything is written. `tell` hears of progress (share read)."""
    with closing(Rows(plan.path)) as rows:
        try:
            return _run(plan, rows, now=now, tell=tell)
        except WriterDied as died:
            raise ImportRefused("写入进程意外中止。已写入的行不会丢失，再次导入同一文件即可继续。") from died


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
    _warm(now, words="class" not in layout.places)
    totals, days = Totals(source=source), set[date]()
    with ExitStack() as stack:
        # Forked before this process opens a connection of its own: two processes must not share a wire.
        hands = stack.enter_context(writers(plan.processes, _import_task))
        stack.enter_context(_alone(source))
        here = _numbers_here(source)
        if plan.resume and not here:
            raise ImportRefused(f"来源“{source}”还没有导入过任何案件，无从继续；请核对 --source 和文件")
        if not plan.dry_run:
            stack.enter_context(_indexes(plan, rows, hands))
        rejects = stack.enter_context(_Rejects(plan.rejects, rows.heading))
        number = _Numbers(layout, here, rows)

        def take(done: _Done) -> None:
            totals.imported += done.imported
            totals.closed += done.closed
            totals.unclassed += done.unclassed
            totals.span(done.ids)
            days.update(done.days)
            for reject in done.rejects:
                _refuse(totals, rejects, reject)
            tell(totals, number.settle(done) / rows.size)

        hands.each(number.tasks(rows, totals, lambda reject: _refuse(totals, rejects, reject)), take)
        counted = None if plan.dry_run else hands.begin(partial(bulk.recount, days, now=now))
    if counted is not None:
        counted()
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
        self._batch = _FIRST_BATCH
        self._read_to: deque[int] = deque()  # of each batch that is being written, the bytes read when it was cut

    def settle(self, done: _Done) -> int:
        """The file is written up to here. Later batches take about a second, so that progress is seen and told."""
        rows = done.imported + len(done.rejects)
        self._batch = max(_FIRST_BATCH // 4, min(_LARGEST_BATCH, int(rows * _BATCH_SECONDS / max(done.seconds, 0.001))))
        return self._read_to.popleft()

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
            if len(task) >= self._batch:
                self._read_to.append(rows.position())
                yield task
                task = []
        if task:
            self._read_to.append(rows.position())
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
    began = time.monotonic()
    good, rejects = [], []
    for (row, _number, cells), found in zip(task, _job.interpreter.read_all(task), strict=True):
        if isinstance(found, BadRow):
            rejects.append(Reject(row, found.target, found.reason, cells))
        else:
            good.append(found)
    ids: list[int] = []
    if not _job.dry_run:
        with transaction.atomic():
            _note_writing(_job.interpreter.source)
            ids = bulk.register(good, actor=_job.actor, clocks_from=_job.interpreter.now)
    moments = [given.at for given in good] + [given.closing.at for given in good if given.closing]
    return _Done(
        imported=len(good),
        closed=sum(given.closing is not None for given in good),
        unclassed=sum(not given.class_code for given in good),
        rejects=rejects,
        days=_days(moments),
        ids=[min(ids), max(ids)] if ids else [],
        seconds=time.monotonic() - began,
    )


def _days(moments: Iterable[datetime]) -> set[date]:
    """Of the city. Hours first: a batch has far fewer of them, and the city's zone changes only at full hours."""
    hours = {int(moment.timestamp()) // 3600 for moment in moments}
    return {datetime.fromtimestamp(hour * 3600, tz=CITY_ZONE).date() for hour in hours}


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
    """And let nobody wait for the disk: a batch that a crash of the database takes back is missing at the next run."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('synchronous_commit', 'off', true), pg_advisory_xact_lock_shared(hashtext(%s))",
            [f"import-batch:{source}"],
        )


def _numbers_here(source: str) -> set[str]:
    return set(Case.objects.filter(source=source).exclude(source_no="").values_list("source_no", flat=True))


def _indexes(plan: Plan, rows: Rows, hands: Writers) -> AbstractContextManager[None]:
    """A large load into a nearly empty database is quicker with the indexes built afterwards."""
    bulk_indexes.restore()  # what a killed import left aside
    likely = rows.likely_bytes / _BYTES_A_ROW
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM (SELECT FROM hotline_case LIMIT %s) AS first_rows", [_LARGE])
        there = cursor.fetchone()[0]
    first_load = likely > _LARGE and there < min(_LARGE, likely / 4)
    if not first_load or plan.keep_indexes:
        return nullcontext()
    return bulk_indexes.set_aside(keep=bulk_indexes.UNMOVED_BY_REGISTRATIONS, hands=hands.do)


def _warm(now: datetime, *, words: bool) -> None:
    """Read the registry before forking, so that the writers share it; and the models, where words must tell the class.

    A file that names its classes may still name some that nobody knows: then a writer loads the models itself.
    """
    directory.areas()
    directory.hotline()
    in_force = rulebook.current(now)
    rulebook.taxonomy(in_force.taxonomy_id)
    rulebook.rules(in_force.limits_id)
    rulebook.catalogue(in_force.catalogue_id)
    if words:
        from huiyin.intake.proposing import Known, propose

        propose(Known(text="路灯不亮"), at=now)


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
