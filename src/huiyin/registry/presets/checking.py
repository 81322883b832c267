"""Checks a preset as a whole: what one file says of another must hold before anything is written."""

from datetime import date

from huiyin.domain.vocabulary import AreaKind, Grade, UnitKind
from huiyin.registry.completeness import REQUIRED_CLOCKS
from huiyin.registry.parameters import PARAMETERS, BadParameter, parse_parameter
from huiyin.registry.presets.expanding import AreaRow, UnitRow, areas_of, units_of
from huiyin.registry.presets.reading import Problem, Reader, Row
from huiyin.registry.presets.schema import Preset

_ABOVE = {
    AreaKind.DISTRICT: (AreaKind.CITY,),
    AreaKind.STREET: (AreaKind.DISTRICT,),
    AreaKind.COMMUNITY: (AreaKind.STREET, AreaKind.DISTRICT, AreaKind.COMMUNITY),
}


def check(preset: Preset, reader: Reader) -> None:
    areas = areas_of(preset)
    units = units_of(preset, areas)
    _check_settings(preset, reader)
    _check_areas(preset, reader, areas)
    _check_units(preset, reader, areas, units)
    _check_service_areas(preset, reader, areas, units)
    names = _Names(preset, units)
    _check_taxonomy(preset, reader, names)
    _check_catalogue(preset, reader, areas, units, names)
    _check_limits(preset, reader)
    _check_places(preset, reader, areas)


class _Names:
    """The names under which rules may mean a unit."""

    def __init__(self, preset: Preset, units: dict[str, UnitRow]) -> None:
        self._of_kind: dict[UnitKind, set[str]] = {kind: set() for kind in UnitKind}
        for unit in units.values():
            self._of_kind[unit.kind] |= {unit.name, unit.short_name, unit.service} - {""}
        bureaus = {row["short_name"] for row in preset["bureaus.csv"]}
        self._of_kind[UnitKind.DISTRICT_GOV] |= bureaus | {"区政府"}

    def fault(self, kind: UnitKind, name: str) -> str | None:
        if kind in (UnitKind.STREET, UnitKind.COMMUNITY, UnitKind.HOTLINE):
            return None
        if not name:
            return None if kind == UnitKind.DISTRICT_GOV else f"{kind.label}须写明单位名称"
        parts = name.removesuffix("企业").split("/")
        unknown = [part for part in parts if part not in self._of_kind[kind]]
        return f"没有{kind.label}“{'/'.join(unknown)}”，请核对 units.csv 或 bureaus.csv" if unknown else None


def _check_settings(preset: Preset, reader: Reader) -> None:
    hotlines = [row for row in preset["units.csv"] if row["kind"] == UnitKind.HOTLINE]
    if len(hotlines) != 1:
        reader.problems.append(Problem("units.csv", 0, f"须有且只有一个 hotline，现有 {len(hotlines)} 个"))
    value = preset.setting("effective_from")
    try:
        date.fromisoformat(value or "")
    except ValueError:
        reader.problems.append(Problem("preset.csv", 0, "须有一行 effective_from，值为日期 YYYY-MM-DD"))


def _check_areas(preset: Preset, reader: Reader, areas: dict[str, AreaRow]) -> None:
    cities = [row for row in preset["areas.csv"] if row["kind"] == AreaKind.CITY]
    if len(cities) != 1:
        reader.problems.append(Problem("areas.csv", 0, f"须有且只有一个 city，现有 {len(cities)} 个"))
    for row in [*preset["areas.csv"], *preset["communities.csv"]]:
        kind = row.values.get("kind", AreaKind.COMMUNITY)
        if kind == AreaKind.CITY:
            continue
        parent = areas.get(row["parent_code"])
        if parent is None:
            reader.note(row, f"上级“{row['parent_code']}”不存在")
        elif parent.kind not in _ABOVE[kind]:
            reader.note(row, f"{kind.label}的上级不能是{parent.kind.label}“{parent.name}”")
        district = areas.get(areas[row["code"]].district_code)
        if parent is not None and (district is None or district.kind != AreaKind.DISTRICT):
            reader.note(row, "所属区（district_code）不存在或不是区")


