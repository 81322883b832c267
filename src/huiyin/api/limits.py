"""How often a caller may call: so many times a minute, counted over all processes.

Each process counts in memory and adds its share to the database once a second, so a request costs no query. Between
two such moments the processes do not see each other: a limit can be passed by what arrives in that second.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from huiyin.api.callers import Caller

WINDOW = 60
_SHARED_EVERY = 1.0
_MOST_REMEMBERED = 10_000
_SHARE = """
INSERT INTO api_rate_count AS known (caller, minute, count) VALUES (%s, %s, %s)
ON CONFLICT (caller) DO UPDATE SET minute = EXCLUDED.minute,
    count = EXCLUDED.count + CASE WHEN known.minute = EXCLUDED.minute THEN known.count ELSE 0 END
RETURNING count
"""


@dataclass(slots=True)
class _Tally:
    minute: int
    shared: int = 0  # what all processes had counted when we last asked
    own: int = 0  # counted here since
    shared_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a caller stands in this minute."""

    limit: int
    used: int
    seconds_left: int

    @property
    def exceeded(self) -> bool:
        return self.used > self.limit

    def headers(self) -> dict[str, str]:
        """The fields of draft-ietf-httpapi-ratelimit-headers."""
        left = max(0, self.limit - self.used)
        return {
            "RateLimit-Policy": f'"minute";q={self.limit};w={WINDOW}',
            "RateLimit": f'"minute";r={left};t={self.seconds_left}',
        }


class PerMinute(BaseThrottle):
    """Ninja asks before each operation; the standing is left on the request for the answer's headers."""

    def allow_request(self, request: HttpRequest) -> bool:
        caller: Caller = request.auth  # type: ignore[attr-defined]  # set by ninja after authentication
        standing = count(caller.key, caller.per_minute)
        request.rate_standing = standing  # type: ignore[attr-defined]  # an attribute of ours on Django's request
        return not standing.exceeded

    def wait(self) -> float | None:
        return WINDOW - time.time() % WINDOW


_tallies: dict[str, _Tally] = {}
_lock = threading.Lock()


def count(caller: str, limit: int, *, clock: Callable[[], float] = time.time) -> Standing:
    now = clock()
    minute = int(now // WINDOW)
    with _lock:
        tally = _tallies.get(caller)
        if tally is None or tally.minute != minute:
            if len(_tallies) >= _MOST_REMEMBERED:
                _tallies.clear()
            tally = _tallies[caller] = _Tally(minute=minute)
        tally.own += 1
        due = now - tally.shared_at >= _SHARED_EVERY
        owing = tally.own
        if due:
            tally.shared_at, tally.own, tally.shared = now, 0, tally.shared + owing
        used = tally.shared + tally.own
    if due:
        used = _share(tally, caller, minute, owing)
    return Standing(limit=limit, used=used, seconds_left=int(WINDOW - now % WINDOW))


def forget() -> None:
    """For tests."""
    _tallies.clear()


def _share(tally: _Tally, caller: str, minute: int, owing: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_SHARE, [caller, minute, owing])
        total: int = cursor.fetchone()[0]
    with _lock:
        tally.shared = total
        return total + tally.own
