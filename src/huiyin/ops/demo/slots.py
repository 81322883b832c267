"""Fills the slots of the demo city's phrases, {estate}, {days}, {company}; all invented names are made here."""

import csv
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.resources import files
from random import Random

from huiyin.ops.demo.places import PlaceWords, spoken_place

Filler = Callable[[Random, PlaceWords, datetime], str]

# Slots that say where the trouble is: a text without any of them needs a sentence with the place.
ANCHORS = frozenset({"place", "estate", "community", "village", "road", "station", "park", "address"})

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林郑"
_BRANDS = ("启顺泽恒润康佳博瑞嘉", "禾越桐屿槐澄枫桓", "达居汇邦程源")


def _read_words() -> dict[str, tuple[str, ...]]:
    text = files(f"{__package__}.phrases").joinpath("slot_words.csv").read_text(encoding="utf-8")
    return {row["slot"]: tuple(row["words"].split()) for row in csv.DictReader(text.splitlines())}


_WORDS = _read_words()


def _word(slot: str) -> Filler:
    words = _WORDS[slot]
    return lambda rng, _place, _at: words[int(rng.random() * len(words))]


def _named(field: str) -> Filler:
    """The place's own name where it has one, else an invented one."""
    invented = _word(field)
    return lambda rng, place, at: getattr(place, field) or invented(rng, place, at)


def _between(low: int, high: int) -> Filler:
    return lambda rng, _place, _at: str(low + int(rng.random() * (high - low + 1)))


def _pick(rng: Random, slot: str) -> str:
    words = _WORDS[slot]
    return words[int(rng.random() * len(words))]


def _amount(rng: Random, _place: PlaceWords, _at: datetime) -> str:
    if rng.random() < 0.5:
        return _pick(rng, "amount_round")
    hundreds = 100 * (3 + int(rng.random() ** 2 * 380))
    return _pick(rng, "amount_form").format(hundreds)


def _company(rng: Random, _place: PlaceWords, _at: datetime) -> str:
    return "".join(part[int(rng.random() * len(part))] for part in _BRANDS)


def _person(rng: Random, _place: PlaceWords, _at: datetime) -> str:
    return _SURNAMES[int(rng.random() * len(_SURNAMES))] + _pick(rng, "person_title")


def _plate(rng: Random, _place: PlaceWords, _at: datetime) -> str:
    # I and O are never issued on plates (GA 36), so no such car exists.
    return f"京{'NPQJ'[int(rng.random() * 4)]}I{int(rng.random() * 900) + 100}O"


def _bus(rng: Random, _place: PlaceWords, _at: datetime) -> str:
    number = int(rng.random() * 900) + 20
    return f"{number}路" if rng.random() < 0.85 else f"{number}路公交"


def _date(rng: Random, _place: PlaceWords, at: datetime) -> str:
    day = at - timedelta(days=1 + int(rng.random() * 20))
    return f"{day.month}月{day.day}号" if rng.random() < 0.5 else f"{day.month}月{day.day}日"


def _village(_rng: Random, place: PlaceWords, _at: datetime) -> str:
    return place.village or f"{place.estate.removesuffix('村')}村"


SLOTS: dict[str, Filler] = {
    "place": lambda rng, place, _at: spoken_place(rng, place),
    "district": lambda _rng, place, _at: place.district,
    "street": lambda _rng, place, _at: place.street,
    "community": lambda _rng, place, _at: place.community,
    "estate": lambda _rng, place, _at: place.estate,
    "road": lambda _rng, place, _at: place.road,
    "building": lambda rng, place, _at: place.building or f"{1 + int(rng.random() * 24)}号楼",
    "unit": lambda rng, _place, _at: f"{1 + int(rng.random() * 6)}单元",
    "floor": _word("floor"),
    "village": _village,
    "station": lambda rng, place, _at: place.station or f"{place.road}站",
    "park": _named("park"),
    "school": _named("school"),
    "hospital": _named("hospital"),
    "market": _named("market"),
    "mall": _named("mall"),
    "river": _named("river"),
    "kinder": _word("kinder"),
    "clinic": lambda _rng, place, _at: f"{place.community}卫生服务站",
    "shop": _word("shop"),
    "company": _company,
    "app": _word("app"),
    "person": _person,
    "bus": _bus,
    "line": lambda rng, _place, _at: f"{1 + int(rng.random() * 19)}号线",
    "car": _plate,
    "time": _word("time"),
    "time_next": _word("time_next"),
    "hour": _word("hour"),
    "date": _date,
    "days": _word("days"),
    "months": _word("months"),
    "years": _word("years"),
    "amount": _amount,
    "n": _between(3, 9),
    "age": _between(68, 91),
    "temp": _between(11, 16),
    "address": lambda _rng, place, _at: f"{place.street}{place.estate}{place.building}",
}
