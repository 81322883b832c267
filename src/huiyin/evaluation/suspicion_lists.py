"""What the pages of suspected gaming show: a version's units by weight of their signs, one unit among its group."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from huiyin.analytics.gaming import FAINT, SIGNS
from huiyin.evaluation import selectors
from huiyin.evaluation.models import Suspicion, Version
from huiyin.evaluation.vocabulary import Group
from huiyin.registry import directory


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    item: Suspicion
    name: str
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignLine:
    """One sign of a unit beside its group: `words` where it speaks against it, `faint` where only a little."""

    code: str
    label: str
    hits: int
    trials: int
    share: float | None
    group_share: float | None
    words: str

    @property
    def faint(self) -> bool:
        return self.words.endswith(FAINT)


def lines(version: Version, group: Group | None, *, flagged_only: bool) -> list[Line]:
    """Heaviest first; one statement."""
    rows = Suspicion.objects.filter(version=version).defer("signs").order_by("-flagged", "-score", "unit_id")
    if group is not None:
        rows = rows.filter(group=str(group))
    if flagged_only:
        rows = rows.filter(flagged=True)
    return [line_of(row) for row in rows if directory.find_unit(row.unit_id)]


def line_of(row: Suspicion) -> Line:
    group = Group(row.group)
    return Line(item=row, name=selectors.name_of(group, directory.unit(row.unit_id)), group=group.label)


def next_unseen(row: Suspicion) -> Suspicion | None:
    """The heaviest flagged unit of the version that nobody has looked at."""
    open_ones = Suspicion.objects.filter(version_id=row.version_id, flagged=True, confirmed__isnull=True)
    return open_ones.exclude(pk=row.pk).order_by("-score", "unit_id").first()


def signs_of(row: Suspicion, peers: Sequence[Suspicion]) -> list[SignLine]:
    """The telling ones first."""
    words = dict(row.reasons)
    found = []
    for code, label in SIGNS.items():
        hits, trials, _cases = row.signs.get(code, (0, 0, []))
        together = [one.signs.get(code, (0, 0, [])) for one in peers]
        all_trials = sum(one[1] for one in together)
        found.append(
            SignLine(
                code=code,
                label=label,
                hits=hits,
                trials=trials,
                share=hits / trials if trials else None,
                group_share=sum(one[0] for one in together) / all_trials if all_trials else None,
                words=words.get(code, ""),
            )
        )
    return sorted(found, key=lambda line: line.words == "")


def chart_of(row: Suspicion, peers: Sequence[Suspicion]) -> dict[str, Any]:
    """{unit, strips: {sign: [[unit, name, hits, trials] of every unit of the group that can show it]}}."""
    names = {one.pk: line_of(one).name for one in peers if directory.find_unit(one.unit_id)}
    strips = {
        code: [
            [one.unit_id, names[one.pk], one.signs[code][0], one.signs[code][1]]
            for one in peers
            if one.pk in names and one.signs.get(code, (0, 0))[1]
        ]
        for code in SIGNS
    }
    return {"unit": row.unit_id, "strips": strips}
