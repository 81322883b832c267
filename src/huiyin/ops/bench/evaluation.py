"""Measures a month's evaluation: counted from the events, figured for all units, frozen, counted again to verify."""

import time
from collections.abc import Callable
from datetime import timedelta

_BOARDS = 20
AFTER = timedelta(days=3)  # cases go on after the period's end, as they do when it is closed


def measure_evaluation(cases: int) -> dict[str, object]:
    """`seconds`: drafting (cases and figures) and freezing together. `board_ms`: median of reading a group's board."""
    from django.utils import timezone

    from huiyin.evaluation import closing, digest, periods, selectors
    from huiyin.evaluation.models import UnitResult
    from huiyin.evaluation.vocabulary import Group
    from huiyin.ops.bench import ground

    ground.build(0)
    period = periods.period_before(periods.period_at(timezone.now()))
    after = period.ends_at + AFTER
    ground.build(cases, days=(after - period.begins_at).days, until=after)
    drafter, reviewer = people()
    again = period.versions.filter(stage="published").exists()  # a kept city: the next version of the same period
    began = time.perf_counter()
    if again:
        version = closing.revise(period, reason="bench again", by=drafter, now=after)
    else:
        version = closing.draft(period, by=drafter, now=after)
    drafted = time.perf_counter()
    version = closing.review(version, by=reviewer, note="bench", now=after)
    version = closing.freeze(version, by=drafter, now=after)
    frozen = time.perf_counter()
    same = digest.verify(version).same
    verified = time.perf_counter()
    closing.publish(version, by=drafter, now=after)
    return {
        "name": "evaluate",
        "rows": cases,
        "cases": version.case_count,
        "units": UnitResult.objects.filter(version=version).count(),
        "seconds": round(frozen - began, 2),
        "drafting_seconds": round(drafted - began, 2),
        "freezing_seconds": round(frozen - drafted, 2),
        "verifying_seconds": round(verified - frozen, 2),
        "board_ms": round(_median_ms(lambda: selectors.board(version, Group.STREET)), 1),
        "errors": 0 if same else 1,
        "digest": version.digest,
    }


def _median_ms(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(_BOARDS):
        began = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - began))
    return sorted(taken)[_BOARDS // 2]


def people() -> tuple[object, object]:
    """Two evaluators of the demo's staff."""
    from dataclasses import replace

    from huiyin.accounts.models import Staff
    from huiyin.accounts.viewer import read_viewer

    evaluator = read_viewer(Staff.objects.get(username="kaoping"))
    return evaluator, replace(evaluator, staff_id=-1, name="复核人")
