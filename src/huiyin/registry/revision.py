"""Tells process-wide caches when registry data changed: one number in the database, looked at every few seconds."""

import secrets
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import transaction

from huiyin.registry.models import Revision

CHECK_EVERY_SECONDS = 5.0
_ROW = 1
_number = -1
_looked_at = float("-inf")
_caches: "list[PerRevision]" = []

T = TypeVar("T")


class PerRevision(Generic[T]):
    """A value built once a process and built again after registry data changed; calling it returns the value."""

    def __init__(self, build: Callable[[], T]) -> None:
        self._build = build
        self._lock = threading.Lock()
        self._held: tuple[int, T] | None = None
        self.__doc__ = build.__doc__
        _caches.append(self)

    def __call__(self) -> T:
        number = current()
        held = self._held
        if held is not None and held[0] == number:
            return held[1]
        with self._lock:
            if self._held is None or self._held[0] != number:
                self._held = (number, self._build())
            return self._held[1]

    def forget(self) -> None:
        self._held = None


def current() -> int:
    """The number of the data in the database, at most a few seconds old."""
    global _number, _looked_at
    now = time.monotonic()
    if now - _looked_at >= CHECK_EVERY_SECONDS:
        _number = Revision.objects.filter(pk=_ROW).values_list("number", flat=True).first() or 0
        _looked_at = now
    return _number


def renew() -> None:
    """Call inside the transaction of every write; this process sees the new data at once, others within seconds.

    The number is drawn, not counted: a number that was rolled back must never come again with other data behind it.
    """
    Revision.objects.update_or_create(pk=_ROW, defaults={"number": secrets.randbits(62)})
    transaction.on_commit(look_again)


def look_again() -> None:
    global _looked_at
    _looked_at = float("-inf")


def holders() -> "tuple[PerRevision, ...]":
    """All that this process holds of the registry, to be built before it is needed."""
    return tuple(_caches)


def forget_everything() -> None:
    """For tests, whose database is replaced beneath the process."""
    look_again()
    for cache in _caches:
        cache.forget()
