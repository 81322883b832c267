"""How each kind of figure is written, and the difference of two written figures; the one place that rounds."""

from decimal import Decimal
from fractions import Fraction

from huiyin.domain.evaluation import half_even

NOTHING = "—"
_RATE_PLACES = 2


def whole(number: int) -> str:
    return f"{number:,}"


def rate(value: Fraction | None) -> str:
    """87.50%, half to even."""
    return NOTHING if value is None else f"{_percent(value)}%"


def points(value: Fraction) -> str:
    """Points of the score, with two places."""
    return f"{half_even(value, 2)}"


def score(value: Decimal | None, places: int) -> str:
    return NOTHING if value is None else f"{value:.{places}f}"


def place(rank: int | None, among: int) -> str:
    """12/343."""
    return NOTHING if rank is None else f"{rank}/{among}"


def exact(value: Fraction | None) -> str:
    return "" if value is None else f"{value.numerator}/{value.denominator}"


def rate_change(now: Fraction | None, before: Fraction | None) -> tuple[str, int]:
    """Difference of two written rates in percentage points, and its sign."""
    if now is None or before is None:
        return "", 0
    return _signed(_percent(now) - _percent(before), "个百分点")


def score_change(now: Decimal | None, before: Decimal | None, places: int) -> tuple[str, int]:
    if now is None or before is None:
        return "", 0
    step = Decimal(1).scaleb(-places)
    return _signed(now.quantize(step) - before.quantize(step), "分")


def count_change(now: int, before: int | None, unit: str = "件") -> tuple[str, int]:
    return ("", 0) if before is None else _signed(now - before, unit)


def rank_change(now: int | None, before: int | None) -> tuple[str, int]:
    """A smaller number is a better place: 上升3名."""
    if now is None or before is None:
        return "", 0
    if now == before:
        return "持平", 0
    return (f"上升{before - now}名", 1) if now < before else (f"下降{now - before}名", -1)


def _percent(value: Fraction) -> Decimal:
    return half_even(value * 100, _RATE_PLACES)


def _signed(difference: Decimal | int, unit: str) -> tuple[str, int]:
    if not difference:
        return "持平", 0
    sign = 1 if difference > 0 else -1
    return f"{'+' if sign > 0 else '−'}{abs(difference):,}{unit}", sign
