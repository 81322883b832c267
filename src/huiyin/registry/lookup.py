"""Type-ahead over classes, areas, places and units: by words, pinyin, initials or code; no query, a few milliseconds.

Exact comes before prefix, prefix before initials and pinyin, those before a match in the middle. Words apart from each
other by spaces must all match. Where nothing matches, the longest known name inside what was typed is looked for
(望京西园四区12号楼 → 望京西园四区), and for classes the share of character pairs counts.
"""

import heapq
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from django.utils import timezone

from huiyin.domain.vocabulary import AreaKind, UnitKind
from huiyin.registry import directory, rulebook
from huiyin.registry.models import PlaceKind, PlaceName
from huiyin.registry.revision import PerRevision

_MOST_IN_THE_MIDDLE = 300  # enough to choose from; more would only cost time
_IN_SEVERAL = 0.5  # a place in several streets says less than the street that is called so
_LEAST_SHARE = 0.34  # of the character pairs that a class must have in common with a whole sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassHit:
    code: str
    label: str
    detail: str
    grade: str
    grade_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHit:
    """A spot of the city: ids of the areas that it lies in, ready for a form."""

    id: int  # of the area, or of the named place
    code: str
    label: str
    detail: str
    kind: str
    kind_label: str
    district_id: int | None
    street_id: int | None
    community_id: int | None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitHit:
    id: int
    code: str
    label: str
    detail: str
    kind: str
    kind_label: str


H = TypeVar("H")


@dataclass(frozen=True, slots=True)
class _Entry(Generic[H]):
    keys: tuple[tuple[str, float], ...]  # what it is found by, and how much less the key counts
    blob: str  # all keys, each after a line break
    hit: H
    valid_from: date
    valid_to: date | None
    later: float = 0.0  # moves kinds that are many and seldom meant behind the others

    def stands_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def classes(q: str, limit: int = 12, *, at: datetime | None = None) -> list[ClassHit]:
    """Classes of the taxonomy in force."""
    edition_id = rulebook.current(at or timezone.now()).taxonomy_id
    held = _class_entries()
    entries = held.get(edition_id) or held.setdefault(edition_id, _of_classes(edition_id))
    words = _words(q)
    return _find(entries, words, limit) or _by_pairs(entries, "".join(words), limit)


def areas(
    q: str, limit: int = 12, *, kinds: Iterable[AreaKind] | None = None, district_id: int | None = None
) -> list[PlaceHit]:
    """Districts, streets and communities."""
    wanted = None if kinds is None else {kind.value for kind in kinds}

    def admits(hit: PlaceHit) -> bool:
        return (wanted is None or hit.kind in wanted) and district_id in (None, hit.district_id)

    return _find(_area_entries(), _words(q), limit, admits)


def places(q: str, limit: int = 12, *, district_id: int | None = None) -> list[PlaceHit]:
    """Named places, streets and communities, each with its street; also out of the middle of an address."""

    def admits(hit: PlaceHit) -> bool:
        return hit.street_id is not None and district_id in (None, hit.district_id)

    words = _words(q)
    entries = [*_place_entries(), *_area_entries()]
    return _find(entries, words, limit, admits) or _inside(entries, "".join(words), limit, admits)


def units(
    q: str, limit: int = 12, *, kinds: Iterable[UnitKind] | None = None, within: frozenset[int] | None = None
) -> list[UnitHit]:
    """Units of all kinds, or of some kinds, or among given ids."""
    wanted = None if kinds is None else {kind.value for kind in kinds}

    def admits(hit: UnitHit) -> bool:
        return (wanted is None or hit.kind in wanted) and (within is None or hit.id in within)

    return _find(_unit_entries(), _words(q), limit, admits)


def warm() -> None:
    """Build every index now, for the start of a process."""
    classes("x")
    places("x")
    units("x")


def _words(q: str) -> list[str]:
    return unicodedata.normalize("NFKC", q).lower().replace("'", "").split()[:6]


def _find(
    entries: Sequence[_Entry[H]], words: list[str], limit: int, admits: Callable[[H], bool] = lambda hit: True
) -> list[H]:
    if not words:
        return []
    today = timezone.localdate()
    found = [e for e in _candidates(entries, words) if e.stands_on(today) and admits(e.hit)]
    scored = ((e.later + sum(_score(e, word) for word in words), len(e.keys[0][0]), i, e) for i, e in enumerate(found))
    return [e.hit for *_, e in heapq.nsmallest(limit, scored, key=lambda row: row[:3])]


