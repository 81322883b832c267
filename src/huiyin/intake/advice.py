"""What the console shows beside an entry while it is typed: classes, place, grade, unit, similar open cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from huiyin.accounts.viewer import Viewer
from huiyin.domain.errors import InvalidData
from huiyin.domain.statement import normalise_phone
from huiyin.domain.vocabulary import Grade, RequestType
from huiyin.intake.crowds import propose_with_crowd
from huiyin.intake.entry import Entry, place_code
from huiyin.intake.proposing import Proposal, propose, rank_classes
from huiyin.intake.registering import goes_out_by_itself
from huiyin.matching.finding import Similar, similar_to
from huiyin.registry import directory, rulebook

_LEAST_TEXT = 2
_CLASSES = 5
_PLACES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassAdvice:
    code: str
    label: str
    path: str
    percent: int
    words: Sequence[str]
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceAdvice:
    code: str
    label: str
    detail: str
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitAdvice:
    name: str
    sub_name: str
    reasons: Sequence[str]
    percent: int
    automatic: bool
    because: str  # why a person will dispatch it, where the system does not


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    classes: Sequence[ClassAdvice]
    request_type: RequestType
    grade: Grade
    grade_reasons: Sequence[str]
    place: PlaceAdvice | None
    places: Sequence[PlaceAdvice]  # several that are called so: to be asked
    unit: UnitAdvice
    similar: Sequence[Similar]

    @property
    def is_danger(self) -> bool:
        return self.grade is Grade.CRITICAL

    def fill(self) -> dict[str, Any]:
        """For the form's empty fields; what a person set is left alone there."""
        best = next((found for found in self.classes if found.chosen), None) or next(iter(self.classes), None)
        return {
            "class_code": {"id": best.code, "label": best.label} if best else None,
            "request_type": str(self.request_type),
            "grade": str(self.grade),
            "place": {"id": self.place.code, "label": self.place.label} if self.place else None,
        }


def advise(entry: Entry, *, viewer: Viewer, now: datetime) -> Advice | None:
    """None as long as too little is said. Queries only for the similar cases; the rest is in the process's memory."""
    known = entry.known()
    if len(known.text) < _LEAST_TEXT:
        return None
    made = propose_with_crowd(known, at=now)
    areas = {**_proposed_areas(made), **entry.areas} if "place" not in entry.left_empty else entry.areas
    return Advice(
        classes=_classes(entry, made, known.text, now),
        request_type=made.request_type,
        grade=made.grade.grade,
        grade_reasons=made.grade.reasons,
        place=_place(made),
        places=_places(made),
        unit=_unit(entry, made, now),
        similar=_similar(entry, viewer, areas, made, now),
    )


def _classes(entry: Entry, made: Proposal, text: str, now: datetime) -> list[ClassAdvice]:
    """The ranking stays in sight after somebody chose, so that the list does not jump away under the eyes."""
    edition_id = rulebook.current(now).taxonomy_id
    taxonomy = rulebook.taxonomy(edition_id)
    ranked = made.classes or rank_classes(text, edition_id=edition_id)
    chosen = entry.by_person("class_code") or (made.class_code if "class_code" not in entry.left_empty else "")
    return [
        ClassAdvice(
            code=found.code,
            label=taxonomy[found.code].level3,
            path=f"{taxonomy[found.code].level1} › {taxonomy[found.code].level2}",
            percent=round(found.confidence * 100),
            words=found.reasons[:3],
            chosen=found.code == chosen,
        )
        for found in ranked[:_CLASSES]
    ]


def _proposed_areas(made: Proposal) -> dict[str, int]:
    found = {
        "district_id": made.place.district_id,
        "street_id": made.place.street_id,
        "community_id": made.place.community_id,
    }
    return {name: area_id for name, area_id in found.items() if area_id}


def _place(made: Proposal) -> PlaceAdvice | None:
    """Only what the words name; a place that a person set comes back without reasons and is no advice."""
    areas = _proposed_areas(made)
    if not areas or (areas.get("street_id") and not made.place.reasons):
        return None
    names = [directory.area(area_id).short_name for area_id in areas.values()]
    return PlaceAdvice(
        code=place_code(areas),
        label=names[-1],
        detail=" ".join(names[:-1]),
        reasons=made.place.reasons or ("内容只提到区，街道请问清",),
    )


def _places(made: Proposal) -> list[PlaceAdvice]:
    """Same names in several places, the likeliest first; the operator asks which."""
    found = made.place.candidates[:_PLACES] if made.place.ask else ()
    advised = []
    for candidate in found:
        areas = {
            "district_id": candidate.district_id,
            "street_id": candidate.street_id,
            "community_id": candidate.community_id,
        }
        names = [directory.area(area_id).short_name for area_id in areas.values() if area_id]
        if names:
            advised.append(
                PlaceAdvice(
                    code=place_code(areas), label=names[-1], detail=" ".join(names[:-1]), reasons=candidate.reasons
                )
            )
    return advised


def _unit(entry: Entry, made: Proposal, now: datetime) -> UnitAdvice:
    unit, sub = directory.find_unit(made.unit.unit_id), directory.find_unit(made.unit.sub_unit_id)
    emptied = {name for name in ("class_code", "place") if name in entry.left_empty and not entry.value(name)}
    automatic = not emptied and goes_out_by_itself(made, request_type=str(made.request_type))
    return UnitAdvice(
        name=unit.short_name if unit else "",
        sub_name=sub.short_name if sub else "",
        reasons=made.unit.reasons,
        percent=round(made.confidence * 100),
        automatic=automatic,
        because=""
        if automatic
        else _because(made, emptied=bool(emptied), enough=_enough_once_confirmed(entry, made, now)),
    )


def _because(made: Proposal, *, emptied: bool, enough: bool) -> str:
    if made.request_type in (RequestType.CONSULTATION, RequestType.PRAISE):
        return f"{made.request_type.label}不自动派单：能答复的请直接答复"
    if made.stopped:
        return f"自动派单已停用，由派单员派单：{made.stopped}"
    if not made.class_code or emptied:
        return "类别或地点留空，由派单员确认"
    if made.unit.unit_id is None or not made.place.street_id:
        return "问清地点后可自动派单"
    return "确认类别（Alt+1）即可直接派单" if enough else "把握不足，由派单员确认"


def _enough_once_confirmed(entry: Entry, made: Proposal, now: datetime) -> bool:
    """Whether the class is all that is in doubt: a person's word for it would be enough."""
    if not made.classes or made.unit.unit_id is None:
        return False
    return propose(replace(entry.known(), class_code=made.class_code), at=now).automatic


def _similar(
    entry: Entry, viewer: Viewer, areas: Mapping[str, int], made: Proposal, now: datetime
) -> Sequence[Similar]:
    """Asked always, so that the number of statements does not depend on what was typed."""
    known = entry.known()
    shares = {found.code: found.confidence for found in made.classes}
    return similar_to(
        viewer=viewer,
        text=known.text,
        address=known.address,
        at=now,
        phone=_digits(entry.value("phone")),
        street_id=areas.get("street_id"),
        community_id=areas.get("community_id"),
        kinds=shares or ({made.class_code: 1.0} if made.class_code else {}),
    )


def _digits(phone: str) -> str:
    try:
        return normalise_phone(phone) if phone else ""
    except InvalidData:  # said at its field once the form is sent
        return ""
