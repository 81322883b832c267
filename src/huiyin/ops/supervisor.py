"""Keeps child processes running: restarts one that dies, more slowly each time, and stops all cleanly."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import FrameType
from zoneinfo import ZoneInfo

import click

STEADY_AFTER = 30.0  # seconds of life after which earlier deaths are forgiven
LONGEST_PAUSE = 30.0
_CITY = ZoneInfo("Asia/Shanghai")
PATIENCE = 20.0  # seconds a child gets to end its work


@dataclass(slots=True, kw_only=True)
class Child:
    title: str
    arguments: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    again_at: float = field(default=0.0)

    def start(self, now: float) -> None:
        command = [sys.executable, "-m", "huiyin.ops.child", *self.arguments]
        # Its own session: Ctrl-C reaches only the supervisor, which then stops the children in order.
        self.process = subprocess.Popen(command, start_new_session=True)
        self.started = now
        say(f"{self.title}: 启动 started (pid {self.process.pid})")

    def tend(self, now: float) -> None:
        if self.process is None:
            if now >= self.again_at:
                self.start(now)
            return
        if (code := self.process.poll()) is None:
            return
        self.process = None
        self.deaths = 1 if now - self.started > STEADY_AFTER else self.deaths + 1
        pause = min(LONGEST_PAUSE, 0.25 * 2 ** (self.deaths - 1))
        self.again_at = now + pause
        say(f"{self.title}: 退出 ended with {code}; {pause:g} 秒后重启 restart in {pause:g} s")


def run(children: Sequence[Child], *, also_tend: Callable[[], None]) -> None:
    """Tend the children, and whatever else needs it, until SIGTERM or SIGINT."""
    asked_to_stop = _listen_for_stop()
    while not asked_to_stop:
        for child in children:
            child.tend(time.monotonic())
        also_tend()
        time.sleep(0.1)
    say("正在停止 stopping")
    _stop(children)
    say("已停止 stopped")


def say(line: str) -> None:
    click.echo(f"{datetime.now(_CITY):%H:%M:%S} {line}")
    sys.stdout.flush()


def _stop(children: Sequence[Child]) -> None:
    running = [(child, child.process) for child in children if child.process is not None]
    for _, process in running:
        process.terminate()
    deadline = time.monotonic() + PATIENCE
    for child, process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            say(f"{child.title}: 未及时结束，强制终止 killed after {PATIENCE:g} s")
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _listen_for_stop() -> list[int]:
    received: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        received.append(number)

    signal.signal(signal.SIGTERM, note)
    signal.signal(signal.SIGINT, note)
    return received
