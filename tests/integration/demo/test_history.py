"""The demo city's past: the same for the same seed, lawful in every life, and with something of everything."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from huiyin.cases import journal, rollups, snapshot
from huiyin.cases.models import Case, CaseEvent, DayCount, Outbox, RunningClock
from huiyin.domain import case as domain
from huiyin.domain.vocabulary import OPEN_STATUSES, Grade, RequestType, Status, UnitKind
from huiyin.ops.demo import history
from huiyin.ops.demo.matters import Plan, plan_city
from huiyin.ops.demo.phrasebook import load_phrases
from huiyin.ops.demo.world import World
from huiyin.ops.models import DemoTruth
from huiyin.registry import directory, rulebook

pytestmark = pytest.mark.usefixtures("city")

NOW = datetime(2026, 6, 10, 6, 0, tzinfo=UTC)


def written(seed: int = 7, cases: int = 200) -> history.Written:
    return history.write_history(seed=seed, cases=cases, days=20, now=NOW, processes=0)


def folded(row: Case) -> domain.Case:
    blank = domain.Case(
        status=Status.RECEIVED,
        registered_at=row.registered_at,
        last_at=row.registered_at,
        requester_id=row.requester_id,
        request_type=RequestType.OTHER,
        class_code="",
        grade=Grade.NORMAL,
    )
    return domain.fold(blank, [journal.as_event(event) for event in journal.of_case(row.pk)])


@cache
def _year(seed: int) -> Plan:
    world = World(seed=seed)
    return plan_city(
        world=world,
        phrasebook=load_phrases(),
        calendar=rulebook.calendar(),
        now=datetime(2026, 6, 30, 15, 59, tzinfo=UTC),
        days=360,
        cases=30_000,
    )


def test_the_same_seed_gives_the_same_city_and_another_seed_another() -> None:
    first, second, other = written(cases=500), written(cases=500), written(seed=8, cases=60)

    assert first.cases == 500
    assert first.digest == second.digest
    assert other.digest != first.digest


def test_every_life_is_the_fold_of_its_events_and_its_clocks_run() -> None:
    written()

    rows = list(Case.objects.prefetch_related("clocks"))
    assert len(rows) == 200
    for row in rows:
        assert folded(row) == snapshot.load(row, row.clocks.all())
    assert not RunningClock.objects.filter(next_at__lt=NOW - timedelta(seconds=1)).exists()  # all struck that were due
    assert not CaseEvent.objects.filter(at__gt=NOW).exists()
    assert not Outbox.objects.exists()


def test_the_past_has_something_of_everything() -> None:
    written(cases=900)

    actions = set(CaseEvent.objects.values_list("action", flat=True))
    statuses = Counter(Case.objects.values_list("status", flat=True))
    assert {"direct_answer", "dispatch", "sign", "note_contact", "reply", "record_callback", "rework", "hand_down",
            "request_return", "rule_return", "request_extension", "decide_extension", "request_suspension", "urge",
            "supplement", "merge", "warn", "escalate", "close"} <= actions  # fmt: skip
    assert sum(statuses[status] for status in OPEN_STATUSES) > 90
    assert statuses[Status.CLOSED] > 500
    assert Case.objects.filter(closed_at=None, due_at__lt=NOW).exists()
    assert Case.objects.filter(closed_at=None, due_at__gt=NOW, due_at__lt=NOW + timedelta(days=2)).exists()
    assert Case.objects.filter(registered_at__gt=NOW - timedelta(hours=3)).exists()
    assert Case.objects.filter(confidential=True).exists()


def test_the_truth_behind_every_case_is_kept() -> None:
    written()

    truths = DemoTruth.objects.in_bulk()
    rows = Case.objects.in_bulk()
    assert truths.keys() == rows.keys()
    classed_rightly = sum(rows[pk].class_code == truth.leaf_code for pk, truth in truths.items())
    assert 0.7 < classed_rightly / len(rows) < 0.995  # people and machine err, the truth does not
    assert all(truth.template.startswith(truth.leaf_code) for truth in truths.values())
    assert Counter(truth.cluster for truth in truths.values() if truth.cluster).most_common(1)[0][1] >= 4


def counted() -> Counter[tuple[object, ...]]:
    return Counter(DayCount.objects.values_list("day", "lead_unit_id", "received", "closed"))


def test_the_counts_of_boards_fit_the_past() -> None:
    written()
    kept = counted()

    rollups.recompute_days(NOW.date() - timedelta(days=21), NOW.date())

    assert counted() == kept
    assert sum(received for _, _, received, _ in kept.elements()) == 200


def test_heating_troubles_come_in_winter_and_calls_by_day() -> None:
    plan = _year(3)

    heating = Counter(matter.at.month for matter in plan.matters if matter.leaf_code[:4] == "0301")
    hours = Counter(matter.at.hour for matter in plan.matters)
    assert heating[12] + heating[1] > 8 * (heating[6] + heating[7] + heating[8] + 1)
    assert min(hours[hour] for hour in range(9, 18)) > 3 * max(hours[hour] for hour in range(2, 5))


def test_some_callers_call_again_and_again_and_some_streets_far_more() -> None:
    plan, world = _year(3), World(seed=3)

    calls = Counter(matter.caller for matter in plan.matters).most_common()
    streets = Counter(world.corner(matter.corner).street.id for matter in plan.matters)
    assert calls[0][1] > 10
    assert 0.6 < plan.callers / len(plan.matters) < 0.9
    most = [count for _, count in streets.most_common()]
    assert sum(most[: len(most) // 10]) > 0.25 * len(plan.matters)


def test_units_differ_in_how_well_they_work() -> None:
    world = World(seed=1)
    streets = [unit.id for unit in directory.units().values() if unit.kind is UnitKind.STREET]

    care = sorted(world.quality(unit_id).care for unit_id in streets)

    assert care[0] < 0.65
    assert care[-1] > 0.9
    assert [World(seed=1).quality(unit_id).care for unit_id in streets[:20]] == [
        world.quality(unit_id).care for unit_id in streets[:20]
    ]
