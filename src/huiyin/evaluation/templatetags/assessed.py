"""Figures of the evaluation as people read them: exact rates rounded once, half to even; a dash where there is none."""

from decimal import Decimal
from fractions import Fraction

from django import template

from huiyin.domain.evaluation import half_even
from huiyin.evaluation.models import Appeal, Exclusion

register = template.Library()
DASH = "—"


@register.filter
def percent(rate: Fraction | float | str | None, places: int = 2) -> str:
    """92.31%"""
    if rate is None or isinstance(rate, str):
        return DASH
    exact = rate if isinstance(rate, Fraction) else Fraction(rate)
    return f"{half_even(100 * exact, places)}%"


@register.filter
def points(score: Decimal | str | None, places: int = 1) -> str:
    """A score as it is compared; stored with more zeros than the scheme shows."""
    if score is None or isinstance(score, str):
        return DASH
    return str(half_even(Fraction(score), places))


@register.filter
def signed(change: Decimal | int | str | None) -> str:
    """+1.2, −0.3, 0"""
    if change is None or isinstance(change, str):
        return DASH
    text = f"{abs(change):g}" if isinstance(change, int) else f"{abs(change).normalize():f}"
    return f"+{text}" if change > 0 else f"−{text}" if change < 0 else "0"


@register.filter
def unsigned(change: int) -> int:
    """How far, whichever way."""
    return abs(change)


@register.filter
def key_of(item: Exclusion | Appeal) -> str:
    """Which row of a worklist it is; the two kinds have numbers of their own."""
    return f"{item._meta.model_name}-{item.pk}"
