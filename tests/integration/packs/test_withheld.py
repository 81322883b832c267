"""A case that became confidential after its pack was made: gone from the pages; the files are closed until renewed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from huiyin.accounts.models import AccessLog
from huiyin.cases import desk
from huiyin.cases.models import Case
from huiyin.domain.actions import Action
from huiyin.domain.vocabulary import Role
from huiyin.evaluation.vocabulary import Group
from huiyin.packs import ground, making, withheld
from huiyin.packs.contents import from_json
from huiyin.packs.models import Form, Look, Pack, State
from tests import builders_evaluation as evaluation
from tests.builders_city import People, street_unit
from tests.integration.intake.test_console import signed_in

FILES = (Form.DOCX, Form.PDF, Form.PPTX)


@pytest.fixture
def bad(people: People) -> list[Case]:
    """Two cases that a meeting talks about."""
    return [
        evaluation.judged(people, answers=evaluation.BAD, phone=f"1990000000{number}", content=content)
        for number, content in enumerate(("楼道堆物三个月无人清理", "井盖松动夜里响个不停"))
    ]


@pytest.fixture
def pack(bad: list[Case]) -> Pack:
    ground.forget()
    keys = [(Group.STREET, street_unit())]
    made = making.ask(evaluation.published(), keys, by=evaluation.staff(1), now=evaluation.AFTER).packs.get()
    return renewed(made)


def renewed(pack: Pack) -> Pack:
    """After its job has run."""
    assert making.make(pack.pk, now=evaluation.AFTER)
    pack.refresh_from_db()
    return pack


def hide(people: People, case: Case) -> None:
    data = {"confidential": True, "reason": "诉求人要求保密"}
    desk.act(case.pk, Action.MARK_CONFIDENTIAL, actor=people.operator(), data=data, now=evaluation.AFTER)


def jobs_of(pack: Pack) -> int:
    return ProcrastinateJob.objects.filter(task_name="packs.make", args={"pack_id": pack.pk}).count()


def files(client: Client, pack: Pack) -> list[int]:
    answers = [client.get(f"/packs/{pack.pk}/files/{form}/") for form in FILES]
    for answer in answers:
        b"".join(answer)  # reads a file to its end, which closes it
    return [answer.status_code for answer in answers]


@pytest.mark.parametrize("address", ["/packs/{}/", "/packs/{}/meeting/", "/packs/{}/meeting/?part=1"])
def test_page_and_meeting_leave_it_out(people: People, bad: list[Case], pack: Pack, address: str) -> None:
    hide(people, bad[0])

    page = signed_in(Role.LEADER).get(address.format(pack.pk)).content.decode()

    assert (bad[0].case_no in page, "楼道堆物" in page) == (False, False)
    assert (bad[1].case_no in page, "井盖松动" in page) == (True, True)
    assert "1件未解决或不满意的案件" in page
    assert not AccessLog.objects.filter(case_id=bad[0].pk).exists()


def test_the_page_says_so_and_offers_no_file(people: People, bad: list[Case], pack: Pack) -> None:
    client = signed_in(Role.LEADER)
    before = client.get(f"/packs/{pack.pk}/").content.decode()
    hide(people, bad[0])

    after = client.get(f"/packs/{pack.pk}/").content.decode()

    assert ("已设为保密" in before, "/files/docx/" in before) == (False, True)
    assert ("材料中有 1 件案件已设为保密" in after, "/files/docx/" in after) == (True, False)
    assert "文件正在重新制作" in after


def test_where_all_are_confidential_none_is_told(people: People, bad: list[Case], pack: Pack) -> None:
    for case in bad:
        hide(people, case)

    page = signed_in(Role.LEADER).get(f"/packs/{pack.pk}/").content.decode()

    assert "所列案件均已设为保密" in page
    assert not any(case.case_no in page for case in bad)


def test_files_are_refused_until_they_are_made_anew(people: People, bad: list[Case], pack: Pack) -> None:
    client = signed_in(Role.LEADER)
    assert files(client, pack) == [200, 200, 200]
    hide(people, bad[0])
    looks = Look.objects.count()

    refused = client.get(f"/packs/{pack.pk}/files/pdf/")

    assert refused.status_code == 409
    assert "材料中有案件已设为保密" in refused.content.decode()
    assert files(client, pack) == [409, 409, 409]
    assert Look.objects.count() == looks
    assert [case.case_no for case in from_json(renewed(pack).contents).cases] == [bad[1].case_no]
    assert files(client, pack) == [200, 200, 200]


def test_charts_stay_open(people: People, bad: list[Case], pack: Pack) -> None:
    hide(people, bad[0])
    charts = from_json(pack.contents).charts

    assert charts
    assert signed_in(Role.LEADER).get(f"/packs/{pack.pk}/charts/{charts[0].name}/").status_code == 200


def test_it_is_sent_to_be_made_anew_once_however_often_it_is_opened(
    people: People, bad: list[Case], pack: Pack
) -> None:
    client = signed_in(Role.LEADER)
    before = jobs_of(pack)
    client.get(f"/packs/{pack.pk}/")
    assert jobs_of(pack) == before
    hide(people, bad[0])

    for address in ("", "meeting/", "files/docx/", ""):
        client.get(f"/packs/{pack.pk}/{address}")

    pack.refresh_from_db()
    assert (jobs_of(pack), pack.state) == (before + 1, State.WAITING)


def test_a_renewal_that_failed_waits_for_a_person(people: People, bad: list[Case], pack: Pack) -> None:
    hide(people, bad[0])
    Pack.objects.update(state=State.FAILED)
    before = jobs_of(pack)
    leader, auditor = signed_in(Role.LEADER), signed_in(Role.AUDITOR)

    page = leader.get(f"/packs/{pack.pk}/").content.decode()
    read_only = auditor.get(f"/packs/{pack.pk}/").content.decode()
    refused = leader.get(f"/packs/{pack.pk}/files/pptx/")

    assert ("文件须重新制作后才能下载" in page, "重新制作</button>" in page) == (True, True)
    assert "重新制作</button>" not in read_only
    assert (refused.status_code, "请重新制作" in refused.content.decode()) == (409, True)
    assert jobs_of(pack) == before
    asked = leader.post("/packs/make/", {"period": "2026-06", "line": f"{pack.group}-{pack.unit_id}"})
    assert (asked.status_code, jobs_of(pack)) == (302, before + 1)


def test_looking_costs_one_statement(pack: Pack, django_assert_num_queries: Callable[..., Any]) -> None:
    with django_assert_num_queries(1):
        shown = withheld.open_pack(pack, now=evaluation.AFTER)

    assert (shown.hidden, len(shown.whole().cases)) == (0, 2)
