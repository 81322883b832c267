"""Every name under which people speak of a city's areas and spots, with the streets that each may mean."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from huiyin.nlp.gazetteer_words import DIGITS, GENERIC, ORDINARY

CITY, DISTRICT, STREET, COMMUNITY, SPOT = "city", "district", "street", "community", "spot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """`parent` is where it lies, `district` who administers it; both may be searched by (荣华街道: 大兴区, 经开区)."""

    code: str
    name: str
    short_name: str
    kind: str
    parent: str = ""
    district: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """An estate, road, station or landmark; a long road passes through several streets."""

    name: str
    kind: str
    streets: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    community: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What one name may mean. A street here is a leaf of the city: a street, or a zone that has none."""

    streets: frozenset[str]
    communities: frozenset[str] = frozenset()
    kind: str
    weight: float  # how sure a writer of this name means a place of this name


@dataclass(slots=True)
class NameBook:
    """Names and what they mean; `stems` are own names that people prolong (多福巷 → 多福巷小区)."""

    names: dict[str, Meaning] = field(default_factory=dict)
    stems: dict[str, Meaning] = field(default_factory=dict)
    families: dict[str, frozenset[str]] = field(default_factory=dict)  # stem → streets of all names that begin so
    renumbered: dict[str, str] = field(default_factory=dict)  # 太阳城一区 for 太阳城第一社区 → 太阳城

    def add(self, name: str, meaning: Meaning) -> None:
        self.names[name] = _joined(self.names.get(name), meaning)

    def add_stem(self, name: str, meaning: Meaning) -> None:
        self.stems[name] = _joined(self.stems.get(name), meaning)


def name_book(areas: Iterable[Area], spots: Iterable[Spot]) -> NameBook:
    listed = list(areas)
    by_code = {area.code: area for area in listed}
    book = NameBook()
    inside: dict[str, set[str]] = defaultdict(set)
    for area in listed:
        if area.kind == STREET or _is_zone(area, by_code):
            inside[area.parent].add(area.code)
            inside[area.district].add(area.code)
    for area in listed:
        if area.kind == STREET:
            _add_street(book, area)
        elif area.kind == COMMUNITY:
            _add_community(book, area, by_code)
    for spot in spots:
        _add_spot(book, spot)
    _add_families(book)
    for area in (one for one in listed if one.kind == DISTRICT):
        _add_district(book, area, frozenset(inside[area.code]))
    return book


def leaf_of(area: Area, by_code: Mapping[str, Area]) -> str:
    """The street that an area lies in; a zone without one stands for itself."""
    while area.kind == COMMUNITY and not _is_zone(area, by_code):
        area = by_code[area.parent]
    return area.code


def _is_zone(area: Area, by_code: Mapping[str, Area]) -> bool:
    """A community right below its district."""
    above = by_code.get(area.parent)
    return area.kind == COMMUNITY and above is not None and above.kind == DISTRICT


def _joined(one: Meaning | None, other: Meaning) -> Meaning:
    """A name of several places means each of them; the wider kind decides how it is weighed."""
    if one is None:
        return other
    return Meaning(
        streets=one.streets | other.streets,
        communities=one.communities | other.communities,
        kind=one.kind if one.kind == STREET else other.kind,
        weight=max(one.weight, other.weight),
    )


_DISTRICT_ENDING = re.compile(r"(?<=..)(市辖区|区|县|市)$")


def _add_district(book: NameBook, area: Area, streets: frozenset[str]) -> None:
    bare = _DISTRICT_ENDING.sub("", area.short_name)
    for name in {area.name, area.short_name, bare}:
        weight = 0.96 if name in (area.name, area.short_name) and name != bare else 0.85
        # A district's own name is never taken for a smaller place of that name: it only narrows.
        book.names[name] = Meaning(streets=streets, kind=DISTRICT, weight=weight)
        book.stems.pop(name, None)
    if "经济技术开发区" in area.name:
        for name in ("经济技术开发区", "亦庄经济技术开发区", "亦庄开发区", "亦庄经开区"):
            book.names[name] = Meaning(streets=streets, kind=DISTRICT, weight=0.9)


_STREET_ENDING = re.compile(r"(?<=.)(街道|地区|满族乡|回族乡|镇|乡)$")


def _add_street(book: NameBook, area: Area) -> None:
    meaning = Meaning(streets=frozenset({area.code}), kind=STREET, weight=0.97)
    stem = _STREET_ENDING.sub("", area.name)
    names = {area.name, f"{area.name}办事处", f"{area.name}办", f"{area.name}政府"}
    if area.name.endswith(("地区", "乡", "镇")):
        names |= {f"{stem}{ending}" for ending in ("地区", "乡", "镇", "地区办事处", "镇政府", "乡政府")}
    for name in names:
        book.add(name, meaning)
    if len(stem) >= 2:
        book.add_stem(stem, Meaning(streets=meaning.streets, kind=STREET, weight=0.86))


