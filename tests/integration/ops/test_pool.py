"""The pool's look at a connection before a request gets it: a dead one is replaced, a live one is left in peace."""

from collections.abc import Iterator
from datetime import datetime

import psycopg
import pytest
from django.db import connection
from psycopg_pool import ConnectionPool


@pytest.fixture
def place(transactional_db: None) -> dict[str, str]:
    given = connection.get_connection_params()
    return {name: given[name] for name in ("host", "port", "dbname", "user", "password") if name in given}


@pytest.fixture
def pool(place: dict[str, str]) -> Iterator["ConnectionPool[psycopg.Connection]"]:
    kept = {**place, "autocommit": True}
    with ConnectionPool(kwargs=kept, min_size=1, max_size=1, check=ConnectionPool.check_connection) as made:
        yield made


def test_a_connection_that_the_server_ended_is_replaced_before_anybody_meets_it(
    pool: "ConnectionPool[psycopg.Connection]", place: dict[str, str]
) -> None:
    with pool.connection() as first:
        ended = first.info.backend_pid
    with psycopg.connect(**place, autocommit=True) as other:
        assert other.execute("SELECT pg_terminate_backend(%s, 5000)", [ended]).fetchone() == (True,)

    with pool.connection() as second:
        answer = second.execute("SELECT 1").fetchone()

    assert answer == (1,)
    assert second.info.backend_pid != ended


def test_a_connection_at_rest_is_not_asked_anything(
    pool: "ConnectionPool[psycopg.Connection]", place: dict[str, str]
) -> None:
    with pool.connection() as first:
        first.execute("SELECT 1")
        pid = first.info.backend_pid
    with psycopg.connect(**place, autocommit=True) as other:
        before = _last_asked(other, pid)

        with pool.connection() as again:
            assert again.info.backend_pid == pid

        assert _last_asked(other, pid) == before


def _last_asked(other: psycopg.Connection, pid: int) -> datetime:
    row = other.execute("SELECT state_change FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone()
    assert row is not None
    return row[0]
