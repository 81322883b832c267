"""The command `huiyin nlp evaluate locate`: how often the place is right, asked, or silently wrong."""

import time
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

import click
import rich.progress
from rich.console import Console

from huiyin.nlp.gazetteer import Gazetteer, Located
from huiyin.nlp.gazetteer_files import read_gazetteer
from huiyin.ops.nlp.result import print_result
from huiyin.tables.columns import read_columns
from huiyin.tables.reading import BadFile


@click.command()
@click.option(
    "--test", "test_file", required=True, type=click.Path(path_type=Path), help="Rows with text, street_code."
)
@click.option("--preset", default="beijing", show_default=True, help="A shipped city's name or a preset folder.")
def locate(test_file: Path, preset: str) -> None:
    """Measure place finding on texts whose street is known; an empty street_code says that it must be asked.

    Needs no database: the gazetteer is read from the preset's files.
    """
    try:
        rows = read_columns(test_file, ["text", "street_code"], optional=["community_code"])
    except BadFile as exc:
        raise click.ClickException(str(exc)) from exc
    began = time.perf_counter()
    gazetteer = _gazetteer(preset)
    load_seconds = time.perf_counter() - began
    answers, millis = _answers(gazetteer, [row["text"] for row in rows])
    print_result(
        {
            "rows": len(rows),
            **score(rows, answers),
            "p50_ms": _quantile(millis, 0.5),
            "p95_ms": _quantile(millis, 0.95),
            "load_seconds": load_seconds,
        }
    )


def score(rows: Sequence[Mapping[str, str]], answers: Sequence[Located]) -> dict[str, object]:
    """Shares over the rows; what names no single place is right only when it is asked."""
    pairs = list(zip(rows, answers, strict=True))
    named = [(row, found) for row, found in pairs if row["street_code"]]
    answered = [(row, found) for row, found in pairs if not found.ask]
    right = [(row, found) for row, found in answered if found.street and found.street == row["street_code"]]
    wrong = len(answered) - len(right)
    asked_rightly = sum(found.ask for row, found in pairs if not row["street_code"])
    figures: dict[str, object] = {
        "named": len(named),
        "answered": len(answered),
        "answered_share": _share(sum(not found.ask for _, found in named), len(named)),
        "right": _share(len(right), len(answered)),
        "right_all": _share(len(right) + asked_rightly, len(pairs)),
        "silent_wrong": wrong,
        "silent_wrong_share": _share(wrong, len(pairs)),
        "asked": len(pairs) - len(answered),
        "asked_rightly_share": _share(asked_rightly, len(pairs) - len(named)),
    }
    if any("community_code" in row for row in rows):
        known = [(row, found) for row, found in right if row["community_code"] and found.community]
        figures["community_answered"] = len(known)
        figures["community_right"] = _share(sum(f.community == row["community_code"] for row, f in known), len(known))
    return figures


def _gazetteer(preset: str) -> Gazetteer:
    shipped = Path(str(files("huiyin.registry") / "presets" / preset))
    folder = shipped if preset.isidentifier() and shipped.is_dir() else Path(preset)
    if not (folder / "areas.csv").is_file():
        raise click.ClickException(f"没有这个预置城市：{preset}")
    return read_gazetteer(folder)


def _answers(gazetteer: Gazetteer, texts: Sequence[str]) -> tuple[list[Located], list[float]]:
    answers, millis = [], []
    for text in rich.progress.track(texts, "locate", console=Console(stderr=True), transient=True):
        began = time.perf_counter()
        answers.append(gazetteer.locate(text))
        millis.append((time.perf_counter() - began) * 1000)
    return answers, millis


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
