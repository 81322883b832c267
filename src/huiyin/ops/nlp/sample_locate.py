"""The command `huiyin nlp sample locate`: texts about places of a preset, labelled by its lists alone."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from random import Random

import click

Row = tuple[str, str, str]  # text, street_code, community_code; empty codes where the text leaves it open

_FORMS = (
    "{}",
    "我住{}，楼道灯坏了",
    "{}3号楼没暖气",
    "请问{}在哪办居住证",
    "{}门口有人占道",
    "位于{}附近，路灯不亮",
    "反映{}垃圾没人清",
    "{}北门对面施工吵",
)
_TAILS = ("小区", "家园", "北里", "南里", "花园", "嘉园", "一区", "新村")
_COMMON = "的一是了我不人在有他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小心多天"
_SHORTEST = 3  # own characters of a name that a slip may be put into


class Lists:
    """The preset's own lists, and which names lead to which streets."""

    def __init__(self, preset: str) -> None:
        folder = files("huiyin.registry") / "presets" / preset
        areas = list(csv.DictReader((folder / "areas.csv").read_text(encoding="utf-8-sig").splitlines()))
        self.areas = {row["code"]: row for row in areas}
        rows = csv.DictReader((folder / "communities.csv").read_text(encoding="utf-8-sig").splitlines())
        self.communities = [row for row in rows if self.areas.get(row["parent_code"], {}).get("kind") == "street"]

    def district(self, community: dict[str, str]) -> dict[str, str]:
        return self.areas[self.areas[community["parent_code"]]["district_code"]]

    @cached_property
    def streets_of(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for row in self.communities:
            found[row["short_name"]].add(row["parent_code"])
        return found

    @cached_property
    def streets_in_district(self) -> dict[tuple[str, str], set[str]]:
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in self.communities:
            found[row["short_name"], self.district(row)["code"]].add(row["parent_code"])
        return found

    @cached_property
    def unshared(self) -> list[dict[str, str]]:
        return [
            row
            for row in self.communities
            if len(self.streets_of[row["short_name"]]) == 1 and len(row["short_name"]) >= _SHORTEST
        ]


def addresses(lists: Lists, rng: Random) -> Row:
    """A whole address: district, street, estate, building, unit, room."""
    row = rng.choice(lists.communities)
    own = lists.areas[row["parent_code"]]["name"]
    door = f"{rng.randint(1, 28)}号楼{rng.randint(1, 6)}单元{rng.randint(101, 1805)}"
    text = f"{lists.district(row)['name']}{own}{row['short_name']}{rng.choice(_TAILS)}{door}"
    return text, row["parent_code"], row["code"]


def shared(lists: Lists, rng: Random) -> Row:
    """A community's name that stands in several streets, and nothing else: it must be asked."""
    names = [name for name, streets in lists.streets_of.items() if len(streets) > 1]
    return rng.choice(_FORMS).format(rng.choice(names)), "", ""


def narrowed(lists: Lists, rng: Random) -> Row:
    """A shared name with the district that makes it one."""
    while True:
        row = rng.choice(lists.communities)
        name, district = row["short_name"], lists.district(row)
        if len(lists.streets_of[name]) > 1 and len(lists.streets_in_district[name, district["code"]]) == 1:
            said = name if name.endswith("村") else f"{name}社区"
            return f"{district['name']}{said}门口垃圾没人清", row["parent_code"], row["code"]


def slips(lists: Lists, rng: Random) -> Row:
    """A name with one character lost, doubled in, changed or swapped."""
    row = rng.choice(lists.unshared)
    name = row["short_name"]
    word = _slip(rng, name if name.endswith("村") else name + rng.choice(("社区", "小区")))
    return rng.choice(_FORMS).format(word), row["parent_code"], row["code"]


def sounds(lists: Lists, rng: Random) -> Row:
    """A name in pinyin, as typed in a hurry."""
    from pypinyin import lazy_pinyin

    row = rng.choice(lists.unshared)
    typed = rng.choice(("", " ")).join(lazy_pinyin(row["short_name"] + "社区"))
    return rng.choice(("{}", "我住{}")).format(typed), row["parent_code"], row["code"]


KINDS: dict[str, Callable[[Lists, Random], Row]] = {
    "addresses": addresses,
    "shared": shared,
    "narrowed": narrowed,
    "slips": slips,
    "sounds": sounds,
}


@click.command()
@click.option("--kind", type=click.Choice(list(KINDS)), default="addresses", show_default=True, help="What is written.")
@click.option("--rows", default=1500, show_default=True, type=click.IntRange(1), help="Texts to write.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="CSV to write.")
@click.option("--seed", default=11, show_default=True, help="Same seed, same texts.")
@click.option("--preset", default="beijing", show_default=True, help="A shipped city.")
def locate(kind: str, rows: int, out: Path, seed: int, preset: str) -> None:
    """Write texts whose street is known, or left open on purpose, for `evaluate locate`."""
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("text", "street_code", "community_code"))
        writer.writerows(_rows(kind, rows, seed, preset))
    click.echo(f"{rows:,} texts in {out}", err=True)


def _rows(kind: str, rows: int, seed: int, preset: str) -> Iterator[Row]:
    lists, rng = Lists(preset), Random(seed)
    for _ in range(rows):
        yield KINDS[kind](lists, rng)


def _slip(rng: Random, word: str) -> str:
    place = rng.randrange(len(word) - 1)
    before, here, after = word[:place], word[place], word[place + 1 :]
    other = rng.choice(_COMMON)
    return before + rng.choice((after, here + other + after, other + after, after[0] + here + after[1:]))
