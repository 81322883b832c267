"""When something is sent: now, or after a pause that grows with each failure, for a day at the most."""

import random
from datetime import datetime, timedelta

TRIED_FOR = timedelta(hours=24)
_FIRST_PAUSE = timedelta(seconds=10)
_LONGEST_PAUSE = timedelta(hours=4)
_GROWTH = 3


def pause_after(attempts: int) -> timedelta:
    """10 s, 30 s, 90 s, … 4 h, a tenth more or less so that many do not come back in one moment."""
    plain = min(_FIRST_PAUSE * _GROWTH ** min(attempts - 1, 12), _LONGEST_PAUSE)
    return plain * random.uniform(0.9, 1.1)


def send(webhook_id: int, *, at: datetime | None = None) -> None:
    """Defers the job in the current transaction: it exists exactly if the deliveries do."""
    from huiyin.api.jobs import send_deliveries  # jobs are registered with the app only when Django is ready

    send_deliveries.configure(schedule_at=at).defer(webhook_id=webhook_id)
