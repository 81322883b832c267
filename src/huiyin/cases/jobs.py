"""The room's jobs: removing files that were uploaded and never used."""

from django.utils import timezone
from procrastinate.contrib.django import app

from huiyin.cases import attachments


@app.periodic(cron="41 3 * * *")
@app.task(name="cases.discard_unused_files", queueing_lock="cases.discard_unused_files")
def discard_unused_files(timestamp: int) -> int:
    return attachments.discard_unused(timezone.now())
