"""Measures `huiyin import` as it is used: a file of plausible rows, the command itself in a process of its own."""

import csv
import random
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from huiyin.domain.calendar import CITY_ZONE
from huiyin.ops.bench import processor
from huiyin.ops.bench.scenarios import TEXTS

_HEADINGS = (
    "工单编号",
    "工单类型",
    "问题分类",
    "标题",
    "主要内容",
    "来电人",
    "来电人电话",
    "被反映区",
    "被反映街乡镇",
    "来电时间",
)


def measure(rows: int, folder: Path) -> dict[str, Any]:
    """Imports `rows` new rows into the city as it stands. `errors` counts the rows that were not imported."""
    path = folder / "bench-import.csv"
    _write(path, rows)
    before = _count()
    watched = processor.processes(folder, {})
    spent_before = {"command": _spent_by_children(), **processor.spent(watched)}
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "huiyin.ops", "import", str(path), "--source", f"bench-{time.time_ns()}"],
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - began
    spent = processor.since(spent_before, {"command": _spent_by_children(), **processor.spent(watched)})
    imported = _count() - before
    path.unlink()
    return {
        "name": "import",
        "rows": before,
        "clients": 1,
        "seconds": round(seconds, 2),
        "count": imported,
        "errors": rows - imported,
        "per_second": round(imported / seconds, 1),
        "p50_ms": None,
        "p95_ms": None,
        "p99_ms": None,
        "statements": None,
        "cpu_ms": {name: round(1000 * used / rows, 4) for name, used in spent.items()},
        "first_error": None if done.returncode == 0 else re.sub(r"\s+", " ", done.stderr)[-300:],
    }


def _write(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADINGS)
        writer.writerows(_lines(rows))


def _lines(rows: int) -> Iterator[tuple[str, ...]]:
    from django.utils import timezone

    from huiyin.registry import directory, rulebook

    rng = random.Random(1)
    now = datetime.now(tz=CITY_ZONE)
    streets = directory.streets()
    classes = list(rulebook.taxonomy(rulebook.current(timezone.now()).taxonomy_id).values())
    for number in range(rows):
        street, info = rng.choice(streets), rng.choice(classes)
        district = directory.area(street.district_id).name if street.district_id else ""
        at = now - timedelta(seconds=rng.randrange(60 * 86400))
        yield (
            f"B{number:09d}", info.request_types[0].label, f"{info.level1}->{info.level2}->{info.level3}",
            rng.choice(TEXTS)[:20], f"{rng.choice(TEXTS)}（{number}）", "测试", f"154{rng.randrange(10**8):08d}",
            district, street.name, f"{at:%Y-%m-%d %H:%M:%S}",
        )  # fmt: skip


def _spent_by_children() -> float:
    """Seconds of processor time of the commands that have ended, with their writers."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _count() -> int:
    from huiyin.cases.models import Case

    return Case.objects.count()
