"""A frame a day: its seed is committed to before it closes, each callback in scope enters it, nobody chooses.

Reads the event stream. Which unit's cases are in scope is the plans' word (`plans`); who is taken is `draws`' work.
"""

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, F, Q
from django.utils import timezone

from huiyin.accounts import sealed
from huiyin.callbacks import handlings, plans
from huiyin.callbacks.models import Frame, FrameCase
from huiyin.cases.models import Case, CaseEvent
from huiyin.domain import periods
from huiyin.domain.actions import Action
from huiyin.domain.sampling import commitment_of
from huiyin.domain.vocabulary import Status

_SEED_BYTES: Final = 16
_AHEAD: Final = timedelta(days=1)
_STARTS: Final = frozenset({Action.START_CALLBACK, Action.RECORD_CALLBACK})

# Who waits for the draw, or was not drawn, is not called; after a second handling or a reopening everybody is.
NOT_DRAWN: Final = Exists(handlings.LISTED.exclude(drawn=True)) & Q(round=1)
DRAWN: Final = Exists(handlings.LISTED.filter(drawn=True)) & Q(round=1)
OF_NOW: Final = Q(case__round=1, entered_at__gte=F("case__dispatched_at"))  # of rows: the handling that was listed


def commit(now: datetime) -> list[Frame]:
    """Frames of today and tomorrow where a plan holds then; their seeds are drawn here and sealed."""
    rule = plans.period_rule(now)
    days = [periods.day_of(moment, rule) for moment in (now, now + _AHEAD) if plans.book_at(moment)]
    return [frame_of(day, now) for day in days]


def frame_of(day: date, now: datetime) -> Frame:
    begins, ends = periods.day_bounds(day, plans.period_rule(now))
    seed = secrets.token_hex(_SEED_BYTES)
    frame, _ = Frame.objects.get_or_create(
        day=day,
        defaults={
            "begins_at": begins,
            "ends_at": ends,
            "seed_sealed": sealed.seal(seed),
            "commitment": commitment_of(seed),
            "committed_at": now,
        },
    )
    return frame


def seed_of(frame: Frame) -> str:
    return sealed.unseal(bytes(frame.seed_sealed))


def note(events: Sequence[CaseEvent]) -> None:
    """A reader of the event stream: a callback that begins enters the frame of its day, whoever began it.

    Also one that was answered before it fell due, or that an agent made early: else who answers, or is called, of
    somebody's own choice would stand outside the draw.
    """
    begun = [event for event in events if event.action in _STARTS and event.from_status == Status.REPLIED]
    if not begun:
        return
    now = timezone.now()
    book = plans.book_at(now)
    if book:
        _enter(begun, book, now)


def is_aside(case: Case) -> bool:
    """Whether it waits for the draw or was not drawn, so that an answer to an agent would count nowhere."""
    return FrameCase.objects.filter(OF_NOW, case_id=case.pk).exclude(drawn=True).exists()


def _open(day: date, now: datetime) -> Frame:
    """Of this day, or the next where the draw was quicker than we were, for nobody may come in behind it. Locked."""
    frame = Frame.objects.select_for_update().get(pk=frame_of(day, now).pk)
    return frame if frame.drawn_at is None else _open(day + timedelta(days=1), now)


@transaction.atomic
def _enter(events: Iterable[CaseEvent], book: plans.Book, now: datetime) -> None:
    """What is delivered late enters the day that runs: a frame that was drawn is never added to."""
    begun = {event.case_id: event for event in events}
    frame = _open(periods.day_of(now, plans.period_rule(now)), now)
    rows = []
    for case in Case.objects.filter(pk__in=begun, round=1):
        plan = book.plan_for(case.lead_unit_id)
        if plan is None:
            continue
        rows.append(
            FrameCase(
                case=case,
                frame=frame,
                plan=plan,
                unit_id=case.lead_unit_id,
                stratum=plans.stratum_of(case, plan),
                entered_at=begun[case.pk].at,
            )
        )
    FrameCase.objects.bulk_create(rows, ignore_conflicts=True)  # a case stands in one frame, the first
