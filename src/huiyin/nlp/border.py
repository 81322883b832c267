"""What history says where the catalogue errs: at this place such matters went, in the end, to another unit.

A border between two streets or an owner that the catalogue does not know shows in returns and rulings, again and
again at the same place. Each key holds where its cases ended; the catalogue's choice counts as a few cases of its own,
so that one ruling does not overturn it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_CATALOGUE_COUNTS = 1.0  # cases that the catalogue's own choice is worth
_LEAST = 2  # cases that must have ended elsewhere
_OVERTURNS = 0.6  # share of them that makes the other unit the proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """Where one case ended. `place` and `branch` are the key: as fine as cases allow."""

    place: int
    branch: str
    proposed: int  # the unit that catalogue, class and place give
    final: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedent:
    unit_id: int
    times: int  # so many ended there
    of: int  # of so many
    share: float  # right with this probability, the catalogue's weight counted in


class Borders:
    """Looks up the precedent for a proposal; built anew from the decided cases, a few milliseconds for 100,000."""

    def __init__(self, ended: Iterable[Ended]) -> None:
        counts: dict[tuple[int, str, int], Counter[int]] = defaultdict(Counter)
        for case in ended:
            counts[case.place, case.branch, case.proposed][case.final] += 1
        self._counts = {key: found for key, found in counts.items() if set(found) != {key[2]}}

    def precedent(self, *, place: int, branch: str, proposed: int) -> Precedent | None:
        """None where history has nothing against the proposal."""
        found = self._counts.get((place, branch, proposed))
        if not found:
            return None
        times, unit_id = max((count, -final) for final, count in found.items())
        total = found.total()
        if -unit_id != proposed and times >= _LEAST and times / (total + _CATALOGUE_COUNTS) >= _OVERTURNS:
            return Precedent(unit_id=-unit_id, times=times, of=total, share=times / (total + _CATALOGUE_COUNTS))
        stayed = found[proposed]
        return Precedent(
            unit_id=proposed,
            times=stayed,
            of=total,
            share=(stayed + _CATALOGUE_COUNTS) / (total + _CATALOGUE_COUNTS),
        )

    def as_json(self) -> list[list[object]]:
        return [[*key, {str(final): count for final, count in found.items()}] for key, found in self._counts.items()]

    @classmethod
    def from_json(cls, rows: Iterable[tuple[int, str, int, Mapping[str, int]]]) -> "Borders":
        made = cls(())
        made._counts = {
            (place, branch, proposed): Counter({int(final): count for final, count in found.items()})
            for place, branch, proposed, found in rows
        }
        return made
