"""The command `huiyin evaluate` and its table of sub-commands."""

import click

from huiyin.ops.lazy import lazy_group

COMMANDS = {
    "gaming": "huiyin.ops.evaluate.gaming:gaming",
    "rates": "huiyin.ops.evaluate.rates:rates",
    "study": "huiyin.ops.evaluate.study:study",
}


@click.group(cls=lazy_group(COMMANDS))
def evaluate() -> None:
    """三率: rates, scores and ranking from files given, and what chance does to them (docs/evaluation.md)."""
