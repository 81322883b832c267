"""Measures how fast texts are classified and a model is trained, on texts that the demo city's phrasebook makes."""

import csv
import multiprocessing
import os
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from importlib.resources import files
from pathlib import Path
from random import Random

import numpy as np

from huiyin.domain.vocabulary import RequestType
from huiyin.nlp.classes import ClassModel
from huiyin.nlp.examples import Example
from huiyin.nlp.words import Leaf
from huiyin.ops.demo.texts import NoPhrase, PlaceWords, load_phrases, make_request, pick_leaf, pick_type

_TEXTS = 100_000
_MEASURED = 4000
_CLIENTS = 2
_PLACE = PlaceWords(
    district="朝阳区", street="望京街道", community="南湖西园社区", estate="望京西园四区", road="广顺北大街"
)
_NOON = datetime(2026, 1, 15, 12, tzinfo=timezone(timedelta(hours=8)))


def measure_nlp(folder: Path, *, texts: int = _TEXTS) -> dict[str, object]:
    """Trains on so many texts, then reads others with one process and with two."""
    leaves = preset_leaves()
    examples = list(made_examples(texts, seed=1))
    began = time.perf_counter()
    model = ClassModel.train(examples, leaves)
    seconds = time.perf_counter() - began
    data = model.to_bytes()
    path = folder / "class-model.npz"
    path.write_bytes(data)
    taken = _timed(path, 2)
    return {
        "bench": "nlp",
        "classes": len(leaves),
        "train_rows": len(examples),
        "train_seconds": round(seconds, 1),
        "model_mb": round(len(data) / 1e6, 1),
        "mean_ms": round(float(np.mean(taken)) * 1e3, 3),
        "p95_ms": round(float(np.quantile(taken, 0.95)) * 1e3, 3),
        "processes": _CLIENTS,
        "per_second": round(_together(path), 1),
        "cores": os.cpu_count(),
    }


def preset_leaves() -> list[Leaf]:
    """The classes of the city that comes with the product."""
    text = files("huiyin.registry").joinpath("presets/beijing/taxonomy.csv").read_text(encoding="utf-8")
    return [
        Leaf(
            code=row["code"],
            names=(row["level1"], row["level2"], row["level3"]),
            keywords=tuple(word for word in row["keywords"].split("|") if word),
        )
        for row in csv.DictReader(text.splitlines())
    ]


def made_examples(count: int, *, seed: int, without: frozenset[str] = frozenset()) -> Iterator[Example]:
    """Labelled texts of a year; templates and demands named in `without` are held out."""
    rng, phrasebook = Random(seed), load_phrases()
    made = 0
    while made < count:
        at = _NOON + timedelta(hours=rng.randrange(24 * 365))
        leaf = pick_leaf(rng=rng, at=at, phrasebook=phrasebook)
        kind = pick_type(rng=rng, leaf_code=leaf, allowed=list(RequestType), phrasebook=phrasebook)
        try:
            said = make_request(
                rng=rng,
                leaf_code=leaf,
                request_type=kind,
                place=_PLACE,
                at=at,
                phrasebook=phrasebook,
                without=without,
            )
        except NoPhrase:
            continue
        made += 1
        yield Example(
            id=str(made),
            text=f"{said.title}。{said.content}",
            leaf_code=leaf,
            request_type=kind,
            group=said.template_id,
            also=said.demand_id,
        )


def _together(path: Path) -> float:
    """Texts a second of two processes at once, each from its first text to its last."""
    with multiprocessing.get_context("spawn").Pool(_CLIENTS) as pool:
        spent = pool.starmap(_timed, [(path, 10 + number) for number in range(_CLIENTS)])
    return sum(len(taken) / sum(taken) for taken in spent)


def _timed(path: Path, seed: int) -> list[float]:
    model = ClassModel.from_bytes(path.read_bytes())
    texts = [example.text for example in made_examples(_MEASURED, seed=seed)]
    for text in texts[:100]:
        model.probabilities(text)
    taken = []
    for text in texts:
        began = time.perf_counter()
        model.probabilities(text)
        model.types(text)
        taken.append(time.perf_counter() - began)
    return taken
