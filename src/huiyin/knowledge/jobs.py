"""The room's one job: reading new versions with the sentence model."""

from procrastinate.contrib.django import app

from huiyin.knowledge import meanings


@app.periodic(cron="* * * * *")
@app.task(name="knowledge.read_meanings", queueing_lock="knowledge.read_meanings")
def read_meanings(timestamp: int) -> None:
    meanings.catch_up()
