"""The demo city as its people find it: where calls come from, who works where, and how well each unit does its work."""

from bisect import bisect
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from random import Random
from zlib import crc32

from huiyin.accounts.demo import PERSONAS
from huiyin.accounts.models import Post
from huiyin.domain.case import Actor
from huiyin.domain.vocabulary import ActorKind, AreaKind, Role, UnitKind
from huiyin.ops.demo import cheats
from huiyin.ops.demo.people import make_person
from huiyin.ops.demo.places import PlaceWords
from huiyin.registry import directory
from huiyin.registry.models import PlaceName

_ESTATES = ("小区", "家园", "北里", "南里", "东里", "西里", "花园", "嘉园", "一区", "二区", "新村", "佳苑")
_ROADS = ("路", "大街", "东路", "南街", "北街", "中路")
# Large estates in one street: DOMAIN.md §3.6 tells of 回天; such streets call far more than others.
_BUSY = ("回龙观", "天通苑", "十八里店", "永顺", "良乡", "亦庄", "黄村", "西红门", "梨园", "马驹桥")
_OFFERED_COMMUNITY = 5.0  # times as many matters as its neighbours have


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How a unit works: `speed` is the share of the limit that it usually needs, `care` how often citizens agree."""

    speed: float
    care: float
    late: float  # share of cases that it lets slip


@dataclass(frozen=True, slots=True, kw_only=True)
class Corner:
    """A community (or a street without any) that calls come from, and its estates by their real names."""

    street: directory.AreaInfo
    community: directory.AreaInfo | None
    estates: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Crew:
    """Ids of the demo's staff by unit and role; empty where only names are needed."""

    by_unit: dict[tuple[int, Role], list[tuple[int, str]]] = field(default_factory=dict)

    def of(self, unit_id: int, role: Role) -> list[tuple[int, str]]:
        return self.by_unit.get((unit_id, role), [])