def _check_units(preset: Preset, reader: Reader, areas: dict[str, AreaRow], units: dict[str, UnitRow]) -> None:
    for row in preset["units.csv"]:
        if row["kind"] == UnitKind.DISTRICT_BUREAU and not row["parent_code"]:
            reader.note(row, "区属部门须有上级单位（区政府）")
        if row["parent_code"] and row["parent_code"] not in units:
            reader.note(row, f"上级单位“{row['parent_code']}”不存在")
        if row["area_code"] and row["area_code"] not in areas:
            reader.note(row, f"区域“{row['area_code']}”不存在")
    for row in preset["bureaus.csv"]:
        for code in row["only"]:
            if code not in areas or areas[code].kind != AreaKind.DISTRICT:
                reader.note(row, f"“{code}”不是区")


def _check_service_areas(preset: Preset, reader: Reader, areas: dict[str, AreaRow], units: dict[str, UnitRow]) -> None:
    for row in preset["service_areas.csv"]:
        unit = units.get(row["unit_code"])
        if unit is None or unit.kind != UnitKind.PUBLIC_ENTERPRISE:
            reader.note(row, f"“{row['unit_code']}”不是公共服务企业")
        if row["area_code"] not in areas:
            reader.note(row, f"区域“{row['area_code']}”不存在")


def _check_taxonomy(preset: Preset, reader: Reader, names: _Names) -> None:
    branches: dict[str, tuple[str, Row]] = {}
    for row in preset["taxonomy.csv"]:
        if fault := names.fault(row["unit_kind"], row["department"]):
            reader.note(row, fault)
        for length, level in ((2, "level1"), (4, "level2")):
            name, first = branches.setdefault(row["code"][:length], (row[level], row))
            if name != row[level]:
                reader.note(row, f"代码 {row['code'][:length]} 在第 {first.line} 行名为“{name}”，此处为“{row[level]}”")
    if not preset["taxonomy.csv"]:
        reader.problems.append(Problem("taxonomy.csv", 0, "没有任何分类"))


def _check_catalogue(
    preset: Preset, reader: Reader, areas: dict[str, AreaRow], units: dict[str, UnitRow], names: _Names
) -> None:
    prefixes = {row["code"][:n] for row in preset["taxonomy.csv"] for n in (0, 2, 4, 6)}
    for row in preset["catalogue.csv"]:
        if row["class_prefix"] not in prefixes:
            reader.note(row, f"分类中没有以“{row['class_prefix']}”开头的代码")
        if row["area_code"] and row["area_code"] not in areas:
            reader.note(row, f"区域“{row['area_code']}”不存在")
        if row["target_unit_code"]:
            if row["target_unit_code"] not in units:
                reader.note(row, f"单位“{row['target_unit_code']}”不存在")
        elif fault := names.fault(row["target_kind"], row["target_name"]):
            reader.note(row, fault)


def _check_limits(preset: Preset, reader: Reader) -> None:
    given = {(row["grade"], row["clock"]) for row in preset["limits.csv"]}
    for grade in Grade:
        for clock in REQUIRED_CLOCKS:
            if (grade, clock) not in given:
                reader.problems.append(Problem("limits.csv", 0, f"缺少{grade.label}的“{clock.label}”时限"))
    codes = {(row["kind"], row["code"]) for row in preset["reasons.csv"]}
    for row in preset["reasons.csv"]:
        if row["parent"] and (row["kind"], row["parent"]) not in codes:
            reader.note(row, f"上级理由“{row['parent']}”不存在")
    _check_parameters(preset, reader)


def _check_parameters(preset: Preset, reader: Reader) -> None:
    keys = {row["key"] for row in preset["parameters.csv"]}
    for key in PARAMETERS.keys() - keys:
        reader.problems.append(Problem("parameters.csv", 0, f"缺少参数“{key}”"))
    for row in preset["parameters.csv"]:
        try:
            parse_parameter(row["key"], row["value"])
        except BadParameter as exc:
            reader.note(row, str(exc))


def _check_places(preset: Preset, reader: Reader, areas: dict[str, AreaRow]) -> None:
    seen: set[tuple[str, str]] = set()
    for row in preset["places.csv"]:
        streets, community = row["street_code"].split("|"), areas.get(row["community_code"])
        for code in streets:
            if code not in areas or areas[code].kind != AreaKind.STREET:
                reader.note(row, f"“{code}”不是街道（乡镇）")
            if (row["name"], code) in seen:
                reader.note(row, f"“{row['name']}”在同一街道（乡镇）{code} 已有一行")
            seen.add((row["name"], code))
        if row["community_code"] and (community is None or community.parent_code not in streets):
            reader.note(row, f"社区“{row['community_code']}”不在该街道（乡镇）内")
