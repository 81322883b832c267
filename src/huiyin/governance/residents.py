"""常住人口 by street and year: a file of them, every fault told by its line before anything is written."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import transaction

from huiyin.accounts.viewer import Viewer
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.errors import InvalidData
from huiyin.domain.numerals import whole
from huiyin.domain.vocabulary import UnitKind
from huiyin.governance import access, wording
from huiyin.governance.models import Residents
from huiyin.registry import directory
from huiyin.registry.directory import UnitInfo
from huiyin.tables.reading import BadFile, Rows

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "unit": ("unit", "街乡镇", "单位", "单位代码"),
    "year": ("year", "年份", "年"),
    "count": ("count", "常住人口", "人数"),
    "source": ("source", "数据来源", "来源"),
}
_FIRST_YEAR, _LARGEST = 2000, 5_000_000
_SOURCE = 120
_MOST = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    unit: UnitInfo
    year: int
    count: int
    source: str


@dataclass(slots=True)
class Reading:
    """Of one file or list: the counts, or what is wrong with it."""

    this_year: int
    streets: Mapping[str, tuple[UnitInfo, ...]]
    lines: list[Line] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    seen: dict[tuple[int, int], int] = field(default_factory=dict)

    def take(self, number: int, cells: Mapping[str, str]) -> None:
        faults: list[str] = []
        line = self._checked(cells, faults)
        if line is not None:
            first = self.seen.setdefault((line.unit.id, line.year), number)
            if first != number:
                faults.append(f"与第 {first} 行重复")
        self.faults += [f"第 {number} 行：{fault}" for fault in faults]
        if line is not None and not faults:
            self.lines.append(line)

    def _checked(self, cells: Mapping[str, str], faults: list[str]) -> Line | None:
        units = self.streets.get(cells["unit"], ())
        if len(units) != 1:
            faults.append(f"{'有几个同名的' if units else '没有这个'}街道（乡镇）：{cells['unit']}")
        year, count = _whole(cells["year"]), _whole(cells["count"])
        if year is None or not _FIRST_YEAR <= year <= self.this_year:
            faults.append(f"年份应写成 {self.this_year - 1}，不早于 {_FIRST_YEAR} 年、不晚于今年：{cells['year']}")
        if count is None or not 0 < count <= _LARGEST:
            faults.append(f"常住人口应为 1 到 {_LARGEST} 的整数：{cells['count']}")
        if wrong := wording.fault(cells["source"], least=2, most=_SOURCE, what="数据来源"):
            faults.append(wrong)
        if faults or year is None or count is None:
            return None
        return Line(unit=units[0], year=year, count=count, source=wording.clean(cells["source"]))


def read(path: Path, *, now: datetime) -> Reading:
    """BadFile where it is no file of rows, or a column is missing."""
    rows = Rows(path)
    try:
        places, found = _places(rows.heading), reading(now)
        for number, row in rows:
            if isinstance(row, str):
                found.faults.append(f"第 {number} 行：{row}")
                continue
            if len(found.lines) >= _MOST:
                raise BadFile(f"一次最多 {_MOST} 行")
            cells = {name: row[at].strip() if at < len(row) else "" for name, at in places.items()}
            if cells["count"]:  # the form lists every street; what is not known yet stays empty
                found.take(number, cells)
        if not found.lines and not found.faults:
            raise BadFile(f"{path.name} 里没有一行填了常住人口")
        return found
    finally:
        rows.close()


def reading(now: datetime) -> Reading:
    return Reading(this_year=now.astimezone(CITY_ZONE).year, streets=_streets())


def refuse_faults(found: Reading) -> None:
    """All or nothing."""
    if found.faults:
        raise InvalidData({f"items.{at}": fault for at, fault in enumerate(found.faults[:50])})


def write(lines: Collection[Line], *, by: Viewer, now: datetime) -> tuple[int, int]:
    """(written, unchanged); by who decides about governed streets."""
    access.require_decider(by)
    return write_as(lines, name=by.name, now=now)


@transaction.atomic
def write_as(lines: Collection[Line], *, name: str, now: datetime) -> tuple[int, int]:
    """From the command line, where whoever runs it answers for it."""
    units = {one.unit.id for one in lines}
    kept = {
        (row.unit_id, row.year): (row.count, row.source)
        for row in Residents.objects.select_for_update().filter(unit_id__in=units)
    }
    new = [one for one in lines if kept.get((one.unit.id, one.year)) != (one.count, one.source)]
    Residents.objects.bulk_create(
        [
            Residents(
                unit_id=one.unit.id, year=one.year, count=one.count, source=one.source, written_by=name, written_at=now
            )
            for one in new
        ],
        update_conflicts=True,
        unique_fields=["unit_id", "year"],
        update_fields=["count", "source", "written_by", "written_at"],
        batch_size=2000,
    )
    return len(new), len(lines) - len(new)


def _streets() -> dict[str, tuple[UnitInfo, ...]]:
    """By code, name and short name; a name that several districts have names several."""
    found: dict[str, dict[int, UnitInfo]] = {}
    for unit in directory.units().values():
        if unit.kind is UnitKind.STREET:
            for name in (unit.code, unit.name, unit.short_name):
                found.setdefault(name, {})[unit.id] = unit
    return {name: tuple(units.values()) for name, units in found.items()}


def _whole(text: str) -> int | None:
    plain = text.strip().replace(",", "").removesuffix(".0")  # Excel writes 120,000 and 120000.0
    return whole(plain)


def _places(heading: list[str]) -> dict[str, int]:
    names = [name.strip().lower() for name in heading]
    found = {
        wanted: names.index(alias) for wanted, aliases in COLUMNS.items() for alias in aliases[::-1] if alias in names
    }
    missing = [aliases[1] for name, aliases in COLUMNS.items() if name not in found]
    if missing:
        raise BadFile(f"缺少列：{'、'.join(missing)}（文件中有：{'、'.join(heading[:20])}）")
    return found