def _candidates(entries: Sequence[_Entry[H]], words: list[str]) -> list[_Entry[H]]:
    """Entries that hold every word: all where the first word begins a key, and some where it stands further in."""
    first, rest = words[0], words[1:]
    start = "\n" + first
    beginning = [e for e in entries if start in e.blob and all(word in e.blob for word in rest)]
    if len(first) == 1 and beginning:
        return beginning
    middle = []
    for e in entries:
        if first in e.blob and start not in e.blob and all(word in e.blob for word in rest):
            middle.append(e)
            if len(middle) >= _MOST_IN_THE_MIDDLE:
                break
    return beginning + middle


def _score(entry: _Entry[H], word: str) -> float:
    latin = word.isascii()
    best = 99.0
    for key, less in entry.keys:
        at = key.find(word)
        if at < 0:
            continue
        if at > 0:
            rank = 6.0 if latin else 4.0
        elif len(key) == len(word):
            rank = 0.0
        else:
            rank = 1.0
        best = min(best, rank + less)
    return best


def _inside(entries: Sequence[_Entry[H]], text: str, limit: int, admits: Callable[[H], bool]) -> list[H]:
    """Entries whose name stands in the text, the longest name first."""
    today = timezone.localdate()
    found = [(len(e.keys[0][0]), e) for e in entries if len(e.keys[0][0]) >= 2 and e.keys[0][0] in text]
    found.sort(key=lambda pair: -pair[0])
    return [e.hit for _, e in found if e.stands_on(today) and admits(e.hit)][:limit]


def _by_pairs(entries: Sequence[_Entry[H]], text: str, limit: int) -> list[H]:
    pairs = {text[i : i + 2] for i in range(len(text) - 1)}
    if not pairs or text.isascii():
        return []
    shared = ((sum(pair in e.blob for pair in pairs), e) for e in entries)
    close = [(-count, i, e) for i, (count, e) in enumerate(shared) if count / len(pairs) >= _LEAST_SHARE]
    return [e.hit for *_, e in heapq.nsmallest(limit, close, key=lambda row: row[:2])]


def _entry(
    keys: Iterable[tuple[str, float]], hit: H, valid_from: date, valid_to: date | None, later: float = 0.0
) -> _Entry[H]:
    kept = tuple((key.lower(), less) for key, less in keys if key)
    return _Entry(kept, "\n" + "\n".join(key for key, _ in kept), hit, valid_from, valid_to, later)


# How much less a key counts than the name itself: initials and pinyin rank after a prefix of the name.
_INITIALS, _PINYIN, _ALIAS, _CODE = 1.5, 1.7, 0.1, 0.0
_KEYWORD, _LEVEL2, _LEVEL1 = 0.3, 0.4, 0.6


@PerRevision
def _class_entries() -> dict[int, list[_Entry[ClassHit]]]:
    return {}


def _of_classes(edition_id: int) -> list[_Entry[ClassHit]]:
    entries = []
    for info in rulebook.taxonomy(edition_id).values():
        keys = [(info.level3, 0.0), (info.code, _CODE), (info.level2, _LEVEL2), (info.level1, _LEVEL1)]
        keys += [(word, _KEYWORD) for word in info.keywords]
        levels = (0.0, _LEVEL2, _LEVEL1)  # pinyin and initials are kept for the three levels, in this order
        keys += [(word, _INITIALS + less) for word, less in zip(info.initials.split(), levels, strict=False)]
        keys += [(word, _PINYIN + less) for word, less in zip(info.pinyin.split(), levels, strict=False)]
        hit = ClassHit(
            code=info.code,
            label=info.level3,
            detail=f"{info.level1} › {info.level2}",
            grade=info.urgency.value,
            grade_label=info.urgency.label,
        )
        entries.append(_entry(keys, hit, date.min, None))
    return entries


@PerRevision
def _area_entries() -> list[_Entry[PlaceHit]]:
    order = {AreaKind.CITY: 0, AreaKind.DISTRICT: 1, AreaKind.STREET: 2, AreaKind.COMMUNITY: 3}
    infos = sorted(directory.areas().values(), key=lambda info: (order[info.kind], info.code))
    return [_of_area(info) for info in infos if info.kind != AreaKind.CITY]


def _of_area(info: directory.AreaInfo) -> _Entry[PlaceHit]:
    street = directory.street_of(info.id)
    above = [directory.area(info.district_id).short_name] if info.district_id and info.kind != AreaKind.DISTRICT else []
    if street and street.id != info.id:
        above.append(street.name)
    hit = PlaceHit(
        id=info.id,
        code=info.code,
        label=info.short_name,
        detail=" ".join(above),
        kind=info.kind.value,
        kind_label=info.kind.label,
        district_id=info.district_id,
        street_id=street.id if street else None,
        community_id=info.id if info.kind == AreaKind.COMMUNITY else None,
    )
    later = 0.4 if info.kind == AreaKind.COMMUNITY else 0.0
    keys = [(info.short_name, 0.0), (info.name, 0.0), (info.code, _CODE), *_bare(info.short_name, info)]
    keys += [(info.initials, _INITIALS), (info.pinyin, _PINYIN)]
    return _entry(keys, hit, info.valid_from, info.valid_to, later)


