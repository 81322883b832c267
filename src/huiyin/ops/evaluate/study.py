"""`huiyin evaluate study`: measures on simulated cities whether the statistics keep what they promise."""

import re
import time
from pathlib import Path

import click
import numpy as np
import rich.progress
from numpy.typing import NDArray
from scipy.stats import spearmanr

from huiyin.analytics.casemix import Adjusted, adjust
from huiyin.analytics.figures import weights_of
from huiyin.analytics.indistinguishable import largest_alike
from huiyin.analytics.rank_intervals import rank_intervals
from huiyin.analytics.shipped import shipped_rules
from huiyin.analytics.shrinkage import shrink
from huiyin.ops.evaluate.study_city import STREETS, City, Month, build, live
from huiyin.ops.evaluate.study_gaming import study_gaming
from huiyin.ops.nlp.result import print_result

_WEIGHTS = weights_of(shipped_rules().scheme)
_SEED = 20261119
_BOTTOM = 10
_SWAPPED = 30  # pairs of streets whose cases are exchanged
_SWAP_CALLBACKS = 1500  # enough that what remains of a difference is not chance
_MARKS = re.compile(r"(<!-- study -->\n).*?(<!-- /study -->)", re.DOTALL)
_TOLD = {
    "rank_coverage_cases": "90 % rank intervals that hold the true place, from cases (wanted 0.88–0.92)",
    "rank_coverage_counts": "… from counts alone",
    "rank_width_cases": "mean width of such an interval, in places of 343",
    "alike": "streets in the largest set that cannot be told apart, mean",
    "spearman_score_raw": "Spearman with the true score: score as counted",
    "spearman_score_shrunken": "… score drawn towards the group",
    "spearman_quality_raw": "Spearman with true quality (resolution with the city's mix): rate as counted",
    "spearman_quality_shrunken": "… shrunken rate",
    "spearman_quality_adjusted": "… adjusted for case mix",
    "false_bottom_raw": "of the 10 last by score as counted, share not truly among the last 10",
    "false_bottom_shrunken": "… by shrunken score",
    "swap_order_raw": "pairs whose order turns when their cases are exchanged: rate as counted",
    "swap_order_adjusted": "… adjusted rate",
    "swap_order_chance": "… adjusted rate, when nothing is exchanged: chance alone",
    "swap_change_raw": "mean change of a street's rate when cases are exchanged: as counted",
    "swap_change_adjusted": "… adjusted",
    "gaming_auc": "AUC of the gaming score, planted cheats against innocents (wanted ≥ 0.9)",
    "gaming_cheats_flagged": "cheats flagged",
    "gaming_innocents_per_100": "innocents flagged per 100 units a month (wanted ≤ 1)",
    "gaming_innocents_per_100_nobody_cheats": "… in months in which nobody cheats",
}


