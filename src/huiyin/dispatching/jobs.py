"""The room's jobs: asking another model for its opinion."""

from django.utils import timezone
from procrastinate.contrib.django import app


@app.task(queue="opinions", name="dispatching.ask_second_opinion")
def ask_second_opinion(case_id: int) -> None:
    from huiyin.dispatching import second_opinion  # loads an HTTP client, which only this job needs

    second_opinion.ask(case_id, now=timezone.now())
