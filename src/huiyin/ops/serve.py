"""The process manager: `huiyin serve` runs web, worker and scheduler together; each runs alone, too."""

import os
import signal
import time
from types import FrameType

import click

from huiyin.ops import static_files, supervisor
from huiyin.ops.manage import start_django


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--without-migrate", is_flag=True, help="Leave the database's tables as they are.")
def serve(host: str, port: int, without_migrate: bool) -> None:
    """Run web, worker and scheduler; stop all with Ctrl-C or SIGTERM."""
    supervisor.say("回音 Huiyin: 准备数据库 preparing the database")
    settings = start_django()
    embedded = "HUIYIN_DATABASE_URL" not in os.environ
    if not without_migrate:
        _migrate()
    _share_database(settings.DATABASE_URL)
    children = [
        supervisor.Child(title="网页 web", arguments=["web", "--host", host, "--port", str(port)]),
        supervisor.Child(title="任务 worker", arguments=["worker"]),
        supervisor.Child(title="时钟 scheduler", arguments=["scheduler"]),
    ]
    supervisor.say(f"网址 address: http://{host}:{port}/")

    def mind_the_database() -> None:
        from huiyin.ops.database import revive

        if embedded and revive(settings.EMBEDDED_DATABASE_DIR):
            supervisor.say("数据库: 已重新启动 database: restarted")

    supervisor.run(children, also_tend=mind_the_database)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", type=int, help="Processes [default: HUIYIN_WEB_WORKERS].")
@click.option("--threads", type=int, help="Threads a process [default: HUIYIN_WEB_THREADS].")
def web(host: str, port: int, workers: int | None, threads: int | None) -> None:
    """Serve the pages and the API."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    settings = start_django()
    static_files.collect()
    _share_database(settings.DATABASE_URL)
    Granian(
        "huiyin.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers or settings.WEB_WORKERS,
        blocking_threads=threads or settings.WEB_THREADS,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
    ).serve()


@click.command()
@click.option("--concurrency", type=int, help="Jobs at once [default: HUIYIN_WORKER_CONCURRENCY].")
def worker(concurrency: int | None) -> None:
    """Work off the jobs."""
    settings = start_django()
    from procrastinate.contrib.django import app

    # Jobs are found by LISTEN/NOTIFY at once; the poll is only for those a lost connection missed.
    options = {
        "concurrency": concurrency or settings.WORKER_CONCURRENCY,
        "shutdown_graceful_timeout": 15,
        "delete_jobs": "successful",  # what matters of them is in their own rooms' tables
    }
    with app.replace_connector(app.connector.get_worker_connector()) as running:  # type: ignore[attr-defined]
        running.run_worker(**options)


_BACKLOG = 200  # clocks and events of one round that tell that more are waiting


@click.command()
def scheduler() -> None:
    """Let the clocks strike: whatever has come due, at least each second."""
    from django.db import close_old_connections
    from django.utils import timezone

    start_django()
    from huiyin.cases.sweeps import Sweeper

    sweeper = Sweeper()

    stop: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        stop.append(number)

    signal.signal(signal.SIGTERM, note)
    signal.signal(signal.SIGINT, note)
    while not stop:
        began = time.monotonic()
        done = sweeper.run_due(timezone.now())
        close_old_connections()
        # A round costs some twenty statements however little waits, so only a backlog is taken up at once.
        if done < _BACKLOG:
            time.sleep(max(0.0, 1 - (time.monotonic() - began)))


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", interactive=False, verbosity=0)
    connections.close_all()


def _share_database(url: str) -> None:
    """Children use the server this process started, by its URL."""
    os.environ["HUIYIN_DATABASE_URL"] = url
