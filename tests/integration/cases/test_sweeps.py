"""Time's own effects: lights fire once each, also after an outage; callbacks fall due; notices reach units."""

from datetime import timedelta

import pytest

from huiyin.cases import rollups, subscriptions
from huiyin.cases.models import Case, CaseEvent, DayCount, Notice, OpenCount, Outbox
from huiyin.cases.sweeps import Sweeper
from huiyin.domain.vocabulary import Status
from tests.builders_city import NOW, People, dispatched, registered, replied, street_unit

pytestmark = pytest.mark.usefixtures("city")


def fired(case: Case) -> list[tuple[str, str]]:
    events = CaseEvent.objects.filter(case_id=case.pk, action__in=["warn", "escalate"]).order_by("seq")
    return [(event.action, event.data["clock"]) for event in events]


def test_each_light_fires_once_however_often_the_sweep_runs(people: People) -> None:
    case = dispatched(people, grade="urgent")  # sign 30 min, contact 2 h, handle 24 h
    start = NOW + timedelta(minutes=5)

    for minutes in (10, 23, 24, 31, 32, 33):
        Sweeper().fire_clocks(start + timedelta(minutes=minutes))

    assert fired(case) == [("warn", "sign"), ("escalate", "sign")]


def test_after_an_outage_what_is_overdue_is_escalated_without_a_late_reminder(people: People) -> None:
    case = dispatched(people, grade="urgent")

    Sweeper().fire_clocks(NOW + timedelta(days=3))

    assert set(fired(case)) == {("escalate", "sign"), ("escalate", "contact"), ("escalate", "handle")}
    assert Case.objects.get(pk=case.pk).escalated


def test_the_citizen_is_asked_when_the_limit_ends_not_when_the_unit_says_it_is_done(people: People) -> None:
    case = replied(people)

    Sweeper().fire_clocks(NOW + timedelta(days=6))
    early = Case.objects.get(pk=case.pk).status
    Sweeper().fire_clocks(NOW + timedelta(days=7, minutes=6))

    assert early == Status.REPLIED
    assert Case.objects.get(pk=case.pk).status == Status.CALLBACK_PENDING


def test_a_unit_is_told_of_a_new_case_exactly_once(people: People) -> None:
    dispatched(people)

    subscriptions.deliver()
    subscriptions.deliver()

    notice = Notice.objects.get()
    assert (notice.unit_id, notice.action) == (street_unit(), "dispatch")
    assert not Outbox.objects.exists()


def test_counts_of_boards_agree_with_the_cases(people: People) -> None:
    registered(people)
    dispatched(people, phone="19900001235")
    replied(people, phone="19900001236")

    rollups.refresh(NOW + timedelta(days=6, hours=12))
    rollups.recompute_days(NOW.date(), NOW.date())

    open_counts = OpenCount.objects.all()
    assert sum(count.open for count in open_counts) == 3
    assert sum(count.undispatched for count in open_counts) == 1
    assert sum(count.overdue for count in open_counts) == 1  # nobody signed it
    assert sum(count.near_due for count in open_counts) == 0
    assert sum(count.received for count in DayCount.objects.filter(day=NOW.date())) == 3
    assert sum(count.dispatched for count in DayCount.objects.filter(day=NOW.date())) == 2
