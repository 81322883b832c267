"""The command `huiyin indicators`: trees and values from files, scores of a period."""

import os
from datetime import datetime
from pathlib import Path

import click
import django

_SHOWN = 50


@click.group()
def indicators() -> None:
    """Keep the indicators of 七有五性 (docs/indicators.md)."""


@indicators.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--name", default="七有五性指标树", show_default=True, help="What the tree is called.")
@click.option("--from", "first_day", type=click.DateTime(["%Y-%m-%d"]), help="Day of force [default: today].")
@click.option("--publish", "publish_it", is_flag=True, help="Publish it at once; else it waits as a draft.")
@click.option("--check", "only_check", is_flag=True, help="Only check; write nothing.")
def load(file: Path | None, name: str, first_day: datetime | None, publish_it: bool, only_check: bool) -> None:
    """Bring in a tree from FILE [default: the sample that is shipped]: whole, or not at all and every fault told."""
    _start()
    from django.utils import timezone

    from huiyin.domain.errors import DomainError
    from huiyin.indicators import editing, trees
    from huiyin.tables.reading import BadFile

    now = timezone.now()
    try:
        reading = trees.read(file or trees.SHIPPED / "beijing_sample.csv")
    except BadFile as exc:
        raise click.ClickException(str(exc)) from exc
    _refuse(reading.faults)
    if only_check:
        click.echo(f"检查通过：{len(reading.nodes)} 行")
        return
    on = first_day.date() if first_day else timezone.localdate(now)
    try:
        tree, new = editing.load(reading, name=name, on=on, publish_it=publish_it, by=editing.SYSTEM, now=now)
    except DomainError as exc:
        raise click.ClickException(exc.message) from exc
    state = "已发布" if tree.published_at else "草稿"
    click.echo(f"{'载入' if new else '已有，未变'}：第 {tree.number} 版，{len(reading.nodes)} 行，{state}")


@indicators.command("upload")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--by", default="命令行", show_default=True, help="Who reports.")
@click.option("--check", "only_check", is_flag=True, help="Only check; write nothing.")
def upload(file: Path, by: str, only_check: bool) -> None:
    """Bring in values from FILE (.csv, .csv.gz, .xlsx): district, item, period, value, note."""
    _start()
    from django.utils import timezone

    from huiyin.indicators import trees, values
    from huiyin.indicators.editing import Editor
    from huiyin.tables.reading import BadFile

    now = timezone.now()
    tree = trees.in_force(timezone.localdate(now))
    if tree is None:
        raise click.ClickException("还没有已发布的指标树：huiyin indicators load --publish")
    try:
        reading = values.read(file, trees.nodes_of(tree))
    except BadFile as exc:
        raise click.ClickException(str(exc)) from exc
    _refuse(reading.faults)
    if only_check:
        click.echo(f"检查通过：{len(reading.lines)} 个数值")
        return
    new, same = values.write(reading.lines, by=Editor(id=None, name=by), now=now, file=file.name)
    click.echo(f"写入 {new} 个数值，{same} 个与已有的相同")


@indicators.command()
@click.argument("period", required=False)
def score(period: str | None) -> None:
    """Score PERIOD (2026-11) anew, or every published period that was not scored yet."""
    _start()
    from django.utils import timezone

    from huiyin.domain.errors import DomainError
    from huiyin.evaluation import selectors
    from huiyin.indicators import scoring
    from huiyin.indicators.editing import SYSTEM

    now = timezone.now()
    try:
        if period:
            made = [scoring.assess(selectors.version_of(period), by=SYSTEM, now=now)]
        else:
            made = scoring.assess_missing(by=SYSTEM, now=now, most=120)
    except DomainError as exc:
        raise click.ClickException(exc.message) from exc
    for one in made:
        click.echo(f"{one.period}：第 {one.number} 次计算")
    if not made:
        click.echo("没有待计算的考核期")


def _start() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")
    django.setup()


def _refuse(faults: list[str]) -> None:
    if faults:
        for fault in faults[:_SHOWN]:
            click.echo(fault, err=True)
        raise click.ClickException(f"共 {len(faults)} 处问题，未写入任何内容")
