"""The room's one job: throwing away counters and forms that have served."""

from django.utils import timezone
from procrastinate.contrib.django import app

from huiyin.portal import limits, submissions


@app.periodic(cron="37 * * * *")
@app.task(name="portal.discard_old", queueing_lock="portal.discard_old")
def discard_old(timestamp: int) -> None:
    now = timezone.now()
    limits.discard_old(now)
    submissions.discard_old(now)
