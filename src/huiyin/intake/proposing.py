"""What the machine proposes for a matter: class, type, grade, place, unit, each with confidence and reasons.

Everything comes from this process's copies of the registry and of the model in use: no query. A value that a person
has set is never proposed over; the rest is proposed around it. Where a city has no model yet, the words of the
taxonomy propose alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.domain.grading import GradeProposal, propose_grade
from huiyin.domain.rules import Rules
from huiyin.domain.vocabulary import RequestType
from huiyin.intake.choosing_unit import Chosen, choose
from huiyin.intake.places_in_text import PlaceProposal, propose_place
from huiyin.learning import champion, watch
from huiyin.learning.champion import Understanding
from huiyin.nlp.border import Borders
from huiyin.nlp.request_type import propose_type
from huiyin.nlp.told_class import weigh_in
from huiyin.nlp.words import Leaf, Suggestion, WordModel
from huiyin.registry import directory, routing, rulebook
from huiyin.registry.revision import PerRevision

_TYPE_SURE = 0.6  # below it the words that mark a type decide


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What people have said or set so far; empty where nobody has."""

    text: str = ""
    address: str = ""
    class_code: str = ""
    request_type: RequestType | None = None
    district_id: int | None = None
    street_id: int | None = None
    community_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    classes: tuple[Suggestion, ...]  # empty where a person has set the class
    told_class: str  # the class that a person has set
    class_code: str  # set or proposed; empty where no word is known
    request_type: RequestType
    grade: GradeProposal
    place: PlaceProposal
    unit: routing.UnitProposal
    others: tuple[tuple[int, float], ...]  # the next best units with what speaks for them
    score: float  # what speaks for the unit, before calibration
    confidence: float  # that the unit is right
    automatic: bool  # sure enough to be dispatched without a person
    stopped: str  # why nothing goes out by itself at all; empty where it may
    model: int | None  # number of the model that proposed

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the case: what was proposed and why."""
        return {
            "classes": [
                {"code": found.code, "confidence": found.confidence, "reasons": list(found.reasons)}
                for found in self.classes
            ],
            "told_class": self.told_class,
            "request_type": str(self.request_type),
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
                "share": round(self.score, 4),
                "others": [[unit_id, round(share, 4)] for unit_id, share in self.others],
                "reasons": list(self.unit.reasons),
            },
            "confidence": self.confidence,
            "automatic": self.automatic,
            "model": self.model,
        }


def propose(known: Known, *, at: datetime) -> Proposal:
    in_force = rulebook.current(at)
    taxonomy = rulebook.taxonomy(in_force.taxonomy_id)
    rules = rulebook.rules(in_force.limits_id)
    text = f"{known.text} {known.address}"
    model = champion.current()
    shares, classes = _classes(known, in_force.taxonomy_id)
    class_code = known.class_code or (classes[0].code if classes else "")
    info = taxonomy.get(class_code)
    place = _place(known, text)
    request_type = known.request_type or _type(text, info.request_types if info else (), model)
    chosen = choose(
        shares,
        street_id=place.street_id,
        district_id=place.district_id,
        sure_of_place=1.0 if known.street_id or not place.street_id else place.confidence,
        request_type=request_type,
        text=known.text,
        at=at,
        borders=model.units.borders if model and model.units else None,
    )
    allowed, why_not = watch.automatic_allowed(at)
    confidence, sure = _sure(chosen, model, rules)
    return Proposal(
        classes=classes,
        told_class=known.class_code,
        class_code=class_code,
        request_type=request_type,
        grade=propose_grade(
            usual=info.urgency if info else None,
            text=text,
            rules=rules,
            request_type=request_type,
        ),
        place=place,
        unit=chosen.unit,
        others=chosen.others,
        score=chosen.score,
        confidence=confidence,
        automatic=allowed and sure,
        stopped="" if allowed else why_not,
        model=model.version if model else None,
    )


def choose_for(known: Known, *, at: datetime, borders: Borders) -> Chosen:
    """Only the unit, for a matter whose place and type are known, by other precedents than those in use."""
    edition_id = rulebook.current(at).taxonomy_id
    shares, _ranked = _classes(known, edition_id)
    return choose(
        shares,
        street_id=known.street_id,
        district_id=known.district_id,
        sure_of_place=1.0,
        request_type=known.request_type,
        text=known.text,
        at=at,
        borders=borders,
    )


def rank_classes(text: str, *, edition_id: int, limit: int = 5) -> list[Suggestion]:
    """The likeliest classes of this edition, best first, with probabilities where a model has learned them."""
    model = champion.current()
    if model is None:
        return word_model(edition_id).rank(text, limit=limit)
    known = rulebook.taxonomy(edition_id)
    return [found for found in model.classes.rank(text, limit=limit) if found.code in known]


def _classes(known: Known, edition_id: int) -> tuple[Mapping[str, float], tuple[Suggestion, ...]]:
    """Probabilities by class, what the words say weighed against what a person chose; and the ranking where nobody
    did."""
    taxonomy = rulebook.taxonomy(edition_id)
    model = champion.current()
    if model is None:
        if known.class_code:
            return {known.class_code: 1.0}, ()
        ranked = tuple(word_model(edition_id).rank(known.text))
        return {found.code: found.confidence for found in ranked}, ranked
    if known.class_code not in taxonomy:
        shares, best = model.classes.say(known.text)
        said = {code: share for code, share in shares.items() if code in taxonomy}
        return said, tuple(found for found in best if found.code in taxonomy)
    said = {code: share for code, share in model.classes.probabilities(known.text).items() if code in taxonomy}
    sisters = rulebook.sisters(edition_id, known.class_code)
    return weigh_in(said, told=known.class_code, sisters=sisters, classes=len(taxonomy)), ()


def _type(text: str, allowed: tuple[RequestType, ...], model: Understanding | None) -> RequestType:
    """What the model is sure of, else what the words that mark a type say."""
    found = model.classes.types(text, allowed=allowed) if model else {}
    best = max(found, key=lambda kind: found[kind], default=None)
    return best if best is not None and found[best] >= _TYPE_SURE else propose_type(text, allowed=allowed)


def _sure(chosen: Chosen, model: Understanding | None, rules: Rules) -> tuple[float, bool]:
    """(how likely the unit is right, whether that is enough): by calibration, or by the rules until there is one."""
    if chosen.unit.unit_id is None:
        return 0.0, False
    if model is None or model.units is None:
        return round(chosen.score, 3), chosen.score >= rules.auto_dispatch_confidence
    return round(model.units.curve(chosen.score), 3), chosen.score >= model.units.at_least


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
    return propose_place(text, within=known.district_id)


@PerRevision
def _models() -> dict[int, WordModel]:
    return {}
