"""kill -9 under load, for real: no answered request is lost, nothing is registered or delivered twice."""

import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.integration.ops.test_serve import Running, wait_until

pytestmark = pytest.mark.slow

_GIVE_UP_SECONDS = 90
_SETTLE_SECONDS = 60


@dataclass
class Citizen:
    """Registers one case after another; without an answer it asks again with the same key, as clients should."""

    url: str
    token: str
    stop: threading.Event
    answered: dict[str, str] = field(default_factory=dict)  # key → case number
    problems: list[str] = field(default_factory=list)

    def run(self) -> None:
        with httpx.Client(timeout=10) as client:
            while not self.stop.is_set():
                self._register(client, str(uuid.uuid4()))

    def _register(self, client: httpx.Client, key: str) -> None:
        body = {
            "content": "楼道里的灯坏了三个月了，晚上老人上下楼很危险",
            "phone": "15400001234",
            "channel": "api",
            "class_code": "010101",
            "request_type": "complaint",
            "street_code": "110105026",
        }
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
        deadline = time.monotonic() + _GIVE_UP_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = client.post(f"{self.url}/api/v1/cases", json=body, headers=headers)
            except httpx.TransportError:
                time.sleep(0.2)
                continue
            if answer.status_code == 201:
                self.answered[key] = answer.json()["case_no"]
                return
            if answer.status_code not in (409, 500, 502, 503):
                self.problems.append(f"{answer.status_code} {answer.text[:200]}")
                return
            time.sleep(0.2)
        self.problems.append("never answered")


_PREPARE = """
from django.utils import timezone
from huiyin.ops.manage import set_up_django
set_up_django()
from huiyin.accounts.models import Post, Staff
from huiyin.api.scopes import Scope
from huiyin.api.tokens import issue
from huiyin.registry import directory, presets
presets.load("beijing")
staff = Staff.objects.create_user(username="citizen-desk", name="受理", staff_no="T1")
Post.objects.create(staff=staff, role="operator", unit_id=directory.hotline().id, valid_from=timezone.localdate())
print(issue(name="crash test", staff=staff, scopes=list(Scope), days=1, now=timezone.now(), per_minute=1000000).secret)
"""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path)
    try:
        wait_until(running.is_healthy, seconds=120)
        yield running
    finally:
        if running.process.poll() is None:
            running.stop()
        running.log.close()


def _token(running: Running) -> str:
    return _said(running, ["-c", _PREPARE])


def _said(running: Running, arguments: list[str]) -> str:
    """The last line that a Python process in the served installation prints."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUIYIN_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**kept, "HUIYIN_DATA_DIR": str(running.folder)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


def _database(running: Running) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(_said(running, ["-m", "huiyin.ops", "database", "url"]), autocommit=True)


def _kill_in_turn(running: Running) -> None:
    for name in ("web", "worker", "scheduler"):
        time.sleep(2)
        victim = running.child(name)
        assert victim is not None
        victim.kill()
        wait_until(lambda: (found := running.child(name)) is not None and found.pid != victim.pid)  # noqa: B023
    time.sleep(2)
    running.database().kill()
    wait_until(running.is_healthy, seconds=60)
    time.sleep(2)


def test_killing_web_worker_scheduler_and_database_loses_and_doubles_nothing(served: Running) -> None:
    stop = threading.Event()
    citizens = [Citizen(url=f"http://127.0.0.1:{served.port}", token=_token(served), stop=stop) for _ in range(1)]
    citizens += [Citizen(url=citizens[0].url, token=citizens[0].token, stop=stop) for _ in range(2)]
    threads = [threading.Thread(target=citizen.run) for citizen in citizens]

    for thread in threads:
        thread.start()
    try:
        _kill_in_turn(served)
    finally:
        stop.set()
        for thread in threads:
            thread.join(_GIVE_UP_SECONDS)

    answered = [number for citizen in citizens for number in citizen.answered.values()]
    assert [problem for citizen in citizens for problem in citizen.problems] == []
    assert len(answered) > 20  # there was load indeed
    with _database(served) as connection:

        def settled() -> bool:
            return connection.execute("SELECT count(*) FROM case_outbox").fetchone() == (0,)

        wait_until(settled, seconds=_SETTLE_SECONDS)
        stored = {number for (number,) in connection.execute("SELECT case_no FROM hotline_case").fetchall()}
        histories = connection.execute(
            "SELECT count(*), count(DISTINCT (case_id, seq)) FROM case_event WHERE action IN ('register', 'dispatch')"
        ).fetchone()
        told = connection.execute(
            "SELECT (SELECT count(*) FROM case_event WHERE action = 'dispatch'),"
            " (SELECT count(*) FROM case_notice WHERE action = 'dispatch')"
        ).fetchone()
    assert set(answered) == stored  # every answered case is there, and no other
    assert len(answered) == len(stored)  # each key made one case
    assert histories is not None
    assert histories[0] == histories[1] == 2 * len(stored)
    assert told is not None
    assert told[0] == told[1] == len(stored)  # every unit was told of every case once
