"""The command `huiyin nlp sample route`: decided cases of a demo city, in folds that share no phrase."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zlib import crc32

import click

from huiyin.ops.nlp.city import scratch_city

_COLUMNS = (
    *("id", "time", "text", "address", "district_code", "street_code", "community_code"),
    *("class_code", "chosen_class", "request_type", "unit", "template", "fold"),
)


@click.command()
@click.option("--rows", default=20_000, show_default=True, type=click.IntRange(1), help="Cases to write.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="CSV to write.")
@click.option("--seed", default=12345, show_default=True, help="Same seed, same city.")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 720), help="Days that they span.")
@click.option("--folds", default=3, show_default=True, type=click.IntRange(2, 10), help="Folds of phrases.")
def route(rows: int, out: Path, seed: int, days: int, folds: int) -> None:
    """Write cases to dispatch (no questions, no praise) with their true units, for `evaluate route`."""
    with scratch_city("beijing"), out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, _COLUMNS)
        writer.writeheader()
        written = 0
        for row in _rows(rows, seed=seed, days=days, folds=folds):
            writer.writerow(row)
            written += 1
    click.echo(f"{written:,} cases in {out}", err=True)


def _rows(rows: int, *, seed: int, days: int, folds: int) -> Iterator[dict[str, object]]:
    from huiyin.ops.demo.arrivals import arrive
    from huiyin.ops.demo.matters import plan_city
    from huiyin.ops.demo.phrasebook import load_phrases
    from huiyin.ops.demo.texts import NoPhrase
    from huiyin.ops.demo.world import World
    from huiyin.registry import rulebook

    whole = load_phrases()
    books = [whole.only(lambda phrase, fold=fold: fold_of(phrase, folds) == fold) for fold in range(folds)]
    world = World(seed=seed)
    now = datetime.now(UTC)
    now = now.replace(hour=4, minute=0, second=0, microsecond=0) - timedelta(days=1)
    in_force = rulebook.rules(rulebook.current(now).limits_id)
    # About four in ten need no unit: questions and thanks.
    plan = plan_city(
        world=world, phrasebook=whole, calendar=in_force.calendar, now=now, days=days, cases=int(rows * 1.9)
    )
    written = 0
    for matter in plan.matters:
        fold = crc32(f"{seed} {matter.number}".encode()) % folds
        try:
            made = arrive(matter, world=world, phrasebook=books[fold], requester_id=1)
        except NoPhrase:
            continue
        if made.truth.unit_id is None or str(made.truth.request_type) in _NOT_DISPATCHED:
            continue
        yield _row(written, made, matter.at, fold)
        written += 1
        if written == rows:
            return


_NOT_DISPATCHED = ("consultation", "praise")


def fold_of(phrase: str, folds: int) -> int:
    """Which part a template or demand belongs to, by its id alone."""
    return crc32(f"fold {phrase}".encode()) % folds


def _row(number: int, made: "object", at: datetime, fold: int) -> dict[str, object]:
    from huiyin.registry import directory

    truth, data = made.truth, made.data
    unit = directory.unit(truth.unit_id)
    return {
        "id": number,
        "time": at.isoformat(sep=" ", timespec="seconds"),
        "text": f"{data['title']} {data['content']}",
        "address": data["address"],
        "district_code": _code(made.row.district_id) if data.get("street_id") else "",
        "street_code": _code(data.get("street_id")),
        "community_code": _code(data.get("community_id")),
        "class_code": truth.leaf_code,
        "chosen_class": data.get("class_code", ""),
        "request_type": str(truth.request_type),
        "unit": unit.code,
        "template": made.row.template,
        "fold": fold,
    }


def _code(area_id: int | None) -> str:
    from huiyin.registry import directory

    return directory.area(area_id).code if area_id else ""