_NUMBERED = re.compile(
    r"(?<=..)(第[一二三四五六七八九十]+[东西南北中]?(社区)?|[东西南北中]?[一二三四五六七八九十]+[区里期]?|[A-Z]区|[东西南北中][区里]?|南里[东西南北]区)$"
)


def _add_community(book: NameBook, area: Area, by_code: Mapping[str, Area]) -> None:
    street = leaf_of(area, by_code)
    own = area.short_name
    weight = 0.45 if GENERIC.fullmatch(own) else 0.97
    whole = Meaning(streets=frozenset({street}), communities=frozenset({area.code}), kind=COMMUNITY, weight=weight)
    book.add(area.name, whole)
    village = own.endswith("村") and not area.name.endswith(("社区居委会", "居委会", "社区"))
    endings = ("委会", "村委会", "民委员会", "村民委员会") if village else ("社区", "社区居委会", "居委会")
    for ending in endings:
        book.add(own + ending, whole)
    base = _NUMBERED.sub("", own)
    for name in _ways_to_write(own):
        _add_own_name(book, name, whole)
        if name != own and base != own:
            book.renumbered[name] = base
    if village and len(own) >= 3:
        _add_own_name(book, own.removesuffix("村"), _at(whole, 0.8))
    elif GENERIC.fullmatch(own) and street in by_code:
        stem = _STREET_ENDING.sub("", by_code[street].name)
        book.add(f"{stem}{own}", _at(whole, 0.93))
    if base != own and len(base) >= 3 and not village:
        _add_own_name(book, base, _at(whole, 0.9))


def _add_own_name(book: NameBook, name: str, meaning: Meaning) -> None:
    if len(name) < 2 or GENERIC.fullmatch(name):
        return
    book.add_stem(name, meaning)
    if len(name) >= 3:
        weight = min(meaning.weight, 0.93 if len(name) == 3 else 0.95)
        book.add(name, _at(meaning, 0.4 if name in ORDINARY else weight))


_NUMERAL = re.compile(r"[一二三四五六七八九十]+(?=[区里期条社号])")


def _ways_to_write(own: str) -> set[str]:
    """龙腾苑二区 is also 龙腾苑2区; 北街家园第一 is also 北街家园一区, 一社区."""
    ways = {own}
    if match := re.search(r"第([一二三四五六七八九十]+)(社区)?$", own):
        base, number = own[: match.start()], match[1]
        ways |= {f"{base}{number}区", f"{base}{number}社区", f"{base}第{number}社区"}
    return ways | {_NUMERAL.sub(lambda match: DIGITS.get(match[0], match[0]), way) for way in ways}


_WEIGHT_OF_SPOT = {"estate": 0.94, "road": 0.8, "station": 0.88, "landmark": 0.86}


def _add_spot(book: NameBook, spot: Spot) -> None:
    weight = _WEIGHT_OF_SPOT.get(spot.kind, 0.86)
    meaning = Meaning(
        streets=frozenset(spot.streets),
        communities=frozenset({spot.community} if spot.community else ()),
        kind=SPOT if spot.kind != "estate" else COMMUNITY,
        weight=weight,
    )
    names = {spot.name, *spot.aliases}
    if spot.kind == "station":
        names |= {name.removesuffix("站") + "地铁站" for name in names if name.endswith("站")}
    for name in names:
        ordinary = name in ORDINARY
        if len(name) >= 2:
            short = _at(meaning, 0.8) if len(name) == 2 else meaning
            book.add(name, _at(meaning, 0.3) if ordinary else short)
        if spot.kind == "estate":
            book.add_stem(name, meaning)


def _add_families(book: NameBook) -> None:
    """For each stem the streets of all names that begin with it: only where that is one is a new ending safe."""
    families: dict[str, set[str]] = defaultdict(set)
    lengths = {len(stem) for stem in book.stems}
    for name, meaning in (*book.names.items(), *book.stems.items()):
        for length in lengths:
            if length <= len(name) and name[:length] in book.stems:
                families[name[:length]] |= meaning.streets
    book.families = {stem: frozenset(streets) for stem, streets in families.items()}
    for name, base in book.renumbered.items():
        for names in (book.names, book.stems):
            if name in names:
                names[name] = replace(names[name], streets=names[name].streets | _at_base(book, base))


def _at_base(book: NameBook, base: str) -> frozenset[str]:
    """The streets of the estate itself, where it is one in several streets."""
    return book.names[base].streets if base in book.names else frozenset()


def _at(meaning: Meaning, weight: float) -> Meaning:
    return replace(meaning, weight=weight)
