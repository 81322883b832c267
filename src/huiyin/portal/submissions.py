"""Sees to it that a form sent twice counts once: a double tap, a page sent again after the network broke."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction

from huiyin.cases.models import Case
from huiyin.portal.models import Submission

_KEPT = timedelta(days=2)
# With the row of a form that is being worked on, the insert waits for that work's end.
_CLAIM = """
INSERT INTO portal_submission (key, made_at) VALUES (%s, %s) ON CONFLICT (key) DO NOTHING RETURNING key
"""


def new_token() -> str:
    return secrets.token_urlsafe(18)


def once(*, token: str, said: str, now: datetime, work: Callable[[], Case]) -> Case:
    """Does the work, or gives the case that this very form made before. Other words from the same page (the way back,
    then something else) are another matter: nothing that a citizen wrote is taken for a repetition unread."""
    key = hashlib.sha256(f"{token or new_token()}\n{said}".encode()).hexdigest()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, [key, now])
            first = cursor.fetchone() is not None
        if not first:
            return Case.objects.get(pk=Submission.objects.values_list("case_id", flat=True).get(pk=key))
        case = work()
        Submission.objects.filter(pk=key).update(case_id=case.pk)
    return case


def discard_old(now: datetime) -> int:
    return Submission.objects.filter(made_at__lt=now - _KEPT).delete()[0]
