"""What the machine proposes for imported cases: class, type and grade where the file says nothing, and the unit.

The same answers as intake.proposing, with what repeats over a file of millions looked up once, and the proposal
written as text at once: most of a row's proposal has been written for another row before.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from huiyin.cases.bulk import Document, Registration
from huiyin.domain import dispatch
from huiyin.domain.grading import propose_grade, speaks_of_urgency
from huiyin.domain.rules import Rules
from huiyin.domain.vocabulary import RequestType
from huiyin.nlp.request_type import propose_type
from huiyin.registry import routing, rulebook

_REMEMBERED = 100_000
_TYPES = {str(kind): kind for kind in RequestType}
_NAMED = {"confidence": 1.0, "reasons": ["导入文件已注明主办单位"]}
_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Proposer:
    """Completes registrations in place. Closed cases need no unit proposed; their gaps are filled all the same."""

    def __init__(self) -> None:
        self._editions = _Editions()
        self._units = _Units()

    def editions(self, at: datetime) -> "Book":
        return self._editions.at(at)

    def complete(
        self, given: Registration, *, book: "Book", named_unit: int | None, kept: Sequence[tuple[str, str]]
    ) -> None:
        if given.class_code:
            self._from_class(given, book, named_unit, kept)
        else:
            self._from_words(given, named_unit, kept)

    def _from_words(self, given: Registration, named_unit: int | None, kept: Sequence[tuple[str, str]]) -> None:
        """Everything by intake's own proposals, which never set what the file has said."""
        from huiyin.intake.proposing import Known, propose  # loads the models: a second that most files can do without

        known = Known(
            text=f"{given.title} {given.content}",
            address=given.address,
            request_type=RequestType(given.request_type) if given.request_type else None,
            district_id=given.district_id,
            street_id=given.street_id,
        )
        found = propose(known, at=given.at)
        given.class_code = found.class_code
        given.request_type = given.request_type or str(found.request_type)
        given.grade = given.grade or str(found.grade.grade)
        if given.street_id is None and found.place.surely:
            given.district_id, given.street_id = found.place.district_id, found.place.street_id
            given.community_id = given.community_id or found.place.community_id
        proposal: dict[str, Any] | None = None
        if given.closing is None:
            proposal = found.as_json() | {"automatic": False}
            if named_unit is not None:
                proposal["unit"] = {"unit_id": named_unit, "sub_unit_id": None, **_NAMED}
        if kept:
            proposal = (proposal or {}) | {"imported": dict(kept)}
        given.proposal = proposal

    def _from_class(
        self, given: Registration, book: "Book", named_unit: int | None, kept: Sequence[tuple[str, str]]
    ) -> None:
        """The class is known: a twentieth of the work, for files of millions."""
        info = book.taxonomy[given.class_code]
        if not given.request_type:
            given.request_type = str(propose_type(given.content, allowed=info.request_types))
        grade = f'{{"grade":"{given.grade}","reasons":[]}}'
        if not given.grade:
            given.grade, grade = book.grade(given)
        imported = f'"imported":{_write(dict(kept))}' if kept else ""
        if given.closing is not None:
            given.proposal = Document(f"{{{imported}}}") if kept else None
            return
        unit, confidence = self._units.of(given, book)
        if named_unit is not None:
            unit = _write({"unit_id": named_unit, "sub_unit_id": None, **_NAMED})
        given.proposal = Document(
            f'{{"classes":[],"grade":{grade},"unit":{unit},'
            f'"confidence":{confidence},"automatic":false{"," if kept else ""}{imported}}}'
        )


@dataclass(frozen=True, slots=True)
class _Settled:
    """Where that leads at a place; `reasons` are JSON, or the number of the target whose why stands there."""

    head: str
    confidence: str
    reasons: tuple[str | int, ...]


_Places = dict[tuple[int | None, int | None], _Settled]  # by street and district


@dataclass(frozen=True, slots=True)
class _Tried:
    """What is tried for a matter, wherever it is."""

    targets: tuple[dispatch.Target, ...]
    whys: tuple[str, ...]  # of each target, as JSON
    places: _Places  # one for all that differ only in why


