"""Shares as people read them: 97.3%; a dash where nothing is known."""

from django import template

register = template.Library()


@register.filter
def share(value: float | None, places: int = 1) -> str:
    return "—" if value is None else f"{value:.{places}%}"
