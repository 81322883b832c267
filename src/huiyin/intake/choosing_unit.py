"""Which unit must act, how surely, and why: classes × catalogue × place, corrected by where such cases ended."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from heapq import nlargest

from huiyin.domain.dispatch import Matter
from huiyin.domain.vocabulary import RequestType
from huiyin.nlp.border import Borders, Precedent
from huiyin.nlp.unit_choice import choose_unit
from huiyin.registry import directory, routing, rulebook

_NEGLIGIBLE, _MOST = 0.003, 12  # classes less likely than this, or beyond so many, are not asked for their unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """`score` is raw, 0 to 1: what it is worth, calibration tells. `proposed` is the unit before history spoke."""

    unit: routing.UnitProposal
    score: float
    codes: tuple[str, ...]
    others: tuple[tuple[int, float], ...]
    proposed: int | None


def choose(
    classes: Mapping[str, float],
    *,
    street_id: int | None,
    district_id: int | None,
    sure_of_place: float,
    request_type: RequestType | None,
    text: str,
    at: datetime,
    borders: Borders | None = None,
) -> Chosen:
    """No query. `classes` are probabilities by class code; without any the district of the place takes it."""

    told = Matter(street_id=street_id, district_id=district_id, request_type=request_type, text=text)
    proposal = cache(routing.proposer(told, at=at))
    likely = dict(nlargest(_MOST, ((c, share) for c, share in classes.items() if share > _NEGLIGIBLE), key=_share))
    found = choose_unit(likely, unit_of=lambda code: proposal(code).unit_id)
    unit = proposal(found.codes[0] if found.codes else "")
    score = found.share * float(unit.confidence) * sure_of_place
    if len(found.codes) > 1:
        unit = replace(unit, reasons=(*unit.reasons, _same_unit(found.codes, at)))
    chosen = Chosen(unit=unit, score=score, codes=found.codes, others=found.others, proposed=unit.unit_id)
    return by_history(chosen, street_id, borders) if borders is not None else chosen


def _share(item: tuple[str, float]) -> float:
    return item[1]


def border_keys(street_id: int | None, codes: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    """Where history is looked up: the street and level-1 branch, then the street alone, as cases allow."""
    if street_id is None:
        return ()
    return ((street_id, codes[0][:2]), (street_id, "")) if codes else ((street_id, ""),)


def by_history(chosen: Chosen, street_id: int | None, borders: Borders) -> Chosen:
    if chosen.proposed is None:
        return chosen
    score = chosen.score
    for place, branch in border_keys(street_id, chosen.codes):
        found = borders.precedent(place=place, branch=branch, proposed=chosen.proposed)
        if found is None:
            continue
        score *= found.share
        if found.unit_id != chosen.proposed:
            return _overturned(chosen, found, score)
    return replace(chosen, score=score)


def _overturned(chosen: Chosen, found: Precedent, score: float) -> Chosen:
    usual, other = directory.find_unit(chosen.proposed), directory.find_unit(found.unit_id)
    why = (
        f"按目录应派{usual.short_name if usual else ''}，但同地同类最近 {found.of} 件中有 {found.times} 件"
        f"最终由{other.short_name if other else ''}办理"
    )
    return replace(
        chosen,
        score=score,
        unit=replace(chosen.unit, unit_id=found.unit_id, sub_unit_id=None, reasons=(why,)),
    )


def _same_unit(codes: tuple[str, ...], at: datetime) -> str:
    taxonomy = rulebook.taxonomy(rulebook.current(at).taxonomy_id)
    names = "”“".join(taxonomy[code].level3 for code in codes if code in taxonomy)
    return f"可能的类别“{names}”都由该单位办理"