class _Units:
    """The unit for a matter, in two steps that both repeat: what its class, type and words make one try, and where
    that leads at its place. One rule or department stands behind many classes, and a place is met again and again."""

    def __init__(self) -> None:
        self._places: dict[tuple[object, ...], _Places] = {}
        self._jurisdiction = _Remembered()

    def of(self, given: Registration, book: "Book") -> tuple[str, str]:
        """The proposed unit as it is kept with the case, and how sure it is."""
        of_class = book.of_class(given.class_code)
        place = (given.street_id, given.district_id)
        key: object = given.request_type
        if of_class.listening or of_class.by_place:
            said = tuple([dispatch.word_said(row, given.content) for row in of_class.listening])
            key = (key, said, place if of_class.by_place else None)
        tried = of_class.tried.get(key) or self._keep(of_class.tried, key, self._try(given, of_class))
        settled = tried.places.get(place) or self._keep(tried.places, place, self._settle(given, tried))
        reasons = [tried.whys[why] if isinstance(why, int) else why for why in settled.reasons]
        return f"{settled.head}[{','.join(reasons)}]}}", settled.confidence

    @staticmethod
    def _keep(known: dict[Any, Any], key: object, found: Any) -> Any:
        if len(known) < _REMEMBERED:
            known[key] = found
        return found

    def _try(self, given: Registration, of_class: "_OfClass") -> _Tried:
        matter = dispatch.Matter(
            class_code=given.class_code,
            request_type=_TYPES[given.request_type],
            text=given.content,
            street_id=given.street_id,
            district_id=given.district_id,
        )
        row = dispatch.first_match(of_class.rules, matter)
        found = tuple(dispatch.targets(matter, row=row, default=of_class.default))
        kinds = tuple([(target.kind, target.name, target.unit_id, target.match) for target in found])
        return _Tried(found, tuple([_write(target.why) for target in found]), self._places.setdefault(kinds, {}))

    def _settle(self, given: Registration, tried: _Tried) -> _Settled:
        numbered = [replace(target, why=f"\0{number}") for number, target in enumerate(tried.targets)]
        place = dispatch.Matter(street_id=given.street_id, district_id=given.district_id)
        found = dispatch.settle(numbered, place, self._jurisdiction)
        confidence = _write(float(found.confidence))
        unit_id, sub_unit_id = _write(found.unit_id), _write(found.sub_unit_id)
        return _Settled(
            f'{{"unit_id":{unit_id},"sub_unit_id":{sub_unit_id},"confidence":{confidence},"reasons":',
            confidence,
            tuple([int(reason[1:]) if reason[:1] == "\0" else _write(reason) for reason in found.reasons]),
        )


@dataclass(frozen=True, slots=True)
class _OfClass:
    """Of some two hundred rules the few that can hold for this class."""

    rules: tuple[dispatch.CatalogueRow, ...]
    listening: tuple[dispatch.CatalogueRow, ...]  # rules that hold only where a word is said
    by_place: bool  # whether some rule holds only at some place
    default: dispatch.ClassDefault
    tried: dict[object, _Tried]


class Book:
    """The registry as a stretch of time is judged by."""

    def __init__(self, in_force: rulebook.InForce) -> None:
        self.in_force = in_force
        self.taxonomy_id = in_force.taxonomy_id
        self.taxonomy = rulebook.taxonomy(in_force.taxonomy_id)
        self.rules: Rules = rulebook.rules(in_force.limits_id)
        self._catalogue = rulebook.catalogue(in_force.catalogue_id)
        self._classes: dict[str, _OfClass] = {}
        self._usual: dict[tuple[str, str], tuple[str, str]] = {}

    def grade(self, given: Registration) -> tuple[str, str]:
        """The grade, and the proposal of it as it is kept; nearly always what the class and the type say."""
        if speaks_of_urgency(self.rules, given.content):
            return self._proposed(given)
        key = (given.class_code, given.request_type)
        return self._usual.get(key) or self._usual.setdefault(key, self._proposed(given))

    def _proposed(self, given: Registration) -> tuple[str, str]:
        usual, kind = self.taxonomy[given.class_code].urgency, _TYPES[given.request_type]
        found = propose_grade(usual=usual, text=given.content, rules=self.rules, request_type=kind)
        return str(found.grade), _write({"grade": str(found.grade), "reasons": list(found.reasons)})

    def of_class(self, code: str) -> _OfClass:
        known = self._classes.get(code)
        if known is None:
            rules = tuple(row for row in self._catalogue if code.startswith(row.class_prefix))
            listening = tuple(row for row in rules if row.words)
            by_place = any(row.area_id is not None for row in rules)
            known = self._classes[code] = _OfClass(rules, listening, by_place, self.taxonomy[code].default, {})
        return known


class _Editions:
    """The editions in force; those at both ends of a stretch of time hold all through it."""

    def __init__(self) -> None:
        self._book: Book | None = None
        self._books: dict[rulebook.InForce, Book] = {}
        self._first = self._last = datetime.min.replace(tzinfo=UTC)

    def at(self, moment: datetime) -> Book:
        if self._book is not None and self._first <= moment <= self._last:
            return self._book
        found = rulebook.current(moment)
        if self._book is not None and found == self._book.in_force:
            self._first, self._last = min(self._first, moment), max(self._last, moment)
            return self._book
        self._book = self._books.get(found) or self._books.setdefault(found, Book(found))
        self._first = self._last = moment
        return self._book


class _Remembered:
    """The directory as the dispatch rules ask it; it stands still under an import, so each question is asked once."""

    def __init__(self) -> None:
        for name in ("hotline", "street_unit", "district_unit", "bureau", "municipal", "enterprises", "parent_unit",
                     "name_of"):  # fmt: skip
            setattr(self, name, cache(getattr(routing.JURISDICTION, name)))
