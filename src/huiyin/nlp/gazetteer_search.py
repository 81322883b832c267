"""Finds names in a text: outright, prolonged (多福巷小区), with one slip of the pen, by sound, in pinyin."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from huiyin.nlp.gazetteer_names import DISTRICT, SPOT, STREET, Meaning, NameBook
from huiyin.nlp.gazetteer_slips import SlipIndex, own_part
from huiyin.nlp.gazetteer_words import (
    AT,
    ESTATE_ENDINGS,
    NAME_GOES_ON,
    NOT_AN_ENDING,
    ORDINARY,
    ROAD_ENDINGS,
    VILLAGE_ENDINGS,
)
from huiyin.nlp.sounds import SoundIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name found: what was written, what it is taken for, and the streets it may mean."""

    start: int
    end: int
    said: str
    name: str
    meaning: Meaning
    weight: float


_FORMAL = ("委会", "委员会", "办事处", "办", "政府")  # endings of names whose shorter form is searched as well
_STANDS = 0.8  # a name outright and free is not taken for another that is misspelt


class NameSearch:
    """All indices over one book of names; read-only after it is built."""

    def __init__(self, book: NameBook) -> None:
        self._book = book
        self._lengths = _lengths_by_start(book.names)
        self._stem_lengths = _lengths_by_start(book.stems)
        self._endings = dict.fromkeys((*ESTATE_ENDINGS, *VILLAGE_ENDINGS), 0.93) | dict.fromkeys(ROAD_ENDINGS, 0.86)
        self._ending_lengths = sorted({len(ending) for ending in self._endings}, reverse=True)
        spoken = [name for name in book.names if len(name) >= 3 and not name.endswith(_FORMAL)]
        self._slips = SlipIndex(name for name in spoken if len(name) >= 4)
        self._sounds = SoundIndex(spoken)

    def outright(self, text: str) -> list[Mention]:
        """Names as they are written, the longest at each spot, none inside another."""
        found: list[Mention] = []
        position, end = 0, len(text) - 1
        while position < end:
            mention = self._at(text, position)
            if mention is None:
                position += 1
            else:
                found.append(mention)
                position = mention.end
        return found

    def near(self, text: str, taken: Iterable[Mention]) -> list[Mention]:
        """Names misspelt by one slip, or written as they sound, where no equally long name stands outright."""
        held = list(taken)
        found: dict[tuple[int, int], list[Mention]] = defaultdict(list)
        for start, end, name, weight in (*self._slips.find(text), *self._sounds.find(text)):
            if any(_holds(one, start, end) for one in held):
                continue
            meaning = self._book.names[name]
            if meaning.kind == DISTRICT or meaning.weight < 0.5:
                continue
            found[(start, end)].append(
                Mention(
                    start=start,
                    end=end,
                    said=text[start:end],
                    name=name,
                    meaning=meaning,
                    weight=min(weight, meaning.weight) * _like_a_place(name, meaning),
                )
            )
        return _best_apart(found)

    def _at(self, text: str, start: int) -> Mention | None:
        head = text[start : start + 2]
        whole = self._whole(text, start, head)
        prolonged = self._prolonged(text, start, head)
        if whole is None or (prolonged is not None and prolonged.end > whole.end):
            return prolonged
        return whole

    def _whole(self, text: str, start: int, head: str) -> Mention | None:
        for length in self._lengths.get(head, ()):
            name = text[start : start + length]
            meaning = self._book.names.get(name)
            if meaning is not None and not _goes_on(text, start + length, name, meaning):
                return Mention(
                    start=start, end=start + length, said=name, name=name, meaning=meaning, weight=meaning.weight
                )
        return None

    def _prolonged(self, text: str, start: int, head: str) -> Mention | None:
        """An own name with an ending that makes it an address; a short or common one speaks for all that begin so."""
        for length in self._stem_lengths.get(head, ()):
            stem = text[start : start + length]
            meaning = self._book.stems.get(stem)
            if meaning is None:
                continue
            ending = self._ending(text, start + length)
            if not ending:
                if meaning.kind == STREET and (found := self._bare_street(text, start, stem, meaning)):
                    return found
                continue
            return self._with_ending(text, start, stem, meaning, ending)
        return None

    def _ending(self, text: str, at: int) -> str:
        for length in self._ending_lengths:
            ending = text[at : at + length]
            if ending in self._endings and not (length == 1 and NOT_AN_ENDING.match(text[at : at + 2])):
                return ending
        return ""

    def _with_ending(self, text: str, start: int, stem: str, meaning: Meaning, ending: str) -> Mention:
        end = start + len(stem) + len(ending)
        weight = min(meaning.weight, self._endings[ending])
        streets, communities = meaning.streets, meaning.communities
        if len(stem) == 2 or stem in ORDINARY or ending in ROAD_ENDINGS:
            streets = self._book.families.get(stem, streets) | streets
            weight = min(weight, 0.88)
        if len(streets) > 1:
            communities = frozenset() if ending in ROAD_ENDINGS else communities
        if stem in ORDINARY:
            weight *= 0.5
        return Mention(
            start=start,
            end=end,
            said=text[start:end],
            name=stem,
            meaning=Meaning(streets=streets, communities=communities, kind=meaning.kind, weight=weight),
            weight=weight,
        )

    def _bare_street(self, text: str, start: int, stem: str, meaning: Meaning) -> Mention | None:
        """望京 for 望京街道: whatever begins with 望京 may be meant, so only a name of one street decides."""
        end = start + len(stem)
        if NAME_GOES_ON.match(text[end : end + 5]) or (len(stem) == 2 and not AT.search(text[:start])):
            return None
        streets = self._book.families.get(stem, frozenset()) | meaning.streets
        weight = meaning.weight * (0.4 if stem in ORDINARY else 1.0) - (0.05 if len(stem) == 2 else 0.0)
        return Mention(
            start=start,
            end=end,
            said=stem,
            name=stem,
            meaning=Meaning(streets=streets, kind=STREET, weight=weight),
            weight=weight,
        )