_SUFFIXES = (
    ("街道", "jd", "jiedao"),
    ("地区", "dq", "diqu"),
    ("区", "q", "qu"),
    ("乡", "x", "xiang"),
    ("镇", "z", "zhen"),
)


def _bare(name: str, info: directory.AreaInfo | directory.UnitInfo) -> list[tuple[str, float]]:
    """望京 for 望京街道, 朝阳 for 朝阳区, by words, initials and pinyin."""
    for suffix, initials, pinyin in _SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix) + 1:
            short = (info.initials.removesuffix(initials), _INITIALS), (info.pinyin.removesuffix(pinyin), _PINYIN)
            return [(name.removesuffix(suffix), 0.0), *short]
    return []


@PerRevision
def _place_entries() -> list[_Entry[PlaceHit]]:
    """A place that lies in several streets (a road, a quarter) has a row for each."""
    rows = list(PlaceName.objects.order_by("name", "id"))
    times = Counter(row.name for row in rows)
    return [_of_place(row, later=_IN_SEVERAL if times[row.name] > 1 else 0.0) for row in rows]


def _of_place(place: PlaceName, *, later: float) -> _Entry[PlaceHit]:
    street = directory.area(place.street_id)
    above = [directory.area(street.district_id).short_name if street.district_id else "", street.name]
    if place.community_id:
        above.append(directory.area(place.community_id).short_name)
    kind = PlaceKind(place.kind)
    hit = PlaceHit(
        id=place.pk,
        code="",
        label=place.name,
        detail=" ".join(above),
        kind=kind.value,
        kind_label=kind.label,
        district_id=street.district_id,
        street_id=street.id,
        community_id=place.community_id,
        lon=None if place.lon is None else float(place.lon),
        lat=None if place.lat is None else float(place.lat),
    )
    keys = [(place.name, 0.0), *((alias, _ALIAS) for alias in place.aliases)]
    keys += [(place.initials, _INITIALS), (place.pinyin, _PINYIN)]
    return _entry(keys, hit, place.valid_from, place.valid_to, later)


@PerRevision
def _unit_entries() -> list[_Entry[UnitHit]]:
    order = {kind: place for place, kind in enumerate(UnitKind)}
    infos = sorted(directory.units().values(), key=lambda info: (order[info.kind], info.code))
    return [_of_unit(info) for info in infos]


def _of_unit(info: directory.UnitInfo) -> _Entry[UnitHit]:
    parent = directory.unit(info.parent_id).short_name if info.parent_id else ""
    plain = info.kind in (UnitKind.STREET, UnitKind.DISTRICT_BUREAU)
    hit = UnitHit(
        id=info.id,
        code=info.code,
        label=info.name if plain else info.short_name,
        detail=" · ".join(word for word in (info.kind.label, parent) if word),
        kind=info.kind.value,
        kind_label=info.kind.label,
    )
    keys = [(info.short_name, 0.0), (info.name, 0.0), (info.code, _CODE), (info.service, _KEYWORD)]
    keys += [(info.initials, _INITIALS), (info.pinyin, _PINYIN), *_other_names(info)]
    later = {UnitKind.COMMUNITY: 2.0, UnitKind.DISTRICT_BUREAU: 0.1}.get(info.kind, 0.0)
    return _entry(keys, hit, info.valid_from, info.valid_to, later)


def _other_names(info: directory.UnitInfo) -> list[tuple[str, float]]:
    """教委 for 市教委 and 区教委, 朝阳教委 for 朝阳区教委, 朝阳 for its government, 望京 for its street."""
    match info.kind:
        case UnitKind.STREET:
            return _bare(info.short_name, info)
        case UnitKind.DISTRICT_GOV:
            place = info.short_name.removesuffix("政府")
            return [(place, 0.0), (place.removesuffix("区"), 0.0), (info.initials.removesuffix("qzf"), _INITIALS)]
        case UnitKind.DISTRICT_BUREAU:
            own = info.short_name.removeprefix("区")
            return [(own, 0.2), (info.name.replace("区", "", 1), 0.0), (info.initials.removeprefix("q"), _INITIALS)]
        case UnitKind.MUNICIPAL_DEPT:
            return [(info.short_name.removeprefix("市"), 0.0), (info.initials.removeprefix("s"), _INITIALS)]
    return []
