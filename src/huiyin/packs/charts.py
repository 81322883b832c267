"""Draws a pack's charts, once each, as SVG (page, PDF) and PNG (document, slides). The same picture everywhere."""

import io
import json
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from shapely import geometry

from huiyin.packs import palette
from huiyin.packs.contents import Chart, ChartKind, Point
from huiyin.packs.fonts import chinese_font

_DPI = 160
_WIDTH = 7.4  # inches: what a slide gives to a chart
_SIZE = 12
_LABEL = 9  # characters of a bar's name
_TOLERANCE = 0.003  # degrees by which a border may be drawn plainer
_drawing = threading.Lock()  # matplotlib's settings and font cache belong to the process


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One chart, drawn. `width` and `height` in inches."""

    name: str
    svg: bytes
    png: bytes
    width: float
    height: float


def draw_all(charts: Iterable[Chart]) -> dict[str, Picture]:
    return {chart.name: draw(chart) for chart in charts}


def draw(chart: Chart) -> Picture:
    """Raises NoChineseFont."""
    family = chinese_font().family
    settings = {"font.family": family, "font.size": _SIZE, "svg.fonttype": "none", "svg.hashsalt": chart.name}
    with _drawing, mpl.rc_context(settings):
        width, height = _size(chart)
        figure = laid_out(chart, width, height)
        return Picture(
            name=chart.name,
            svg=_saved(figure, "svg", metadata={"Date": None}),
            png=_saved(figure, "png", dpi=_DPI),
            width=width,
            height=height,
        )


def laid_out(chart: Chart, width: float, height: float) -> Figure:
    """Everything inside the picture. Twice: what stands on an axis changes with the room that the first pass leaves."""
    figure = Figure(figsize=(width, height), facecolor="none")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_facecolor("none")
    _DRAWN[chart.kind](axes, chart)
    for _pass in range(2):
        figure.tight_layout(pad=0.6)
    return figure


def _saved(figure: Figure, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format=kind, transparent=True, **options)
    return out.getvalue()


def _size(chart: Chart) -> tuple[float, float]:
    if chart.kind is ChartKind.BARS:
        return _WIDTH, min(5.0, 0.9 + 0.29 * len(chart.points))
    return (5.6, 5.0) if chart.kind is ChartKind.MAP else (_WIDTH, 3.7)


def _line(axes: Axes, chart: Chart) -> None:
    known = [(at, point) for at, point in enumerate(chart.points) if point.value is not None]
    values = [point.value or 0.0 for _, point in known]
    axes.plot([at for at, _ in known], values, color=palette.BRAND, linewidth=2.4, marker="o", markersize=6)
    for (at, point), value in zip(known, values, strict=True):
        axes.annotate(
            point.shown,
            (at, value),
            xytext=(0, 10),
            textcoords="offset points",
            ha="center",
            color=palette.BRAND_DEEP if point.mark else palette.INK_3,
            fontsize=_SIZE + 3 if point.mark else _SIZE - 1,
            fontweight="bold" if point.mark else "normal",
        )
    span = max(values) - min(values) if values else 1.0
    if values:
        axes.set_ylim(min(values) - max(1.0, 0.25 * span), max(values) + max(1.5, 0.35 * span))
    axes.set_xlim(-0.5, len(chart.points) - 0.5)
    axes.set_xticks(range(len(chart.points)), [_month(point.label) for point in chart.points])
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
    axes.grid(axis="y", color=palette.LINE, linewidth=0.8)
    _bare(axes)


def _bars(axes: Axes, chart: Chart) -> None:
    """The first at the top. Bars begin at nought; figures that lie close together are dots, which need no foot."""
    points = list(reversed(chart.points))
    values = [point.value or 0.0 for point in points]
    low = _foot(values)
    colours = [palette.BRAND if point.mark else palette.PALE for point in points]
    if low:
        axes.hlines(range(len(points)), low, values, color=palette.LINE, linewidth=2)
        axes.scatter(values, range(len(points)), s=110, color=colours, zorder=3)
    else:
        axes.barh(range(len(points)), values, color=colours, height=0.68)
    reach = (max(values) - low) or 1.0
    for at, (point, value) in enumerate(zip(points, values, strict=True)):
        bold = {"fontweight": "bold", "color": palette.BRAND_DEEP} if point.mark else {"color": palette.INK_2}
        axes.text(value + (0.025 if low else 0.012) * reach, at, point.shown, va="center", fontsize=_SIZE - 1, **bold)
    axes.set_xlim(low, low + 1.14 * reach)
    axes.set_ylim(-0.6, len(points) - 0.4)
    axes.set_yticks(range(len(points)), [_shortened(point.label) for point in points])
    axes.set_xticks([])
    _bare(axes)
    for tick, point in zip(axes.get_yticklabels(), points, strict=True):
        tick.set_color(palette.BRAND_DEEP if point.mark else palette.INK)
        tick.set_fontweight("bold" if point.mark else "normal")


def _map(axes: Axes, chart: Chart) -> None:
    """Districts shaded by their figure, the own one outlined. Of names that would overlap the larger stays."""
    by_code = {point.code: point for point in chart.points}
    values = [point.value for point in chart.points if point.value is not None]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    shades = LinearSegmentedColormap.from_list("score", ["#f6dcc7", "#eef2f5", "#8fb8dc", palette.BRAND])
    written: list[tuple[float, float]] = []
    areas = sorted(outlines(chart.outlines), key=lambda area: (not _is_marked(by_code.get(area.code)), -area.extent))
    for area in areas:
        point = by_code.get(area.code)
        share = (point.value - low) / ((high - low) or 1.0) if point and point.value is not None else None
        own = point is not None and point.mark
        axes.add_collection(
            PolyCollection(
                list(area.rings),
                facecolor=palette.NOTHING if share is None else shades(share),
                edgecolor=palette.RED if own else palette.PAPER,
                linewidth=2.6 if own else 0.8,
                zorder=3 if own else 2,
            )
        )
        if point is not None and all(
            abs(x - area.centre[0]) > 0.2 or abs(y - area.centre[1]) > 0.1 for x, y in written
        ):
            written.append(area.centre)
            _name(axes, area, point, dark=share is not None and share > 0.8)
    axes.autoscale_view()
    axes.set_aspect(1.3)  # a degree of longitude is shorter than one of latitude here (40° north)
    axes.axis("off")


def _is_marked(point: Point | None) -> bool:
    return point is not None and point.mark


def _name(axes: Axes, area: "Outline", point: Point, *, dark: bool) -> None:
    axes.text(
        *area.centre,
        f"{point.label.removesuffix('区')}\n{point.shown}",
        ha="center",
        va="center",
        fontsize=_SIZE - 3.5,
        fontweight="bold" if point.mark else "normal",
        color=palette.PAPER if dark else palette.INK,
        zorder=4,
    )


def _foot(values: Sequence[float]) -> float:
    least, most = min(values, default=0.0), max(values, default=0.0)
    return max(0.0, least - 0.6 * (most - least) - 1) if least > 0.5 * most and most > 20 else 0.0


def _bare(axes: Axes) -> None:
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(palette.LINE)
    axes.tick_params(length=0, colors=palette.INK_2)


def _month(code: str) -> str:
    """2026-01 with its year, the others by month alone."""
    year, _, month = code.partition("-")
    return f"{int(month)}月\n{year}" if month == "01" else f"{int(month)}月"


def _shortened(label: str) -> str:
    return label if len(label) <= _LABEL else f"{label[: _LABEL - 1]}…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    code: str
    centre: tuple[float, float]
    extent: float
    rings: tuple[tuple[tuple[float, float], ...], ...]


@cache
def outlines(preset: str) -> tuple[Outline, ...]:
    """The districts' borders that a preset brings; a preset without them has an empty map."""
    path = files("huiyin.registry").joinpath(f"presets/{preset}/districts.geojson")
    if not path.is_file():
        return ()
    found = json.loads(path.read_text(encoding="utf-8"))
    return tuple(_outline(feature) for feature in found["features"])


def _outline(feature: Mapping[str, Any]) -> Outline:
    shape = geometry.shape(feature["geometry"])
    plain = shape.simplify(_TOLERANCE)
    parts = [plain] if plain.geom_type == "Polygon" else list(plain.geoms)
    largest = max(parts, key=lambda part: part.area)
    middle = largest.representative_point()
    return Outline(
        code=feature["properties"]["code"],
        centre=(middle.x, middle.y),
        extent=shape.area,
        rings=tuple(tuple((x, y) for x, y, *_ in part.exterior.coords) for part in parts),
    )


_DRAWN: Mapping[ChartKind, Callable[[Axes, Chart], None]] = {
    ChartKind.LINE: _line,
    ChartKind.BARS: _bars,
    ChartKind.MAP: _map,
}
