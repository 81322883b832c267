"""`huiyin evaluate gaming`: counts signs in closed periods; in the demo city, measures how well cheats are found."""

import json
from collections.abc import Sequence
from typing import Any

import click

from huiyin.ops.manage import set_up_django


@click.command()
@click.option("--period", default="", help="Code of one published period, as 2026-11; without it, all of them.")
@click.option("--truth", is_flag=True, help="Compare with the cheats planted in the demo city.")
@click.option("--least", default=30, show_default=True, help="With --truth: judged cases that a unit must have.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a period.")
def gaming(period: str, truth: bool, least: int, as_json: bool) -> None:
    """Units whose figures a person should look at, with reasons. No figure is touched."""
    set_up_django()
    from huiyin.evaluation import gaming as room
    from huiyin.evaluation import selectors

    versions = [one for one in selectors.published() if not period or one.period.code == period]
    if not versions:
        raise click.ClickException(f"no published period {period}".rstrip())
    for version in versions:
        found = room.look(version)
        told = _told(version.period.code, found) | (_against_truth(version, found, least) if truth else {})
        click.echo(json.dumps(told, ensure_ascii=False) if as_json else _in_words(told))


def _told(code: str, found: Sequence[Any]) -> dict[str, Any]:
    from huiyin.registry import directory

    flagged = sorted((one for one in found if one.flagged), key=lambda one: -one.score)
    return {
        "period": code,
        "units": len(found),
        "flagged": [
            {
                "group": one.group,
                "unit": directory.unit(one.unit_id).name,
                "score": one.score,
                "reasons": [words for _, words in one.reasons],
            }
            for one in flagged
        ],
    }


def _against_truth(version: Any, found: Sequence[Any], least: int) -> dict[str, Any]:
    """`auc` is None where no planted cheat has cases enough in the period. Districts are sums of others: left out."""
    from scipy.stats import mannwhitneyu

    from huiyin.evaluation.models import UnitResult
    from huiyin.evaluation.vocabulary import Group
    from huiyin.ops.models import DemoCheat

    cheats = set(DemoCheat.objects.values_list("unit_id", flat=True))
    enough = set(
        UnitResult.objects.filter(version=version, valid__gte=least)
        .exclude(group=str(Group.DISTRICT))
        .values_list("unit_id", flat=True)
    )
    looked = [one for one in found if one.group != Group.DISTRICT and one.unit_id in enough]
    guilty = [one for one in looked if one.unit_id in cheats]
    innocent = [one for one in looked if one.unit_id not in cheats]
    auc = None
    if guilty and innocent:
        statistic = mannwhitneyu([one.score for one in guilty], [one.score for one in innocent]).statistic
        auc = round(float(statistic) / (len(guilty) * len(innocent)), 4)
    wrong = sum(one.flagged for one in innocent)
    return {
        "least": least,
        "cheats": len(guilty),
        "cheats_flagged": sum(one.flagged for one in guilty),
        "innocent": len(innocent),
        "innocent_flagged": wrong,
        "innocent_flagged_per_100": round(100 * wrong / len(innocent), 3) if innocent else None,
        "auc": auc,
    }


def _in_words(told: dict[str, Any]) -> str:
    lines = [f"{told['period']}: {len(told['flagged'])} of {told['units']} lines to look at"]
    lines += [f"  {one['score']:6.2f} {one['unit']}  {'；'.join(one['reasons'])}" for one in told["flagged"]]
    if "auc" in told:
        lines.append(
            f"  planted: {told['cheats_flagged']}/{told['cheats']} flagged, AUC {told['auc']}; "
            f"innocent flagged {told['innocent_flagged']}/{told['innocent']} (of units with {told['least']}+ answers)"
        )
    return "\n".join(lines)
