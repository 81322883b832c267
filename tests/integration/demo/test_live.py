"""The simulator: it goes through the desk, works on its own cases only, and leaves people's cases to people."""

from datetime import timedelta

import pytest
from django.utils import timezone

from huiyin.cases.models import Case, CaseEvent, Outbox
from huiyin.domain.vocabulary import Status
from huiyin.ops.demo import history, live
from huiyin.ops.demo.live import Simulator
from huiyin.ops.demo.staffing import read_crew
from huiyin.ops.demo.world import World
from huiyin.ops.models import DemoTruth
from tests.builders_city import People, registered

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def simulator(monkeypatch: pytest.MonkeyPatch) -> Simulator:
    monkeypatch.setattr(live, "_HOTLINE_FIRST", timedelta(0))  # tests do not wait for people
    history.write_history(seed=5, cases=60, days=3, now=timezone.now(), processes=0)
    return Simulator(world=World(seed=5, crew=read_crew()), speed=3600 * 24 * 365, per_day=1)


def test_a_simulated_call_is_a_case_like_any_other_with_its_truth(simulator: Simulator) -> None:
    simulator.start(timezone.now())

    case_id = simulator.call(timezone.now())

    truth = DemoTruth.objects.get(pk=case_id)
    assert truth.live
    assert CaseEvent.objects.filter(case_id=case_id, action="register").exists()
    assert Outbox.objects.exists()  # live cases are news


def test_simulated_people_carry_open_cases_on_to_their_end(simulator: Simulator) -> None:
    taken = simulator.start(timezone.now())
    simulator._next_arrival = float("inf")
    before = Case.objects.filter(closed_at=None).count()
    for case_id in list(simulator._planned):
        simulator._planned[case_id] = 0.0
        simulator._queue.append((0.0, case_id))
    simulator._queue.sort()

    for _ in range(60):
        simulator.step(timezone.now(), at_most=40)

    assert taken > 5
    assert simulator.done > taken
    assert Case.objects.filter(closed_at=None).count() < before


def test_a_case_that_a_person_registered_is_left_to_people(simulator: Simulator, people: People) -> None:
    case = registered(people, now=timezone.now())

    simulator.start(timezone.now())

    assert case.pk not in simulator._planned
    assert Case.objects.get(pk=case.pk).status == Status.RECEIVED
