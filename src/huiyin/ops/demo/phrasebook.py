"""Reads the demo city's phrases once and compiles them into parts that are quick to fill."""

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from itertools import accumulate
from random import Random
from typing import Union

from huiyin.ops.demo.places import PlaceWords
from huiyin.ops.demo.slots import SLOTS
from huiyin.ops.demo.synonyms import split_by_synonyms

MOODS = ("fact", "ask", "suggest", "praise")
_SLOT = re.compile(r"\{([a-z_]*)\}")
_KEEP_WORD = 0.45  # share of words that stay as written, so that the template remains the most frequent form
# Words that only fit a part of the year; a template with one of them is not used outside it.
_MONTHS_OF_WORDS = (
    (re.compile("三伏|大热天|大夏天|夏天|暑假|酷暑|高温|汛期|雨季"), frozenset({5, 6, 7, 8, 9})),
    (re.compile("大冬天|大冷天|大雪|雪天|结冰|零下|冰面|春节|过年|寒潮|冰窖|下雪|冬天"), frozenset({11, 12, 1, 2, 3})),
    (re.compile("清明"), frozenset({3, 4})),
    (re.compile("高考|中考"), frozenset({4, 5, 6, 7})),
    (re.compile("初五|元宵|庙会"), frozenset({1, 2})),
)

# A plain stretch, a choice of words, or a slot.
Part = Union[str, tuple[str, ...], "_Slot"]


class UnknownSlot(ValueError):
    """A phrase uses a slot that slots.py does not know."""


@dataclass(frozen=True, slots=True)
class _Slot:
    name: str


@dataclass(frozen=True, slots=True)
class Template:
    template_id: str
    mood: str
    title: tuple[Part, ...]
    body: tuple[Part, ...]
    slots: frozenset[str]
    title_slots: frozenset[str]
    months: frozenset[int] | None
    source: tuple[str, str]

    @property
    def leaf_code(self) -> str:
        return self.template_id[:6]


@dataclass(frozen=True, slots=True)
class Demand:
    """What is wanted, said in the words of the leaf."""

    demand_id: str
    text: tuple[Part, ...]
    forbids: bool  # begins with 别 or 不, which only follows a wish


@dataclass(slots=True)
class Filling:
    """The values of one text: a slot keeps its value in title and body."""

    rng: Random
    place: PlaceWords
    at: datetime
    values: dict[str, str] = field(default_factory=dict)

    def fill(self, parts: Sequence[Part]) -> str:
        draw = self.rng.random
        out = []
        for part in parts:
            if type(part) is str:
                out.append(part)
            elif type(part) is tuple:
                out.append(part[0] if draw() < _KEEP_WORD else part[int(draw() * len(part))])
            else:
                out.append(self.value(part.name))  # type: ignore[union-attr]  # what is left is a slot
        return "".join(out)

    def value(self, name: str) -> str:
        known = self.values.get(name)
        if known is None:
            known = self.values[name] = SLOTS[name](self.rng, self.place, self.at)
        return known


@dataclass(frozen=True, slots=True)
class Phrasebook:
    templates: Mapping[str, Mapping[str, tuple[Template, ...]]]  # leaf code, mood
    demands: Mapping[str, tuple[Demand, ...]]  # leaf code
    replies: Mapping[str, tuple[tuple[Part, ...], ...]]  # level-2 code
    notes: Mapping[str, tuple[tuple[Part, ...], ...]]  # kind
    leaves: tuple[str, ...]
    base_weights: tuple[float, ...]
    seasons: Mapping[str, tuple[float, ...]]
    hours: Mapping[str, tuple[float, ...]]
    cumulated: dict[tuple[int, int], list[float]] = field(default_factory=dict)

    def only(self, belongs: Callable[[str], bool]) -> "Phrasebook":
        """Templates and demands whose ids belong, all else as it is: to hold phrases out of a measurement."""
        return replace(
            self,
            templates={
                code: {
                    mood: kept
                    for mood, found in moods.items()
                    if (kept := tuple(t for t in found if belongs(t.template_id)))
                }
                for code, moods in self.templates.items()
            },
            demands={code: tuple(d for d in found if belongs(d.demand_id)) for code, found in self.demands.items()},
        )

    def weights_at(self, *, month: int, hour: int) -> list[float]:
        """Cumulated weight of each leaf in that month at that hour; kept, there are only 288."""
        known = self.cumulated.get((month, hour))
        if known is None:
            bases = zip(self.leaves, self.base_weights, strict=True)
            known = list(accumulate(base * self._season(code, month) * self._hour(code, hour) for code, base in bases))
            self.cumulated[month, hour] = known
        return known

    def volume_at_hour(self, hour: int) -> float:
        """Relative number of requests of all leaves at an hour; the day sums to 1."""
        usual = self.hours["*"]
        return usual[hour] / sum(usual)

    def every_template(self) -> Iterator[Template]:
        for moods in self.templates.values():
            for templates in moods.values():
                yield from templates

    def _season(self, code: str, month: int) -> float:
        factor = 1.0
        for length in (2, 4, 6):
            row = self.seasons.get(code[:length])
            factor *= row[month - 1] if row else 1.0
        return factor

    def _hour(self, code: str, hour: int) -> float:
        usual = self.hours["*"]
        row = next((self.hours[code[:size]] for size in (6, 4, 2) if code[:size] in self.hours), usual)
        # Both rows are brought to the same day's sum, and the usual row's part is left to the caller's arrival times.
        return (row[hour] / sum(row)) / (usual[hour] / sum(usual))


