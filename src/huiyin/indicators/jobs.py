"""The room's one job: a period that was published is scored without anybody asking."""

from django.utils import timezone
from procrastinate.contrib.django import app


@app.periodic(cron="*/20 * * * *")
@app.task(name="indicators.assess", queueing_lock="indicators.assess")
def assess(timestamp: int) -> int:
    from huiyin.indicators import scoring  # with numpy, which only the worker that scores needs
    from huiyin.indicators.editing import SYSTEM

    return len(scoring.assess_missing(by=SYSTEM, now=timezone.now()))
