"""Reported values: a file of them, every fault by its line before anything is written; and the newest of each."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from huiyin.domain.indicators import Level, Measure, Node, Tree
from huiyin.indicators.editing import Editor
from huiyin.indicators.models import Source, Value
from huiyin.indicators.trees import number_from
from huiyin.registry import directory
from huiyin.registry.directory import AreaInfo
from huiyin.tables.reading import BadFile, Rows

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "district": ("district", "区", "区域代码"),
    "item": ("item", "细项代码", "代码"),
    "period": ("period", "期间", "年份", "考核期"),
    "value": ("value", "数值", "值"),
    "note": ("note", "说明", "备注"),
}
_NEEDED = ("district", "item", "period", "value")
_PERIOD = re.compile(r"20[0-9]{2}(-(0[1-9]|1[0-2]))?")
_MOST = 50_000
_LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    number: int
    district: AreaInfo
    item: Node
    period: str
    value: Decimal
    note: str


@dataclass(slots=True)
class Reading:
    """Of one file: the values, or what is wrong with it."""

    lines: list[Line] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    seen: dict[tuple[int, str, str], int] = field(default_factory=dict)

    def take(self, number: int, cells: Mapping[str, str], tree: Tree) -> None:
        faults: list[str] = []
        line = check(number, cells, tree, faults)
        if line is not None:
            key = (line.district.id, line.item.code, line.period)
            if key in self.seen:
                faults.append(f"与第 {self.seen[key]} 行重复")
            self.seen.setdefault(key, number)
        self.faults += [f"第 {number} 行：{fault}" for fault in faults]
        if line is not None and not faults:
            self.lines.append(line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A value as it is scored: of which period or year it is, and where it came from."""

    value: Fraction
    source: Source
    period: str
    row_id: int | None = None


def reported(tree: Tree) -> dict[str, Node]:
    """The items that are reported, by code; the others are counted from cases."""
    return {
        node.code: node
        for node in tree.nodes
        if node.level is Level.BASE or (node.level is Level.ITEM and node.measure is Measure.UPLOAD)
    }


def read(path: Path, tree: Tree) -> Reading:
    """BadFile where it is no file of rows, or a column is missing."""
    rows = Rows(path)
    try:
        places, found = _places(rows.heading), Reading()
        for number, row in rows:
            if isinstance(row, str):
                found.faults.append(f"第 {number} 行：{row}")
                continue
            if len(found.lines) >= _MOST:
                raise BadFile(f"一次最多填报 {_MOST} 行")
            cells = {name: row[at].strip() if at < len(row) else "" for name, at in places.items()}
            if cells["value"]:  # the form lists every item; what is not known yet stays empty
                found.take(number, cells, tree)
        if not found.lines and not found.faults:
            raise BadFile(f"{path.name} 里没有一行填了数值")
        return found
    finally:
        rows.close()


def check(number: int, cells: Mapping[str, str], tree: Tree, faults: list[str]) -> Line | None:
    """One line as a value that may be written, or what is wrong with it."""
    district = _district(cells["district"])
    if district is None:
        faults.append(f"没有这个区：{cells['district']}")
    item = _item(cells["item"], tree, faults)
    if not _PERIOD.fullmatch(cells["period"]):
        faults.append(f"期间应写成 2026 或 2026-11：{cells['period']}")
    value, note = number_from(cells["value"]), cells.get("note", "")
    if value is None:
        faults.append(f"数值应为数字，最多四位小数：{cells['value']}")
    elif item is not None and item.level is Level.BASE and value <= 0:
        faults.append(f"“{item.name}”应大于 0")
    if len(note) > _LONGEST_NOTE:
        faults.append(f"说明不超过 {_LONGEST_NOTE} 字")
    if faults or district is None or item is None or value is None:
        return None
    return Line(number=number, district=district, item=item, period=cells["period"], value=value, note=note)


def write(
    lines: Collection[Line], *, by: Editor, now: datetime, file: str = "", source: Source = Source.UPLOAD
) -> tuple[int, int]:
    """(new, unchanged). What is reported again as it stands is not written again; anything else is a new row."""
    known: dict[tuple[int, str, str], tuple[Decimal, str]] = {}
    rows = Value.objects.filter(period__in={one.period for one in lines}).order_by("id")
    for district, item, period, value, origin in rows.values_list("district_id", "item", "period", "value", "source"):
        known[district, item, period] = (value, origin)
    new = [one for one in lines if known.get((one.district.id, one.item.code, one.period)) != (one.value, source)]
    Value.objects.bulk_create(
        [
            Value(
                district_id=one.district.id,
                item=one.item.code,
                period=one.period,
                value=one.value,
                source=source,
                file=file[:120],
                note=one.note,
                by_id=by.id,
                by=by.name,
                at=now,
            )
            for one in new
        ],
        batch_size=4000,
    )
    return len(new), len(lines) - len(new)


def periods_for(code: str, years_back: int) -> list[str]:
    """Where a period's data is looked for: its own, then its year's, then older years'."""
    year = int(code[:4])
    return [code, *(str(year - back) for back in range(years_back + 1))]


def newest(code: str, years_back: int) -> dict[tuple[int, str], Taken]:
    """By district and item: the latest report of the nearest period that has one. Uses indicator_value_newest."""
    wanted = periods_for(code, years_back)
    rows = (
        Value.objects.filter(period__in=wanted)
        .order_by("district_id", "item", "period", "-id")
        .distinct("district_id", "item", "period")
        .values_list("district_id", "item", "period", "value", "source", "id")
    )
    found: dict[tuple[int, str], Taken] = {}
    for district, item, period, value, source, row_id in rows:
        held = found.get((district, item))
        if held is None or wanted.index(period) < wanted.index(held.period):
            taken = Taken(value=Fraction(value), source=Source(source), period=period, row_id=row_id)
            found[district, item] = taken
    return found


def _district(text: str) -> AreaInfo | None:
    known = directory.area_by_code(text)
    named = (area for area in directory.districts() if text in (area.name, area.short_name))
    return next(named, None) if known is None else known if known in directory.districts() else None


def _item(code: str, tree: Tree, faults: list[str]) -> Node | None:
    item = tree.by_code.get(code)
    if item is None or item.level in (Level.DIMENSION, Level.CATEGORY):
        faults.append(f"没有这个细项：{code}")
        return None
    if item.measure is not Measure.UPLOAD:
        faults.append(f"“{item.name}”由案件计算，不用填报")
        return None
    return item


def _places(heading: list[str]) -> dict[str, int]:
    names = [name.strip().lower() for name in heading]
    found = {
        wanted: names.index(alias) for wanted, aliases in _COLUMNS.items() for alias in aliases[::-1] if alias in names
    }
    missing = [_COLUMNS[name][1] for name in _NEEDED if name not in found]
    if missing:
        raise BadFile(f"缺少列：{'、'.join(missing)}（文件中有：{'、'.join(heading[:20])}）")
    return found
