"""Scores, shares and values as people read them; a dash where nothing is known."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import template

from huiyin.domain.evaluation import half_even

register = template.Library()
_DASH = "—"


@register.filter
def points(score: Any, places: Any = 2) -> str:
    """79.01, always with the places of the tree."""
    return f"{score:.{int(places or 0)}f}" if isinstance(score, Decimal) else _DASH


@register.filter
def signed(change: Any, places: Any = 2) -> str:
    return f"{change:+.{int(places or 0)}f}" if isinstance(change, Decimal) else _DASH


@register.filter
def percent(share: Any) -> str:
    """62.5%, always one decimal, so that a column reads evenly."""
    return f"{half_even(Fraction(share) * 100, 1)}%" if isinstance(share, Decimal) else _DASH


@register.filter
def amount(value: Any) -> str:
    """A value as it was reported: without the zeros that the database adds."""
    if isinstance(value, Fraction):
        value = half_even(value, 4)
    if not isinstance(value, Decimal):
        return _DASH
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def counted(value: Any) -> str:
    """A value that was computed: two decimals, four below one."""
    if not isinstance(value, Decimal):
        return _DASH
    return amount(round(value, 2 if abs(value) >= 1 else 4))


@register.filter
def plain(share: Decimal) -> str:
    """For an attribute that a browser reads as a number, whatever the language."""
    return f"{share:f}"
