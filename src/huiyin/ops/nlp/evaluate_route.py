"""The command `huiyin nlp evaluate route`: what share goes out alone, and what share of that is wrong."""

from pathlib import Path

import click

from huiyin.ops.nlp.city import scratch_city
from huiyin.ops.nlp.result import print_result
from huiyin.tables.reading import BadFile


@click.command()
@click.option("--cases", "file", required=True, type=click.Path(path_type=Path), help="Decided cases: text, unit, ….")
@click.option("--bound", default=0.02, show_default=True, help="Largest share wrong among automatic dispatches.")
@click.option("--folds", default=3, show_default=True, type=click.IntRange(2, 10), help="Parts to learn and judge by.")
@click.option("--limit", default=60_000, show_default=True, help="Cases learned from, at most.")
@click.option("--preset", default="beijing", show_default=True, help="The city's units, areas, classes and catalogue.")
@click.option("--shift", is_flag=True, help="Also break the world (a new category, a street re-drawn) and recover.")
def route(file: Path, bound: float, folds: int, limit: int, preset: str, shift: bool) -> None:
    """Measure automatic dispatch on cases whose true unit is known (columns: docs/intelligence.md)."""
    with scratch_city(preset):
        from huiyin.ops.nlp.route_folds import predict_held_out
        from huiyin.ops.nlp.route_rows import read_cases
        from huiyin.ops.nlp.route_shift import shifted
        from huiyin.ops.nlp.route_weeks import by_week, figures, judge_by_week

        try:
            cases = read_cases(file, folds=folds)
        except BadFile as exc:
            raise click.ClickException(str(exc)) from exc
        held_out = predict_held_out(cases, folds=folds, tell=_say, limit=limit)
        entered = judge_by_week(held_out.as_entered, bound=bound)
        words = judge_by_week(held_out.by_words, bound=bound)
        found = {
            **figures(entered),
            "bound": bound,
            "class_chosen": sum(bool(case.chosen_class) for case in cases) / len(cases),
            "by_words_alone": {
                **figures(words),
                "automatic_at": {
                    str(other): figures(judge_by_week(held_out.by_words, bound=other))["automatic"] for other in _BOUNDS
                },
            },
            "by_week": by_week(entered),
        }
        if shift:
            found["shift"] = shifted(held_out, bound=bound, tell=_say, limit=limit)
    print_result(found)


_BOUNDS = (0.05, 0.1)  # what the words alone would give if more mistakes were allowed


def _say(text: str) -> None:
    click.echo(text, err=True)
