"""The leaders' overview: figures agree with the cases, each one's address opens just those cases, few statements."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.accounts.models import Post, Staff
from huiyin.cases import desk, rollups
from huiyin.domain.actions import Action
from huiyin.domain.vocabulary import Role
from huiyin.registry import directory
from tests.builders_city import OTHER_STREET, People, dispatched, registered, replied, street_unit

pytestmark = pytest.mark.usefixtures("city")


def signed_in(client: Client, role: Role, unit_id: int) -> Client:
    staff = Staff.objects.create_user(username=f"{role}{unit_id}", name="某人", staff_no=f"L{unit_id}")
    Post.objects.create(staff=staff, role=str(role), unit_id=unit_id, valid_from=timezone.localdate())
    client.force_login(staff)
    return client


@pytest.fixture
def some_cases(people: People) -> None:
    now = timezone.now()
    registered(people, now=now - timedelta(minutes=9))
    near_due = dispatched(people, now=now - timedelta(days=6), phone="19900001235")
    handler, signed_at = people.handler(street_unit()), now - timedelta(days=6)
    called = {"means": "phone", "reached": True, "note": "已电话联系"}
    desk.act(near_due.pk, Action.SIGN, actor=handler, data={}, now=signed_at)
    desk.act(near_due.pk, Action.NOTE_CONTACT, actor=handler, data=called, now=signed_at)
    dispatched(people, now=now - timedelta(days=9), phone="19900001236")  # overdue
    replied(people, now=now - timedelta(days=9), phone="19900001237")
    dispatched(
        people, now=now - timedelta(days=1), phone="19900001238", unit_id=street_unit(OTHER_STREET)
    )  # nobody signed
    rollups.refresh_open(now)
    rollups.recompute_days((now - timedelta(days=9)).date(), timezone.localdate())


@pytest.mark.usefixtures("some_cases")
def test_every_figure_opens_exactly_the_cases_that_it_counts(client: Client) -> None:
    hotline = directory.hotline()
    assert hotline is not None
    signed_in(client, Role.LEADER, hotline.id)
    page = client.get("/cases/overview/").content.decode()

    figures = re.findall(r'class="hy-figure"[^>]*href="([^"]+)".*?hy-figure-value">(\d+)<', page, re.S)

    assert len(figures) == 9
    for address, number in figures:
        answer = client.get(address.replace("&amp;", "&"))
        assert len(answer.context["rows"]) == int(number), address
    assert [int(number) for _, number in figures[2:7]] == [5, 1, 2, 1, 2]


@pytest.mark.usefixtures("some_cases")
def test_a_unit_head_sees_only_the_own_unit(client: Client) -> None:
    signed_in(client, Role.UNIT_HEAD, street_unit(OTHER_STREET))

    found = client.get("/cases/overview/").context["found"]

    assert found.open["open"] == 1
    assert [line.query for line in found.units] == [f"unit={street_unit(OTHER_STREET)}"]
    assert found.districts == ()


@pytest.mark.usefixtures("some_cases")
def test_the_overview_reads_only_the_rollup_tables(client: Client, django_assert_max_num_queries: Any) -> None:
    hotline = directory.hotline()
    assert hotline is not None
    signed_in(client, Role.LEADER, hotline.id)
    client.get("/cases/overview/")

    with django_assert_max_num_queries(14) as seen:
        client.get("/cases/overview/")

    assert not [query for query in seen.captured_queries if '"hotline_case"' in query["sql"]]
