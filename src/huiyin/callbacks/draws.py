"""Draws a frame that has closed, asks the next where one cannot be reached, ends who was not drawn, reveals."""

from collections import Counter
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Exists, F, OuterRef, Q

from huiyin.callbacks import frames, handlings, links, plans
from huiyin.callbacks.models import Frame, FrameCase
from huiyin.callbacks.vocabulary import Channel
from huiyin.cases import desk
from huiyin.cases.models import Case, RunningClock
from huiyin.domain import periods, sampling
from huiyin.domain.actions import Action
from huiyin.domain.case import Actor
from huiyin.domain.errors import DomainError
from huiyin.domain.sampling import Drawn, Listed
from huiyin.domain.vocabulary import ClockKind, Status
from huiyin.registry import directory

_AT_ONCE: Final = 500
_UNLIKELY_AFTER: Final = 2  # attempts without an answer: waiting for the third would leave nobody else any time
_A_DAYS_CASES: Final = 10**7  # positions of one day's frame never reach the next day's

# Cases of each unit in the period before: what is expected of it in this one. Uses case_newest.
_EXPECTED = """
SELECT lead_unit_id, count(*) FROM hotline_case
 WHERE registered_at >= %(begins)s AND registered_at < %(ends)s AND disposition = 'dispatch' GROUP BY 1
"""


def run(now: datetime) -> None:
    """All that is due; each step may run twice."""
    frames.commit(now)
    for frame in Frame.objects.filter(drawn_at__isnull=True, ends_at__lte=now).order_by("day"):
        draw(frame, now)
    for frame in Frame.objects.filter(drawn_at__isnull=False, revealed_at__isnull=True).order_by("day"):
        replace(frame)
        end_undrawn(frame, now)
        _send_links(frame, now)
        _reveal(frame, now)


@transaction.atomic
def draw(frame: Frame, now: datetime) -> Frame:
    """Once: the lock is the one under which cases enter, so nobody comes in behind the draw."""
    frame = Frame.objects.select_for_update().get(pk=frame.pk)
    if frame.drawn_at is not None or now < frame.ends_at:
        return frame
    rows = {row.case.case_no: row for row in frame.listed.select_related("case", "plan")}
    frame.expected, frame.before = _expected(frame), _before(frame)
    drawn = _drawn(frame, list(rows.values()))
    for position, one in enumerate(drawn):
        row = rows[one.listed.case_no]
        row.place, row.rank, row.drawn = one.place, one.rank, one.taken
        row.position = frame.day.toordinal() * _A_DAYS_CASES + position
    FrameCase.objects.bulk_update(rows.values(), ["place", "rank", "drawn", "position"], batch_size=1000)
    frame.drawn_at, frame.cases, frame.taken = now, len(drawn), sum(one.taken for one in drawn)
    frame.save(update_fields=["expected", "before", "drawn_at", "cases", "taken"])
    return frame


@transaction.atomic
def replace(frame: Frame) -> int:
    """The next of the same unit and stratum, as long as his own callback has not ended; told apart from the drawn.

    Only the cells that are short are read: a frame of a large city has some 30,000 cases, and is looked at again and
    again until it is revealed.
    """
    short = _short(frame)
    if not short:
        return 0
    cells = reduce(or_, [Q(unit_id=unit_id, stratum=stratum) for unit_id, stratum in short])
    rows = list(frame.listed.filter(cells).select_related("case").select_for_update(of=("self",)).order_by("position"))
    filled = Counter((row.unit_id, row.stratum) for row in rows if row.instead)
    missed: set[str] = set()
    for row in rows:
        if not (row.drawn and _unlikely(row)):
            continue
        cell = (row.unit_id, row.stratum)
        if filled[cell]:  # somebody is asked instead already
            filled[cell] -= 1
        else:
            missed.add(row.case.case_no)
    free = {row.case.case_no for row in rows if row.drawn is False and _waits(row)}
    order = [Drawn(listed=_listed(row), place=row.place, rank=row.rank or 0, taken=bool(row.drawn)) for row in rows]
    chosen = sampling.replacements(order, missed=missed, free=free)
    return frame.listed.filter(case__case_no__in=chosen).update(drawn=True, instead=True) if chosen else 0


def _unlikely(row: FrameCase) -> bool:
    """Not reached, or hardly any more: should he answer after all, both count."""
    return row.case.callback_valid is False or (_waits(row) and row.case.callback_attempts >= _UNLIKELY_AFTER)


def _waits(row: FrameCase) -> bool:
    """Still in the callback that was listed: who is asked after a second handling, or a reopening, is asked anyway."""
    return row.case.status == Status.CALLBACK_PENDING and handlings.is_of_now(row.entered_at, 1, row.case)


def _short(frame: Frame) -> list[tuple[int, str]]:
    """Cells in which more of the drawn are unlikely to answer than were asked in their place, and somebody is left."""
    waits = frames.OF_NOW & Q(case__status=str(Status.CALLBACK_PENDING))
    unlikely = Q(case__callback_valid=False) | (waits & Q(case__callback_attempts__gte=_UNLIKELY_AFTER))
    missed = Count("pk", filter=Q(drawn=True) & unlikely)
    free = Count("pk", filter=Q(drawn=False) & waits)
    counted = frame.listed.order_by().values_list("unit_id", "stratum")
    return list(
        counted.annotate(missed=missed, filled=Count("pk", filter=Q(instead=True)), free=free)
        .filter(missed__gt=F("filled"), free__gt=0)
        .values_list("unit_id", "stratum")
    )


