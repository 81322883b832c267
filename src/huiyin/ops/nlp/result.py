"""Prints what was measured: one JSON object, always the last line of standard output."""

import json
from collections.abc import Mapping

import click


def print_result(found: Mapping[str, object]) -> None:
    """Floats are rounded to six places; nothing may follow on standard output."""
    click.echo(json.dumps(_rounded(found), ensure_ascii=False))


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, Mapping):
        return {str(key): _rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(inner) for inner in value]
    return value
