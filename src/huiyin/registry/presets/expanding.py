"""Fills in the units that a preset need not list: a government for each district, its bureaus, streets, communities."""

from collections.abc import Iterator
from dataclasses import dataclass

from huiyin.domain.vocabulary import AreaKind, UnitKind
from huiyin.registry.presets.schema import Preset

_KIND_OF_AREA = {
    AreaKind.DISTRICT: UnitKind.DISTRICT_GOV,
    AreaKind.STREET: UnitKind.STREET,
    AreaKind.COMMUNITY: UnitKind.COMMUNITY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRow:
    code: str
    name: str
    short_name: str
    kind: AreaKind
    parent_code: str
    district_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    code: str
    name: str
    short_name: str
    kind: UnitKind
    parent_code: str = ""
    area_code: str = ""
    district_code: str = ""
    service: str = ""
    phone: str = ""


def areas_of(preset: Preset) -> dict[str, AreaRow]:
    """Every area by code; a community without a district of its own has its parent's."""
    areas: dict[str, AreaRow] = {}
    for row in preset["areas.csv"]:
        kind = row["kind"]
        district = row["district_code"] or (row["code"] if kind == AreaKind.DISTRICT else row["parent_code"])
        areas[row["code"]] = AreaRow(
            code=row["code"],
            name=row["name"],
            short_name=row["short_name"] or row["name"],
            kind=kind,
            parent_code=row["parent_code"],
            district_code="" if kind == AreaKind.CITY else district,
        )
    for row in preset["communities.csv"]:
        parent = areas.get(row["parent_code"])
        areas[row["code"]] = AreaRow(
            code=row["code"],
            name=row["name"],
            short_name=row["short_name"] or row["name"],
            kind=AreaKind.COMMUNITY,
            parent_code=row["parent_code"],
            district_code=parent.district_code if parent else "",
        )
    return areas


def units_of(preset: Preset, areas: dict[str, AreaRow]) -> dict[str, UnitRow]:
    """Every unit by code, those above before those below."""
    listed = [_listed(row.values, areas) for row in preset["units.csv"]]
    of_area = {unit.area_code: unit.code for unit in listed if _answers_for_its_area(unit, areas)}
    units = {unit.code: unit for unit in listed if not unit.parent_code}
    for kind in (AreaKind.DISTRICT, AreaKind.STREET):
        units |= {unit.code: unit for unit in _derived(kind, areas, of_area)}
    units |= {unit.code: unit for unit in _bureaus(preset, areas, of_area)}
    units |= {unit.code: unit for unit in listed if unit.parent_code}
    units |= {unit.code: unit for unit in _derived(AreaKind.COMMUNITY, areas, of_area)}
    return units


def _listed(values: dict[str, str], areas: dict[str, AreaRow]) -> UnitRow:
    area = areas.get(values["area_code"])
    return UnitRow(
        code=values["code"],
        name=values["name"],
        short_name=values["short_name"] or values["name"],
        kind=UnitKind(values["kind"]),
        parent_code=values["parent_code"],
        area_code=values["area_code"],
        district_code=area.district_code if area else "",
        service=values["service"],
        phone=values["phone"],
    )


def _answers_for_its_area(unit: UnitRow, areas: dict[str, AreaRow]) -> bool:
    """A listed unit of the area's own kind, or a committee of a zone without a street, stands for that area."""
    area = areas.get(unit.area_code)
    if area is None:
        return False
    zone = area.kind == AreaKind.COMMUNITY and unit.kind == UnitKind.DISTRICT_BUREAU
    return zone or _KIND_OF_AREA.get(area.kind) == unit.kind


def _derived(kind: AreaKind, areas: dict[str, AreaRow], of_area: dict[str, str]) -> Iterator[UnitRow]:
    """Units with the area's own code, below the unit of the area above; `of_area` learns of each."""
    for area in areas.values():
        if area.kind != kind or area.code in of_area:
            continue
        of_area[area.code] = area.code
        above = area.district_code if kind == AreaKind.STREET else area.parent_code
        district = areas.get(area.district_code)
        street_name = f"{district.short_name if district else ''}{area.name}"
        yield UnitRow(
            code=area.code,
            name={AreaKind.DISTRICT: f"{area.name}政府", AreaKind.STREET: street_name}.get(kind, area.name),
            short_name=f"{area.short_name}政府" if kind == AreaKind.DISTRICT else area.short_name,
            kind=_KIND_OF_AREA[kind],
            parent_code="" if kind == AreaKind.DISTRICT else of_area.get(above, ""),
            area_code=area.code,
            district_code=area.district_code,
        )


def _bureaus(preset: Preset, areas: dict[str, AreaRow], of_area: dict[str, str]) -> Iterator[UnitRow]:
    """Each kind of bureau in each district: 区教委 becomes 朝阳区教委, known inside the district as 区教委."""
    for district in areas.values():
        if district.kind != AreaKind.DISTRICT:
            continue
        for row in preset["bureaus.csv"]:
            if row["only"] and district.code not in row["only"]:
                continue
            yield UnitRow(
                code=f"{district.code}-{row['code']}",
                name=district.short_name + row["short_name"].removeprefix("区"),
                short_name=row["short_name"],
                kind=UnitKind.DISTRICT_BUREAU,
                parent_code=of_area[district.code],
                area_code=district.code,
                district_code=district.code,
            )
