"""All units and areas as read-only values, read once a process: who is where, above whom, and answers for what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType

from django.utils import timezone

from huiyin.domain.vocabulary import AreaKind, UnitKind
from huiyin.registry import revision
from huiyin.registry.models import Area, ServiceArea, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaInfo:
    id: int
    code: str
    name: str
    short_name: str
    kind: AreaKind
    parent_id: int | None
    district_id: int | None
    pinyin: str
    initials: str
    valid_from: date
    valid_to: date | None

    def stands_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitInfo:
    id: int
    code: str
    name: str
    short_name: str
    kind: UnitKind
    parent_id: int | None
    area_id: int | None
    district_id: int | None
    service: str
    phone: str
    pinyin: str
    initials: str
    valid_from: date
    valid_to: date | None

    def stands_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def is_valid(info: AreaInfo | UnitInfo, on: date) -> bool:
    return info.stands_on(on)


def unit(unit_id: int) -> UnitInfo:
    """Raises KeyError for an id that is not a unit's."""
    return _book().units[unit_id]


def area(area_id: int) -> AreaInfo:
    """Raises KeyError for an id that is not an area's."""
    return _book().areas[area_id]


def find_unit(unit_id: int | None) -> UnitInfo | None:
    return None if unit_id is None else _book().units.get(unit_id)


def find_area(area_id: int | None) -> AreaInfo | None:
    return None if area_id is None else _book().areas.get(area_id)


def units() -> Mapping[int, UnitInfo]:
    return MappingProxyType(_book().units)


def areas() -> Mapping[int, AreaInfo]:
    return MappingProxyType(_book().areas)


def unit_by_code(code: str) -> UnitInfo | None:
    return _book().units_by_code.get(code)


def area_by_code(code: str) -> AreaInfo | None:
    return _book().areas_by_code.get(code)


def children(unit_id: int) -> tuple[UnitInfo, ...]:
    """The units directly below, by code."""
    book = _book()
    return tuple(book.units[child] for child in book.below.get(unit_id, ()))


def subtree_unit_ids(unit_id: int) -> frozenset[int]:
    """The unit and everything below it."""
    return _book().subtree(unit_id)


def districts() -> tuple[AreaInfo, ...]:
    return _book().districts


def streets(district_area_id: int | None = None) -> tuple[AreaInfo, ...]:
    """The streets that a district administers; of the whole city if none is given."""
    every = _book().streets
    return every if district_area_id is None else tuple(s for s in every if s.district_id == district_area_id)


def communities(parent_area_id: int) -> tuple[AreaInfo, ...]:
    """The communities of a street, or the zones without a street of a district."""
    book = _book()
    inside = (book.areas[area_id] for area_id in book.areas_below.get(parent_area_id, ()))
    return tuple(info for info in inside if info.kind == AreaKind.COMMUNITY)


def street_of(area_id: int) -> AreaInfo | None:
    """The street that a community lies in; a street itself; None for districts and for zones without a street."""
    info: AreaInfo | None = area(area_id)
    while info is not None and info.kind == AreaKind.COMMUNITY:
        info = area(info.parent_id) if info.parent_id else None
    return info if info is not None and info.kind == AreaKind.STREET else None


def hotline() -> UnitInfo | None:
    return _book().hotline


def area_unit(area_id: int) -> UnitInfo | None:
    """The unit that answers for an area of its own kind: a government, a street, a community."""
    return _valid(_book().by_area.get(area_id))


def street_unit(area_id: int) -> UnitInfo | None:
    found = area_unit(area_id)
    return found if found and found.kind == UnitKind.STREET else None


def district_unit(area_id: int) -> UnitInfo | None:
    found = area_unit(area_id)
    return found if found and found.kind == UnitKind.DISTRICT_GOV else None


def bureau(district_area_id: int, name: str) -> UnitInfo | None:
    """A district's bureau by its name inside the district: 区教委."""
    return _valid(_book().bureaus.get((district_area_id, name)))


def municipal(name: str) -> UnitInfo | None:
    return _valid(_book().departments.get(name))


def enterprises(name: str, area_ids: tuple[int, ...] = ()) -> tuple[UnitInfo, ...]:
    """Companies of this name or trade serving one of the areas (none given: anywhere), local ones first."""
    book = _book()
    today = timezone.localdate()
    trade = name.removesuffix("企业")
    named = [unit for unit in book.companies if trade in (unit.name, unit.short_name, unit.service)]
    serving = [unit for unit in named if unit.stands_on(today) and book.serves(unit.id, area_ids)]
    return tuple(sorted(serving, key=lambda unit: (unit.id not in book.service_areas, unit.code)))


