"""Reads the event stream into labelled cases and outcomes; reads again what was written without news (imports)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import FloatField, IntegerField, Max
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from huiyin.cases.models import Case, CaseEvent
from huiyin.domain.actions import Action
from huiyin.learning import life
from huiyin.learning.life import Lesson, Line, Proposed
from huiyin.learning.models import LabelledCase, Outcome, Progress
from huiyin.learning.upserting import upsert

_BUNDLE: Final = 2_000
_BEHIND: Final = 10_000  # numbers drawn by transactions that had not ended when the mark was set
_MARK = "catch_up"
_TELLING = frozenset(str(action) for action in life.TELLING) | {str(Action.CANCEL), str(Action.MERGE)}
_CASE_FIELDS = ("id", "registered_at", "source", "status", "disposition")
_PROPOSED = {  # where it lies in the proposal that is kept with the case
    "class_code": KT("proposal__classes__0__code"),
    "class_confidence": Cast(KT("proposal__classes__0__confidence"), FloatField()),
    "unit_id": Cast(KT("proposal__unit__unit_id"), IntegerField()),
    "share": Cast(KT("proposal__unit__share"), FloatField()),
    "confidence": Cast(KT("proposal__confidence"), FloatField()),
    "model": Cast(KT("proposal__model"), IntegerField()),
    "request_type": KT("proposal__request_type"),
    "street_id": KT("proposal__place__street_id"),
    "grade": KT("proposal__grade__grade"),
}
_LINE_FIELDS = ("case_id", "action", "at", "actor_kind", "actor_id", "unit_id")
# Single values out of the JSON: an answer's or a statement's text is not even fetched.
_SETS = {f"set_{name}": KT(f"sets__{name}") for name in life.SETS}


def read(events: Sequence[CaseEvent]) -> None:
    """The subscriber: whatever the events tell, the cases' whole histories are read, so twice is as good as once."""
    told = [event for event in events if event.action in _TELLING]
    if not told:
        return
    outcomes = read_cases({event.case_id for event in told}, now=max(event.at for event in told))
    if any(outcome.automatic for outcome in outcomes):
        from huiyin.learning import watch  # with numpy: only the scheduler, which hands events on, needs it

        watch.judge(now=max(event.at for event in told), because=told[-1])


@transaction.atomic
def read_cases(case_ids: Iterable[int], *, now: datetime) -> list[Outcome]:
    """Four statements, however many cases: cases, their events, labels, outcomes."""
    ids = sorted(case_ids)
    lines = _lines(ids)
    labels: list[LabelledCase] = []
    outcomes: list[Outcome] = []
    said = {f"proposed_{name}": expression for name, expression in _PROPOSED.items()}
    for row in Case.objects.filter(id__in=ids).order_by("id").values(*_CASE_FIELDS, **said):
        proposed = _proposed(row)
        lesson = life.lesson_of(
            lines[row["id"]],
            proposed=proposed,
            foreign=bool(row["source"]),
            status=row["status"],
            disposition=row["disposition"],
        )
        labels += _labels(row, lesson)
        outcomes += _outcomes(row["id"], lesson, proposed, now)
    upsert(labels, key=("case_id", "kind"))
    upsert(outcomes, key=("case_id",), passive=("changed_at",))
    return outcomes


def catch_up(*, now: datetime, tell: Callable[[int], None] = lambda _count: None) -> int:
    """Reads cases that came without news: history and imports. Returns how many; `tell` hears of each bundle."""
    mark = Progress.objects.filter(pk=_MARK).first()
    after = max(0, (mark.case_id if mark else 0) - _BEHIND)
    last = Case.objects.aggregate(last=Max("id"))["last"] or 0
    done = 0
    while after < last:
        ids = list(Case.objects.filter(id__gt=after).order_by("id").values_list("id", flat=True)[:_BUNDLE])
        if not ids:
            break
        read_cases(ids, now=now)
        after = ids[-1]
        done += len(ids)
        tell(len(ids))
    Progress.objects.update_or_create(pk=_MARK, defaults={"case_id": last, "at": now})
    return done


def _labels(row: dict[str, Any], lesson: Lesson) -> list[LabelledCase]:
    return [
        LabelledCase(
            case_id=row["id"],
            kind=str(kind),
            proposed=said.proposed,
            final=said.final,
            source=str(said.source),
            by_staff_id=said.staff_id,
            by_unit_id=said.unit_id,
            at=said.at,
            registered_at=row["registered_at"],
        )
        for kind, said in lesson.labels.items()
    ]


def _outcomes(case_id: int, lesson: Lesson, proposed: Proposed, now: datetime) -> list[Outcome]:
    """A unit proved wrong is known at once, one that was right only once it has answered."""
    sent = lesson.sent
    if sent is None:
        return []
    known = sent.settled_at is not None or sent.moved_at is not None
    class_known = bool(proposed.class_code) and lesson.class_settled
    return [
        Outcome(
            case_id=case_id,
            dispatched_at=sent.at,
            automatic=sent.automatic,
            confidence=proposed.confidence,
            share=proposed.share,
            unit_proposed=proposed.unit_id,
            unit_id=sent.unit_id,
            unit_right=proposed.unit_id == sent.unit_id if known and proposed.unit_id else None,
            class_confidence=proposed.class_confidence,
            class_proposed=proposed.class_code,
            class_code=lesson.class_code,
            class_right=proposed.class_code == lesson.class_code if class_known else None,
            decided_at=sent.settled_at or sent.moved_at,
            model=proposed.model,
            changed_at=now,
        )
    ]


def _lines(case_ids: Sequence[int]) -> dict[int, list[Line]]:
    lines: dict[int, list[Line]] = defaultdict(list)
    found = CaseEvent.objects.filter(case_id__in=case_ids, action__in=_TELLING).order_by("case_id", "seq")
    for row in found.values(*_LINE_FIELDS, chosen=KT("data__class_code"), **_SETS):
        sets = {name: row.pop(f"set_{name}") for name in life.SETS}
        lines[row.pop("case_id")].append(Line(**row, sets=sets))
    return lines


def _proposed(row: dict[str, Any]) -> Proposed:
    given = {name: row[f"proposed_{name}"] for name in _PROPOSED}
    texts = ("class_code", "request_type", "street_id", "grade")
    return Proposed(**{name: value or "" if name in texts else value for name, value in given.items()})