@cache
def load_phrases() -> Phrasebook:
    """All phrases of the package; read and compiled once per process."""
    templates: dict[str, dict[str, list[Template]]] = defaultdict(lambda: defaultdict(list))
    for name in sorted(entry.name for entry in files(f"{__package__}.phrases").iterdir() if entry.name[:2].isdigit()):
        for row in _rows(name):
            template = _compile(row)
            templates[template.leaf_code][template.mood].append(template)
    leaves, weights = _volumes()
    return Phrasebook(
        templates={code: {mood: tuple(found) for mood, found in moods.items()} for code, moods in templates.items()},
        demands=_demands(),
        replies=_grouped("replies.csv", "level2", "result"),
        notes=_grouped("notes.csv", "kind", "text"),
        leaves=leaves,
        base_weights=weights,
        seasons=_numbers("seasons.csv"),
        hours=_numbers("hours.csv"),
    )


def compile_parts(text: str) -> tuple[Part, ...]:
    """'{estate}没人管' becomes a slot and a choice of words."""
    parts: list[Part] = []
    for position, piece in enumerate(_SLOT.split(text)):
        if position % 2 == 0:
            parts.extend(split_by_synonyms(piece))
        elif piece in SLOTS:
            parts.append(_Slot(piece))
        else:
            raise UnknownSlot(f"{piece!r} in {text!r}")
    return tuple(parts)


def _compile(row: Mapping[str, str]) -> Template:
    title, body = row["title"], row["body"]
    return Template(
        template_id=row["id"],
        mood=row["mood"],
        title=compile_parts(title),
        body=compile_parts(body),
        slots=frozenset(_SLOT.findall(body)),
        title_slots=frozenset(_SLOT.findall(title)),
        months=_months_of(title + body),
        source=(title, body),
    )


def _months_of(text: str) -> frozenset[int] | None:
    """None where the words fit all year, also where they name two seasons at once."""
    found = [months for pattern, months in _MONTHS_OF_WORDS if pattern.search(text)]
    return found[0] if len(found) == 1 else None


def _volumes() -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Long tail: within its level-1 class a leaf weighs its volume to the power 1.5."""
    volumes = {row["code"]: float(row["volume"]) ** 1.5 for row in _rows("leaf_volume.csv")}
    sums: dict[str, float] = defaultdict(float)
    for code, volume in volumes.items():
        sums[code[:2]] += volume
    level1 = {row["level1"]: float(row["weight"]) for row in _rows("level1_weight.csv")}
    return tuple(volumes), tuple(level1[code[:2]] * volume / sums[code[:2]] for code, volume in volumes.items())


def _demands() -> dict[str, tuple[Demand, ...]]:
    found: dict[str, list[Demand]] = defaultdict(list)
    for row in _rows("demands.csv"):
        text = row["text"]
        found[row["id"][:6]].append(Demand(row["id"], compile_parts(text), text.startswith(("别", "不"))))
    return {code: tuple(demands) for code, demands in found.items()}


def _grouped(name: str, key: str, value: str) -> dict[str, tuple[tuple[Part, ...], ...]]:
    groups: dict[str, list[tuple[Part, ...]]] = defaultdict(list)
    for row in _rows(name):
        groups[row[key]].append(compile_parts(row[value]))
    return {group: tuple(parts) for group, parts in groups.items()}


def _numbers(name: str) -> dict[str, tuple[float, ...]]:
    return {row.pop("prefix"): tuple(float(value) for value in row.values()) for row in _rows(name)}


def _rows(name: str) -> list[dict[str, str]]:
    text = files(f"{__package__}.phrases").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
