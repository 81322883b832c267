"""The words a text of the demo city uses for one place, and the forms in which people say it."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceWords:
    """Real names come from the caller; an empty optional name lets the text invent one."""

    district: str
    street: str
    community: str
    estate: str
    road: str
    building: str = ""
    village: str = ""
    station: str = ""
    park: str = ""
    school: str = ""
    hospital: str = ""
    market: str = ""
    mall: str = ""
    river: str = ""


def full_address(place: PlaceWords) -> str:
    """As an operator writes it down: from the district to the building."""
    return f"{place.district}{place.street}{place.estate}{place.building}"


def spoken_place(rng: Random, place: PlaceWords) -> str:
    """As people say it: mostly the estate alone, sometimes with what is around it."""
    draw = rng.random()
    if draw < 0.4:
        return place.estate
    if draw < 0.55:
        return f"{place.road}{place.estate}"
    if draw < 0.7:
        return f"{place.street}{place.estate}"
    if draw < 0.82:
        return f"{place.district}{place.estate}"
    if draw < 0.92:
        return f"{place.district}{place.street}{place.estate}"
    return f"{place.community}{place.estate}"
