"""Which new cases another model is asked about; the asking itself is a job's, for it loads an HTTP client."""

from collections.abc import Sequence

from django.conf import settings

from huiyin.cases.models import CaseEvent
from huiyin.domain.actions import Action


def read(events: Sequence[CaseEvent]) -> None:
    """The subscriber: asks about cases that wait for a dispatcher, where a model is set."""
    if not settings.SECOND_OPINION_URL:
        return
    registered = {event.case_id for event in events if event.action == str(Action.REGISTER)}
    sent = {event.case_id for event in events if event.action == str(Action.DISPATCH)}
    if registered - sent:
        from huiyin.dispatching.jobs import ask_second_opinion  # jobs are registered only when Django is ready

        ask_second_opinion.batch_defer(*({"case_id": case_id} for case_id in sorted(registered - sent)))
