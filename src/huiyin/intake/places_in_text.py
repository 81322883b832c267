"""From words to a place: the street and community that an address or a text names, asked where it does not decide."""

from dataclasses import dataclass, field

from huiyin.domain.vocabulary import AreaKind
from huiyin.nlp.addresses import AddressParts
from huiyin.nlp.gazetteer import Area, Candidate, Gazetteer, Spot
from huiyin.registry import directory
from huiyin.registry.models import PlaceName
from huiyin.registry.revision import PerRevision


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCandidate:
    """One place that may be meant, to be chosen by a person."""

    district_id: int | None
    street_id: int | None
    community_id: int | None
    confidence: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceProposal:
    """Where the matter lies, as far as the words say; `surely` only if one street is meant, else `ask` and whom."""

    district_id: int | None = None
    street_id: int | None = None
    community_id: int | None = None
    surely: bool = False
    reasons: tuple[str, ...] = ()
    confidence: float = 0.0  # that the street is right
    ask: bool = False  # names were said that leave several places open
    candidates: tuple[PlaceCandidate, ...] = ()  # best first; more than one only where it is asked
    address: AddressParts = field(default_factory=AddressParts)


def propose_place(text: str, *, within: int | None = None) -> PlaceProposal:
    """`within` is the district or street that a person has chosen. No query, well below three milliseconds."""
    found = _gazetteer().locate(text, within=None if within is None else directory.area(within).code)
    candidates = tuple(_with_ids(candidate) for candidate in found.candidates)
    if found.ask:
        return PlaceProposal(
            district_id=_id(found.district),
            reasons=found.reasons,
            confidence=found.confidence,
            ask=bool(candidates),
            candidates=candidates,
            address=found.address,
        )
    return PlaceProposal(
        district_id=_id(found.district),
        street_id=_id(found.street),
        community_id=_id(found.community),
        surely=bool(found.street),
        reasons=found.reasons,
        confidence=found.confidence,
        candidates=candidates[:1],
        address=found.address,
    )


def _with_ids(candidate: Candidate) -> PlaceCandidate:
    return PlaceCandidate(
        district_id=_id(candidate.district),
        street_id=_id(candidate.street),
        community_id=_id(candidate.community),
        confidence=candidate.confidence,
        reasons=candidate.reasons,
    )


def _id(code: str) -> int | None:
    info = directory.area_by_code(code) if code else None
    return info.id if info else None


@PerRevision
def _gazetteer() -> Gazetteer:
    """Codes in, codes out: the gazetteer is the same that a preset's files make without a database."""
    codes = {info.id: info.code for info in directory.areas().values()}
    areas = [
        Area(
            code=info.code,
            name=info.name,
            short_name=info.short_name,
            kind=str(info.kind),
            parent=codes.get(info.parent_id or 0, ""),
            district=codes.get(info.district_id or 0, ""),
        )
        for info in directory.areas().values()
        if info.kind is not AreaKind.CITY
    ]
    return Gazetteer(areas, _spots(codes))


def _spots(codes: dict[int, str]) -> list[Spot]:
    rows = PlaceName.objects.order_by("id").values_list("name", "aliases", "kind", "street_id", "community_id")
    return [
        Spot(
            name=name,
            aliases=tuple(aliases),
            kind=kind,
            streets=(codes[street],),
            community=codes.get(community or 0, ""),
        )
        for name, aliases, kind, street, community in rows
    ]
