"""The tree's laws: short files, complete migrations, nothing that ties it to one machine."""

import re
import shutil
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 400
# Written in parts, so that this file does not match itself.
FOREIGN = re.compile(
    r"https?://[a-z0-9.-]*(?:py"
    r"pi|python"
    r"hosted|npm"
    r"js|deb"
    r"ian)[a-z0-9.-]*"
    r"|(?:^|[^a-z])/(?:wo"
    r"rk/(?:main|shared|steering|[.]lib)|ro"
    r"ot/)",
    re.IGNORECASE,
)


def _tracked() -> list[Path]:
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_no_source_file_is_over_400_lines() -> None:
    sources = [path for path in (ROOT / "src").rglob("*.py") if "migrations" not in path.parts]
    long = {path.relative_to(ROOT).as_posix() for path in sources if len(path.read_text().splitlines()) > LONGEST_FILE}

    assert sources
    assert long == set()


def test_each_source_file_says_what_it_is_for() -> None:
    sources = [path for path in (ROOT / "src").rglob("*.py") if "migrations" not in path.parts]
    mute = [path.relative_to(ROOT).as_posix() for path in sources if path.read_text() and path.read_text()[:3] != '"""']

    assert mute == []


def test_no_tracked_file_names_a_package_host_or_a_path_of_one_machine() -> None:
    found = []
    for path in _tracked():
        if path.suffix in {".gz", ".png", ".jpg", ".woff2", ".mo", ".ico", ".xlsx", ".parquet"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [
            f"{path.relative_to(ROOT)}:{n}" for n, line in enumerate(text.splitlines(), 1) if FOREIGN.search(line)
        ]

    assert found == []


def test_the_migrations_are_complete(db: None) -> None:
    output = StringIO()

    call_command("makemigrations", check=True, dry_run=True, stdout=output, interactive=False)

    assert "No changes" in output.getvalue()


def test_the_system_checks_find_nothing(db: None) -> None:
    call_command("check", fail_level="WARNING", databases=["default"])
