"""The room's one job: a period that was published names whom to talk to without anybody asking."""

from django.utils import timezone
from procrastinate.contrib.django import app


@app.periodic(cron="*/20 * * * *")
@app.task(name="governance.propose_talks", queueing_lock="governance.propose_talks")
def propose_talks(timestamp: int) -> int:
    """How many; running again finds nothing new."""
    from huiyin.governance import talking  # counting loads numerics: only the worker that counts needs them

    return len(talking.propose_newest(timezone.now()))
