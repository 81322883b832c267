"""Triggers that keep a frozen version as it is; Django's schema editor cannot express them."""

from importlib.resources import files
from typing import ClassVar

from django.db import migrations


def _sql(name: str) -> str:
    return files("huiyin.evaluation").joinpath("sql", name).read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("evaluation", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(_sql("fixed.sql"), _sql("drop_fixed.sql"))]
