"""The command `huiyin governance`: residents from a file, talks that the newest period names."""

import os
from pathlib import Path

import click
import django

_SHOWN = 50


@click.group()
def governance() -> None:
    """Keep governed streets (docs/governance.md)."""


@governance.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--by", default="命令行", show_default=True, help="Who reports.")
@click.option("--check", "only_check", is_flag=True, help="Only check; write nothing.")
def residents(file: Path, by: str, only_check: bool) -> None:
    """Bring in residents from FILE (.csv, .csv.gz, .xlsx): unit, year, count, source; whole, or not at all."""
    _start()
    from django.utils import timezone

    from huiyin.governance import residents as counts
    from huiyin.tables.reading import BadFile

    now = timezone.now()
    try:
        reading = counts.read(file, now=now)
    except BadFile as exc:
        raise click.ClickException(str(exc)) from exc
    if reading.faults:
        for fault in reading.faults[:_SHOWN]:
            click.echo(fault, err=True)
        raise click.ClickException(f"共 {len(reading.faults)} 处问题，未写入任何内容")
    if only_check:
        click.echo(f"检查通过：{len(reading.lines)} 行")
        return
    new, same = counts.write_as(reading.lines, name=by, now=now)
    click.echo(f"写入 {new} 行，{same} 行与已有的相同")


@governance.command("propose-talks")
def propose_talks() -> None:
    """Propose the talks that the newest published period names, as the job does every 20 minutes."""
    _start()
    from django.utils import timezone

    from huiyin.governance import talking

    click.echo(f"新增或补充 {len(talking.propose_newest(timezone.now()))} 次约谈")


def _start() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")
    django.setup()
