"""Measures a month's evaluation without a database: a file of cases read, counted, ranked, digested; and a board."""

import csv
import hashlib
import random
import time
from collections.abc import Iterator
from pathlib import Path

from huiyin.analytics.shipped import shipped_rules
from huiyin.ops.evaluate.inputs import Given, read_cases
from huiyin.ops.evaluate.rates import figures

_CASES = 1_000_000
_GROUPS = {"区": 17, "街道（乡镇）": 343}
_HEADINGS = ("case_no", "unit", "group", "valid", "contacted", "solved", "satisfaction", "excluded", "suspended")
_BOARDS = 20


def measure_evaluation(folder: Path, cases: int = _CASES) -> dict[str, object]:
    """`seconds`: from the file of cases to all figures and one digest over every case and figure.

    `board_ms`: figures, places and intervals of all units again from their counts, as a live board needs them.
    """
    path, rules = folder / "bench-cases.csv", shipped_rules()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADINGS)
        writer.writerows(_lines(cases))
    began = time.perf_counter()
    given = read_cases(path, rules)
    counted = time.perf_counter()
    lines = list(figures(given, rules.scheme))
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    digest.update(repr(lines).encode())
    done = time.perf_counter()
    path.unlink()
    return {
        "name": "evaluate",
        "rows": cases,
        "units": len(lines),
        "seconds": round(done - began, 2),
        "counting_seconds": round(counted - began, 2),
        "per_second": round(cases / (done - began), 1),
        "board_ms": round(_board(given), 1),
        "errors": len(given.faults),
        "digest": digest.hexdigest(),
    }


def _board(given: Given) -> float:
    """Median of some boards, in milliseconds."""
    scheme, taken = shipped_rules().scheme, []
    for _ in range(_BOARDS):
        began = time.perf_counter()
        list(figures(given, scheme))
        taken.append(1000 * (time.perf_counter() - began))
    return sorted(taken)[_BOARDS // 2]


def _lines(cases: int) -> Iterator[tuple[object, ...]]:
    drawn = random.Random(1)
    units = [(f"{group}{number}", group) for group, size in _GROUPS.items() for number in range(size)]
    better = {unit: drawn.gauss(0.85, 0.05) for unit, _ in units}
    words = ("satisfied", "basically_satisfied", "dissatisfied")
    for number in range(cases):
        unit, group = drawn.choice(units)
        solved = drawn.random() < better[unit]
        answer = drawn.choices(words, (80, 12, 8) if solved else (15, 20, 65))[0]
        asked = drawn.random() < 0.9
        said = (1, int(drawn.random() < 0.97), int(solved), answer) if asked else (0, "", "", "")
        yield number, unit, group, *said, int(drawn.random() < 0.02), int(drawn.random() < 0.01)
