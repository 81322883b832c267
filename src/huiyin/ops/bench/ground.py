"""The ground a bench stands on: a scratch city of a given size in a data folder of its own, and its web server."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx

_BASE_CASES = 20_000  # really lived cases; larger cities are copies of these (see multiply.sql)
_START_SECONDS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where the server answers, and with what the clients show themselves."""

    url: str
    rows: int
    token: str  # of the hotline
    unit_token: str
    sessions: dict[str, str]  # session keys by account name
    unit_id: int
    processes: dict[str, int]  # whose processor time counts, by name
    deep_cursor: str = ""  # of page 1,000 of all cases, newest first; empty in a city too small for it


@contextlib.contextmanager
def scratch_folder(keep: Path | None) -> Iterator[Path]:
    """A data folder: `keep` is made once and used again by later runs, else one that is thrown away."""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    folder = Path(tempfile.mkdtemp(prefix="huiyin-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def use(folder: Path) -> None:
    """Settings of this process and all its children: the scratch city's own, with statements counted."""
    for name in [name for name in os.environ if name.startswith("HUIYIN_") and name != "HUIYIN_DATABASE_URL"]:
        del os.environ[name]
    os.environ |= {
        "HUIYIN_DATA_DIR": str(folder),
        "HUIYIN_COUNT_STATEMENTS": "1",
        "HUIYIN_DEMO": "1",
        "HUIYIN_LOG_LEVEL": "WARNING",
    }


@contextlib.contextmanager
def server(*, scheduler: bool = True) -> Iterator[tuple[str, dict[str, int]]]:
    """`huiyin web` (and the scheduler) as child processes on a free port; gives the address and their numbers."""
    port = _free_port()
    commands = [["web", "--port", str(port)]] + ([["scheduler"]] if scheduler else [])
    children = [
        subprocess.Popen([sys.executable, "-m", "huiyin.ops", *command], start_new_session=True) for command in commands
    ]
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, children[0])
        yield url, {command[0]: child.pid for command, child in zip(commands, children, strict=True)}
    finally:
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGTERM)
        for child in children:
            child.wait(timeout=30)


def build(rows: int, *, days: int = 90, until: datetime | None = None) -> None:
    """Fills the scratch city up to `rows` cases of the `days` up to `until` (now); one that is large enough stays."""
    from django.core.management import call_command
    from django.utils import timezone

    from huiyin.accounts.demo import create_demo_staff
    from huiyin.cases import rollups
    from huiyin.registry import presets

    call_command("migrate", interactive=False, verbosity=0)
    presets.load("beijing")
    create_demo_staff()
    there = _count()
    if not there or there < rows:
        _fill(there, rows, days=days, until=until or timezone.now())
    _settle()
    rollups.refresh_open(timezone.now())


def _fill(there: int, rows: int, *, days: int, until: datetime) -> None:
    from django.db import connection

    from huiyin.ops.demo import ground as demo
    from huiyin.ops.demo.history import usual_processes, write_history

    if rows and not there:
        base = min(rows, _BASE_CASES)
        write_history(seed=1, cases=base, days=days, now=until, processes=usual_processes())
        demo.learn(say=lambda _words: None)
        there = _count()
    if there < rows:
        _multiply(there, rows)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _settle() -> None:
    """In a city that lives no clock waits to strike. Here they do, in the copies many at once and the more the longer
    the city was kept, and the scheduler would be measured at catching up: they are spread over the coming day. What a
    run before left to be told is told."""
    from django.db import connection

    from huiyin.cases import subscriptions

    while subscriptions.deliver():
        pass
    with connection.cursor() as cursor:
        cursor.execute("UPDATE case_clock SET next_at = now() + random() * interval '1 day' WHERE next_at <= now()")


def _count() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM hotline_case")
        return int(cursor.fetchone()[0])


def _multiply(there: int, rows: int) -> None:
    """Copies the lived cases, with their events and running clocks, until there are `rows`; days are counted anew."""
    from importlib.resources import files

    from django.db import connection

    from huiyin.cases.bulk_indexes import set_aside

    script = files("huiyin.ops.bench").joinpath("multiply.sql").read_text(encoding="utf-8")
    copies = -(-(rows - there) // there)
    with set_aside():
        for number in range(1, copies + 1):
            wanted = min(there, rows - there * number)
            with connection.cursor() as cursor:
                cursor.execute(script.replace(":offset", str(number * 10_000_000)).replace(":wanted", str(wanted)))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, child: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        if child.poll() is not None:
            raise RuntimeError("the bench's web server did not start; run `huiyin web` by hand to see why")
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{url}/ops/health", timeout=2).status_code < 500:
                return
        time.sleep(0.2)
    raise RuntimeError(f"the bench's web server did not answer within {_START_SECONDS} s")
