"""Units of the demo city that polish their figures, and how: planted so that their discovery can be measured.

Drawn from the seed for each unit by itself; kept as `DemoCheat`, which nothing but the measuring reads. What a cheat
does is done where it is done: in the plan (who calls), in a unit's moves (what it writes and when), by its citizens.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Final

from huiyin.domain.vocabulary import UnitKind
from huiyin.ops.models import DemoCheat
from huiyin.registry import directory
from huiyin.registry.directory import UnitInfo

if TYPE_CHECKING:
    from huiyin.ops.demo.matters import Matter, Plan
    from huiyin.ops.demo.world import World

SHARE: Final = 0.04  # of the units that are ranked
KINDS: Final = ("called_again", "copied_replies", "at_the_limit", "own_numbers", "hasty_ratings", "excluded")
_IN_STREETS_ONLY: Final = frozenset({"called_again", "own_numbers"})  # those whose callers are planned by place
_RANKED: Final = (UnitKind.STREET, UnitKind.MUNICIPAL_DEPT, UnitKind.PUBLIC_ENTERPRISE)
_EACH: Final = 2  # kinds a cheating unit mixes
_AGAIN, _OWN = 0.30, 0.18  # share of a street's matters
_OWN_NUMBERS: Final = 2


def kinds_of(unit: UnitInfo, rng: Random) -> frozenset[str]:
    """Empty for an honest unit."""
    if unit.kind not in _RANKED or rng.random() >= SHARE:
        return frozenset()
    known = [kind for kind in KINDS if unit.kind is UnitKind.STREET or kind not in _IN_STREETS_ONLY]
    return frozenset(rng.sample(known, _EACH))


def record(world: "World") -> None:
    """Writes down who cheats, for the measuring."""
    found = [(unit.id, world.cheats(unit.id)) for unit in directory.units().values()]
    rows = [DemoCheat(unit_id=unit_id, kinds=sorted(kinds)) for unit_id, kinds in found if kinds]
    DemoCheat.objects.all().delete()
    DemoCheat.objects.bulk_create(rows)


def plant(plan: "Plan", world: "World", now: datetime) -> "Plan":
    """Callers who must call again because nothing was done, and the unit's own numbers among the callers."""
    matters: list[Matter] = []
    own: dict[int, int] = {}
    for matter in plan.matters:
        unit = directory.street_unit(world.corner(matter.corner).street.id)
        kinds = world.cheats(unit.id) if unit else frozenset()
        rng = world.dice("cheat", matter.number)
        if unit is not None and "own_numbers" in kinds and matter.cluster is None and rng.random() < _OWN:
            first = own.setdefault(unit.id, plan.callers + _OWN_NUMBERS * len(own))
            matters.append(replace(matter, caller=first + int(rng.random() * _OWN_NUMBERS), own=True))
            continue
        matters.append(matter)
        at = matter.at + timedelta(days=6 + rng.random() * 12)
        if "called_again" in kinds and matter.cluster is None and rng.random() < _AGAIN and at < now:
            matters.append(replace(matter, at=at))
    ordered = sorted(matters, key=lambda matter: (matter.at, matter.number, matter.caller))
    numbered = tuple(replace(matter, number=number) for number, matter in enumerate(ordered))
    callers = plan.callers + _OWN_NUMBERS * len(own)
    numbers = tuple((unit_id, first + k) for unit_id, first in own.items() for k in range(_OWN_NUMBERS))
    return replace(plan, matters=numbered, callers=callers, own=numbers)
