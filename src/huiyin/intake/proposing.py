"""What the machine proposes for a matter: class, type, grade, place, unit, each with confidence and reasons.

Everything comes from this process's copies of the registry: no query, a few hundred microseconds. A value that a
person has set is never proposed over; the rest is proposed around it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.domain.grading import GradeProposal, propose_grade
from huiyin.domain.vocabulary import RequestType
from huiyin.intake.places_in_text import PlaceProposal, propose_place
from huiyin.nlp.request_type import propose_type
from huiyin.nlp.words import Leaf, Suggestion, WordModel
from huiyin.registry import directory, routing, rulebook
from huiyin.registry.revision import PerRevision

_PLACE_READ_FROM_TEXT = 0.95  # how sure a street is that the words name outright [DESIGN]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What people have said or set so far; empty where nobody has."""

    text: str = ""
    address: str = ""
    class_code: str = ""
    request_type: RequestType | None = None
    district_id: int | None = None
    street_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    classes: tuple[Suggestion, ...]  # empty where a person has set the class
    class_code: str  # set or proposed; empty where no word of the taxonomy occurs
    request_type: RequestType
    grade: GradeProposal
    place: PlaceProposal
    unit: routing.UnitProposal
    confidence: float  # that the unit is right: of class, place and catalogue the product
    automatic: bool  # sure enough to be dispatched without a person

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the case: what was proposed and why."""
        return {
            "classes": [
                {"code": found.code, "confidence": found.confidence, "reasons": list(found.reasons)}
                for found in self.classes
            ],
            "grade": {"grade": str(self.grade.grade), "reasons": list(self.grade.reasons)},
            "place": {
                "district_id": self.place.district_id,
                "street_id": self.place.street_id,
                "community_id": self.place.community_id,
                "reasons": list(self.place.reasons),
            },
            "unit": {
                "unit_id": self.unit.unit_id,
                "sub_unit_id": self.unit.sub_unit_id,
                "confidence": float(self.unit.confidence),
                "reasons": list(self.unit.reasons),
            },
            "confidence": self.confidence,
            "automatic": self.automatic,
        }


def propose(known: Known, *, at: datetime) -> Proposal:
    in_force = rulebook.current(at)
    taxonomy = rulebook.taxonomy(in_force.taxonomy_id)
    rules = rulebook.rules(in_force.limits_id)
    text = f"{known.text} {known.address}"
    classes = () if known.class_code else tuple(word_model(in_force.taxonomy_id).rank(known.text))
    class_code = known.class_code or (classes[0].code if classes else "")
    info = taxonomy.get(class_code)
    place = _place(known, text)
    request_type = known.request_type or propose_type(text, allowed=info.request_types if info else ())
    unit = routing.propose_unit(
        class_code=class_code,
        street_id=place.street_id,
        district_id=place.district_id,
        request_type=request_type,
        text=known.text,
        at=at,
    )
    sure_of_class = 1.0 if known.class_code else (classes[0].confidence if classes else 0.0)
    sure_of_place = 1.0 if known.street_id or not place.street_id else _PLACE_READ_FROM_TEXT
    confidence = round(float(unit.confidence) * sure_of_class * sure_of_place, 3)
    return Proposal(
        classes=classes,
        class_code=class_code,
        request_type=request_type,
        grade=propose_grade(usual=info.urgency if info else None, text=text, rules=rules),
        place=place,
        unit=unit,
        confidence=confidence,
        automatic=unit.unit_id is not None and confidence >= rules.auto_dispatch_confidence,
    )


def word_model(taxonomy_edition_id: int) -> WordModel:
    models = _models()
    if taxonomy_edition_id not in models:
        models[taxonomy_edition_id] = WordModel(
            Leaf(code=info.code, names=(info.level1, info.level2, info.level3), keywords=info.keywords)
            for info in rulebook.taxonomy(taxonomy_edition_id).values()
        )
    return models[taxonomy_edition_id]


def _place(known: Known, text: str) -> PlaceProposal:
    if known.street_id:
        return PlaceProposal(
            district_id=directory.area(known.street_id).district_id, street_id=known.street_id, surely=True
        )
    found = propose_place(text)
    return PlaceProposal(district_id=known.district_id) if _elsewhere(found, known.district_id) else found


def _elsewhere(found: PlaceProposal, district_id: int | None) -> bool:
    """What the words name lies in another district than the one that was chosen."""
    return district_id is not None and found.district_id != district_id


@PerRevision
def _models() -> dict[int, WordModel]:
    return {}
