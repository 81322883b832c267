"""Readers of the event stream: each event reaches each subscriber once, in the transaction that empties the outbox.

A room that must react to another's events calls `subscribe` in its AppConfig.ready; nobody imports upward.
A subscriber writes rows of its own (notices, deliveries to send) and calls no other machine.
"""

from collections.abc import Callable, Sequence

from django.db import connection, transaction

from huiyin.cases.models import CaseEvent, Outbox

Subscriber = Callable[[Sequence[CaseEvent]], None]

_SUBSCRIBERS: list[Subscriber] = []
_BATCH = 500


def subscribe(subscriber: Subscriber) -> None:
    if subscriber not in _SUBSCRIBERS:
        _SUBSCRIBERS.append(subscriber)


def deliver() -> int:
    """Hands one batch of waiting events to every subscriber; returns how many. One deliverer at a time: order holds."""
    with transaction.atomic():
        if not _alone():
            return 0
        waiting = list(Outbox.objects.order_by("event_id")[:_BATCH])
        if not waiting:
            return 0
        # The times name the monthly partitions, so that only these are searched.
        times = [entry.event_at for entry in waiting]
        ids = [entry.event_id for entry in waiting]
        events = list(CaseEvent.objects.filter(id__in=ids, at__gte=min(times), at__lte=max(times)).order_by("id"))
        for subscriber in _SUBSCRIBERS:
            subscriber(events)
        Outbox.objects.filter(event_id__in=ids).delete()
    return len(waiting)


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('case_outbox'))")
        return bool(cursor.fetchone()[0])
