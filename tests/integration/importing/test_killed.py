"""An import killed with kill -9 in the middle of a large first load, and run again: all is there, nothing twice."""

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from huiyin.cases import bulk_indexes
from huiyin.cases.models import Case, CaseEvent, RunningClock

ROWS = 24_000
# Long enough that the file passes for a large load, whose indexes are set aside.
SAID = "楼道里的灯坏了三个月了，晚上老人上下楼很危险，物业一直没有人来维修，请有关部门尽快处理。" * 7


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "large.csv"
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(["工单编号", "工单类型", "问题分类", "主要内容", "来电人电话", "来电时间"])
        for number in range(ROWS):
            at = "" if number % 1000 == 7 else f"2026-06-{1 + number % 9:02d} 09:30:00"
            writer.writerow([f"K{number}", "投诉", "010101", SAID, f"154{number:08d}", at])
    return path


def started(file: Path, *options: str) -> subprocess.Popen[bytes]:
    url = make_conninfo(settings.DATABASE_URL, dbname=connection.settings_dict["NAME"])
    parts = dict(part.split("=", 1) for part in url.replace("'", "").split())
    user, host, name = parts.get("user", ""), parts.get("host", ""), parts["dbname"]
    secret = f":{parts['password']}" if "password" in parts else ""
    server = f"@/{name}?host={host}" if host.startswith("/") else f"@{host}:{parts.get('port', 5432)}/{name}"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("DJANGO_")}
    environment["HUIYIN_DATABASE_URL"] = f"postgresql://{user}{secret}{server}"
    command = [sys.executable, "-m", "huiyin.ops", "import", str(file), "--processes", "2", *options]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("city")
def test_what_a_killed_import_began_a_second_run_completes(file: Path) -> None:
    first = started(file)
    while Case.objects.count() == 0:
        assert first.poll() is None
        time.sleep(0.02)
    writers = psutil.Process(first.pid).children()
    first.send_signal(signal.SIGKILL)
    first.communicate(timeout=30)
    gone, alive = psutil.wait_procs(writers, timeout=10)

    assert not alive
    assert len(gone) == 2
    assert 0 < Case.objects.count() < ROWS - 24
    assert bulk_indexes.is_set_aside()

    second = started(file, "--resume")
    said = second.communicate(timeout=300)[0].decode()

    assert second.returncode == 0, said
    assert Case.objects.count() == ROWS - 24
    assert Case.objects.values("source_no").distinct().count() == ROWS - 24
    events = CaseEvent.objects.filter(case_id__in=Case.objects.values("pk"))  # others' histories are never deleted
    assert events.count() == RunningClock.objects.count() == ROWS - 24
    assert f"{ROWS:,} 行" in said
    assert "拒收 24；" in said
    assert not bulk_indexes.is_set_aside()
    with file.with_name("large.csv.rejects.csv").open(encoding="utf-8-sig", newline="") as rejects:
        assert len(list(csv.reader(rejects))) == 1 + 24


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("city")
def test_an_import_whose_writer_is_killed_says_so_and_a_second_run_completes_it(file: Path) -> None:
    first = started(file)
    while Case.objects.count() == 0:
        assert first.poll() is None
        time.sleep(0.02)
    psutil.Process(first.pid).children()[0].kill()
    said = first.communicate(timeout=120)[0].decode()

    assert first.returncode == 1
    assert "写入进程意外中止" in said
    assert Case.objects.count() < ROWS - 24
    assert not bulk_indexes.is_set_aside()

    second = started(file, "--resume")
    said = second.communicate(timeout=300)[0].decode()

    assert second.returncode == 0, said
    assert Case.objects.values("source_no").distinct().count() == Case.objects.count() == ROWS - 24
