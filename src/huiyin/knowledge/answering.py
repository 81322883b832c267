"""Finds what may be answered to a question, here and today; says honestly when there is nothing."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils import timezone

from huiyin.knowledge.held import Answerable, held
from huiyin.nlp import meaning
from huiyin.nlp.retrieval_odds import Odds
from huiyin.registry import directory

SURE: Final = 0.6  # from this probability an entry is offered as the answer; below, as "perhaps" or not at all
PERHAPS: Final = 0.25
_SNIPPET = 90
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；\n]?")

# Fitted on the demo entries, each asked by a question form that it did not have, and as often with the entry itself
# taken out; docs/intelligence.md has the figures.
_BY_WORDS: Final = Odds(weights=(4.25, 3.89, 1.0, 1.53, 0.0), bias=-4.06)
_BY_MEANING: Final = Odds(weights=(9.5, 6.72, 5.31, -1.32, 7.07), bias=-14.73)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An entry as it is quoted. `confidence` is the probability that the best one answers; it falls with the place."""

    entry: Answerable
    snippet: str
    confidence: float
    face: str  # the form of the question that was nearest

    @property
    def sure(self) -> bool:
        return self.confidence >= SURE

    @property
    def percent(self) -> int:
        return round(self.confidence * 100)

    @property
    def reference(self) -> str:
        """Names entry and version: "12.3"."""
        return f"{self.entry.id}.{self.entry.version}"

    @property
    def quote(self) -> str:
        """The answer as it is told, with where it comes from."""
        return f"{self.entry.answer.strip()}\n{attribution(self.entry)}"


def find(
    question: str,
    *,
    at: datetime,
    area: int | None = None,
    headline: str = "",
    limit: int = 3,
    public_only: bool = False,
    least: float = PERHAPS,
) -> list[Found]:
    """The best entries that hold on this day and in this area, best first; empty is the honest "no answer".

    `area` is the smallest area known of the place; an entry of a district answers for its streets, never the reverse.
    Without an area only entries of the whole city come.
    """
    known = held()
    day, around = timezone.localdate(at), _around(area)

    def may(key: int) -> bool:
        return _holds(known.entries[key], day, around) and (known.entries[key].public or not public_only)

    meant = meaning.of_question(question) if known.index.has_meanings else None
    hits = known.index.search(question, headline=headline, limit=max(limit, 2), keep=may, meaning=meant)
    if not hits:
        return []
    best = (_BY_WORDS if meant is None else _BY_MEANING).of(hits)
    found = [
        Found(
            entry=known.entries[hit.key],
            snippet=_snippet(known.entries[hit.key].answer, hit.face),
            confidence=round(best * hit.score / hits[0].score, 3),
            face=hit.face,
        )
        for hit in hits[:limit]
    ]
    return [one for one in found if one.confidence >= least]


def get(entry_id: int, *, at: datetime, area: int | None = None, anywhere: bool = False) -> Answerable | None:
    """The entry if it may be answered here and today."""
    entry = held().entries.get(entry_id)
    if entry is None or not entry.stands_on(timezone.localdate(at)):
        return None
    return entry if anywhere or _holds(entry, timezone.localdate(at), _around(area)) else None


def attribution(entry: Answerable) -> str:
    """〔知识库 K12 第3版；来源：…（发布单位）；有效期至 …〕: what makes an answer checkable later."""
    source = entry.source + (f"（{entry.issuer}）" if entry.issuer else "")
    until = f"有效期至{entry.valid_until:%Y-%m-%d}" if entry.valid_until else f"{entry.valid_from:%Y-%m-%d}起有效"
    return f"〔知识库 K{entry.id} 第{entry.version}版；来源：{source}；{until}〕"


def areas_named(entry: Answerable) -> str:
    area = directory.find_area(entry.area_id)
    return area.short_name if area else "全市"


def _holds(entry: Answerable, day: date, around: Collection[int]) -> bool:
    return entry.stands_on(day) and (entry.area_id is None or entry.area_id in around)


def _around(area_id: int | None) -> frozenset[int]:
    """The area, what it lies in and who administers it."""
    found: set[int] = set()
    area = directory.find_area(area_id)
    while area is not None and area.id not in found:
        found |= {area.id} | ({area.district_id} if area.district_id else set())
        area = directory.find_area(area.parent_id)
    return frozenset(found)


def _snippet(answer: str, face: str) -> str:
    """The sentence that shares most with what was asked, else the beginning."""
    sentences = [part.strip() for part in _SENTENCE.findall(answer) if part.strip()]
    if not sentences:
        return answer[:_SNIPPET]
    pairs = {face[start : start + 2] for start in range(len(face) - 1)}
    best = max(range(len(sentences)), key=lambda n: (sum(pair in sentences[n] for pair in pairs), -n))
    text = sentences[best]
    return text if len(text) <= _SNIPPET else text[: _SNIPPET - 1] + "…"
