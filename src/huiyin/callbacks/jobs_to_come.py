"""When a message is sent: now, or after a pause that grows with each failure."""

import random
from datetime import datetime, timedelta

from django.conf import settings

from huiyin.domain.calendar import CITY_ZONE

MOST_ATTEMPTS = 6
_FIRST_PAUSE = timedelta(seconds=30)
_GROWTH = 4


def pause_after(attempts: int) -> timedelta:
    """30 s, 2 min, 8 min, 32 min, 2 h, a tenth more or less so that many do not come back in one moment."""
    return _FIRST_PAUSE * _GROWTH ** (attempts - 1) * random.uniform(0.9, 1.1)


def by_day(now: datetime) -> datetime:
    """Now within the hours of the setting, by the city's clock, else when they begin again: nobody is woken."""
    local, first = now.astimezone(CITY_ZONE), settings.CALLBACK_SEND_FROM
    if first <= local.hour < settings.CALLBACK_SEND_UNTIL:
        return now
    morning = local.replace(hour=first, minute=0, second=0, microsecond=0)
    return morning if local.hour < first else morning + timedelta(days=1)


def send(message_id: int, *, at: datetime | None = None) -> None:
    """Defers the job in the current transaction: it exists exactly if the message does."""
    from huiyin.callbacks.jobs import send_message  # jobs are registered with the app only when Django is ready

    send_message.configure(schedule_at=at).defer(message_id=message_id)
