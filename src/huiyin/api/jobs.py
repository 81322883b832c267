"""The room's jobs: sending to webhooks, picking up what a lost job left, discarding what is old."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from huiyin.api import idempotency
from huiyin.api.models import Delivery, DeliveryState
from huiyin.api.webhooks import jobs_to_come

_KEPT = timedelta(days=30)


@app.task(queue="webhooks", name="api.send_deliveries")
def send_deliveries(webhook_id: int) -> None:
    from huiyin.api.webhooks import sending  # loads an HTTP client, which only the worker needs

    sending.send_due(webhook_id)


@app.periodic(cron="* * * * *")
@app.task(queue="webhooks", name="api.pick_up_deliveries", queueing_lock="api.pick_up_deliveries")
def pick_up_deliveries(timestamp: int) -> None:
    """A job that died with its worker is missed here, and sent again."""
    from huiyin.api.webhooks import sending

    for webhook_id in sending.overdue_webhooks(timezone.now()):
        jobs_to_come.send(webhook_id)


@app.periodic(cron="23 * * * *")
@app.task(queue="webhooks", name="api.discard_old", queueing_lock="api.discard_old")
def discard_old(timestamp: int) -> None:
    now = timezone.now()
    idempotency.discard_old(now)
    # What a switched-off webhook collected and nobody switched on in time.
    stale = Delivery.objects.filter(state=DeliveryState.PENDING, give_up_at__lt=now, webhook__active=False)
    stale.update(state=DeliveryState.GIVEN_UP, settled_at=now)
    Delivery.objects.filter(settled_at__lt=now - _KEPT).delete()
