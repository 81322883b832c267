"""The command `huiyin demo`: a city with a past, people who work in it, and pages to look at, from one command."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

import click

from huiyin.ops import supervisor
from huiyin.ops.manage import start_django

if TYPE_CHECKING:
    from collections.abc import Iterator

_PRESET = "beijing"


@click.command()
@click.option("--cases", default=50_000, show_default=True, type=click.IntRange(1), help="Cases in the history.")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 720), help="Days that it spans.")
@click.option("--seed", default=12345, show_default=True, help="Same seed, same city.")
@click.option("--speed", default=60.0, show_default=True, type=click.FloatRange(0.1, 3600), help="Of the live traffic.")
@click.option("--no-live", is_flag=True, help="Pages without live traffic.")
@click.option("--only-history", is_flag=True, help="Write the history and stop.")
@click.option("--reset", is_flag=True, help="Throw the demo city away first.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
def demo(
    cases: int, days: int, seed: int, speed: float, no_live: bool, only_history: bool, reset: bool, host: str, port: int
) -> None:
    """Set up a demo city and run it: history, then live traffic, on http://HOST:PORT/."""
    os.environ["HUIYIN_DEMO"] = "1"
    began = time.monotonic()
    supervisor.say("回音 Huiyin: 演示城市 demo city")
    settings = start_django()
    embedded = "HUIYIN_DATABASE_URL" not in os.environ
    _set_up(cases=cases, days=days, seed=seed, reset=reset)
    supervisor.say(f"就绪，用时 {time.monotonic() - began:.0f} 秒 ready")
    if only_history:
        return
    os.environ["HUIYIN_DATABASE_URL"] = settings.DATABASE_URL
    children = [
        supervisor.Child(title="网页 web", arguments=["web", "--host", host, "--port", str(port)]),
        supervisor.Child(title="任务 worker", arguments=["worker"]),
        supervisor.Child(title="时钟 scheduler", arguments=["scheduler"]),
    ]
    if not no_live:
        arguments = ["demo-live", "--speed", str(speed), "--seed", str(seed), "--per-day", f"{cases / days:.1f}"]
        children.append(supervisor.Child(title="模拟 simulator", arguments=arguments))
    supervisor.say(f"网址 address: http://{host}:{port}/  登录页可直接选择演示账号 sign in with one click")
    supervisor.run(children, also_tend=_minder(settings, embedded))


@click.command()
@click.option("--speed", default=60.0, type=click.FloatRange(0.1, 3600))
@click.option("--seed", default=12345)
@click.option("--per-day", default=555.0, type=click.FloatRange(1))
def live(speed: float, seed: int, per_day: float) -> None:
    """Let simulated people call and work (a part of `huiyin demo`)."""
    os.environ["HUIYIN_DEMO"] = "1"
    start_django()
    from django.utils import timezone

    from huiyin.ops.demo.live import Simulator
    from huiyin.ops.demo.staffing import read_crew
    from huiyin.ops.demo.world import World

    stop: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        stop.append(number)

    signal.signal(signal.SIGTERM, note)
    signal.signal(signal.SIGINT, note)
    simulator = Simulator(world=World(seed=seed, crew=read_crew(), cheating=True), speed=speed, per_day=per_day)
    taken = simulator.start(timezone.now())
    supervisor.say(f"模拟: 接手 {taken} 件在办案件，{speed:g} 倍速 simulator: {taken} open cases")
    simulator.run(lambda: bool(stop))


def _set_up(*, cases: int, days: int, seed: int, reset: bool) -> None:
    from huiyin.ops.demo import ground

    if reset or ground.was_interrupted():
        with _step("清空演示数据 clearing the former demo"):
            ground.clear()
    with _step("建立数据表 tables"):
        ground.migrate()
    ground.refuse_real_data()
    with _step("载入北京机构、区域、分类和规则 registry"):
        ground.load_registry(_PRESET)
    with _step("演示账号 accounts"):
        ground.create_accounts()
    with _step("知识库示例条目 knowledge base"):
        ground.load_answers()
    if ground.has_history():
        supervisor.say("已有历史数据，直接使用（--reset 重建）history is there (--reset makes it anew)")
    else:
        _write_history(cases=cases, days=days, seed=seed)
    with _learning_beside():
        with _step("考核期出成绩 evaluation periods"):
            ground.close_periods()
        with _step("七有五性样例数据 indicators"):
            ground.fill_indicators()


@contextmanager
def _learning_beside() -> "Iterator[None]":
    """The first model needs only the history, and takes longest of what follows it."""
    from huiyin.ops.demo import ground
    from huiyin.ops.demo.beside import beside

    if ground.has_model():
        yield
        return

    def learn() -> None:
        with _step("从历史案件学习分类 learning from the history"):
            ground.learn(say=supervisor.say)

    with beside(learn, title="从历史案件学习分类 learning from the history"):
        yield


def _write_history(*, cases: int, days: int, seed: int) -> None:
    from huiyin.ops.demo import ground

    with _progress(cases) as tell:
        written = ground.write_history(cases=cases, days=days, seed=seed, tell=tell)
    supervisor.say(f"历史: {written.cases} 件，{written.events} 条记录 history written")
    with _step("整理数据库 vacuum and statistics"):
        ground.tidy()


@contextmanager
def _step(title: str) -> "Iterator[None]":
    began = time.monotonic()
    yield
    supervisor.say(f"{title} · {time.monotonic() - began:.1f} 秒")


@contextmanager
def _progress(cases: int) -> "Iterator[Callable[[int], None]]":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns) as progress:
        task = progress.add_task("生成历史 history", total=cases)
        yield lambda count: progress.advance(task, count)


def _minder(settings: object, embedded: bool) -> Callable[[], None]:
    def mind() -> None:
        from huiyin.ops.database import revive

        if embedded and revive(settings.EMBEDDED_DATABASE_DIR):  # type: ignore[attr-defined]  # Django's settings
            supervisor.say("数据库: 已重新启动 database: restarted")

    return mind
