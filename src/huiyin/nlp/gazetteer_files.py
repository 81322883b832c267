"""Reads a city's gazetteer from its preset folder, without a database: areas.csv, communities.csv, places.csv."""

import csv
from collections.abc import Iterator
from pathlib import Path

from huiyin.nlp.gazetteer import Area, Gazetteer, Spot
from huiyin.nlp.gazetteer_names import COMMUNITY, DISTRICT


def read_gazetteer(folder: Path) -> Gazetteer:
    return Gazetteer(read_areas(folder), read_spots(folder))


def read_areas(folder: Path) -> list[Area]:
    areas = [
        Area(
            code=row["code"],
            name=row["name"],
            short_name=row["short_name"] or row["name"],
            kind=row["kind"],
            parent=row["parent_code"],
            district=row["district_code"] or (row["code"] if row["kind"] == DISTRICT else row["parent_code"]),
        )
        for row in _rows(folder / "areas.csv")
    ]
    district = {area.code: area.district for area in areas}
    return areas + [
        Area(
            code=row["code"],
            name=row["name"],
            short_name=row["short_name"] or row["name"],
            kind=COMMUNITY,
            parent=row["parent_code"],
            district=district.get(row["parent_code"], ""),
        )
        for row in _rows(folder / "communities.csv")
    ]


def read_spots(folder: Path) -> list[Spot]:
    return [
        Spot(
            name=row["name"],
            kind=row["kind"],
            streets=_several(row["street_code"]),
            aliases=_several(row["aliases"]),
            community=row["community_code"],
        )
        for row in _rows(folder / "places.csv")
    ]


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if path.is_file():
        with path.open(encoding="utf-8-sig", newline="") as lines:
            yield from csv.DictReader(lines)
