"""Finds classes, areas and units by the names that files use for them, against the registry in force."""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from huiyin.domain.vocabulary import AreaKind
from huiyin.registry import directory
from huiyin.registry.rulebook import Taxonomy

_BETWEEN_LEVELS = re.compile(r"\s*(?:-+>|=>|→|›|»|>|/|\\|—+|\|)\s*")


class ClassNames:
    """A path 一级->二级->三级, a single leaf's name if only one has it, or a code."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._codes = frozenset(taxonomy)
        self._paths = {(info.level1, info.level2, info.level3): code for code, info in taxonomy.items()}
        leaves: dict[str, list[str]] = defaultdict(list)
        for code, info in taxonomy.items():
            leaves[info.level3].append(code)
        self._leaves = {name: codes[0] for name, codes in leaves.items() if len(codes) == 1}
        self._known: dict[str, str] = {}

    def find(self, text: str) -> str:
        """The code, or empty where the name is not one of this taxonomy."""
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = self._look_up(text)
        return known

    def _look_up(self, text: str) -> str:
        if text in self._codes:
            return text
        levels = tuple(part for part in _BETWEEN_LEVELS.split(text.strip()) if part)
        if not levels:
            return ""
        return self._paths.get(levels, "") or self._leaves.get(levels[-1], "")  # type: ignore[arg-type]


class AreaNames:
    """Districts, streets inside a district, communities inside a street; by full or short name."""

    @cached_property
    def _districts(self) -> Mapping[str, int]:
        return {name: info.id for info in directory.districts() for name in (info.name, info.short_name)}

    @cached_property
    def _streets(self) -> Mapping[str, list[directory.AreaInfo]]:
        found: dict[str, list[directory.AreaInfo]] = defaultdict(list)
        for info in directory.streets():
            for name in {info.name, info.short_name}:
                found[name].append(info)
        return found

    @cached_property
    def _communities(self) -> Mapping[tuple[int, str], int]:
        return {
            (info.parent_id, name): info.id
            for info in directory.areas().values()
            if info.kind is AreaKind.COMMUNITY and info.parent_id
            for name in (info.name, info.short_name)
        }

    def district(self, name: str) -> int | None:
        return self._districts.get(name)

    def street(self, name: str, district_id: int | None) -> directory.AreaInfo | None:
        """None also where several districts have a street of that name and none is said."""
        found = self._streets.get(name, ())
        inside = [info for info in found if district_id is None or info.district_id == district_id]
        return inside[0] if len(inside) == 1 else None

    def community(self, name: str, street_id: int) -> int | None:
        return self._communities.get((street_id, name))


class UnitNames:
    """Units by full or short name; 区教委 means the one of the place's district."""

    @cached_property
    def _units(self) -> Mapping[str, list[directory.UnitInfo]]:
        found: dict[str, list[directory.UnitInfo]] = defaultdict(list)
        for info in directory.units().values():
            for name in {info.name, info.short_name}:
                found[name].append(info)
        return found

    def find(self, name: str, district_id: int | None) -> int | None:
        found = self._units.get(name, ())
        if len(found) > 1:
            found = [info for info in found if info.district_id == district_id]
        return found[0].id if len(found) == 1 else None
