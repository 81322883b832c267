"""The commands `huiyin nlp models`, `card`, `rollback`, `label`: what was trained, and which version is in use."""

import json
from pathlib import Path

import click

from huiyin.ops.manage import set_up_django
from huiyin.ops.nlp.result import print_result
from huiyin.tables.columns import read_columns
from huiyin.tables.reading import BadFile


@click.command()
def models() -> None:
    """List the versions, newest first."""
    set_up_django()
    from huiyin.learning.models import ModelState, ModelVersion

    rows = list(ModelVersion.objects.order_by("-number")[:50])
    for row in rows:
        test = row.scores.get("test", {})
        click.echo(
            f"{row.number:>4}  {ModelState(row.state).label:<4}  {row.created_at:%Y-%m-%d %H:%M}  "
            f"{row.trained_on:>7} 件  准确率 {test.get('accuracy', 0):.1%}  {row.reason}",
            err=True,
        )
    current = next((row.number for row in rows if row.state == ModelState.CHAMPION), None)
    print_result({"models": len(rows), "in_use": current})


@click.command()
@click.argument("number", type=int)
@click.option("--markdown", is_flag=True, help="To be read rather than to be parsed.")
def card(number: int, markdown: bool) -> None:
    """Print the model card of version NUMBER."""
    set_up_django()
    from huiyin.learning import cards
    from huiyin.learning.models import ModelVersion

    version = ModelVersion.objects.filter(number=number).first()
    if version is None:
        raise click.ClickException(f"没有第{number}版模型")
    found = cards.card_of(version)
    click.echo(cards.as_markdown(found) if markdown else json.dumps(found, ensure_ascii=False))


@click.command()
@click.argument("number", type=int, required=False)
@click.option("--reason", default="命令行退回", show_default=True)
def rollback(number: int | None, reason: str) -> None:
    """Go back to version NUMBER; without a number, to the one in use before."""
    set_up_django()
    from django.utils import timezone

    from huiyin.domain.errors import DomainError
    from huiyin.learning import promoting

    try:
        version = promoting.roll_back(number, reason=reason, by="命令行", now=timezone.now())
    except DomainError as refused:
        raise click.ClickException(refused.message) from refused
    print_result({"in_use": version.number, "reason": version.reason})


@click.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--case", "case_column", default="case_no", show_default=True, help="Column with the case number.")
@click.option("--label", "label_column", default="class_code", show_default=True, help="Column with the class code.")
def label(path: Path, case_column: str, label_column: str) -> None:
    """Take classes of past cases from a file as labels; the cases themselves stay as they are."""
    set_up_django()
    from django.utils import timezone

    from huiyin.learning import labelling

    try:
        rows = read_columns(path, [case_column, label_column])
        found = labelling.take_in([(row[case_column], row[label_column]) for row in rows], now=timezone.now())
    except BadFile as refused:
        raise click.ClickException(str(refused)) from refused
    print_result(found)