class World:
    """Everything here follows from the seed and the registry alone."""

    def __init__(self, *, seed: int, crew: Crew | None = None, cheating: bool = False) -> None:
        self.seed = seed
        self._cheating = cheating
        self._cheats: dict[int, frozenset[str]] = {}
        self._crew = crew or Crew()
        self._corners: list[Corner] = []
        weights: list[float] = []
        estates = _real_estates()
        self.offered = _areas_of_offered_accounts()
        for street in directory.streets():
            rng = self.dice("street", street.code)
            communities = directory.communities(street.id)
            busy = 12.0 if street.id in self.offered else 3.0 if street.short_name in _BUSY else 1.0
            weight = busy * (4 + len(communities)) * rng.lognormvariate(0, 0.55)
            places: Sequence[directory.AreaInfo | None] = communities or (None,)
            for community in places:
                names = estates.get(community.id if community else street.id) or estates.get(street.id, ())
                self._corners.append(Corner(street=street, community=community, estates=tuple(names)))
                own = _OFFERED_COMMUNITY if community and community.id in self.offered else 1.0
                weights.append(own * weight / len(places) * rng.lognormvariate(0, 0.6))
        self._cumulated = list(accumulate(weights))
        self._quality: dict[int, Quality] = {}
        self._actors: dict[tuple[int, Role, int], Actor] = {}

    def dice(self, *parts: object) -> Random:
        """A generator for one purpose, the same in every run with this seed."""
        return Random(self.seed << 32 | crc32("|".join(map(str, parts)).encode()))

    def some_corner(self, rng: Random) -> int:
        return bisect(self._cumulated, rng.random() * self._cumulated[-1])

    def corner(self, number: int) -> Corner:
        return self._corners[number]

    def spot(self, rng: Random, corner: Corner) -> PlaceWords:
        """One building in the corner, with names as the registry knows them where it does."""
        community, street = corner.community, corner.street
        district = directory.area(street.district_id) if street.district_id else None
        own = community.short_name if community else street.short_name
        estate = rng.choice(corner.estates) if corner.estates and rng.random() < 0.5 else own + rng.choice(_ESTATES)
        return PlaceWords(
            district=district.name if district else "",
            street=street.name,
            community=community.name if community else "",
            estate=estate,
            road=own + rng.choice(_ROADS),
            building=f"{1 + int(rng.random() * 28)}号楼" if rng.random() < 0.75 else "",
            village=own + "村" if community and "村" in community.name else "",
        )

    def quality(self, unit_id: int) -> Quality:
        known = self._quality.get(unit_id)
        if known is None:
            rng = self.dice("quality", directory.unit(unit_id).code)
            care = min(0.96, max(0.45, rng.gauss(0.80, 0.10)))
            late = max(0.005, rng.gauss(0.05, 0.03) + (0.80 - care) * 0.2)
            known = Quality(speed=max(0.2, rng.gauss(0.48, 0.13)), care=care, late=late)
            self._quality[unit_id] = known
        return known

    def cheats(self, unit_id: int) -> frozenset[str]:
        """How the unit polishes its figures (`cheats.KINDS`); most do not, and nobody where cheating is off."""
        if not self._cheating:
            return frozenset()
        known = self._cheats.get(unit_id)
        if known is None:
            unit = directory.unit(unit_id)
            known = self._cheats[unit_id] = cheats.kinds_of(unit, self.dice("cheats", unit.code))
        return known

    def staff(self, unit_id: int, role: Role, rng: Random) -> Actor:
        """Somebody with this role at the unit; the same few people again and again."""
        crew = self._crew.of(unit_id, role)
        number = int(rng.random() * (len(crew) or 2))
        key = (unit_id, role, number)
        known = self._actors.get(key)
        if known is None:
            known = self._actors[key] = self._make(unit_id, role, number, crew)
        return known

    def handler_id(self, unit_id: int, rng: Random) -> int | None:
        crew = self._crew.of(unit_id, Role.HANDLER)
        return rng.choice(crew)[0] if crew else None

    @cached_property
    def hotline_id(self) -> int:
        unit = directory.hotline()
        assert unit is not None, "the preset has a hotline"
        return unit.id

    def at_hotline(self, role: Role, rng: Random) -> Actor:
        return self.staff(self.hotline_id, role, rng)

    def _make(self, unit_id: int, role: Role, number: int, crew: list[tuple[int, str]]) -> Actor:
        unit = directory.unit(unit_id)
        staff_id, name = crew[number] if crew else (None, make_person(self.dice(unit.code, role, number))[0])
        return Actor(
            kind=ActorKind.STAFF,
            id=staff_id,
            name=name,
            roles=frozenset({role}),
            unit_id=unit_id,
            unit_ids=directory.subtree_unit_ids(unit_id),
            district_id=unit.district_id if unit.kind is UnitKind.DISTRICT_GOV else None,
            whole_city=unit.kind is UnitKind.HOTLINE,
        )


def citizen(requester_id: int) -> Actor:
    return Actor(kind=ActorKind.CITIZEN, requester_id=requester_id)


def is_below(unit_id: int, above_id: int) -> bool:
    return unit_id != above_id and unit_id in directory.subtree_unit_ids(above_id)


def community_unit(community_id: int | None, street_unit_id: int) -> int | None:
    """The community's own unit, if it is one of the street's."""
    if community_id is None:
        return None
    area = directory.area(community_id)
    unit = directory.area_unit(community_id) if area.kind is AreaKind.COMMUNITY else None
    return unit.id if unit and is_below(unit.id, street_unit_id) else None


def another_unit(rng: Random, district_id: int | None, but: Collection[int | None]) -> int | None:
    """A unit that might be meant as well: the district of the place, or a neighbouring street."""
    if district_id is None:
        return None
    streets = [directory.street_unit(street.id) for street in directory.streets(district_id)]
    units = [unit.id for unit in [directory.district_unit(district_id), *streets] if unit and unit.id not in but]
    return rng.choice(units) if units else None


def _real_estates() -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows: Iterable[tuple[str, int, int | None]] = (
        PlaceName.objects.filter(kind="estate").order_by("id").values_list("name", "street_id", "community_id")
    )
    for name, street_id, community_id in rows:
        found[community_id or street_id].append(name)
    return found


def _areas_of_offered_accounts() -> frozenset[int]:
    """Streets and communities where the accounts of the demo's sign-in page work: whoever tries one should find a desk
    with work on it."""
    usernames = [persona.username for persona in PERSONAS]
    kinds = [str(UnitKind.STREET), str(UnitKind.COMMUNITY)]
    posts = Post.objects.filter(staff__username__in=usernames, unit__kind__in=kinds)
    return frozenset(posts.exclude(unit__area=None).values_list("unit__area_id", flat=True))
