"""The partitioned, append-only event table, which Django's schema editor cannot express."""

from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import ClassVar

from django.db import migrations


def _sql(name: str) -> str:
    return files("huiyin.cases").joinpath("sql", name).read_text(encoding="utf-8")


def _first_partitions(apps, schema_editor):
    """From the year before this one, so that history can be loaded, to a year ahead; the scheduler goes on from there."""
    today = datetime.now(tz=UTC).date()
    schema_editor.execute(
        "SELECT case_event_ensure_partitions(%s, %s)",
        [date(today.year - 1, 1, 1), today + timedelta(days=366)],
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0001_initial")]
    operations: ClassVar = [
        migrations.RunSQL(_sql("case_event.sql"), _sql("drop_case_event.sql")),
        migrations.RunPython(_first_partitions, migrations.RunPython.noop),
    ]
