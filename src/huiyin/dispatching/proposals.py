"""What the machine proposes for a waiting case, in words: classes with the words that speak for them, unit with why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.cases.models import Case
from huiyin.cases.presenters import names
from huiyin.dispatching.models import SecondOpinion
from huiyin.domain.privacy import mask_text
from huiyin.domain.vocabulary import RequestType
from huiyin.intake.proposing import rank_classes
from huiyin.learning import champion
from huiyin.registry import routing, rulebook

_SURE = 50  # hundredths; below it the page says that the machine is not sure
_WORTH_SHOWING = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassChoice:
    code: str
    name: str
    path: str
    confidence: int  # in hundredths
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherUnit:
    unit_id: int
    name: str
    share: int  # of what speaks for any unit, in hundredths


@dataclass(frozen=True, slots=True, kw_only=True)
class NearCase:
    """A past case told in like words, and where it went."""

    case_no: str
    title: str
    class_name: str
    unit: str
    likeness: int  # in hundredths


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    name: str  # of the class, or why there is none
    class_code: str
    path: str
    reason: str
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    classes: tuple[ClassChoice, ...]
    unsure: bool
    others: tuple[OtherUnit, ...]
    nearest: tuple[NearCase, ...]
    opinion: Opinion | None
    unit: str
    sub_unit: str
    unit_reasons: tuple[str, ...]
    grade_reasons: tuple[str, ...]
    place_reasons: tuple[str, ...]


def proposals_for(case: Case, *, at: datetime) -> Proposals:
    """Classes are ranked anew from the text, so that cases registered without any have choices, too."""
    stored = case.proposal or {}
    unit = _unit(case, case.class_code or _best(case), at)
    classes = _classes(case)
    return Proposals(
        classes=classes,
        unsure=bool(classes) and classes[0].confidence < _SURE,
        others=_others(stored, case),
        nearest=_nearest(case),
        opinion=_opinion(case),
        unit=names.unit_name(unit.unit_id),
        sub_unit=names.unit_name(unit.sub_unit_id),
        unit_reasons=unit.reasons,
        grade_reasons=tuple((stored.get("grade") or {}).get("reasons", ())),
        place_reasons=tuple((stored.get("place") or {}).get("reasons", ())),
    )


def _others(stored: dict[str, Any], case: Case) -> tuple[OtherUnit, ...]:
    """The next best units, as they stood when the case came in; not those that have refused it."""
    found = (stored.get("unit") or {}).get("others", ())
    return tuple(
        OtherUnit(unit_id=unit_id, name=names.unit_name(unit_id), share=round(share * 100))
        for unit_id, share in found
        if unit_id not in case.refused_unit_ids and share >= _WORTH_SHOWING
    )


def _nearest(case: Case) -> tuple[NearCase, ...]:
    """One query; none where no model has learned from cases yet."""
    model = champion.current()
    if model is None:
        return ()
    found = {
        int(key): likeness for key, likeness in model.classes.nearest(_text(case), limit=4) if key.lstrip("-").isdigit()
    }
    taxonomy = rulebook.taxonomy(case.taxonomy_edition_id)
    rows = Case.objects.filter(pk__in=found, confidential=False).exclude(pk=case.pk)
    near = [
        NearCase(
            case_no=row.case_no,
            title=mask_text(row.title),
            class_name=taxonomy[row.class_code].name if row.class_code in taxonomy else "",
            unit=names.unit_name(row.lead_unit_id),
            likeness=round(found[row.pk] * 100),
        )
        for row in rows.only("case_no", "title", "class_code", "lead_unit_id")
    ]
    return tuple(sorted(near, key=lambda one: -one.likeness)[:3])


def _opinion(case: Case) -> Opinion | None:
    found = SecondOpinion.objects.filter(pk=case.pk).first()
    if found is None:
        return None
    info = rulebook.taxonomy(case.taxonomy_edition_id).get(found.class_code)
    return Opinion(
        name=info.name if info else found.problem or "候选类别都不符合",
        class_code=found.class_code if info else "",
        path=info.path if info else "",
        reason=found.reason,
        model=found.model,
    )


def _text(case: Case) -> str:
    return f"{case.title} {case.content}"


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
        text=_text(case),
        at=at,
    )


def _best(case: Case) -> str:
    choices = _classes(case)
    return choices[0].code if choices else ""


def _classes(case: Case) -> tuple[ClassChoice, ...]:
    taxonomy = rulebook.taxonomy(case.taxonomy_edition_id)
    found = rank_classes(_text(case), edition_id=case.taxonomy_edition_id)
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
