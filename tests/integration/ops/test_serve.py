"""The process manager for real: what is killed comes back, what is asked to stop leaves nothing behind."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

pytestmark = pytest.mark.slow


class Running:
    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("HUIYIN_", "DJANGO_"))}
        self.log = (folder / "serve.log").open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "huiyin.ops", "serve", "--port", str(self.port)],
            env={**environment, "HUIYIN_DATA_DIR": str(folder)},
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    def is_healthy(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/ops/health", timeout=20).status_code == 200
        except httpx.TransportError:
            return False

    def child(self, name: str) -> psutil.Process | None:
        for process in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.ZombieProcess, psutil.NoSuchProcess):
                if name in process.cmdline():
                    return process
        return None

    def deaths(self) -> list[str]:
        return re.findall(r"ended with (-?\d+)", (self.folder / "serve.log").read_text())

    def database(self) -> psutil.Process:
        return psutil.Process(int((self.folder / "postgres/postmaster.pid").read_text().split()[0]))

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(40)


def wait_until(claim: Callable[[], bool], *, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.1)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    served = Running(tmp_path)
    try:
        wait_until(served.is_healthy, seconds=120)
        yield served
    finally:
        if served.process.poll() is None:
            served.stop()
        served.log.close()


def test_what_is_killed_comes_back_and_a_stop_leaves_nothing_behind(running: Running) -> None:
    wait_until(lambda: all(running.child(name) for name in ("web", "worker", "scheduler")))
    for name in ("web", "worker", "scheduler"):
        victim = running.child(name)
        victim.kill()
        wait_until(lambda: (found := running.child(name)) is not None and found.pid != victim.pid)  # noqa: B023
    wait_until(running.is_healthy)
    time.sleep(3)
    assert running.deaths() == ["-9", "-9", "-9"]  # only those killed here: no child ends by itself

    running.database().kill()
    wait_until(running.is_healthy)

    database = running.database()
    family = [database, *psutil.Process(running.process.pid).children(recursive=True)]
    assert len(family) >= 6  # database, web and its two workers, worker, scheduler
    assert running.stop() == 0
    psutil.wait_procs(family, timeout=10)
    assert [process.pid for process in family if process.is_running() and process.status() != "zombie"] == []


def test_children_end_when_their_supervisor_is_killed(running: Running) -> None:
    wait_until(lambda: all(running.child(name) for name in ("web", "worker", "scheduler")))
    children = psutil.Process(running.process.pid).children(recursive=True)
    database = running.database()

    running.process.send_signal(signal.SIGKILL)

    gone, left = psutil.wait_procs(children, timeout=30)
    database.terminate()  # it outlives the supervisor on purpose: the next start takes it over
    assert [process for process in left if process.status() != "zombie"] == []
    assert len(gone) >= 5
