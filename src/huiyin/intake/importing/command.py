"""The command `huiyin import`: cases from a CSV or Excel file."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import django

if TYPE_CHECKING:
    from datetime import datetime

    from huiyin.intake.importing.running import Totals


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--mapping", "mapping_name", help="hotline, teddy, or a .toml/.csv file [default: by the headings].")
@click.option("--source", default="", help="Name of the system that the file comes from [default: the mapping's].")
@click.option("--reject-file", type=click.Path(path_type=Path), help="Rejected rows [default: FILE.rejects.csv].")
@click.option("--resume", is_flag=True, help="Go on with an import that was broken off (refuses a source never seen).")
@click.option("--dry-run", is_flag=True, help="Check every row and write nothing.")
@click.option("--keep-indexes", is_flag=True, help="Never set indexes aside, even for a large first load.")
@click.option("--usual-time", help="Time of rows that have none (2020-01-01); without it they are rejected.")
@click.option("--processes", type=click.IntRange(0, 32), help="Writers [default: one a core].")
def import_file(
    file: Path,
    mapping_name: str | None,
    source: str,
    reject_file: Path | None,
    resume: bool,
    dry_run: bool,
    keep_indexes: bool,
    usual_time: str | None,
    processes: int | None,
) -> None:
    """Bring in the cases of FILE (.csv, .csv.gz, .xlsx). Rows that are here already are skipped (docs/import.md)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")
    django.setup()
    from django.utils import timezone

    from huiyin.intake.importing.mapping import BadMapping, read_mapping
    from huiyin.intake.importing.running import ImportRefused, Plan, run_import
    from huiyin.tables.reading import BadFile

    began = time.monotonic()
    rejects = reject_file or file.with_name(f"{file.name}.rejects.csv")
    try:
        plan = Plan(
            path=file,
            mapping=read_mapping(mapping_name) if mapping_name else None,
            source=source,
            rejects=rejects,
            dry_run=dry_run,
            resume=resume,
            keep_indexes=keep_indexes,
            usual_time=_moment(usual_time) if usual_time else None,
            processes=(os.cpu_count() or 1) if processes is None else processes,
        )
        with _progress() as tell:
            totals = run_import(plan, now=timezone.now(), tell=tell)
    except (BadFile, BadMapping, ImportRefused) as exc:
        raise click.ClickException(str(exc)) from exc
    _report(totals, time.monotonic() - began, rejects=rejects, dry_run=dry_run)


def _moment(text: str) -> "datetime":
    from huiyin.intake.importing.moments import read_moment

    moment = read_moment(text)
    if moment is None:
        raise click.BadParameter(f"不是有效的时间：{text}", param_hint="--usual-time")
    return moment


class _progress:  # noqa: N801  # used like a function
    """A bar by the share of the file that was read, with rate and rest."""

    def __enter__(self) -> Any:
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self._bar = Progress(
            TextColumn("导入 import"), BarColumn(), TextColumn("{task.fields[words]}"), TimeRemainingColumn()
        )
        self._bar.start()
        self._task = self._bar.add_task("", total=1.0, words="")
        self._began = time.monotonic()
        return self._tell

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _tell(self, totals: "Totals", share: float) -> None:
        rate = totals.rows / max(0.001, time.monotonic() - self._began)
        words = f"{totals.imported:,} 件，跳过 {totals.skipped:,}，拒收 {totals.rejected:,} · {rate:,.0f} 行/秒"
        self._bar.update(self._task, completed=min(share, 1.0), words=words)


def _report(totals: "Totals", seconds: float, *, rejects: Path, dry_run: bool) -> None:
    from huiyin.intake.importing.mapping import TARGETS

    verb = "可导入" if dry_run else "已导入"
    click.echo(
        f"{totals.rows:,} 行：{verb} {totals.imported:,}（其中已办结 {totals.closed:,}），"
        f"已存在而跳过 {totals.skipped:,}，拒收 {totals.rejected:,}；用时 {seconds:.1f} 秒，"
        f"{totals.rows / max(seconds, 0.001):,.0f} 行/秒"
    )
    for target, count in sorted(totals.reasons.items(), key=lambda item: -item[1]):
        click.echo(f"  拒收原因 {TARGETS.get(target, '整行')}：{count:,} 行")
    if totals.rejected:
        click.echo(f"  拒收的行及原因：{rejects}")
