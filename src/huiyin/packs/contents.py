"""What a briefing pack (点评会材料) says, as values: every writer prints these very words and digits and adds none.

A figure is turned into text once (`packs.digits`); page, document and slides take the text. The contents are kept as
JSON with the pack, so that what was shown at a meeting can be shown again.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure: `shown` is what is printed, `exact` the number behind it ("29/35"), empty where there is none.

    `change` and `year_change` are differences of the shown figures, so that a reader can check them; `good` says
    whether the change is one for the better. `opens` names the cases behind it (evaluation.selectors.FIGURES).
    """

    code: str
    label: str
    shown: str
    exact: str = ""
    change: str = ""
    year_change: str = ""
    good: bool | None = None
    opens: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a table; `mark`: the pack's own unit, or what needs attention."""

    cells: tuple[str, ...]
    mark: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`numeric`: columns that stand right; `narrow`: those to keep where not all have room (in older packs: none)."""

    title: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    numeric: tuple[int, ...] = ()
    narrow: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A case behind the figures, without anything that tells who called: what it was, and what happened."""

    case_id: int
    case_no: str
    flags: tuple[str, ...]  # 未解决, 二次办理 …
    what: str
    happened: str


class ChartKind(StrEnum):
    LINE = "line"
    BARS = "bars"
    MAP = "map"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """`value` is only drawn; `shown` is what is written beside it. `code` is an area's on a map."""

    label: str
    value: float | None
    shown: str
    mark: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """`told`: what the picture shows, in words, for those who do not see it."""

    name: str
    kind: ChartKind
    title: str
    points: tuple[Point, ...]
    told: str
    outlines: str = ""  # of a map: the preset whose districts are drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One message and what carries it: a slide, a chapter, a part of the page."""

    code: str
    heading: str
    message: str
    notes: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    chart: Chart | None = None
    tables: tuple[Table, ...] = ()
    cases: tuple[CaseLine, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """A whole pack. `fingerprint`: the beginning of the digest of the published version that it prints."""

    group: str
    unit_id: int
    unit_name: str
    period_code: str
    period_label: str
    version_number: int
    version_id: int
    title: str
    subtitle: str
    as_of: str
    fingerprint: str
    sections: tuple[Section, ...]
    caveats: tuple[str, ...] = field(default=())

    @property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(figure for section in self.sections for figure in section.figures)

    @property
    def charts(self) -> tuple[Chart, ...]:
        return tuple(section.chart for section in self.sections if section.chart is not None)

    @property
    def cases(self) -> tuple[CaseLine, ...]:
        return tuple(case for section in self.sections for case in section.cases)

    def section(self, code: str) -> Section | None:
        return next((one for one in self.sections if one.code == code), None)


def to_json(contents: Contents) -> dict[str, Any]:
    return asdict(contents)


def from_json(kept: Mapping[str, Any]) -> Contents:
    return Contents(
        **{
            **kept,
            "sections": tuple(_section(one) for one in kept["sections"]),
            "caveats": tuple(kept["caveats"]),
        }
    )


def _section(kept: Mapping[str, Any]) -> Section:
    chart = kept["chart"]
    return Section(
        **{
            **kept,
            "notes": tuple(kept["notes"]),
            "figures": tuple(Figure(**one) for one in kept["figures"]),
            "chart": chart and _chart(chart),
            "tables": tuple(_table(one) for one in kept["tables"]),
            "cases": tuple(CaseLine(**{**one, "flags": tuple(one["flags"])}) for one in kept["cases"]),
            "items": tuple(kept["items"]),
        }
    )


def _chart(kept: Mapping[str, Any]) -> Chart:
    points = tuple(Point(**one) for one in kept["points"])
    return Chart(**{**kept, "kind": ChartKind(kept["kind"]), "points": points})


def _table(kept: Mapping[str, Any]) -> Table:
    rows = tuple(Row(cells=tuple(one["cells"]), mark=one["mark"]) for one in kept["rows"])
    columns = {name: tuple(kept.get(name, ())) for name in ("head", "numeric", "narrow")}
    return Table(**{**kept, **columns, "rows": rows})
