"""Files of cases from the administrators' page: kept, checked as a dry run, imported as a job, thrown away in time."""

import csv
import io
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any, Final

from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from huiyin.domain.errors import DomainError
from huiyin.intake.importing.mapping import TARGETS, BadMapping
from huiyin.intake.importing.running import ImportRefused, Plan, Totals, run_import
from huiyin.intake.models import FileImport, ImportState
from huiyin.tables.reading import BadFile

SHOWN_REJECTS: Final = 100
_FOLDER = "imports"
_TOLD_EVERY = timedelta(seconds=1)
_SILENT = timedelta(minutes=2)  # a job that said nothing for so long has died with its worker
_KEPT = timedelta(days=7)


class ImportRuns(DomainError):
    """另一个文件正在导入，请等它完成后再开始。"""

    code = "import_runs"


class NotStartable(DomainError):
    """这个文件现在不能开始导入，请刷新页面查看。"""

    code = "import_not_startable"


def upload(given: UploadedFile, *, source: str, staff_id: int, now: datetime) -> FileImport:
    """Keeps the file and has it checked; nothing is imported before somebody has seen the result."""
    with transaction.atomic():
        kept = FileImport.objects.create(
            name=(given.name or "")[-200:],
            stored_as=default_storage.save(f"{_FOLDER}/upload", given),
            size=given.size or 0,
            source=source,
            staff_id=staff_id,
            uploaded_at=now,
            beat_at=now,
        )
        _defer("check_file", kept.pk)
    return kept


def start(import_id: int, *, now: datetime) -> None:
    """ImportRuns where one runs already; an import that died with its worker may be started again."""
    settle_lost(now)
    try:
        with transaction.atomic():
            startable = FileImport.objects.filter(
                pk=import_id, rows__gt=0, state__in=[ImportState.CHECKED, ImportState.FAILED]
            ).exclude(stored_as="")
            if not startable.update(state=ImportState.RUNNING, share=0, error="", beat_at=now):
                raise ImportRuns if FileImport.objects.filter(state=ImportState.RUNNING).exists() else NotStartable
            _defer("import_file", import_id)
    except IntegrityError as second:
        raise ImportRuns from second


def remove(import_id: int) -> None:
    """Throws away the files of an upload that nobody works on, and its line."""
    found = FileImport.objects.exclude(state__in=[ImportState.CHECKING, ImportState.RUNNING]).filter(pk=import_id)
    for kept in found:
        _drop(kept.stored_as, kept.rejects_as)
        kept.delete()


def settle_lost(now: datetime) -> None:
    """Whoever waits behind an import that is alive is not lost."""
    busy = FileImport.objects.filter(state__in=[ImportState.CHECKING, ImportState.RUNNING])
    if not busy.filter(beat_at__gte=now - _SILENT).exists():
        busy.filter(rows=0).update(state=ImportState.FAILED, error="检查中断，没有写入。请删除这条记录，重新上传。")
        busy.update(state=ImportState.FAILED, error="后台任务中断。可以再次开始：已导入的行会跳过，不会重复。")


def discard_old(now: datetime) -> None:
    """Rows hold citizens' data: neither the file nor its rejected rows stay longer than a week."""
    for kept in FileImport.objects.filter(beat_at__lt=now - _KEPT).exclude(stored_as="", rejects_as=""):
        _drop(kept.stored_as, kept.rejects_as)
        FileImport.objects.filter(pk=kept.pk).update(stored_as="", rejects_as="")


def run(import_id: int, *, dry: bool) -> None:
    """The job itself; what stops it is told on the page. Runs one at a time (a lock of the queue)."""
    wanted = ImportState.CHECKING if dry else ImportState.RUNNING
    kept = FileImport.objects.select_related("staff").filter(pk=import_id, state=wanted).first()
    if kept is None:
        return
    try:
        _run(kept, dry=dry)
    except (BadFile, BadMapping, ImportRefused) as refusal:
        _fail(kept, str(refusal))
    except Exception:
        _fail(
            kept,
            "检查时程序出错，没有写入，请联系维护人员。"
            if dry
            else "导入程序出错，请联系维护人员。已导入的行再次开始时会跳过。",
        )
        raise


def rejects_of(kept: FileImport) -> list[list[str]]:
    """The first rejected rows: number, field, reason, then the row's first cells."""
    if not kept.rejects_as:
        return []
    with default_storage.open(kept.rejects_as) as raw:
        lines = csv.reader(io.TextIOWrapper(raw, encoding="utf-8-sig", newline=""))
        next(lines, None)
        return [line for _place, line in zip(range(SHOWN_REJECTS), lines, strict=False)]


def _run(kept: FileImport, *, dry: bool) -> None:
    with _copied(kept.stored_as) as (path, rejects):
        plan = Plan(path=path, source=kept.source, rejects=rejects, dry_run=dry, by=kept.staff.name)
        totals = run_import(plan, now=timezone.now(), tell=_teller(kept))
        _drop(kept.rejects_as, "" if dry else kept.stored_as)
        stored = ""
        if rejects.exists():
            with rejects.open("rb") as file:
                stored = default_storage.save(f"{_FOLDER}/rejects.csv", File(file))
    now = timezone.now()
    changes = (
        {"state": ImportState.CHECKED} if dry else {"state": ImportState.DONE, "stored_as": "", "finished_at": now}
    )
    FileImport.objects.filter(pk=kept.pk).update(**_counts(totals), **changes, rejects_as=stored, share=1, beat_at=now)


def _teller(kept: FileImport) -> Callable[[Totals, float], None]:
    last = timezone.now()

    def tell(totals: Totals, share: float) -> None:
        nonlocal last
        now = timezone.now()
        if now - last >= _TOLD_EVERY:
            last = now
            FileImport.objects.filter(pk=kept.pk).update(**_counts(totals), share=share, beat_at=now)

    return tell


def _counts(totals: Totals) -> dict[str, Any]:
    return {
        "source": totals.source,  # as the mapping names it, where the administrator named none
        "first_id": totals.first_id,
        "last_id": totals.last_id,
        "rows": totals.rows,
        "imported": totals.imported,
        "closed": totals.closed,
        "skipped": totals.skipped,
        "rejected": totals.rejected,
        "reasons": {TARGETS.get(target, "整行"): count for target, count in totals.reasons.items()},
    }


def _fail(kept: FileImport, why: str) -> None:
    now = timezone.now()
    FileImport.objects.filter(pk=kept.pk).update(state=ImportState.FAILED, error=why[:300], beat_at=now)


@contextmanager
def _copied(stored_as: str) -> Iterator[tuple[Path, Path]]:
    """The file on this machine's disk, wherever the storage is; and where the rejected rows go."""
    with tempfile.TemporaryDirectory(prefix="huiyin-import-") as folder:
        path = Path(folder) / "rows"
        with default_storage.open(stored_as) as stored, path.open("wb") as copy:
            _pour(stored, copy)
        yield path, Path(folder) / "rejects.csv"


def _pour(stored: IO[bytes], copy: IO[bytes]) -> None:
    shutil.copyfileobj(stored, copy, 1 << 20)


def _drop(*stored: str) -> None:
    for name in stored:
        if name:
            default_storage.delete(name)


def _defer(job: str, import_id: int) -> None:
    """In the current transaction: the job exists exactly if the line does."""
    from huiyin.intake import jobs  # registered with the queue only when Django is ready

    getattr(jobs, job).defer(import_id=import_id)
