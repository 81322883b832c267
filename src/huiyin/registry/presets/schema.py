"""The files of a preset folder and their columns (docs/presets.md explains them)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from huiyin.domain.rules import DurationUnit
from huiyin.domain.vocabulary import AreaKind, ClockKind, Grade, RequestType, Span, UnitKind
from huiyin.registry.models import PlaceKind, ReasonKind
from huiyin.registry.presets.reading import (
    Column,
    FileSpec,
    Reader,
    Row,
    day,
    degrees,
    pattern,
    several,
    term,
    text,
    whole,
    yes_no,
)

_AREA_CODE = pattern(r"\d{6,12}", "6 至 12 位数字")
_AREA_CODES = pattern(r"\d{6,12}(\|\d{6,12})*", "6 至 12 位数字，多个用 | 分开")
_CODE = pattern(r"[A-Za-z0-9-]{1,24}", "至多 24 位字母、数字或短横")
_CLASS = pattern(r"\d{6}", "6 位数字")
_PREFIX = pattern(r"(\d{2}){1,3}", "2、4 或 6 位数字")


def _needed(parse: object) -> Column:
    return Column(parse)  # type: ignore[arg-type]  # every parser takes one cell


def _may(parse: object, default: object = "") -> Column:
    return Column(parse, required=False, default=default)  # type: ignore[arg-type]


FILES: Mapping[str, FileSpec] = MappingProxyType(
    {
        "preset.csv": FileSpec(columns={"key": _needed(text(40)), "value": _needed(text(200))}, key=("key",)),
        "areas.csv": FileSpec(
            columns={
                "code": _needed(_AREA_CODE),
                "name": _needed(text(60)),
                "short_name": _may(text(40)),
                "kind": _needed(term(AreaKind)),
                "parent_code": _may(_AREA_CODE),
                "district_code": _may(_AREA_CODE),
            },
            key=("code",),
        ),
        "communities.csv": FileSpec(
            columns={
                "code": _needed(_AREA_CODE),
                "name": _needed(text(60)),
                "short_name": _may(text(40)),
                "parent_code": _needed(_AREA_CODE),
            },
            key=("code",),
            required=False,
        ),
        "units.csv": FileSpec(
            columns={
                "code": _needed(_CODE),
                "name": _needed(text(80)),
                "short_name": _may(text(60)),
                "kind": _needed(term(UnitKind)),
                "parent_code": _may(_CODE),
                "area_code": _may(_AREA_CODE),
                "service": _may(text(20)),
                "phone": _may(text(40)),
            },
            key=("code",),
        ),
        "bureaus.csv": FileSpec(
            columns={
                "code": _needed(_CODE),
                "short_name": _needed(text(40)),
                "only": _may(several(_AREA_CODE), default=()),
            },
            key=("code",),
            required=False,
        ),
        "service_areas.csv": FileSpec(
            columns={"unit_code": _needed(_CODE), "area_code": _needed(_AREA_CODE)},
            key=("unit_code", "area_code"),
            required=False,
        ),
        "taxonomy.csv": FileSpec(
            columns={
                "code": _needed(_CLASS),
                "level1": _needed(text(40)),
                "level2": _needed(text(40)),
                "level3": _needed(text(40)),
                "request_types": _needed(several(term(RequestType))),
                "unit_kind": _needed(term(UnitKind)),
                "department": _may(text(60)),
                "grade": _needed(term(Grade)),
                "dimension": _needed(text(10)),
                "keywords": _may(several(text(30)), default=()),
            },
            key=("code",),
        ),
        "catalogue.csv": FileSpec(
            columns={
                "priority": _needed(whole()),
                "class_prefix": _may(_PREFIX),
                "area_code": _may(_AREA_CODE),
                "request_type": _may(term(RequestType)),
                "word": _may(text(120)),
                "target_kind": _needed(term(UnitKind)),
                "target_name": _may(text(60)),
                "target_unit_code": _may(_CODE),
                "note": _may(text(200)),
            },
            key=("priority", "class_prefix", "area_code", "request_type", "word"),
        ),
        "limits.csv": FileSpec(
            columns={
                "grade": _needed(term(Grade)),
                "clock": _needed(term(ClockKind, Span)),
                "amount": _needed(whole(least=1)),
                "unit": _needed(term(DurationUnit)),
            },
            key=("grade", "clock"),
        ),
        "parameters.csv": FileSpec(
            columns={"key": _needed(text(40)), "value": _needed(text(600)), "label": _needed(text(120))}, key=("key",)
        ),
        "reasons.csv": FileSpec(
            columns={
                "kind": _needed(term(ReasonKind)),
                "code": _needed(_CODE),
                "label": _needed(text(80)),
                "parent": _may(_CODE),
            },
            key=("kind", "code"),
        ),
        "calendar.csv": FileSpec(
            columns={"day": _needed(day), "worked": _needed(yes_no), "name": _may(text(40))},
            key=("day",),
            required=False,
        ),
        "places.csv": FileSpec(
            columns={
                "name": _needed(text(60)),
                "aliases": _may(several(text(60)), default=()),
                "kind": _needed(term(PlaceKind)),
                "street_code": _needed(_AREA_CODES),
                "community_code": _may(_AREA_CODE),
                "lon": _may(degrees, default=None),
                "lat": _may(degrees, default=None),
                "source": _may(text(40)),
            },
            key=("name", "street_code"),
            required=False,
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Preset:
    """All rows of a folder, each cell already of its type."""

    folder: Path
    files: Mapping[str, list[Row]]

    def __getitem__(self, name: str) -> list[Row]:
        return self.files[name]

    def setting(self, key: str) -> str | None:
        return next((row["value"] for row in self["preset.csv"] if row["key"] == key), None)


def read_preset(reader: Reader) -> Preset:
    return Preset(reader.folder, {name: reader.read(name, spec) for name, spec in FILES.items()})
