"""The administrator's page says what fired, what comes next, and whether something queues up."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.accounts.models import Post, Staff
from huiyin.cases.sweeps import Sweeper
from huiyin.domain.vocabulary import Role
from huiyin.ops import pulse
from huiyin.registry import directory
from tests.builders_city import People, dispatched

pytestmark = pytest.mark.usefixtures("city")


def administrator(role: Role = Role.ADMINISTRATOR) -> Staff:
    hotline = directory.hotline()
    assert hotline is not None
    staff = Staff.objects.create_user(username="x", name="某人", staff_no="X1")
    Post.objects.create(staff=staff, role=str(role), unit_id=hotline.id, valid_from=timezone.localdate())
    return staff


def test_what_fired_and_what_comes_next_are_shown(people: People) -> None:
    now = timezone.now()
    dispatched(people, now=now - timedelta(hours=3))  # signing was due after two hours
    Sweeper().fire_clocks(now)

    viewer = administrator().viewer
    fired, coming = pulse.fired(viewer, now), pulse.coming(viewer)

    assert [(line.kind, line.says) for line in fired] == [("签收", "超期升级")]
    assert ("首次联系", "黄灯提醒") in [(line.kind, line.says) for line in coming]


def test_a_clock_that_should_have_spoken_is_reported(people: People) -> None:
    now = timezone.now()
    dispatched(people, now=now - timedelta(hours=3))

    late = pulse.queues(now)[0]

    assert (late.waiting, late.well) == (1, False)


@pytest.mark.parametrize(("role", "status"), [(Role.ADMINISTRATOR, 200), (Role.OPERATOR, 403)])
def test_only_administrators_see_the_page(client: Client, role: Role, status: int) -> None:
    client.force_login(administrator(role))

    assert client.get("/ops/").status_code == status
