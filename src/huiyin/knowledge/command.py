"""The command `huiyin knowledge`: entries from a file, vectors of meaning."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click
import django

if TYPE_CHECKING:
    from huiyin.knowledge.importing import Reading

_SHOWN = 50


@click.group()
def knowledge() -> None:
    """Keep what the hotline may answer (docs/knowledge.md)."""


@knowledge.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--owner", default="", help="Unit's code for lines that name none [default: the hotline].")
@click.option("--source", default="", help="Source for lines that name none.")
@click.option("--public", is_flag=True, help="Public, for lines that do not say.")
@click.option("--check", "only_check", is_flag=True, help="Only check; write nothing.")
def import_entries(file: Path, owner: str, source: str, public: bool, only_check: bool) -> None:
    """Bring in the entries of FILE (.csv, .csv.gz, .xlsx): all of them, or none and every fault by its line."""
    _start()
    from django.utils import timezone

    from huiyin.knowledge import importing
    from huiyin.tables.reading import BadFile

    try:
        reading = importing.read(file, today=timezone.localdate(), owner_id=_owner(owner), public=public, source=source)
    except BadFile as exc:
        raise click.ClickException(str(exc)) from exc
    _write(reading, only_check=only_check)


@knowledge.command("read-meanings")
def read_meanings() -> None:
    """Read what is new with the sentence model now, instead of waiting for the worker."""
    _start()
    from huiyin.knowledge import meanings

    done = 0
    while made := meanings.catch_up():
        done += made
        click.echo(f"已读 {done} 条，还有 {meanings.missing()} 条", err=True)
    click.echo(f"完成：{done} 条")


def _start() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")
    django.setup()


def _owner(code: str) -> int | None:
    from huiyin.registry import directory

    found = directory.unit_by_code(code) if code else directory.hotline()
    if found is None:
        raise click.ClickException(f"没有这个单位：{code}" if code else "还没有热线中心：请先载入城市数据")
    return found.id


def _write(reading: "Reading", *, only_check: bool) -> None:
    from django.utils import timezone

    from huiyin.knowledge import importing, writing

    if reading.faults:
        for fault in reading.faults[:_SHOWN]:
            click.echo(fault, err=True)
        raise click.ClickException(f"共 {len(reading.faults)} 处问题，未写入任何内容")
    if only_check:
        click.echo(f"检查通过：{len(reading.lines)} 条")
        return
    done = importing.write(reading.lines, by=writing.SYSTEM, now=timezone.now())
    click.echo(f"新增 {done.added} 条，更新 {done.changed} 条，未变 {done.same} 条")
