"""Processor time by who spent it: unlike the rate, it says the same on a machine that others use as well."""

import contextlib
from collections.abc import Mapping
from pathlib import Path

import psutil


def processes(data_dir: Path, children: Mapping[str, int]) -> dict[str, int]:
    """The children by name, and the embedded database of this data folder, where it is the one in use."""
    lock = data_dir / "postgres" / "postmaster.pid"
    database = {"database": int(lock.read_text().split()[0])} if lock.is_file() else {}
    return {**children, **database}


def spent(pids: Mapping[str, int]) -> dict[str, float]:
    """Seconds by name, each process with all below it and with those below it that have ended."""
    return {name: _of_tree(psutil.Process(pid)) for name, pid in pids.items()}


def since(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    return {name: after[name] - before[name] for name in before}


def _of_tree(top: psutil.Process) -> float:
    seconds = 0.0
    for process in (top, *top.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):  # ended just now: its parent counts it from here on
            times = process.cpu_times()
            seconds += times.user + times.system + times.children_user + times.children_system
    return seconds
