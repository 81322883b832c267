"""The room's jobs: sketching what imports and histories wrote past the events."""

from procrastinate.contrib.django import app

from huiyin.matching import sketching


@app.periodic(cron="* * * * *")
@app.task(name="matching.catch_up", queueing_lock="matching.catch_up")
def catch_up(timestamp: int) -> int:
    return sketching.catch_up()
