"""The command `huiyin nlp sample match`: what a demo city's callers say, and which calls tell of one event."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from huiyin.ops.nlp.city import scratch_city

_COLUMNS = ("id", "time", "caller", "place", "text", "cluster")


@click.command()
@click.option("--rows", default=10_000, show_default=True, type=click.IntRange(1), help="Calls to write.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="CSV to write.")
@click.option("--seed", default=12345, show_default=True, help="Same seed, same city.")
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 720), help="Days that they span.")
def match(rows: int, out: Path, seed: int, days: int) -> None:
    """Write calls with the event that they tell of (empty: one of its own), for `evaluate match`."""
    with scratch_city("beijing"), out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, _COLUMNS)
        writer.writeheader()
        writer.writerows(_rows(rows, seed=seed, days=days))
    click.echo(f"{rows:,} calls in {out}", err=True)


def _rows(rows: int, *, seed: int, days: int) -> Iterator[dict[str, object]]:
    from huiyin.ops.demo.arrivals import arrive
    from huiyin.ops.demo.matters import plan_city
    from huiyin.ops.demo.phrasebook import load_phrases
    from huiyin.ops.demo.world import World
    from huiyin.registry import rulebook

    phrasebook, world = load_phrases(), World(seed=seed)
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=1)
    calendar = rulebook.rules(rulebook.current(now).limits_id).calendar
    plan = plan_city(world=world, phrasebook=phrasebook, calendar=calendar, now=now, days=days, cases=rows)
    for matter in plan.matters:
        made = arrive(matter, world=world, phrasebook=phrasebook, requester_id=1)
        yield {
            "id": matter.number,
            "time": matter.at.isoformat(sep=" ", timespec="seconds"),
            "caller": f"caller {matter.caller}",
            "place": made.data["address"],
            "text": f"{made.data['title']} {made.data['content']}",
            "cluster": "" if matter.cluster is None else matter.cluster,
        }
