"""Tells every process when the knowledge base changed: one number in the database, looked at every few seconds."""

import secrets
import time

from django.db import transaction

from huiyin.knowledge.models import Revision

CHECK_EVERY_SECONDS = 5.0
_ROW = 1
_number = -1
_looked_at = float("-inf")


def current() -> int:
    """At most a few seconds old."""
    global _number, _looked_at
    now = time.monotonic()
    if now - _looked_at >= CHECK_EVERY_SECONDS:
        _number = Revision.objects.filter(pk=_ROW).values_list("number", flat=True).first() or 0
        _looked_at = now
    return _number


def renew() -> None:
    """Call inside the transaction of every write: all processes read anew within seconds, this one at once.

    The number is drawn, not counted: one that was rolled back must never come again with other data behind it.
    """
    Revision.objects.update_or_create(pk=_ROW, defaults={"number": secrets.randbits(62)})
    transaction.on_commit(look_again)


def look_again() -> None:
    global _looked_at
    _looked_at = float("-inf")