@click.command()
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Document whose table is renewed.")
@click.option("--cities", default=24, show_default=True, type=click.IntRange(min=1), help="Simulated months.")
def study(out: Path | None, cities: int) -> None:
    """Simulate cities with known truth: coverage, ranking, case mix, gaming. One JSON object last."""
    began = time.perf_counter()
    random = np.random.default_rng(_SEED)
    rounds: list[dict[str, float]] = []
    with rich.progress.Progress(console=rich.console.Console(stderr=True), transient=True) as progress:
        for _ in progress.track(range(cities), description="模拟城市"):
            city = build(random)
            rounds.append(_one_city(city, live(city, _WEIGHTS, random)))
    found = {name: float(np.mean([one[name] for one in rounds])) for name in rounds[0]}
    found |= _exchange(random, rounds=max(1, cities // 8)) | study_gaming(random, months=max(2, cities // 2))
    if out is not None:
        _renew(out, found, cities)
    print_result({"cities": cities, "streets": STREETS, **found, "seconds": round(time.perf_counter() - began, 1)})


def _one_city(city: City, month: Month) -> dict[str, float]:
    truth, quality = city.true_scores(_WEIGHTS), city.true_quality()
    places = _places(truth)
    cases = rank_intervals(month.counts, _WEIGHTS, variance_within=month.variance)
    counts = rank_intervals(month.counts, _WEIGHTS)
    raw, drawn = month.counts.score(_WEIGHTS), cases.posterior.mean
    rate = month.counts.solved / month.counts.valid
    return {
        "rank_coverage_cases": float(np.mean((cases.low <= places) & (places <= cases.high))),
        "rank_coverage_counts": float(np.mean((counts.low <= places) & (places <= counts.high))),
        "rank_width_cases": float(np.mean(cases.high - cases.low + 1)),
        "alike": len(largest_alike(cases.posterior.mean, cases.posterior.sd).units),
        "spearman_score_raw": _spearman(raw, truth),
        "spearman_score_shrunken": _spearman(drawn, truth),
        "spearman_quality_raw": _spearman(rate, quality),
        "spearman_quality_shrunken": _spearman(shrink(month.counts.solved, month.counts.valid).mean, quality),
        "spearman_quality_adjusted": _spearman(_adjusted(month).rate, quality),
        "false_bottom_raw": _false_bottom(raw, truth),
        "false_bottom_shrunken": _false_bottom(drawn, truth),
    }


def _exchange(random: np.random.Generator, rounds: int) -> dict[str, float]:
    """Streets with the easiest cases exchange them with those that have the hardest; the streets stay as they are."""
    kept: list[tuple[float, ...]] = []
    for _ in range(rounds):
        city = build(random, callbacks=_SWAP_CALLBACKS)
        order = np.argsort(city.mixes @ city.hardness)
        easy, hard = order[:_SWAPPED], order[-_SWAPPED:]
        months = [live(one, _WEIGHTS, random) for one in (city, city.swapped(easy, hard), city)]
        rates = [(month.counts.solved / month.counts.valid, _adjusted(month).rate) for month in months]
        again = np.mean((rates[0][1][easy] > rates[0][1][hard]) != (rates[2][1][easy] > rates[2][1][hard]))
        turned = [np.mean((b[easy] > b[hard]) != (a[easy] > a[hard])) for b, a in zip(*rates[:2], strict=True)]
        both = np.concatenate([easy, hard])
        moved = [np.mean(np.abs(a - b)[both]) for b, a in zip(*rates[:2], strict=True)]
        kept.append((*map(float, turned), float(again), *map(float, moved)))
    names = ("swap_order_raw", "swap_order_adjusted", "swap_order_chance", "swap_change_raw", "swap_change_adjusted")
    return dict(zip(names, map(float, np.mean(kept, axis=0)), strict=True))


def _adjusted(month: Month) -> Adjusted:
    return adjust(*month.cells, units=STREETS)


def _places(values: NDArray[np.float64]) -> NDArray[np.int64]:
    places = np.empty(len(values), dtype=np.int64)
    places[np.argsort(-values)] = np.arange(1, len(values) + 1)
    return places


def _spearman(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    return float(spearmanr(one, other).statistic)


def _false_bottom(values: NDArray[np.float64], truth: NDArray[np.float64]) -> float:
    return 1 - len(set(np.argsort(values)[:_BOTTOM]) & set(np.argsort(truth)[:_BOTTOM])) / _BOTTOM


def _renew(document: Path, found: dict[str, float], cities: int) -> None:
    """Writes the table between the document's marks; a document without marks is refused, not overwritten."""
    text = document.read_text(encoding="utf-8") if document.is_file() else "<!-- study -->\n<!-- /study -->\n"
    if not _MARKS.search(text):
        raise click.ClickException(f"{document} 中没有 <!-- study --> 标记")
    rows = "".join(f"| {words} | {found[name]:.3f} |\n" for name, words in _TOLD.items())
    caption = f"{cities} simulated months of {STREETS} streets (`huiyin evaluate study`)."
    table = f"{caption}\n\n| figure | found |\n|---|---|\n{rows}"
    document.write_text(_MARKS.sub(lambda mark: mark[1] + table + mark[2], text), encoding="utf-8")