def ending(case_id: int) -> Action | None:
    """What happens when a callback's limit ends: who was not drawn is not waited for any longer (cases.sweeps)."""
    undrawn = FrameCase.objects.filter(frames.OF_NOW, case_id=case_id, drawn=False).exists()
    return Action.CLOSE_UNASKED if undrawn else None


def end_undrawn(frame: Frame, now: datetime) -> int:
    """Whose limit had ended before the frame was drawn: the scheduler was down, or the limit is short."""
    over = RunningClock.objects.filter(case_id=OuterRef("case_id"), kind=str(ClockKind.CALLBACK), due_at__lte=now)
    waiting = frame.listed.filter(frames.OF_NOW, Exists(over), drawn=False, case__status=str(Status.CALLBACK_PENDING))
    ended = 0
    for case_id in list(waiting.values_list("case_id", flat=True)[:_AT_ONCE]):
        try:
            desk.act(case_id, Action.CLOSE_UNASKED, actor=Actor.system(), data={}, now=now)
        except DomainError:  # answered in between
            continue
        ended += 1
    return ended


def export(frame: Frame) -> list[tuple[str, ...]]:
    """The frame as `huiyin callbacks draw` reads it: heading first, then the cases in the order of their numbers."""
    found: list[tuple[str, ...]] = [sampling_columns()]
    for row in frame.listed.select_related("case", "plan").order_by("case__case_no"):
        listed = _listed(row)
        found.append(
            (
                listed.case_no,
                listed.unit,
                listed.stratum,
                str(frame.expected.get(listed.unit, 0)),
                str(frame.before.get(_cell(listed), 0)),
                str(row.plan.half_width),
                str(row.plan.confidence),
                str(row.plan.floor),
                "" if row.drawn is None else str(int(row.drawn and not row.instead)),
            )
        )
    return found


def sampling_columns() -> tuple[str, ...]:
    return ("case_no", "unit", "stratum", "expected", "before", "half_width", "confidence", "floor", "drawn")


def _drawn(frame: Frame, rows: list[FrameCase]) -> list[Drawn]:
    """A unit's plan is the one under which its first case entered: a plan never changes within a day."""
    by_unit = {_listed(row).unit: row.plan for row in rows}
    shares = {
        unit: sampling.shares_of({unit: frame.expected.get(unit, 0)}, plans.rule_of(plan))[unit]
        for unit, plan in by_unit.items()
    }
    listed = [_listed(row) for row in rows]
    before = {(one.unit, one.stratum): frame.before.get(_cell(one), 0) for one in listed}
    return sampling.draw(listed, seed=frames.seed_of(frame), shares=shares, before=before)


def _expected(frame: Frame) -> dict[str, int]:
    rule = plans.period_rule(frame.begins_at)
    period = periods.period_of(frame.day, rule)
    last = periods.neighbour(period, -1, rule)
    with connection.cursor() as cursor:
        cursor.execute(_EXPECTED, {"begins": last.begins_at, "ends": last.ends_at})
        counted = dict(cursor.fetchall())
    units = set(frame.listed.values_list("unit_id", flat=True))
    return {directory.unit(unit_id).code: counted.get(unit_id, 0) for unit_id in units}


def _before(frame: Frame) -> dict[str, int]:
    """Cases of the same period listed on earlier days, by cell."""
    period = periods.period_of(frame.day, plans.period_rule(frame.begins_at))
    earlier = FrameCase.objects.filter(frame__day__gte=period.first, frame__day__lt=frame.day, drawn__isnull=False)
    counted = earlier.order_by().values_list("unit_id", "stratum").annotate(n=Count("pk"))
    return {f"{directory.unit(unit_id).code},{stratum}": n for unit_id, stratum, n in counted}


def _send_links(frame: Frame, now: datetime) -> None:
    """Who is not called can still answer: by a link where a number is known, else by the page."""
    if settings.CALLBACK_LINK_FIRST:
        return  # everybody had one when the callback began
    undrawn = frame.listed.filter(frames.OF_NOW, drawn=False).values("case_id")
    waiting = Case.objects.filter(
        ~Exists(handlings.LINKS), ~Q(requester__phone_sealed=b""), pk__in=undrawn, status=str(Status.CALLBACK_PENDING)
    )
    for case in waiting.select_related("requester").order_by("pk")[:_AT_ONCE]:
        try:
            links.invite(case, channel=Channel.SMS, now=now)
        except DomainError:  # answered, or sent by an agent, in between
            continue


def _reveal(frame: Frame, now: datetime) -> None:
    """Once none of its cases can be called any more, and a day after the draw at the earliest."""
    if frame.drawn_at is None or now < frame.drawn_at + timedelta(days=1):
        return
    if not frame.listed.filter(frames.OF_NOW, case__status=str(Status.CALLBACK_PENDING)).exists():
        Frame.objects.filter(pk=frame.pk).update(revealed_at=now)


def _listed(row: FrameCase) -> Listed:
    return Listed(case_no=row.case.case_no, unit=directory.unit(row.unit_id).code, stratum=row.stratum)


def _cell(listed: Listed) -> str:
    return f"{listed.unit},{listed.stratum}"
