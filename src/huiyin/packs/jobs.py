"""The room's jobs: one a pack, behind everything that somebody waits for; lost ones are sent again."""

from django.utils import timezone
from procrastinate.contrib.django import app

PATIENT = -10


@app.task(name="packs.make")
def make(pack_id: int) -> bool:
    from huiyin.packs import making  # with drawing and office formats: only the worker that makes a pack loads them

    return making.make(pack_id, now=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="packs.resume_lost", queueing_lock="packs.resume_lost")
def resume_lost(timestamp: int) -> int:
    from huiyin.packs import making

    return making.resume_lost(timezone.now())