def enterprise(name: str, area_id: int | None = None) -> UnitInfo | None:
    return next(iter(enterprises(name, () if area_id is None else (area_id,))), None)


def reset() -> None:
    """For tests: read everything anew."""
    revision.forget_everything()


def _valid(info: UnitInfo | None) -> UnitInfo | None:
    return info if info is not None and info.stands_on(timezone.localdate()) else None


class _Book:
    """Everything that is looked up, indexed once."""

    def __init__(self) -> None:
        self.areas = {row["id"]: AreaInfo(**{**row, "kind": AreaKind(row["kind"])}) for row in _rows(Area, AreaInfo)}
        self.units = {row["id"]: UnitInfo(**{**row, "kind": UnitKind(row["kind"])}) for row in _rows(Unit, UnitInfo)}
        self.areas_by_code = {info.code: info for info in self.areas.values()}
        self.units_by_code = {info.code: info for info in self.units.values()}
        self.below = _children_of(self.units.values())
        self.areas_below = _children_of(self.areas.values())
        self.by_area = {unit.area_id: unit for unit in self.units.values() if unit.area_id and self._answers(unit)}
        self.bureaus = {
            (unit.district_id, name): unit
            for unit in self.units.values()
            if unit.kind == UnitKind.DISTRICT_BUREAU and unit.district_id
            for name in (unit.short_name, unit.name)
        }
        departments = [unit for unit in self.units.values() if unit.kind == UnitKind.MUNICIPAL_DEPT]
        self.departments = {name: unit for unit in departments for name in (unit.short_name, unit.name)}
        self.companies = [unit for unit in self.units.values() if unit.kind == UnitKind.PUBLIC_ENTERPRISE]
        self.service_areas: dict[int, set[int]] = {}
        for unit_id, area_id in ServiceArea.objects.values_list("unit_id", "area_id"):
            self.service_areas.setdefault(unit_id, set()).add(area_id)
        self._subtrees: dict[int, frozenset[int]] = {}

    @cached_property
    def districts(self) -> tuple[AreaInfo, ...]:
        return tuple(info for info in self.areas.values() if info.kind == AreaKind.DISTRICT)

    @cached_property
    def streets(self) -> tuple[AreaInfo, ...]:
        return tuple(info for info in self.areas.values() if info.kind == AreaKind.STREET)

    @cached_property
    def hotline(self) -> UnitInfo | None:
        return next((unit for unit in self.units.values() if unit.kind == UnitKind.HOTLINE), None)

    def serves(self, unit_id: int, area_ids: tuple[int, ...]) -> bool:
        served = self.service_areas.get(unit_id)
        return served is None or not area_ids or not served.isdisjoint(area_ids)

    def subtree(self, unit_id: int) -> frozenset[int]:
        known = self._subtrees.get(unit_id)
        if known is None:
            found, waiting = {unit_id}, [unit_id]
            while waiting:
                under = [child for child in self.below.get(waiting.pop(), ()) if child not in found]
                waiting += under
                found.update(under)
            known = self._subtrees[unit_id] = frozenset(found)
        return known

    def _answers(self, unit: UnitInfo) -> bool:
        """Bureaus share the district's area; only a zone's committee is a bureau that stands for an area."""
        kind = self.areas[unit.area_id].kind if unit.area_id else None
        expected = {
            AreaKind.DISTRICT: UnitKind.DISTRICT_GOV,
            AreaKind.STREET: UnitKind.STREET,
            AreaKind.COMMUNITY: UnitKind.COMMUNITY,
        }
        zone = kind == AreaKind.COMMUNITY and unit.kind == UnitKind.DISTRICT_BUREAU
        return zone or (kind is not None and expected.get(kind) == unit.kind)


def _rows(model: type[Area] | type[Unit], info: type[AreaInfo] | type[UnitInfo]) -> list[dict[str, object]]:
    return list(model.objects.order_by("code").values(*info.__dataclass_fields__))  # type: ignore[attr-defined]


def _children_of(infos: object) -> dict[int, list[int]]:
    below: dict[int, list[int]] = {}
    for info in infos:  # type: ignore[attr-defined]  # units or areas
        if info.parent_id is not None:
            below.setdefault(info.parent_id, []).append(info.id)
    return below


@revision.PerRevision
def _book() -> _Book:
    return _Book()
