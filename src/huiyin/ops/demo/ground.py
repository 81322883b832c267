"""Prepares the ground for the demo city: an empty database or a former demo, never one with real cases."""

from collections.abc import Callable

import click
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from huiyin.accounts.demo import create_demo_staff
from huiyin.cases import bulk_indexes, partitions
from huiyin.cases.models import Case
from huiyin.learning import drift, reading, rollups, training
from huiyin.learning.examples import TooFewExamples
from huiyin.learning.models import ModelVersion
from huiyin.ops.demo import answers, evaluation, history
from huiyin.ops.demo.indicators import demo_indicators
from huiyin.ops.models import DemoTruth
from huiyin.registry import presets

_TABLES = ("hotline_case", "case_event", "case_clock", "requester", "demo_truth", "case_day_count", "accounts_staff")
_LEARNED = 16_000  # newest labelled cases; a fifth of them only tests and calibrates


def migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    bulk_indexes.restore()  # of a load that was killed
    partitions.ensure_ahead(timezone.now())


def clear() -> None:
    """Everything, so that the same seed gives the same city with the same numbers."""
    if "demo_truth" not in connection.introspection.table_names():
        if "hotline_case" in connection.introspection.table_names():
            refuse_real_data(without_truth=True)
        return
    refuse_real_data()
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connection.close()


def refuse_real_data(*, without_truth: bool = False) -> None:
    """A database with cases but no demo is somebody's real one."""
    if Case.objects.exists() and (without_truth or not has_history()):
        raise click.ClickException("数据库中已有真实案件，不能用作演示。The database holds real cases: not for a demo.")


def has_history() -> bool:
    return DemoTruth.objects.exists()


def was_interrupted() -> bool:
    """The last history was killed before its end: half a past is none."""
    return "demo_truth" in connection.introspection.table_names() and has_history() and bulk_indexes.is_set_aside()


def load_registry(name: str) -> None:
    presets.load(name)


def create_accounts() -> None:
    assert settings.DEMO
    create_demo_staff()


def load_answers() -> None:
    answers.load(timezone.now())


def write_history(*, cases: int, days: int, seed: int, tell: Callable[[int], None]) -> history.Written:
    return history.write_history(
        seed=seed, cases=cases, days=days, now=timezone.now(), processes=history.usual_processes(), tell=tell
    )


def close_periods() -> None:
    evaluation.close_past(timezone.now())


def fill_indicators() -> None:
    demo_indicators(timezone.now())


def has_model() -> bool:
    return ModelVersion.objects.exists()


def learn(*, say: Callable[[str], None]) -> None:
    """The city's first model, from how its cases were settled: what people decided, not what the demo knows."""
    now = timezone.now()
    reading.catch_up(now=now)
    rollups.refresh(now)
    try:
        training.train(now=now, by="演示城市", limit=_LEARNED, tell=say)
    except TooFewExamples as few:
        say(few.message)
    drift.measure(now=now)


def tidy() -> None:
    """Fresh tables have no statistics yet, and without them every list is planned wrongly."""
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"VACUUM (ANALYZE) {table}")
