"""The colours of the look (ui/static/ui/app.css), for files that know no style sheet."""

INK = "#17232e"
INK_2 = "#465563"
INK_3 = "#5b6a78"
LINE = "#dfe5eb"
GROUND = "#f3f6f8"
PAPER = "#ffffff"
BRAND = "#17588f"
BRAND_DEEP = "#10406b"
BRAND_TINT = "#e5f0fa"
BAR = "#0f2a43"
ECHO = "#f0b64a"
RED = "#b3261e"
RED_TINT = "#fdeceb"
AMBER = "#8a5200"
GREEN = "#1d6b3f"
PALE = "#9db9d3"  # what is only compared with
NOTHING = "#e3e8ed"  # an area without a figure


def tone(good: bool | None) -> str:
    """Of a change."""
    return INK_3 if good is None else GREEN if good else RED
