"""Triggers that keep published trees, reported values and computed scores; Django's schema editor knows no triggers."""

from importlib.resources import files
from typing import ClassVar

from django.db import migrations


def _sql(name: str) -> str:
    return files("huiyin.indicators").joinpath("sql", name).read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("indicators", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(_sql("fixed.sql"), _sql("drop_fixed.sql"))]
