"""What the room above lends to this one: replaying cases needs to know how units are proposed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """`scored`: for each case that can be judged, the score that the machine would give its unit today and whether that
    is the unit that dealt with it. `borders`: where the catalogue turned out to err (Borders.as_json)."""

    scored: Sequence[tuple[float, bool]]
    borders: Sequence[Any]


# Given cases' numbers in order of time.
Replay = Callable[[Sequence[int]], Replayed]
_replay: Replay | None = None


def lend(replay: Replay) -> None:
    global _replay
    _replay = replay


def replaying() -> Replay | None:
    return _replay
