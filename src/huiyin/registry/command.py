"""The command `huiyin preset`: check a city's folder and load it."""

import os
import time
from typing import TYPE_CHECKING

import click
import django

if TYPE_CHECKING:
    from huiyin.registry.presets import Loaded

_WORDS = {
    "area": "区域",
    "unit": "单位",
    "servicearea": "服务区域",
    "placename": "地名",
    "calendarday": "日历",
    "edition": "规则版本",
}


@click.group()
def preset() -> None:
    """Load a city: districts, units, taxonomy, catalogue, limits, calendar (docs/presets.md)."""


@preset.command()
@click.argument("name")
@click.option("--check", "only_check", is_flag=True, help="Only check the folder; write nothing.")
def load(name: str, only_check: bool) -> None:
    """Load the preset NAME: one that is shipped (beijing), or the path of a folder."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")
    django.setup()
    from huiyin.registry import presets

    started = time.monotonic()
    try:
        if only_check:
            rows = sum(map(len, presets.read(name).files.values()))
            click.echo(f"检查通过：{rows} 行，没有发现问题")
            return
        loaded = presets.load(name)
    except presets.PresetError as exc:
        for problem in exc.problems:
            click.echo(str(problem), err=True)
        raise click.ClickException(f"共 {len(exc.problems)} 处问题，未写入任何内容") from exc
    _report(loaded)
    click.echo(f"用时 {time.monotonic() - started:.1f} 秒")


def _report(loaded: "Loaded") -> None:
    for word, label in _WORDS.items():
        added, renewed = loaded.added[word], loaded.renewed[word]
        if added or renewed:
            click.echo(f"{label}：新增 {added}" + (f"，更新 {renewed}" if renewed else ""))
    if loaded.kept:
        click.echo(f"已由管理员修改、保持不变：{'、'.join(loaded.kept)}")
    for draft in loaded.drafts:
        click.echo(f"{draft}已作为草稿载入，请管理员在“规则版本”中核对并发布")
    if not (loaded.changed or loaded.kept):
        click.echo("没有变化")
