"""Reads the event stream into labelled cases and outcomes; reads again what was written without news (imports)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from huiyin.cases.models import Case, CaseEvent
from huiyin.domain.actions import Action
from huiyin.learning import life, watch
from huiyin.learning.life import Lesson, Line
from huiyin.learning.models import LabelledCase, Outcome, Progress

_BUNDLE: Final = 2_000
_BEHIND: Final = 10_000  # numbers drawn by transactions that had not ended when the mark was set
_MARK = "catch_up"
_TELLING = frozenset(str(action) for action in life.TELLING) | {str(Action.CANCEL), str(Action.MERGE)}
_CASE_FIELDS = ("id", "registered_at", "proposal", "source", "status", "disposition")
_LINE_FIELDS = ("case_id", "action", "at", "actor_kind", "actor_id", "unit_id", "data", "sets")
_LABEL_FIELDS = ("proposed", "final", "source", "by_staff_id", "by_unit_id", "at", "registered_at")
_OUTCOME_FIELDS = [
    field.name for field in Outcome._meta.concrete_fields if field.name not in ("case", "automatic", "dispatched_at")
]


def read(events: Sequence[CaseEvent]) -> None:
    """The subscriber: whatever the events tell, the cases' whole histories are read, so twice is as good as once."""
    told = [event for event in events if event.action in _TELLING]
    if not told:
        return
    outcomes = read_cases({event.case_id for event in told}, now=max(event.at for event in told))
    if any(outcome.automatic for outcome in outcomes):
        watch.judge(now=max(event.at for event in told), because=told[-1])


@transaction.atomic
def read_cases(case_ids: Iterable[int], *, now: datetime) -> list[Outcome]:
    """Four statements, however many cases: cases, their events, labels, outcomes."""
    ids = sorted(case_ids)
    lines: dict[int, list[Line]] = defaultdict(list)
    found = CaseEvent.objects.filter(case_id__in=ids, action__in=_TELLING).order_by("case_id", "seq")
    for case_id, *values in found.values_list(*_LINE_FIELDS):
        lines[case_id].append(Line(**dict(zip(_LINE_FIELDS[1:], values, strict=True))))
    labels: list[LabelledCase] = []
    outcomes: list[Outcome] = []
    for row in Case.objects.filter(id__in=ids).order_by("id").values(*_CASE_FIELDS):
        lesson = life.lesson_of(
            lines[row["id"]],
            proposal=row["proposal"],
            foreign=bool(row["source"]),
            status=row["status"],
            disposition=row["disposition"],
        )
        labels += _labels(row, lesson)
        outcomes += _outcomes(row, lesson, now)
    LabelledCase.objects.bulk_create(
        labels, update_conflicts=True, unique_fields=["case", "kind"], update_fields=_LABEL_FIELDS, batch_size=2_000
    )
    Outcome.objects.bulk_create(
        outcomes, update_conflicts=True, unique_fields=["case"], update_fields=_OUTCOME_FIELDS, batch_size=2_000
    )
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


def _outcomes(row: dict[str, Any], lesson: Lesson, now: datetime) -> list[Outcome]:
    """A unit proved wrong is known at once, one that was right only once it has answered."""
    sent = lesson.sent
    if sent is None:
        return []
    proposal = row["proposal"] or {}
    proposed = (proposal.get("unit") or {}).get("unit_id")
    class_proposed, class_confidence = life.proposed_class(proposal)
    known = sent.settled_at is not None or sent.moved_at is not None
    class_known = bool(class_proposed) and lesson.class_settled
    return [
        Outcome(
            case_id=row["id"],
            dispatched_at=sent.at,
            automatic=sent.automatic,
            confidence=proposal.get("confidence"),
            share=(proposal.get("unit") or {}).get("share"),
            unit_proposed=proposed,
            unit_id=sent.unit_id,
            unit_right=proposed == sent.unit_id if known and proposed else None,
            class_confidence=class_confidence,
            class_proposed=class_proposed,
            class_code=lesson.class_code,
            class_right=class_proposed == lesson.class_code if class_known else None,
            decided_at=sent.settled_at or sent.moved_at,
            model=proposal.get("model"),
            changed_at=now,
        )
    ]
