"""The processes that write an import's batches: forked once, fed by one reader, and gone with it."""

import ctypes
import gc
import multiprocessing
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import partial
from typing import Generic, Protocol, TypeVar

from django.db import connection, connections

Done = TypeVar("Done")
Task = list[tuple[int, str, list[str]]]  # row of the file, number in the source system, cells
Packed = tuple[list[int], list[str], str]
_CELL, _ROW = "\x1f", "\x1e"  # the separators of old; hardly a file has them inside a cell
_PR_SET_PDEATHSIG = 1


class WriterDied(Exception):
    """A writing process was killed, or ended for want of memory; its batch is either in or not begun."""


class Writers(Protocol[Done]):
    def each(self, tasks: Iterator[Task], take: Callable[[Done], None]) -> None:
        """Writes every batch and hands over what came of it, in the order of the file; WriterDied."""
        ...

    def do(self, works: Sequence[Callable[[], None]]) -> None:
        """Other work for the same hands; what a dead one held is left undone."""
        ...

    def begin(self, work: Callable[[], None]) -> Callable[[], None]:
        """Begins one more; the answer waits for its end."""
        ...


@contextmanager
def writers(processes: int, write: Callable[[Task], Done]) -> Iterator[Writers[Done]]:
    """`write` must be a function of a module. No process: all in this one."""
    if not processes:
        yield _Here(write)
        return
    connections.close_all()
    if hasattr(connection, "close_pool"):
        connection.close_pool()
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_end_with_parent) as pool:
        pool.submit(int).result()  # forks them all, before this process opens a connection
        gc.freeze()
        gc.disable()
        try:
            yield _Forked(pool, processes, write)
        finally:
            gc.enable()
            gc.unfreeze()


class _Here(Generic[Done]):
    def __init__(self, write: Callable[[Task], Done]) -> None:
        self._write = write

    def each(self, tasks: Iterator[Task], take: Callable[[Done], None]) -> None:
        for task in tasks:
            take(self._write(task))

    def do(self, works: Sequence[Callable[[], None]]) -> None:
        for work in works:
            work()

    def begin(self, work: Callable[[], None]) -> Callable[[], None]:
        work()
        return lambda: None


class _Forked(Generic[Done]):
    """The reader waits when the writers fall behind, so that a file of any size fits in memory."""

    def __init__(self, pool: ProcessPoolExecutor, processes: int, write: Callable[[Task], Done]) -> None:
        self._pool = pool
        self._room = threading.Semaphore(processes * 2)
        self._write = partial(_write_packed, write)

    def each(self, tasks: Iterator[Task], take: Callable[[Done], None]) -> None:
        waiting: deque[Future[Done]] = deque()
        try:
            for task in tasks:
                self._room.acquire()
                waiting.append(self._pool.submit(self._write, _pack(task)))
                waiting[-1].add_done_callback(lambda _done: self._room.release())
                while waiting and waiting[0].done():
                    take(waiting.popleft().result())
            while waiting:
                take(waiting.popleft().result())
        except BrokenProcessPool as broken:
            raise WriterDied from broken

    def do(self, works: Sequence[Callable[[], None]]) -> None:
        with suppress(BrokenProcessPool):
            list(self._pool.map(_call, works))

    def begin(self, work: Callable[[], None]) -> Callable[[], None]:
        begun = self._pool.submit(work)

        def finish() -> None:
            try:
                begun.result()
            except BrokenProcessPool as broken:
                raise WriterDied from broken

        return finish


def _call(work: Callable[[], None]) -> None:
    work()


def _write_packed(write: Callable[[Task], Done], packed: Packed | Task) -> Done:
    return write(_unpack(packed))


def _pack(task: Task) -> Packed | Task:
    """As one text: to send, it takes a quarter of the time of a million little ones."""
    rows, numbers, cells = zip(*task, strict=True)
    text = _ROW.join([_CELL.join(row) for row in cells])
    separated = text.count(_ROW) == len(cells) - 1 and text.count(_CELL) == sum(map(len, cells)) - len(cells)
    return (list(rows), list(numbers), text) if separated else task


def _unpack(packed: Packed | Task) -> Task:
    if isinstance(packed, list):
        return packed
    rows, numbers, text = packed
    return list(zip(rows, numbers, [row.split(_CELL) for row in text.split(_ROW)], strict=True))


def _end_with_parent() -> None:
    """A killed import must not go on writing what a second run will write again. Ctrl-C is the parent's to handle."""
    # Rows leave no cycles behind: the collector would walk registry and rows again and again for nothing.
    gc.freeze()
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
