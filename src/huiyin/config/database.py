"""Turns a PostgreSQL URL into Django's database settings."""

import select
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import ConnectionPool
from psycopg_pool.base import AttemptWithBackoff

# After a restart of the server every pooled connection is broken, and the pool pauses after each one it finds:
# by its own figures (1 s, doubled) a request waited 14 s for a server that was away for two.
AttemptWithBackoff.INITIAL_DELAY = 0.05
AttemptWithBackoff.DELAY_BACKOFF = 1.15

_ask = ConnectionPool.check_connection


def _ask_if_it_spoke(connection: psycopg.Connection[Any]) -> None:
    """A connection at rest has nothing to say: if there is something to read, the server said goodbye or is gone.
    Asking each time would cost every request a round trip."""
    socket = select.poll()
    socket.register(connection.fileno(), select.POLLIN)
    if socket.poll(0):
        _ask(connection)


ConnectionPool.check_connection = staticmethod(_ask_if_it_spoke)  # type: ignore[assignment]  # generic there


def django_database(url: str, *, pool_size: int) -> dict[str, Any]:
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        # Without `from`: the driver's message repeats the URL, and with it the password.
        raise ImproperlyConfigured("HUIYIN_DATABASE_URL is not a PostgreSQL URL (see docs/settings.md)") from None
    if not parts.get("dbname"):
        raise ImproperlyConfigured("HUIYIN_DATABASE_URL names no database (see docs/settings.md)")
    pool = {"min_size": 4, "max_size": pool_size, "timeout": 15}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname"),
        "USER": parts.pop("user", "") or "",
        "PASSWORD": parts.pop("password", "") or "",
        "HOST": parts.pop("host", "") or "",
        "PORT": str(parts.pop("port", "") or ""),
        # The pool hands connections over between requests, so Django must not keep its own.
        "CONN_MAX_AGE": 0,
        # A connection cut by a database restart is replaced before a request meets it.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**parts, "pool": pool},
    }
