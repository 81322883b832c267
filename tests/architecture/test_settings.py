"""Settings: documented, strict, refused when they cannot be right."""

import base64
import re
import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from huiyin.config import checks, environment
from huiyin.config.database import django_database

ROOT = Path(__file__).resolve().parents[2]
NAME = re.compile(r"HUIYIN_[A-Z0-9]+(?:_[A-Z0-9]+)*")


def _documented() -> set[str]:
    rows = [line for line in (ROOT / "docs/settings.md").read_text().splitlines() if line.startswith("| `HUIYIN_")]
    return {NAME.search(row)[0] for row in rows}


def test_each_variable_read_by_the_settings_is_documented() -> None:
    read = set(NAME.findall((ROOT / "src/huiyin/config/settings.py").read_text()))

    assert read - _documented() == set()


def test_each_documented_variable_is_read() -> None:
    read = set(NAME.findall((ROOT / "src/huiyin/config/settings.py").read_text()))
    tests = {name for name in _documented() if name.startswith("HUIYIN_TEST_")}

    assert _documented() - read - tests == set()


def test_only_the_composition_root_reads_the_environment() -> None:
    reading = re.compile(r"os\.environ(\.get\(|\[)[\"']?HUIYIN|getenv\(")
    package = ROOT / "src/huiyin"
    offenders = [
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if reading.search(path.read_text()) and path.parts[-2] not in {"config"}
    ]

    # The process manager hands the started database's URL to its children; the demo switches its own mode on for them.
    assert set(offenders) <= {"ops/serve.py", "ops/demo/command.py"}


@pytest.mark.parametrize(
    ("value", "meaning"), [("1", True), ("true", True), ("ON", True), ("0", False), ("no", False), ("", False)]
)
def test_a_flag_is_read(fresh_settings: pytest.MonkeyPatch, value: str, meaning: bool) -> None:
    fresh_settings.setenv("HUIYIN_DEMO", value)

    assert environment.flag("HUIYIN_DEMO") is meaning


@pytest.mark.parametrize("value", ["maybe", "2", "-"])
def test_a_doubtful_flag_is_refused_by_name(fresh_settings: pytest.MonkeyPatch, value: str) -> None:
    fresh_settings.setenv("HUIYIN_DEMO", value)

    with pytest.raises(ImproperlyConfigured, match="HUIYIN_DEMO"):
        environment.flag("HUIYIN_DEMO")


@pytest.mark.parametrize("value", ["0", "65", "-1", "four", "1.5", "４"])
def test_a_number_out_of_bounds_is_refused_by_name(fresh_settings: pytest.MonkeyPatch, value: str) -> None:
    fresh_settings.setenv("HUIYIN_WEB_WORKERS", value)

    with pytest.raises(ImproperlyConfigured, match="HUIYIN_WEB_WORKERS"):
        environment.integer("HUIYIN_WEB_WORKERS", 2, low=1, high=64)


def test_a_drawn_key_is_kept_and_private(fresh_settings: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = environment.key("HUIYIN_DATA_KEY", length=32, keep_in=tmp_path / "key")
    second = environment.key("HUIYIN_DATA_KEY", length=32, keep_in=tmp_path / "key")

    assert first == second
    assert len(first) == 32
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


@pytest.mark.parametrize("value", ["not base64!", base64.b64encode(b"short").decode()])
def test_a_key_of_the_wrong_length_is_refused(fresh_settings: pytest.MonkeyPatch, tmp_path: Path, value: str) -> None:
    fresh_settings.setenv("HUIYIN_DATA_KEY", value)

    with pytest.raises(ImproperlyConfigured, match="HUIYIN_DATA_KEY"):
        environment.key("HUIYIN_DATA_KEY", length=32, keep_in=tmp_path / "key")


def test_a_misspelt_variable_stops_the_start_and_names_the_right_one(fresh_settings: pytest.MonkeyPatch) -> None:
    fresh_settings.setenv("HUIYIN_DEBGU", "1")

    errors = checks.every_variable_is_known(None)

    assert [error.id for error in errors] == ["huiyin.E001"]
    assert "HUIYIN_DEBUG" in errors[0].hint


def test_a_database_url_keeps_its_options_and_hides_its_password() -> None:
    parts = django_database("postgresql://desk:pa%40ss@db.city:6432/calls?sslmode=require", pool_size=8)

    assert (parts["NAME"], parts["USER"], parts["PASSWORD"]) == ("calls", "desk", "pa@ss")
    assert (parts["HOST"], parts["PORT"]) == ("db.city", "6432")
    assert parts["OPTIONS"]["sslmode"] == "require"
    with pytest.raises(ImproperlyConfigured) as refusal:
        django_database("mysql://desk:hunter2@db/calls", pool_size=8)
    assert "hunter2" not in str(refusal.value)
