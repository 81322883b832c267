"""Measures a meeting's packs: every line of a published month made as page, document, PDF and slides, one by one."""

import time


def measure_packs(cases: int) -> dict[str, object]:
    """`seconds`: reading the ground and making every pack, in one process; a worker with two jobs at once is faster."""
    from django.utils import timezone

    from huiyin.evaluation import closing, periods, selectors
    from huiyin.ops.bench import evaluation, ground
    from huiyin.packs import ground as shared
    from huiyin.packs import making, standing
    from huiyin.packs.models import Pack, State

    ground.build(0)
    period = periods.period_before(periods.period_at(timezone.now()))
    after = period.ends_at + evaluation.AFTER
    ground.build(cases, days=(after - period.begins_at).days, until=after)
    drafter, reviewer = evaluation.people()
    if not period.versions.filter(stage="published").exists():
        version = closing.review(closing.draft(period, by=drafter, now=after), by=reviewer, note="bench", now=after)
        closing.publish(closing.freeze(version, by=drafter, now=after), by=drafter, now=after)
    version = selectors.version_of(period.code)
    keys = list(standing.lines())
    making.ask(version, keys, by=drafter, now=after, again=True)
    shared.forget()
    began = time.perf_counter()
    taken = []
    for pack_id in Pack.objects.filter(version=version).values_list("pk", flat=True):
        started = time.perf_counter()
        making.make(pack_id, now=after)
        taken.append(time.perf_counter() - started)
    seconds = time.perf_counter() - began
    made = Pack.objects.filter(version=version)
    return {
        "name": "packs",
        "rows": cases,
        "count": made.filter(state=State.READY).count(),
        "errors": made.exclude(state=State.READY).count(),
        "seconds": round(seconds, 1),
        "per_second": round(len(taken) / seconds, 2),
        "p50_ms": round(1000 * sorted(taken)[len(taken) // 2]),
        "p95_ms": round(1000 * sorted(taken)[int(len(taken) * 0.95)]),
    }
