"""Charts of a pack: whatever the figures, every word of the picture lies inside it."""

import matplotlib as mpl
import pytest

from huiyin.packs import charts
from huiyin.packs.contents import Chart, ChartKind, Point
from huiyin.packs.fonts import chinese_font


def chart_of(kind: ChartKind, values: list[float]) -> Chart:
    points = tuple(
        Point(label=f"2026-{place:02}", value=value, shown=f"{value:.1f}", mark=place == len(values))
        for place, value in enumerate(values, start=1)
    )
    return Chart(name="chart", kind=kind, title="综合成绩", points=points, told="")


@pytest.mark.parametrize("kind", [ChartKind.LINE, ChartKind.BARS])
@pytest.mark.parametrize("values", [[90.6, 88.6], [88.0], [3.25, 100.0, 71.4, 55.5], [0.77, 0.61, 0.39]])
def test_no_word_is_cut_off_at_the_edge(kind: ChartKind, values: list[float]) -> None:
    with mpl.rc_context({"font.family": chinese_font().family, "font.size": 12}):
        figure = charts.laid_out(chart_of(kind, values), 7.4, 3.7)
        figure.canvas.draw()

    inside = figure.get_tightbbox()
    assert (inside.x0 >= 0, inside.y0 >= 0, inside.x1 <= 7.4, inside.y1 <= 3.7) == (True,) * 4
