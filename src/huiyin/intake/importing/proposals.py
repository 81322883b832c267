"""What the machine proposes for imported cases: class, type and grade where the file says nothing, and the unit.

The same answers as intake.proposing, with what repeats over a file of millions looked up once.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from huiyin.cases.bulk import Registration
from huiyin.domain import dispatch
from huiyin.domain.grading import propose_grade
from huiyin.domain.vocabulary import RequestType
from huiyin.intake.proposing import Known, propose
from huiyin.nlp.request_type import propose_type
from huiyin.registry import routing, rulebook

_REMEMBERED = 100_000
# What was found only after the rule led nowhere speaks of the class in its reasons.
_BY_CLASS = frozenset({dispatch.Match.CLASS_DEFAULT, dispatch.Match.FALLBACK, dispatch.Match.NONE})
_TYPES = {str(kind): kind for kind in RequestType}
_NAMED = {"confidence": 1.0, "reasons": ["导入文件已注明主办单位"]}


class Proposer:
    """Completes registrations in place. Closed cases need no unit proposed; their gaps are filled all the same."""

    def __init__(self) -> None:
        self._rules_of_class: dict[tuple[int, str], tuple[dispatch.CatalogueRow, ...]] = {}
        self._units: dict[tuple[object, ...], dict[str, Any]] = {}
        self._jurisdiction = _Remembered()
        self._editions = _Editions()

    def editions(self, at: datetime) -> rulebook.InForce:
        return self._editions.at(at)

    def complete(self, given: Registration, *, named_unit: int | None, kept: Sequence[tuple[str, str]]) -> None:
        if given.class_code:
            self._from_class(given)
        else:
            self._from_words(given)
        if given.closing is not None:
            given.proposal = None
        elif named_unit is not None and given.proposal is not None:
            given.proposal["unit"] = {"unit_id": named_unit, "sub_unit_id": None, **_NAMED}
        if kept:
            given.proposal = (given.proposal or {}) | {"imported": dict(kept)}

    def _from_words(self, given: Registration) -> None:
        """Everything by intake's own proposals, which never set what the file has said."""
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
        given.proposal = found.as_json() | {"automatic": False}

    def _from_class(self, given: Registration) -> None:
        """The class is known: a twentieth of the work, for files of millions."""
        in_force = self._editions.at(given.at)
        info = rulebook.taxonomy(in_force.taxonomy_id)[given.class_code]
        if not given.request_type:
            given.request_type = str(propose_type(given.content, allowed=info.request_types))
        reasons: tuple[str, ...] = ()
        if not given.grade:
            grade = propose_grade(usual=info.urgency, text=given.content, rules=rulebook.rules(in_force.limits_id))
            given.grade, reasons = str(grade.grade), grade.reasons
        if given.closing is not None:
            return
        unit = self._unit(given, in_force, info)
        given.proposal = {
            "classes": [],
            "grade": {"grade": given.grade, "reasons": list(reasons)},
            "unit": unit,
            "confidence": unit["confidence"],
            "automatic": False,
        }

    def _unit(self, given: Registration, in_force: rulebook.InForce, info: rulebook.ClassInfo) -> dict[str, Any]:
        """By rule and place: a rule holds for many classes, and a place for all its cases."""
        catalogue = self._catalogue(in_force.catalogue_id, given.class_code)
        matter = dispatch.Matter(
            class_code=given.class_code,
            request_type=_TYPES[given.request_type],
            text=given.content,
            street_id=given.street_id,
            district_id=given.district_id,
        )
        row = dispatch.first_match(catalogue, matter)
        alike = row is not None and not row.words  # its reasons then say nothing of class and words
        key = (id(row) if alike else given.class_code, given.street_id, given.district_id)
        known = self._units.get(key) if alike else None
        if known is not None:
            return known
        found = dispatch.propose(matter, catalogue=catalogue, default=info.default, jurisdiction=self._jurisdiction)
        unit = {
            "unit_id": found.unit_id,
            "sub_unit_id": found.sub_unit_id,
            "confidence": float(found.confidence),
            "reasons": list(found.reasons),
        }
        if alike and found.basis not in _BY_CLASS and len(self._units) < _REMEMBERED:
            self._units[key] = unit
        return unit

    def _catalogue(self, edition_id: int, class_code: str) -> tuple[dispatch.CatalogueRow, ...]:
        """Of some two hundred rules the few that can hold for this class."""
        known = self._rules_of_class.get((edition_id, class_code))
        if known is None:
            rows = rulebook.catalogue(edition_id)
            known = tuple(row for row in rows if class_code.startswith(row.class_prefix))
            self._rules_of_class[(edition_id, class_code)] = known
        return known


class _Editions:
    """The editions in force; those at both ends of a stretch of time hold all through it."""

    def __init__(self) -> None:
        self._found: rulebook.InForce | None = None
        self._first = self._last = datetime.min.replace(tzinfo=UTC)

    def at(self, moment: datetime) -> rulebook.InForce:
        if self._found is not None and self._first <= moment <= self._last:
            return self._found
        found = rulebook.current(moment)
        if found == self._found:
            self._first, self._last = min(self._first, moment), max(self._last, moment)
        else:
            self._found, self._first, self._last = found, moment, moment
        return found


class _Remembered:
    """The directory as the dispatch rules ask it; it stands still under an import, so each question is asked once."""

    def __init__(self) -> None:
        for name in ("hotline", "street_unit", "district_unit", "bureau", "municipal", "enterprises", "parent_unit",
                     "name_of"):  # fmt: skip
            setattr(self, name, cache(getattr(routing._DIRECTORY, name)))