def _lengths_by_start(names: Mapping[str, object]) -> dict[str, list[int]]:
    """Hardly any two characters of a text begin a name, so nearly every position costs one look-up."""
    starts: dict[str, set[int]] = defaultdict(set)
    for name in names:
        starts[name[:2]].add(len(name))
    return {start: sorted(lengths, reverse=True) for start, lengths in starts.items()}


def _like_a_place(name: str, meaning: Meaning) -> float:
    """A short name without an ending (…村, …小区, …里) sounds or looks like too many plain words."""
    bare = len(name) <= 4 and own_part(name) == name and name[-1:] not in "里园苑庄"
    return 0.75 if bare or meaning.kind == SPOT else 1.0


def _goes_on(text: str, end: int, name: str, meaning: Meaning) -> bool:
    """北大 in 北大街 is no university."""
    return len(name) == 2 and meaning.kind == SPOT and NAME_GOES_ON.match(text[end : end + 5]) is not None


def _holds(mention: Mention, start: int, end: int) -> bool:
    """A name outright keeps its place, unless it decides nothing and the other one covers it and more."""
    if end <= mention.start or mention.end <= start:
        return False
    covered = start <= mention.start and mention.end <= end and end - start > mention.end - mention.start
    prolonged = start == mention.start and len(mention.meaning.streets) > 1
    return not covered or (mention.weight >= _STANDS and not prolonged)


def _surest_first(several: list[Mention]) -> tuple[float, int]:
    return -max(one.weight for one in several), several[0].start - several[0].end


def _best_apart(found: Mapping[tuple[int, int], list[Mention]]) -> list[Mention]:
    """Of spans that overlap the surest, then the longest; several names that fit one span are all meant."""
    kept: list[Mention] = []
    for several in sorted(found.values(), key=_surest_first):
        first, best = several[0], max(one.weight for one in several)
        rivals = several
        if any(first.start < other.end and other.start < first.end for other in kept):
            continue
        streets = frozenset().union(*(one.meaning.streets for one in rivals))
        communities = frozenset().union(*(one.meaning.communities for one in rivals))
        kept.append(
            Mention(
                start=first.start,
                end=first.end,
                said=first.said,
                name=min((one.name for one in rivals), key=len),
                meaning=Meaning(streets=streets, communities=communities, kind=rivals[0].meaning.kind, weight=best),
                weight=best,
            )
        )
    return sorted(kept, key=lambda one: one.start)
