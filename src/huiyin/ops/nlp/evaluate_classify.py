"""`huiyin nlp evaluate classify`: trains on one file, tests on another, says how often and how surely it was right."""

import time
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np

from huiyin.nlp.calibration import calibration_error
from huiyin.nlp.linear import TextClassifier
from huiyin.ops.nlp.result import print_result
from huiyin.tables.columns import read_columns
from huiyin.tables.reading import BadFile

_File = click.Path(path_type=Path)


@click.command()
@click.option("--train", "train_file", type=_File, required=True, help="Labelled rows to learn from.")
@click.option("--test", "test_file", type=_File, required=True, help="Labelled rows to be measured on.")
@click.option("--text", required=True, help="Column with the text; several, parted by commas, are joined.")
@click.option("--test-text", default="", help="Column(s) with the text in the test file, where it differs.")
@click.option("--label", required=True, help="Column with the class.")
@click.option("--group", default="", help="Column that numbers near copies; they stay on one side when calibrating.")
def classify(train_file: Path, test_file: Path, text: str, test_text: str, label: str, group: str) -> None:
    """Measure the classification of texts on files given."""
    try:
        train = _read(train_file, text, label, group)
        test = _read(test_file, test_text or text, label, "")
    except BadFile as exc:
        raise click.ClickException(str(exc)) from exc
    if len({row[1] for row in train}) < 2:
        raise click.ClickException(f"{train_file.name} 中至少要有两个类别")
    began = time.perf_counter()
    groups = [row[2] or number for number, row in enumerate(train)] if group else None
    click.echo(f"learning from {len(train):,} rows", err=True)
    model = TextClassifier.fit([row[0] for row in train], [row[1] for row in train], groups=groups)
    seconds = time.perf_counter() - began
    click.echo(f"measuring on {len(test):,} rows", err=True)
    print_result(
        measured(model, [row[0] for row in test], [row[1] for row in test])
        | {
            "train_seconds": seconds,
            "train_rows": len(train),
            "test_rows": len(test),
            "model_mb": len(model.to_bytes()) / 1e6,
        }
    )


def measured(model: TextClassifier, texts: Sequence[str], truth: Sequence[str]) -> dict[str, object]:
    """A label that the model never saw counts as missed."""
    taken, rows = [], []
    for text in texts:
        began = time.perf_counter()
        rows.append(model.probabilities([text])[0])
        taken.append(time.perf_counter() - began)
    order = [np.argsort(-row, kind="stable") for row in rows]
    guessed = [model.classes[places[0]] for places in order]
    right = [one == other for one, other in zip(guessed, truth, strict=True)]
    near = [label in {model.classes[place] for place in places[:3]} for places, label in zip(order, truth, strict=True)]
    by_class = {label: _of_class(label, guessed, truth) for label in sorted({*truth, *guessed})}
    return {
        "accuracy": sum(right) / len(right),
        "macro_f1": float(np.mean([found["f1"] for found in by_class.values()])),
        "top3": sum(near) / len(near),
        "ece": calibration_error([float(row.max()) for row in rows], right),
        "per_class": by_class,
        "us_per_text": float(np.mean(taken)) * 1e6,
        "p95_ms": float(np.quantile(taken, 0.95)) * 1e3,
    }


def _of_class(label: str, guessed: Sequence[str], truth: Sequence[str]) -> dict[str, float]:
    hits = sum(one == label == other for one, other in zip(guessed, truth, strict=True))
    said, support = sum(one == label for one in guessed), sum(one == label for one in truth)
    return {
        "precision": hits / said if said else 0.0,
        "recall": hits / support if support else 0.0,
        "f1": 2 * hits / (said + support) if said + support else 0.0,
        "support": support,
    }


def _read(path: Path, text: str, label: str, group: str) -> list[tuple[str, str, str]]:
    """(text, label, group) of the rows that have a label; a row without text stays, as it does in life."""
    columns = [name.strip() for name in text.split(",") if name.strip()]
    rows = read_columns(path, [*columns, label, *([group] if group else [])])
    found = [
        ("。".join(row[name] for name in columns if row[name]), row[label], row[group] if group else "")
        for row in rows
        if row[label]
    ]
    if not found:
        raise BadFile(f"{path.name} 的“{label}”列全是空的")
    return found
