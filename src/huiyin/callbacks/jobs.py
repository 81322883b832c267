"""The room's jobs: sending messages, reminding, picking up what a lost job left, drawing samples."""

from django.utils import timezone
from procrastinate.contrib.django import app

from huiyin.callbacks import draws, jobs_to_come, sending


@app.task(queue="messages", name="callbacks.send_message")
def send_message(message_id: int) -> None:
    """May run twice: only a queued message that is due is taken, and by one of them."""
    sending.send_message(message_id, timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(queue="messages", name="callbacks.remind", queueing_lock="callbacks.remind")
def remind(timestamp: int) -> int:
    return sending.remind(timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(queue="messages", name="callbacks.pick_up", queueing_lock="callbacks.pick_up")
def pick_up(timestamp: int) -> None:
    for message_id in sending.lost(timezone.now()):
        jobs_to_come.send(message_id)


@app.periodic(cron="*/5 * * * *")
@app.task(name="callbacks.draw", queueing_lock="callbacks.draw")
def draw(timestamp: int) -> None:
    draws.run(timezone.now())
