"""Proposes the unit for a matter from the dispatch catalogue in force, with confidence and the reasons in Chinese."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from huiyin.domain import dispatch
from huiyin.domain.vocabulary import AreaKind, RequestType, UnitKind
from huiyin.registry import directory, rulebook

_BELOW = (UnitKind.DISTRICT_BUREAU, UnitKind.COMMUNITY)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitProposal:
    unit_id: int | None
    sub_unit_id: int | None
    confidence: Decimal
    reasons: tuple[str, ...]
    basis: dispatch.Match


def propose_unit(
    *,
    class_code: str,
    street_id: int | None,
    district_id: int | None,
    request_type: RequestType | str | None,
    text: str,
    at: datetime,
) -> UnitProposal:
    """No query: everything comes from the process's copies of the registry."""
    told = dispatch.Matter(
        request_type=RequestType(request_type) if request_type else None,
        text=text,
        street_id=street_id,
        district_id=district_id,
    )
    return proposer(told, at=at)(class_code)


def proposer(told: dispatch.Matter, *, at: datetime) -> Callable[[str], UnitProposal]:
    """`propose_unit` for many classes of one matter: what is the same for all of them is looked up once."""
    in_force = rulebook.current(at)
    taxonomy = rulebook.taxonomy(in_force.taxonomy_id)
    there = replace(told, district_id=_district_of(told.street_id) or told.district_id)

    def propose(class_code: str) -> UnitProposal:
        info = taxonomy.get(class_code)
        matter = replace(there, class_code=class_code if info else "")
        found = dispatch.propose(
            matter,
            catalogue=rulebook.catalogue_for(in_force.catalogue_id, matter.class_code),
            default=info.default if info else None,
            jurisdiction=JURISDICTION,
        )
        return UnitProposal(
            unit_id=found.unit_id,
            sub_unit_id=found.sub_unit_id,
            confidence=found.confidence,
            reasons=found.reasons,
            basis=found.basis,
        )

    return propose


def _district_of(street_id: int | None) -> int | None:
    """The district that administers the street, whatever district was written beside it."""
    return None if street_id is None else directory.area(street_id).district_id


class _Directory:
    """The directory as the dispatch rules ask it."""

    def hotline(self) -> int | None:
        return _id(directory.hotline())

    def street_unit(self, area_id: int) -> int | None:
        return _id(directory.street_unit(area_id))

    def district_unit(self, area_id: int) -> int | None:
        return _id(directory.district_unit(area_id))

    def bureau(self, district_id: int, name: str) -> int | None:
        return _id(directory.bureau(district_id, name))

    def municipal(self, name: str) -> int | None:
        return _id(directory.municipal(name))

    def enterprises(self, name: str, area_ids: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(unit.id for unit in directory.enterprises(name, area_ids))

    def parent_unit(self, unit_id: int) -> int | None:
        unit = directory.unit(unit_id)
        return unit.parent_id if unit.kind in _BELOW else None

    def name_of(self, unit_id: int) -> str:
        unit = directory.unit(unit_id)
        return unit.name if unit.kind in (UnitKind.STREET, UnitKind.DISTRICT_BUREAU) else unit.short_name


JURISDICTION: Final = _Directory()


def _id(unit: directory.UnitInfo | None) -> int | None:
    return unit.id if unit else None


def zone_unit(area_id: int) -> directory.UnitInfo | None:
    """The committee of a zone that no street administers (大兴国际机场), to hand a case down to."""
    area = directory.area(area_id)
    found = directory.area_unit(area_id)
    return found if area.kind == AreaKind.COMMUNITY and found and found.kind == UnitKind.DISTRICT_BUREAU else None
