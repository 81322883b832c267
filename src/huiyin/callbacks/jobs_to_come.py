"""When a message is sent: now, or after a pause that grows with each failure."""

import random
from datetime import datetime, timedelta

MOST_ATTEMPTS = 6
_FIRST_PAUSE = timedelta(seconds=30)
_GROWTH = 4


def pause_after(attempts: int) -> timedelta:
    """30 s, 2 min, 8 min, 32 min, 2 h, a tenth more or less so that many do not come back in one moment."""
    return _FIRST_PAUSE * _GROWTH ** (attempts - 1) * random.uniform(0.9, 1.1)


def send(message_id: int, *, at: datetime | None = None) -> None:
    """Defers the job in the current transaction: it exists exactly if the message does."""
    from huiyin.callbacks.jobs import send_message  # jobs are registered with the app only when Django is ready

    send_message.configure(schedule_at=at).defer(message_id=message_id)
