"""The command `huiyin nlp` and its table of sub-commands."""

import click

from huiyin.ops.lazy import lazy_group

COMMANDS = {
    "evaluate": "huiyin.ops.nlp.command:evaluate",
    "train": "huiyin.ops.nlp.train:train",
    "models": "huiyin.ops.nlp.models:models",
    "card": "huiyin.ops.nlp.models:card",
    "rollback": "huiyin.ops.nlp.models:rollback",
    "label": "huiyin.ops.nlp.models:label",
    "sample": "huiyin.ops.nlp.command:sample",
}

SAMPLES = {
    "route": "huiyin.ops.nlp.sample_route:route",
    "locate": "huiyin.ops.nlp.sample_locate:locate",
    "match": "huiyin.ops.nlp.sample_match:match",
}

EVALUATIONS = {
    "classify": "huiyin.ops.nlp.evaluate_classify:classify",
    "route": "huiyin.ops.nlp.evaluate_route:route",
    "locate": "huiyin.ops.nlp.evaluate_locate:locate",
    "match": "huiyin.ops.nlp.evaluate_match:match",
    "answer": "huiyin.ops.nlp.evaluate_answer:answer",
}


@click.group(cls=lazy_group(COMMANDS))
def nlp() -> None:
    """Train and measure what understands the words."""


@click.group(cls=lazy_group(EVALUATIONS))
def evaluate() -> None:
    """Measure on files given; each prints one JSON object as its last line (docs/intelligence.md)."""


@click.group(cls=lazy_group(SAMPLES))
def sample() -> None:
    """Write files to measure on, made of the demo city's phrases and the preset's lists."""
