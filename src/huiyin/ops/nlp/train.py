"""The command `huiyin nlp train`: learns the classes anew from what people decided, or from a file, and compares."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from huiyin.ops.manage import set_up_django
from huiyin.ops.nlp.result import print_result
from huiyin.tables.columns import read_columns
from huiyin.tables.reading import BadFile

if TYPE_CHECKING:
    from huiyin.learning.examples import Example


@click.command()
@click.option("--from", "path", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="csv(.gz) or xlsx.")
@click.option("--text", "text_column", default="text", show_default=True, help="Its column with the words.")
@click.option(
    "--label", "label_column", default="class_code", show_default=True, help="Its column with the class code."
)
@click.option("--limit", default=200_000, show_default=True, type=click.IntRange(100), help="The newest so many.")
def train(path: Path | None, text_column: str, label_column: str, limit: int) -> None:
    """Train a challenger; it replaces the model in use only if it is better on the same later cases."""
    set_up_django()
    from django.utils import timezone

    from huiyin.domain.errors import DomainError
    from huiyin.learning import reading, training

    now = timezone.now()
    try:
        given = None if path is None else _rows(path, text_column, label_column)[-limit:]
        if given is None:
            reading.catch_up(now=now)
        trained = training.train(
            now=now, by="命令行", given=given, limit=limit, tell=lambda words: click.echo(words, err=True)
        )
    except (BadFile, DomainError) as refused:
        raise click.ClickException(str(refused)) from refused
    version = trained.version
    print_result(
        {
            "number": version.number,
            "promoted": trained.promoted,
            "reason": version.reason,
            "trained_on": version.trained_on,
            "seconds": version.scores["seconds"],
            "size": version.size,
            **version.scores["test"],
            "before": version.scores["before"],
        }
    )


def _rows(path: Path, text_column: str, label_column: str) -> list["Example"]:
    """In the file's order, which stands for time; rows whose class this city does not have are an error."""
    from django.utils import timezone

    from huiyin.domain.vocabulary import RequestType
    from huiyin.learning.examples import Example
    from huiyin.nlp.request_type import propose_type
    from huiyin.registry import rulebook

    taxonomy = rulebook.taxonomy(rulebook.current(timezone.now()).taxonomy_id)
    rows = [row for row in read_columns(path, [text_column, label_column]) if row[text_column] and row[label_column]]
    unknown = sorted({row[label_column] for row in rows} - set(taxonomy))
    if unknown:
        raise BadFile(f"本市分类表中没有这些类别：{'、'.join(unknown[:5])}（共{len(unknown)}个）")
    return [
        Example(
            key=-number,
            text=row[text_column],
            label=row[label_column],
            request_type=RequestType(propose_type(row[text_column], allowed=taxonomy[row[label_column]].request_types)),
        )
        for number, row in enumerate(rows, start=1)
    ]
