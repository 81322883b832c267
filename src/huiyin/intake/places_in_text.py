"""From words to a place: the street and community that an address or a text names, asked only when it is not said."""

from dataclasses import dataclass

from huiyin.domain.vocabulary import AreaKind
from huiyin.nlp.named_areas import AreaNames, NamedArea
from huiyin.registry import directory
from huiyin.registry.models import PlaceName
from huiyin.registry.revision import PerRevision


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceProposal:
    """Where the matter lies, as far as the words say; `surely` only if exactly one street is meant."""

    district_id: int | None = None
    street_id: int | None = None
    community_id: int | None = None
    surely: bool = False
    reasons: tuple[str, ...] = ()


def propose_place(text: str) -> PlaceProposal:
    """Names that several places share are narrowed by a named district or street, else left open: ask, never guess."""
    names = _names()
    found = [(name, [directory.area(area_id) for area_id in ids]) for name, ids in names.find(text)]
    districts = {area.id for _, areas in found for area in areas if area.kind is AreaKind.DISTRICT}
    streets: dict[int, str] = {}
    communities: dict[int, str] = {}
    for name, areas in found:
        inside = [area for area in areas if not districts or area.district_id in districts]
        places = {_street_of(area): area for area in inside if _street_of(area) is not None}
        if len(places) != 1:
            continue
        (street_id, area), *_ = places.items()
        assert street_id is not None
        streets[street_id] = name
        if area.kind is AreaKind.COMMUNITY and len(inside) == 1:
            communities[area.id] = name
    if len(streets) != 1:
        return PlaceProposal(district_id=next(iter(districts)) if len(districts) == 1 else None)
    (street_id, name), *_ = streets.items()
    community_id = next(iter(communities)) if len(communities) == 1 else None
    return PlaceProposal(
        district_id=directory.area(street_id).district_id,
        street_id=street_id,
        community_id=community_id,
        surely=True,
        reasons=(f"内容提到“{name}”，属{directory.area(street_id).name}",),
    )


def _street_of(area: directory.AreaInfo) -> int | None:
    street = directory.street_of(area.id)
    return street.id if street else None


@PerRevision
def _names() -> AreaNames:
    areas = [
        NamedArea(area_id=info.id, names=tuple({info.name, info.short_name}))
        for info in directory.areas().values()
        if info.kind is not AreaKind.CITY
    ]
    spots = PlaceName.objects.values_list("name", "aliases", "street_id", "community_id")
    areas += [
        NamedArea(area_id=community or street, names=(name, *aliases)) for name, aliases, street, community in spots
    ]
    return AreaNames(areas)
