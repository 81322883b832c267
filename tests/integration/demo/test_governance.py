"""What the demo city does about governed streets and talks after its published periods."""

from datetime import timedelta

import pytest

from huiyin.accounts.demo import create_demo_staff
from huiyin.accounts.models import Staff
from huiyin.governance.models import GovernedStreet, Measure, Residents, Step, Talk
from huiyin.governance.vocabulary import Move, Stage, TalkState
from huiyin.ops.demo import governance
from tests import builders_governance as build
from tests.builders_city import street_unit

pytestmark = pytest.mark.usefixtures("city")
LATE = timedelta(days=90)


@pytest.fixture(autouse=True)
def _accounts(city: None, settings) -> None:
    settings.DEMO = True
    create_demo_staff()


def volumes() -> dict[int, int]:
    """Every street has a line in a published period; the one with an account is not among the largest."""
    return {**build.others(), _own(): 50}


def follow_two_periods() -> None:
    of_streets = volumes()
    for back in (1, 0):
        version = build.published(back, volumes=of_streets, rectified=list(of_streets)[:2])
        governance.follow(version, at=version.period.ends_at + timedelta(days=1), now=build.NOW + LATE)


def test_two_periods_leave_streets_plans_projects_and_an_observation() -> None:
    follow_two_periods()

    stages = list(GovernedStreet.objects.order_by("id").values_list("stage", flat=True))
    assert stages == [Stage.GOVERNED] * 5 + [Stage.OBSERVED]
    assert GovernedStreet.objects.filter(unit_id=_own()).exists()
    assert not GovernedStreet.objects.filter(plan="").exists()
    assert Measure.objects.filter(done_at__isnull=False).count() == 3
    assert Measure.objects.count() == 18
    first = Step.objects.filter(move=Move.ENTER).first()
    assert first is not None
    assert first.version is not None
    assert first.version.period.code == "2026-05"


def test_talks_are_held_kept_overdue_and_waiting() -> None:
    follow_two_periods()

    states = sorted(Talk.objects.values_list("state", flat=True))
    assert states == sorted([TalkState.CLOSED, TalkState.HELD, TalkState.HELD, TalkState.PROPOSED])
    assert Talk.objects.filter(by_rule=True).count() == 2
    assert not Talk.objects.filter(held_on__gt=(build.NOW + LATE).date()).exists()


def test_every_count_of_residents_says_that_it_is_a_sample() -> None:
    follow_two_periods()

    assert Residents.objects.filter(unit_id=street_unit()).count() == 2
    assert set(Residents.objects.values_list("source", flat=True)) == {"演示用样例数据，不代表真实情况"}


def test_nothing_is_written_in_the_future() -> None:
    version = build.published(0, volumes=volumes())
    now = version.period.ends_at + timedelta(days=1, hours=2)

    governance.follow(version, at=version.period.ends_at + timedelta(days=1), now=now)

    assert not Step.objects.filter(at__gt=now).exists()
    assert not Talk.objects.filter(proposed_at__gt=now).exists()


def _own() -> int:
    unit_id = Staff.objects.get(username="jiezhang").viewer.unit_id
    assert unit_id is not None
    return unit_id
