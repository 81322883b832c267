"""What the command line says where the database is not ready."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection

from huiyin.ops.cli import main


@pytest.mark.django_db
def test_a_database_without_tables_is_told_in_words_with_what_to_do(tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path TO pg_catalog")  # none of our tables can be seen

    said = CliRunner().invoke(main, ["export", str(tmp_path / "cases.csv")])

    assert said.exit_code == 1
    assert "请先运行 huiyin migrate" in said.output
    assert "Traceback" not in said.output
