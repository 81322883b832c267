"""Proposes again, by the model in use, for cases whose unit is known by now: what its confidence is worth."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from huiyin.cases.models import Case
from huiyin.domain.vocabulary import RequestType
from huiyin.intake.choosing_unit import border_keys
from huiyin.intake.proposing import Known, choose_for
from huiyin.learning.lent import Replayed
from huiyin.learning.models import Outcome
from huiyin.nlp.border import Borders, Ended
from huiyin.registry import routing

_BUNDLE = 1000
_REMEMBERED = timedelta(days=90)


def replay(case_ids: Sequence[int]) -> Replayed:
    """`case_ids` in order of time: each is judged by the precedents before it, as it would have been on its day."""
    borders = Borders()
    scored: list[tuple[float, bool]] = []
    first = True
    for row, final in _decided(case_ids):
        if first:
            _learn_what_came_before(borders, row["registered_at"])
            first = False
        chosen = choose_for(_known(row), at=row["registered_at"], borders=borders)
        if chosen.proposed is None:
            continue
        scored.append((chosen.score, chosen.unit.unit_id == final))
        _learn(borders, chosen.proposed, chosen.codes, row["street_id"], final)
    return Replayed(scored=scored, borders=borders.as_json())


def _learn_what_came_before(borders: Borders, moment: datetime) -> None:
    """Precedents of three months; the model is not asked, for the class is settled by now."""
    rows = Outcome.objects.filter(
        dispatched_at__gte=moment - _REMEMBERED, dispatched_at__lt=moment, decided_at__isnull=False
    ).exclude(class_code="")
    fields = ("class_code", "unit_id", "case__street_id", "case__district_id", "case__request_type", "case__content")
    for code, final, street_id, district_id, kind, text in rows.order_by("dispatched_at").values_list(*fields):
        usual = routing.propose_unit(
            class_code=code, street_id=street_id, district_id=district_id, request_type=kind, text=text, at=moment
        )
        if usual.unit_id is not None:
            _learn(borders, usual.unit_id, (code,), street_id, final)


def _learn(borders: Borders, proposed: int, codes: tuple[str, ...], street_id: int | None, final: int) -> None:
    for place, branch in border_keys(street_id, codes):
        borders.learn(Ended(place=place, branch=branch, proposed=proposed, final=final))


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
