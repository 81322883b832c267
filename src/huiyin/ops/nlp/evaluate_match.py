"""`huiyin nlp evaluate match`: streams matters through the clusterer and holds its clusters against the truth.

Nothing but the file and the shipped taxonomy is used: kinds come from the taxonomy's words, as on a city's first day.
"""

import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from random import Random

import click

from huiyin.intake.importing.moments import read_moment
from huiyin.nlp.sameness import Told
from huiyin.nlp.sameness_clusters import Clusterer
from huiyin.nlp.words import Leaf, WordModel
from huiyin.ops.nlp.cluster_scores import b_cubed, pairwise
from huiyin.ops.nlp.result import print_result
from huiyin.tables.columns import read_columns
from huiyin.tables.reading import BadFile

_COLUMNS = ("id", "time", "text", "cluster")
_OPTIONAL = ("caller", "place")
_KINDS = 12
_NEVER = datetime.max.replace(tzinfo=UTC)


@click.command()
@click.option("--test", "path", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--shuffles", default=2, show_default=True, type=click.IntRange(0, 20), help="More orders of the rows.")
def match(path: Path, shuffles: int) -> None:
    """Find same matters: columns id, time, caller, place, text, cluster (empty cluster: a matter of its own)."""
    try:
        rows = read_columns(path, _COLUMNS, optional=_OPTIONAL)
    except BadFile as exc:
        raise click.ClickException(str(exc)) from exc
    kinds = _word_model()
    matters = [(number, _told(row, kinds)) for number, row in enumerate(rows)]
    truth = [row["cluster"] or f"alone {number}" for number, row in enumerate(rows)]
    found, spent = _stream(matters)
    scores = _scores(truth, found)
    others = [_scores(truth, _stream(_shuffled(matters, seed))[0])["b3_f1"] for seed in range(shuffles)]
    spread = [scores["b3_f1"], *others]
    print_result(
        {
            "rows": len(rows),
            "clusters": len(set(truth)),
            "found_clusters": len(set(found)),
            **scores,
            "ms_per_case": statistics.fmean(spent) * 1000,
            "p95_ms": sorted(spent)[int(len(spent) * 0.95)] * 1000,
            "order_difference": max(spread) - min(spread),
        }
    )


def _scores(truth: Sequence[str], found: Sequence[int]) -> dict[str, float]:
    precision, recall, f1 = pairwise(truth, found)
    b_precision, b_recall, b_f1 = b_cubed(truth, found)
    return {
        "pairwise_precision": precision,
        "pairwise_recall": recall,
        "pairwise_f1": f1,
        "b3_precision": b_precision,
        "b3_recall": b_recall,
        "b3_f1": b_f1,
    }


def _stream(matters: Sequence[tuple[int, Told]]) -> tuple[list[int], list[float]]:
    """Clusters in the order of `matters`' numbers, and the seconds each took. Fed by time, as calls come in; rows
    without a time, or with the same, as they stand."""
    clusterer = Clusterer()
    found, spent = [0] * len(matters), []
    for number, told in sorted(matters, key=lambda item: item[1].at or _NEVER):
        began = time.perf_counter()
        found[number] = clusterer.add(told)
        spent.append(time.perf_counter() - began)
    return found, spent


def _shuffled(matters: Sequence[tuple[int, Told]], seed: int) -> list[tuple[int, Told]]:
    order = list(matters)
    Random(seed).shuffle(order)
    return order


def _told(row: dict[str, str], kinds: WordModel) -> Told:
    text = row["text"]
    return Told(
        text=text,
        at=read_moment(row["time"]),
        caller=row.get("caller", ""),
        where=row.get("place", ""),
        kinds={found.code: found.confidence for found in kinds.rank(text, limit=_KINDS)},
    )


def _word_model() -> WordModel:
    path = Path(str(files("huiyin.registry") / "presets/beijing/taxonomy.csv"))
    rows = read_columns(path, ["code", "level1", "level2", "level3", "keywords"])
    return WordModel(
        Leaf(
            code=row["code"],
            names=(row["level1"], row["level2"], row["level3"]),
            keywords=tuple(word for word in row["keywords"].split("|") if word),
        )
        for row in rows
    )
