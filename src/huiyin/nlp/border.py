"""What history says where the catalogue errs: at this place such matters went, in the end, to another unit.

A border between two streets or an owner that the catalogue does not know shows in returns and rulings, again and
again at the same place. Each key holds where its cases ended; the catalogue's choice counts as a few cases of its own,
so that one ruling does not overturn it. Only a key's latest cases count: borders move.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_CATALOGUE_COUNTS = 1.0  # cases that the catalogue's own choice is worth
_Key = tuple[int, str, int]  # place, branch, proposed unit
_LATEST = 12  # cases remembered for one key
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
    """Learns decided cases in order of time and looks up the precedent for a proposal."""

    def __init__(self, ended: Iterable[Ended] = ()) -> None:
        self._latest: dict[_Key, deque[int]] = defaultdict(lambda: deque(maxlen=_LATEST))
        for case in ended:
            self.learn(case)

    def learn(self, case: Ended) -> None:
        self._latest[case.place, case.branch, case.proposed].append(case.final)

    def precedent(self, *, place: int, branch: str, proposed: int) -> Precedent | None:
        """None where history has nothing against the proposal."""
        finals = self._latest.get((place, branch, proposed))
        if not finals or set(finals) == {proposed}:
            return None
        found, total = Counter(finals), len(finals)
        times, unit_id = max((count, -final) for final, count in found.items())
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
        """Only the keys with something to say: place, branch, proposed unit, the latest final units in order."""
        return [[*key, list(finals)] for key, finals in self._latest.items() if set(finals) != {key[2]}]

    @classmethod
    def from_json(cls, rows: Iterable[tuple[int, str, int, Sequence[int]]]) -> "Borders":
        return cls(
            Ended(place=place, branch=branch, proposed=proposed, final=final)
            for place, branch, proposed, finals in rows
            for final in finals
        )
