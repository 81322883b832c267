"""The room's one job: new versions read by the sentence model, some seconds at a time so that a worker can stop."""

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

_AT_ONCE = 30


@app.periodic(cron="* * * * *")
@app.task(name="knowledge.read_meanings", queueing_lock="knowledge.read_meanings")
def read_meanings(timestamp: int) -> None:
    from huiyin.knowledge import meanings  # with what the sentence model needs

    if meanings.catch_up(limit=_AT_ONCE) < _AT_ONCE:
        return
    try:
        read_meanings.defer(timestamp=timestamp)
    except AlreadyEnqueued:  # the next minute's is waiting already
        return
