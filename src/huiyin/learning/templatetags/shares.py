"""Shares as people read them: 97.3%; a dash where nothing is known."""

from django import template

register = template.Library()


@register.filter
def share(value: float | str | None, places: int = 1) -> str:
    """Django gives an empty text where a name leads nowhere."""
    return "—" if value is None or isinstance(value, str) else f"{value:.{places}%}"
