"""What the machine proposes for a waiting case, in words: classes with the words that speak for them, unit with why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.cases.models import Case
from huiyin.cases.presenters import names
from huiyin.domain.vocabulary import RequestType
from huiyin.intake.proposing import rank_classes
from huiyin.registry import routing, rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassChoice:
    code: str
    name: str
    path: str
    confidence: int  # in hundredths
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    classes: tuple[ClassChoice, ...]
    unit: str
    sub_unit: str
    unit_reasons: tuple[str, ...]
    grade_reasons: tuple[str, ...]
    place_reasons: tuple[str, ...]


def proposals_for(case: Case, *, at: datetime) -> Proposals:
    """Classes are ranked anew from the text, so that cases registered without any have choices, too."""
    stored = case.proposal or {}
    unit = _unit(case, case.class_code or _best(case), at)
    return Proposals(
        classes=_classes(case),
        unit=names.unit_name(unit.unit_id),
        sub_unit=names.unit_name(unit.sub_unit_id),
        unit_reasons=unit.reasons,
        grade_reasons=tuple((stored.get("grade") or {}).get("reasons", ())),
        place_reasons=tuple((stored.get("place") or {}).get("reasons", ())),
    )


def completed(values: dict[str, Any], case: Case, *, at: datetime) -> dict[str, Any]:
    """The form's values; where no unit was proposed at registering, the one that is proposed now."""
    if values["unit_id"] is not None:
        return values
    code = values["class_code"] or _best(case)
    unit = _unit(case, code, at)
    if unit.unit_id is None or unit.unit_id in case.refused_unit_ids:
        return values
    return {**values, "class_code": code, "unit_id": unit.unit_id, "sub_unit_id": unit.sub_unit_id}


def alternatives(case: Case, class_code: str, *, at: datetime) -> dict[str, Any]:
    """The unit that another class leads to, for the form to take over."""
    unit = _unit(case, class_code, at)
    return {
        "unit": _record(unit.unit_id),
        "sub_unit": _record(unit.sub_unit_id),
        "reasons": list(unit.reasons),
        "confidence": round(float(unit.confidence) * 100),
    }


def _record(unit_id: int | None) -> dict[str, Any] | None:
    return None if unit_id is None else {"id": unit_id, "label": names.unit_name(unit_id)}


def _unit(case: Case, class_code: str, at: datetime) -> routing.UnitProposal:
    return routing.propose_unit(
        class_code=class_code,
        street_id=case.street_id,
        district_id=case.district_id,
        request_type=RequestType(case.request_type),
        text=f"{case.title} {case.content}",
        at=at,
    )


def _best(case: Case) -> str:
    choices = _classes(case)
    return choices[0].code if choices else ""


def _classes(case: Case) -> tuple[ClassChoice, ...]:
    taxonomy = rulebook.taxonomy(case.taxonomy_edition_id)
    found = rank_classes(f"{case.title} {case.content}", edition_id=case.taxonomy_edition_id)
    return tuple(
        ClassChoice(
            code=suggestion.code,
            name=taxonomy[suggestion.code].name,
            path=taxonomy[suggestion.code].path,
            confidence=round(suggestion.confidence * 100),
            reasons=suggestion.reasons,
        )
        for suggestion in found
    )
