"""Finds the streets and communities that a text names outright; a name that several places share decides nothing."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedArea:
    """An area with the names under which people speak of it."""

    area_id: int
    names: tuple[str, ...]


class AreaNames:
    """All names of a city's areas; looked up by sliding over the text, longest names first."""

    def __init__(self, areas: Iterable[NamedArea]) -> None:
        found: dict[str, set[int]] = defaultdict(set)
        for area in areas:
            for name in area.names:
                if len(name) >= _SHORTEST:
                    found[name].add(area.area_id)
        self._areas = {name: frozenset(ids) for name, ids in found.items()}
        starts: dict[str, set[int]] = defaultdict(set)
        for name in found:
            starts[name[:2]].add(len(name))
        # Hardly any two characters of a text begin a name, so nearly every position costs one look-up.
        self._lengths = {start: sorted(lengths, reverse=True) for start, lengths in starts.items()}

    def find(self, text: str) -> list[tuple[str, frozenset[int]]]:
        """(name, ids of the areas so called) for each name in the text, in the text's order; no name inside another."""
        found: list[tuple[str, frozenset[int]]] = []
        position = 0
        text = text[:_READ]
        while position < len(text):
            lengths = self._lengths.get(text[position : position + 2], ())
            name = next(
                (text[position : position + n] for n in lengths if text[position : position + n] in self._areas), ""
            )
            if name:
                found.append((name, self._areas[name]))
            position += len(name) or 1
        return found


_SHORTEST = 3
_READ = 2000
