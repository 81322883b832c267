"""From words to a street and community: what a text names, weighed together; what stays open is asked."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from huiyin.nlp.addresses import AddressParts, parse_address
from huiyin.nlp.gazetteer_cues import weigh_mentions
from huiyin.nlp.gazetteer_names import COMMUNITY, DISTRICT, STREET, Area, Spot, leaf_of, name_book
from huiyin.nlp.gazetteer_search import Mention, NameSearch

__all__ = ["Area", "Candidate", "Gazetteer", "Located", "Spot"]

SURE = 0.75  # below, the place is asked [DESIGN]
_READ = 2000  # characters read of a text; what matters is said early
_SHOWN = 5  # candidates and reasons handed out
_LEAST = 0.01  # share below which a street is no candidate
_GIVEN = 0.999  # how sure an area is that a person has chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place that may be meant; `street` is empty for a zone that has none."""

    district: str
    street: str
    community: str
    confidence: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Codes of the areas meant; empty where the words do not decide. `ask` whenever no street is sure."""

    district: str = ""
    street: str = ""
    community: str = ""
    confidence: float = 0.0
    reasons: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()  # best first, whether asked or answered
    ask: bool = True
    address: AddressParts = field(default_factory=AddressParts)


class Gazetteer:
    """A city's names; built once a process, read-only, safe to share."""

    def __init__(self, areas: Iterable[Area], spots: Iterable[Spot] = ()) -> None:
        self._areas = {area.code: area for area in areas}
        self._leaf = {code: leaf_of(area, self._areas) for code, area in self._areas.items() if area.kind == COMMUNITY}
        self._leaves = {area.code for area in self._areas.values() if area.kind == STREET} | set(self._leaf.values())
        self._search = NameSearch(name_book(self._areas.values(), spots))

    def locate(self, text: str, *, within: str | None = None) -> Located:
        """`within` is the code of a district or street that is known already."""
        text = unicodedata.normalize("NFKC", text)[:_READ]
        mentions = weigh_mentions(text, self._search.outright(text))
        shares = self._shares(mentions, within)
        if max(shares.values(), default=0.0) < SURE:
            near = weigh_mentions(text, self._search.near(text, mentions))
            if near:
                mentions = [*(one for one in mentions if not _covered(one, near)), *near]
                shares = self._shares(mentions, within)
        return self._located(text, mentions, shares)

    def _shares(self, mentions: Sequence[Mention], within: str | None) -> dict[str, float]:
        """Bayes over the city's streets: each mention means one of its streets, or, as its doubt says, nothing."""
        background = 1 / max(1, len(self._leaves))
        found = [(one.meaning.streets, one.weight) for one in _distinct(mentions)]
        if within:
            found.append((self._inside(within), _GIVEN))
        streets = frozenset().union(*(meant for meant, _ in found)) if found else frozenset()
        shares = dict.fromkeys(streets, 1.0)
        rest = float(len(self._leaves) - len(streets))
        for meant, weight in found:
            doubt = (1 - weight) * background
            likely = weight / len(meant) + doubt if meant else doubt
            for street in shares:
                shares[street] *= (likely if street in meant else doubt) / background
            rest *= doubt / background
        total = sum(shares.values()) + rest
        return {street: share / total for street, share in shares.items() if share / total >= _LEAST}

    def _inside(self, code: str) -> frozenset[str]:
        if code in self._leaves:
            return frozenset({code})
        return frozenset(
            leaf for leaf in self._leaves if code in (self._areas[leaf].parent, self._areas[leaf].district)
        )

    def _located(self, text: str, mentions: Sequence[Mention], shares: Mapping[str, float]) -> Located:
        ranked = sorted(shares, key=lambda leaf: (-shares[leaf], leaf))
        candidates = tuple(self._candidate(leaf, shares[leaf], mentions) for leaf in ranked[:_SHOWN])
        address = parse_address(_without(text, mentions)) if mentions else AddressParts()
        if candidates and candidates[0].confidence >= SURE:
            best = candidates[0]
            return Located(
                district=best.district,
                street=best.street,
                community=best.community,
                confidence=best.confidence,
                reasons=best.reasons,
                candidates=candidates,
                ask=False,
                address=address,
            )
        return Located(
            district=self._district_meant(mentions, shares),
            confidence=candidates[0].confidence if candidates else 0.0,
            reasons=self._doubts(mentions, candidates),
            candidates=candidates if any(one.meaning.kind != DISTRICT for one in mentions) else (),
            address=address,
        )

    def _candidate(self, leaf: str, share: float, mentions: Sequence[Mention]) -> Candidate:
        area = self._areas[leaf]
        speaking = [one for one in mentions if leaf in one.meaning.streets]
        return Candidate(
            district=area.district,
            street=leaf if area.kind == STREET else "",
            community=self._community(leaf, speaking) or ("" if area.kind == STREET else leaf),
            confidence=round(share, 4),
            reasons=tuple(self._reason(one, area) for one in _heaviest(speaking)),
        )

    def _community(self, leaf: str, speaking: Sequence[Mention]) -> str:
        """The one community of this street on which the mentions agree; none where they leave several."""
        agreed: set[str] | None = None
        for one in sorted(speaking, key=lambda one: -one.weight):
            here = {code for code in one.meaning.communities if self._leaf[code] == leaf}
            if here:
                agreed = here if agreed is None or not agreed & here else agreed & here
        return agreed.pop() if agreed is not None and len(agreed) == 1 else ""

    def _reason(self, mention: Mention, area: Area) -> str:
        misspelt = mention.said != mention.name and not mention.said.startswith(mention.name)
        taken = f"，当作“{mention.name}”" if misspelt else ""
        if mention.meaning.kind == DISTRICT:
            return f"内容提到“{mention.said}”"
        belongs = "属" if len(mention.meaning.streets) == 1 else "可能属"
        return f"内容提到“{mention.said}”{taken}，{belongs}{area.name}"

    def _district_meant(self, mentions: Sequence[Mention], shares: Mapping[str, float]) -> str:
        """Where no street is sure the district may be: all that is likely lies in it."""
        totals: dict[str, float] = {}
        for leaf, share in shares.items():
            totals[self._areas[leaf].district] = totals.get(self._areas[leaf].district, 0.0) + share
        best = max(totals, key=lambda code: totals[code], default="")
        return best if mentions and totals.get(best, 0.0) >= SURE else ""

    def _doubts(self, mentions: Sequence[Mention], candidates: Sequence[Candidate]) -> tuple[str, ...]:
        named = [one for one in _heaviest(mentions) if one.meaning.kind != DISTRICT]
        if not named:
            return ("内容只说到区，没有说到街道（乡镇）",) if mentions else ()
        several = [one for one in named if len(one.meaning.streets) > 1]
        if several:
            return tuple(f"“{one.said}”在{len(one.meaning.streets)}个街道（乡镇）都有，请核实" for one in several)
        if len(candidates) > 1:
            return ("内容提到的几处地点不在同一街道（乡镇），请核实",)
        return tuple(f"“{one.said}”不一定是地点，请核实" for one in named)


def _without(text: str, mentions: Sequence[Mention]) -> str:
    """The text with its place names blanked: 龙腾苑二区 is a name, not the second zone of something."""
    for one in mentions:
        end = one.start + len(one.name) if one.said.startswith(one.name) else one.end
        text = text[: one.start] + " " * (end - one.start) + text[end:]
    return text


def _distinct(mentions: Sequence[Mention]) -> list[Mention]:
    """What is said twice counts once, at its surest; a name inside what another narrows down adds nothing."""
    best: dict[frozenset[str], Mention] = {}
    for one in mentions:
        if one.meaning.streets not in best or best[one.meaning.streets].weight < one.weight:
            best[one.meaning.streets] = one
    return list(best.values())


def _heaviest(mentions: Sequence[Mention]) -> list[Mention]:
    order = sorted(mentions, key=lambda one: (len(one.meaning.streets), -one.weight, one.start))
    seen: dict[str, Mention] = {}
    for one in order:
        seen.setdefault(one.said, one)
    return list(seen.values())[:_SHOWN]


def _covered(mention: Mention, near: Sequence[Mention]) -> bool:
    return mention.meaning.kind != DISTRICT and any(one.start < mention.end and mention.start < one.end for one in near)
