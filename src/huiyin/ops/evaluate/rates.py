"""`huiyin evaluate rates`: rates, scores and places of units from a file, without a database."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import click

from huiyin.analytics.figures import Chances, chances
from huiyin.analytics.shipped import DEFAULT, shipped_rules
from huiyin.domain.errors import InvalidData
from huiyin.domain.evaluation import Scheme, Standing, half_even, rank_units
from huiyin.domain.schemes import EvaluationRules
from huiyin.ops.evaluate.inputs import Given, read_cases, read_units
from huiyin.tables.reading import BadFile

_PLACES = 6
_FAULTS_SHOWN = 50
HEADINGS = (
    "unit", "group", "volume", "valid", "response_rate", "resolution_rate", "satisfaction_rate", "score", "rank",
    "resolution_low", "resolution_high", "resolution_shrunken", "rank_low", "rank_high",
)  # fmt: skip
_File = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option("--units", type=_File, help="One row a unit: unit,group,volume,valid,contacted,solved,satisfied,…")
@click.option("--cases", type=_File, help="One row a case: case_no,unit,group,valid,contacted,solved,satisfaction,…")
@click.option("--preset", default=DEFAULT, show_default=True, help="Scheme of weights and thresholds.")
@click.option("--min-valid", type=click.IntRange(min=0), help="Valid callbacks needed for a place [preset's].")
@click.option("--out", type=_File, required=True, help="Where to write the figures (CSV).")
def rates(units: Path | None, cases: Path | None, preset: str, min_valid: int | None, out: Path) -> None:
    """三率, score and place of every unit, and how far chance reaches (docs/evaluation.md)."""
    if (units is None) == (cases is None):
        raise click.ClickException("请用 --units 或 --cases 给出一个文件")
    try:
        rules = shipped_rules(preset)
        given = read_units(units) if units else read_cases(cases, rules)  # type: ignore[arg-type]  # one of the two
    except (BadFile, InvalidData) as exc:
        raise click.ClickException(str(exc)) from exc
    if given.faults:
        raise click.ClickException(_listed(given.faults))
    scheme = _scheme(rules, min_valid)
    lines = list(figures(given, scheme))
    try:
        with out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(HEADINGS)
            writer.writerows(lines)
    except OSError as exc:
        raise click.ClickException(f"无法写入 {out}：{exc.strerror}") from exc
    click.echo(f"{out}：{len(lines)} 个单位", err=True)


def figures(given: Given, scheme: Scheme) -> Iterator[Sequence[str]]:
    """A line a unit, in the order in which the units were given."""
    standings = {(one.group, one.unit): one for one in rank_units(given.units, scheme)}
    beside = chances(given.units, scheme, given.variances)
    for one in given.units:
        yield _line(standings[one.group, one.unit], beside[one.group].units[one.unit])


def _line(standing: Standing, beside: Chances) -> Sequence[str]:
    known = standing.rates
    exact = (None, None, None) if known is None else (known.response, known.resolution, known.satisfaction)
    return (
        standing.unit,
        standing.group,
        str(standing.counts.volume),
        str(standing.counts.valid),
        *(_rate(value) for value in exact),
        "" if standing.score is None else str(standing.score),
        _place(standing.rank),
        *(_near(value) for value in (beside.resolution_low, beside.resolution_high, beside.resolution_shrunken)),
        _place(beside.rank_low),
        _place(beside.rank_high),
    )


def _rate(value: Fraction | None) -> str:
    return "" if value is None else str(half_even(value, _PLACES))


def _near(value: float | None) -> str:
    return "" if value is None else f"{value:.{_PLACES}f}"


def _place(value: int | None) -> str:
    return "" if value is None else str(value)


def _scheme(rules: EvaluationRules, min_valid: int | None) -> Scheme:
    return rules.scheme if min_valid is None else replace(rules.scheme, min_valid=min_valid)


def _listed(faults: Sequence[str]) -> str:
    more = [f"……另有 {len(faults) - _FAULTS_SHOWN} 处"] if len(faults) > _FAULTS_SHOWN else []
    return "\n".join(["文件有误，未写出任何结果：", *faults[:_FAULTS_SHOWN], *more])
