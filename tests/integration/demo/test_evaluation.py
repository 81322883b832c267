"""The demo city's past months: closed when the pages come up, looked at and packed by the worker soon after."""

from datetime import UTC, datetime
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from huiyin.accounts.demo import create_demo_staff
from huiyin.evaluation.models import Version
from huiyin.evaluation.vocabulary import Group, Stage
from huiyin.ops.demo import evaluation, history
from huiyin.packs import standing
from huiyin.packs.models import Pack

pytestmark = pytest.mark.usefixtures("city")

NOW = datetime(2026, 6, 25, 6, 0, tzinfo=UTC)


@pytest.fixture
def closed(settings: Any) -> list[Version]:
    settings.DEMO = True
    history.write_history(seed=7, cases=150, days=45, now=NOW, processes=0)
    create_demo_staff()
    return evaluation.close_past(NOW)


def test_each_whole_month_is_published_and_waits_for_its_look_for_gaming(closed: list[Version]) -> None:
    waiting = ProcrastinateJob.objects.filter(task_name="evaluation.look_for_gaming")

    assert [version.period.code for version in closed] == ["2026-06"]
    assert {version.stage for version in closed} == {Stage.PUBLISHED}
    assert [job.args for job in waiting] == [{"version_id": closed[0].pk}]


def test_the_last_month_has_a_pack_of_every_district_under_way(closed: list[Version]) -> None:
    districts = {unit_id for group, unit_id in standing.lines() if group is Group.DISTRICT}

    asked = Pack.objects.filter(version=closed[-1])

    assert {pack.unit_id for pack in asked} == districts
    assert {pack.group for pack in asked} == {Group.DISTRICT}
    assert ProcrastinateJob.objects.filter(task_name="packs.make").count() == len(districts) == 17


def test_closing_again_changes_nothing(closed: list[Version]) -> None:
    assert closed
    assert evaluation.close_past(NOW) == []
    assert Version.objects.filter(number__gt=0).count() == 1
