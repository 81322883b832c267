"""Finds the tests' PostgreSQL server: the one named in HUIYIN_TEST_DATABASE_URL, or an embedded one without fsync."""

import os
import re
from pathlib import Path

import psycopg
from psycopg import sql

from huiyin.ops.database import ensure_database

PREFIX = "test_huiyin_"


def server_url(folder: Path) -> str:
    url = os.environ.get("HUIYIN_TEST_DATABASE_URL") or ensure_database(folder, scratch=True)
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _drop_leftovers(url)
    return url


def database_name() -> str:
    """With xdist each worker is a process, and so has a database of its own."""
    return f"{PREFIX}{os.getpid()}"


def _drop_leftovers(url: str) -> None:
    """Drop the databases of runs that were killed before they could."""
    with psycopg.connect(url, autocommit=True) as connection:
        names = [row[0] for row in connection.execute("SELECT datname FROM pg_database").fetchall()]
        for name in names:
            found = re.match(rf"{PREFIX}(\d+)", name)
            if found and not Path(f"/proc/{found[1]}").exists():
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
