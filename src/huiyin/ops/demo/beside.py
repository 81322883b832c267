"""Does one long piece of work in a process of its own, while this one goes on: a second core is there to be used."""

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from django.db import connections

from huiyin.ops.child import end_with_parent


@contextmanager
def beside(work: Callable[[], object], *, title: str) -> Iterator[None]:
    """`work` has ended when the block has; had it failed, so does the command, after its own traceback."""
    drop_connections()
    child = multiprocessing.get_context("fork").Process(target=_run, args=(work,))
    child.start()
    try:
        yield
    finally:
        child.join()
    if child.exitcode:
        raise click.ClickException(f"{title}: {child.exitcode}")


def drop_connections() -> None:
    """Children must not inherit a connection: two processes would speak over one wire."""
    connections.close_all()
    for connection in connections.all():
        if hasattr(connection, "close_pool"):
            connection.close_pool()


def _run(work: Callable[[], object]) -> None:
    end_with_parent(signal.SIGKILL)
    work()
