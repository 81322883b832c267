"""Client processes that work as fast as answers come, and the figures of what they saw."""

import math
import multiprocessing
import queue
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import Any

from huiyin.ops.bench import processor
from huiyin.ops.bench.client import Client, Lost
from huiyin.ops.bench.ground import Ground
from huiyin.ops.bench.scenarios import WORKS, Failed

_WARM_UP_SECONDS = 2.0


@dataclass
class Seen:
    """What one client saw: latencies in milliseconds, statements per unit of work, errors in words."""

    milliseconds: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)
    done: int = 0  # units of work, also those of the warm-up
    processor_seconds: float = 0.0  # of the client itself, over all of them
    errors: list[str] = field(default_factory=list)


def drive(name: str, ground: Ground, *, clients: int, seconds: float) -> dict[str, Any]:
    """Runs the bench and returns its figures; the first seconds warm up and are not counted.

    Processor time is of the whole run, the warm-up too, shared out over all units of work.
    """
    context = multiprocessing.get_context("spawn")
    answers: Queue[Seen] = context.Queue()
    together = context.Barrier(clients)
    processes = [
        context.Process(target=_client, args=(name, ground, number, seconds, together, answers))
        for number in range(clients)
    ]
    before = processor.spent(ground.processes)
    for process in processes:
        process.start()
    seen = [_next(answers, seconds) for _ in processes]
    spent = processor.since(before, processor.spent(ground.processes))
    for process in processes:
        process.join()
    return figures(name, ground.rows, seen, seconds=seconds, spent=spent)


def figures(
    name: str, rows: int, seen: Sequence[Seen], *, seconds: float, spent: Mapping[str, float]
) -> dict[str, Any]:
    """The keys of every bench's JSON object. Latencies in ms; `statements` is the mean per unit of work.

    `cpu_ms` is the processor time per unit of work by who `spent` it, the clients among them.
    """
    milliseconds = sorted(value for one in seen for value in one.milliseconds)
    statements = [value for one in seen for value in one.statements]
    errors = [error for one in seen for error in one.errors]
    return {
        "name": name,
        "rows": rows,
        "clients": len(seen),
        "seconds": seconds,
        "count": len(milliseconds),
        "errors": len(errors),
        "per_second": round(len(milliseconds) / seconds, 1),
        "p50_ms": percentile(milliseconds, 50),
        "p95_ms": percentile(milliseconds, 95),
        "p99_ms": percentile(milliseconds, 99),
        "statements": round(sum(statements) / len(statements), 2) if statements else None,
        "cpu_ms": _per_unit({**spent, "clients": sum(one.processor_seconds for one in seen)}, seen),
        "first_error": errors[0] if errors else None,
    }


def _per_unit(spent: Mapping[str, float], seen: Sequence[Seen]) -> dict[str, float] | None:
    done = sum(one.done for one in seen)
    return {name: round(1000 * seconds / done, 2) for name, seconds in spent.items()} if done else None


def percentile(ordered: Sequence[float], share: int) -> float | None:
    """By nearest rank: the smallest value that at least `share` percent do not exceed."""
    if not ordered:
        return None
    return round(ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)], 2)


def _client(name: str, ground: Ground, number: int, seconds: float, together: Barrier, answers: "Queue[Seen]") -> None:
    seen, rng, work = Seen(), random.Random(number), WORKS[name]
    with Client(ground.url) as client:
        together.wait()
        started, processor_before = time.perf_counter(), time.process_time()
        end = started + _WARM_UP_SECONDS + seconds
        turn = 0
        while (before := time.perf_counter()) < end:
            turn += 1
            try:
                sample = work(client, ground, rng, number * 1_000_000 + turn)
            except (Failed, *Lost) as wrong:
                seen.errors.append(f"{type(wrong).__name__}: {wrong}")
                continue
            seen.done += 1
            done = time.perf_counter()
            if before >= started + _WARM_UP_SECONDS and done <= end:
                seen.milliseconds.append((done - before) * 1000)
                seen.statements.append(sample.statements)
        seen.processor_seconds = time.process_time() - processor_before
    answers.put(seen)


def _next(answers: "Queue[Seen]", seconds: float) -> Seen:
    try:
        return answers.get(timeout=seconds + 120)
    except queue.Empty:
        raise RuntimeError("a client of the bench did not come back") from None
