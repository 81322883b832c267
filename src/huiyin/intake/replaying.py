"""Proposes again, by the model in use, for cases whose unit is known by now: what its confidence is worth."""

from collections.abc import Iterator, Sequence
from typing import Any

from huiyin.cases.models import Case
from huiyin.domain.vocabulary import RequestType
from huiyin.intake.choosing_unit import Chosen, border_keys
from huiyin.intake.proposing import Known, choose_for
from huiyin.learning.models import Outcome
from huiyin.learning.recalibrating import Replayed
from huiyin.nlp.border import Borders, Ended

_BUNDLE = 1000


def replay(case_ids: Sequence[int]) -> Replayed:
    """`case_ids` in order of time: each is judged by the precedents before it, as it would have been on its day."""
    borders = Borders()
    scored: list[tuple[float, bool]] = []
    for row, final in _decided(case_ids):
        chosen = choose_for(_known(row), at=row["registered_at"], borders=borders)
        if chosen.proposed is None:
            continue
        scored.append((chosen.score, chosen.unit.unit_id == final))
        _learn(borders, chosen, row["street_id"], final)
    return Replayed(scored=scored, borders=borders.as_json())


def _learn(borders: Borders, chosen: Chosen, street_id: int | None, final: int) -> None:
    assert chosen.proposed is not None
    for place, branch in border_keys(street_id, chosen.codes):
        borders.learn(Ended(place=place, branch=branch, proposed=chosen.proposed, final=final))


def _decided(case_ids: Sequence[int]) -> Iterator[tuple[dict[str, Any], int]]:
    for start in range(0, len(case_ids), _BUNDLE):
        ids = list(case_ids[start : start + _BUNDLE])
        finals = dict(Outcome.objects.filter(case_id__in=ids).values_list("case_id", "unit_id"))
        fields = ("id", "title", "content", "request_type", "district_id", "street_id", "registered_at", "proposal")
        rows = {row["id"]: row for row in Case.objects.filter(id__in=ids).values(*fields)}
        yield from ((rows[case_id], finals[case_id]) for case_id in ids if case_id in rows and case_id in finals)


def _known(row: dict[str, Any]) -> Known:
    """What was known when it came in: the class only where a person had chosen one."""
    return Known(
        text=f"{row['title']} {row['content']}",
        class_code=(row["proposal"] or {}).get("told_class", ""),
        request_type=RequestType(row["request_type"]),
        district_id=row["district_id"],
        street_id=row["street_id"],
    )
