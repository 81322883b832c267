"""The pages of governed streets and talks: who opens which, what they show, what a refusal looks like."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.domain.vocabulary import Role, UnitKind
from huiyin.evaluation.vocabulary import Group
from huiyin.governance import planning, talking
from huiyin.governance.models import GovernedStreet, Measure, Residents, Talk
from huiyin.governance.vocabulary import Move, Stage, TalkState
from huiyin.registry import directory
from tests import builders_governance as build
from tests.builders_city import OTHER_STREET, STREET, street_unit
from tests.integration.cases.conftest import sign_in

__all__ = ["sign_in"]
SignIn = Callable[..., Client]
REASON = {"reason": build.WHY}


def hotline() -> int:
    unit = directory.hotline()
    assert unit is not None
    return unit.id


def government() -> int:
    unit = directory.district_unit(directory.unit(street_unit()).district_id or 0)
    assert unit is not None
    return unit.id


@pytest.fixture
def street(city: None) -> GovernedStreet:
    build.published(volumes={**build.others(), street_unit(): 300})
    return build.governed()


@pytest.fixture
def project(street: GovernedStreet) -> Measure:
    return planning.add_measure(
        street.pk, title="电动车充电棚", owner="王主任", due=date(2026, 9, 1), by=build.head(), now=build.NOW
    )


@pytest.fixture
def talk(city: None) -> Talk:
    return talking.call(Group.STREET, street_unit(), reason=build.WHY, by=build.leader(), now=build.NOW)


def test_a_street_shows_its_verdict_its_months_and_the_cases_behind(street: GovernedStreet, sign_in: SignIn) -> None:
    page = sign_in(street_unit(), Role.UNIT_HEAD).get(f"/governance/streets/{street.pk}/").content.decode()

    assert "诉求量连续 0 期在前 30 位之外（标准：6 期）" in page
    version = street.steps.get().version
    assert version is not None
    behind = f"/evaluation/2026-06/cases/?version={version.number}&amp;group=street&amp;unit={street_unit()}"
    assert f'{behind}&amp;figure=volume">300</a>' in page
    assert f'{behind}&amp;figure=not_solved">50.00%</a>' in page
    assert build.WHY in page


def test_who_sees_which_street(street: GovernedStreet, sign_in: SignIn) -> None:
    far = next(one for one in directory.districts() if one.id != street.district_id)
    elsewhere = directory.district_unit(far.id)
    assert elsewhere is not None
    address = f"/governance/streets/{street.pk}/"
    expected = (
        (hotline(), Role.EVALUATOR, 200),
        (hotline(), Role.LEADER, 200),
        (government(), Role.UNIT_HEAD, 200),
        (government(), Role.LEADER, 200),
        (street_unit(), Role.UNIT_HEAD, 200),
        (elsewhere.id, Role.UNIT_HEAD, 404),
        (street_unit(OTHER_STREET), Role.UNIT_HEAD, 404),
        (hotline(), Role.UNIT_HEAD, 404),
        (street_unit(), Role.HANDLER, 403),
        (hotline(), Role.ANALYST, 200),
        (hotline(), Role.AUDITOR, 200),
        (street_unit(), Role.ANALYST, 404),
        (hotline(), Role.ADMINISTRATOR, 403),
    )

    assert [sign_in(unit, role).get(address).status_code for unit, role, _ in expected] == [one[2] for one in expected]


def test_onlookers_read_and_decide_nothing(street: GovernedStreet, talk: Talk, sign_in: SignIn) -> None:
    for role in (Role.ANALYST, Role.AUDITOR):
        client = sign_in(hotline(), role)
        page = client.get(f"/governance/streets/{street.pk}/").content.decode()
        assert build.WHY in page
        assert "/governance/" not in "".join(re.findall(r"<form[^>]*>", page))
        assert client.get(f"/governance/talks/{talk.pk}/").status_code == 200
        assert client.get("/governance/talks/call/").status_code == 403
        refused = client.post(f"/governance/streets/{street.pk}/decide/{Move.EXIT}/", {"reason": build.WHY})
        assert refused.status_code == 403
    assert street.steps.count() == 1


def test_an_unknown_rate_is_no_missed_target(street: GovernedStreet, sign_in: SignIn) -> None:
    build.published(volumes={street_unit(): 300, street_unit(OTHER_STREET): 0})  # nobody of the other was asked
    unknown = build.governed(street_unit(OTHER_STREET))
    GovernedStreet.objects.filter(pk=street.pk).update(target_satisfaction=90, target_resolution=40)
    GovernedStreet.objects.filter(pk=unknown.pk).update(target_satisfaction=80, target_resolution=30)

    page = sign_in(hotline(), Role.LEADER).get("/governance/").content.decode()

    assert {target: tone for tone, target in re.findall(r'data-tone="(\w+)">目标 (\d+)%', page)} == {
        "90": "amber", "40": "green", "80": "quiet", "30": "quiet",
    }  # fmt: skip


def test_an_entry_is_asked_with_the_verdict_and_leads_to_the_street(city: None, sign_in: SignIn) -> None:
    build.published(volumes={street_unit(): 300})
    client = sign_in(hotline(), Role.EVALUATOR)
    address = f"/governance/enter/{street_unit()}/"

    assert "排第 1 位（标准：前 10 位）" in client.get(address).content.decode()
    refused = client.post(address, {"reason": ""})
    taken = client.post(address, REASON)

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert "请写明理由" in refused.content.decode()
    made = GovernedStreet.objects.get()
    assert taken["Location"] == f"/governance/streets/{made.pk}/"
    assert client.post(address).status_code == 422
    assert "已在治理或观察中" in client.post(address, REASON).content.decode()


def test_the_tabs_show_each_stage_and_whom_the_rule_names(street: GovernedStreet, sign_in: SignIn) -> None:
    client = sign_in(hotline(), Role.LEADER)
    name = directory.unit(street_unit()).short_name

    assert f"{name}</a></h2>" in client.get("/governance/").content.decode()
    assert f"{name}</a></h2>" not in client.get("/governance/?tab=observed").content.decode()
    named = client.get("/governance/?tab=named").content.decode()
    assert named.count("纳入治理…") == 9  # ten by volume, one of which is governed
    own = sign_in(street_unit(), Role.UNIT_HEAD).get("/governance/?tab=named").content.decode()
    assert "规则提示" not in own
    assert f"{name}</a></h2>" in own


def test_every_step_of_a_streets_life_by_its_dialogs(street: GovernedStreet, sign_in: SignIn) -> None:
    leader, head = sign_in(hotline(), Role.LEADER), sign_in(street_unit(), Role.UNIT_HEAD)
    base = f"/governance/streets/{street.pk}"
    plan = {"plan": "逐个小区建台账，每周联席会议", "target_resolution": "90", "target_volume": "200"}
    later = (timezone.localdate() + timedelta(days=30)).isoformat()

    answers = [
        head.post(f"{base}/plan/", plan),
        head.post(f"{base}/measures/", {"title": "充电棚", "owner": "王主任", "due": later}),
        head.post(f"{base}/note/", {"reason": "已完成摸底排查"}),
        leader.post(f"{base}/decide/exit/", REASON),
        leader.post(f"{base}/decide/return/", REASON),
    ]

    assert [one.status_code for one in answers] == [302] * 5
    moves = [step.move for step in street.steps.all()]
    assert moves == [Move.RETURN, Move.EXIT, Move.NOTE, Move.PLAN, Move.ENTER]
    page = head.get(f"{base}/").content.decode()
    assert "目标：解决率 90%，诉求量不超过 200 件/期" in page
    assert "充电棚" in page


def test_a_wrong_form_says_what_to_mend_and_keeps_what_was_written(street: GovernedStreet, sign_in: SignIn) -> None:
    head = sign_in(street_unit(), Role.UNIT_HEAD)
    base = f"/governance/streets/{street.pk}"

    plan = head.post(f"{base}/plan/", {"plan": "太短", "target_resolution": "一百"})
    measure = head.post(f"{base}/measures/", {"title": "充电棚", "owner": "王主任", "due": "2020-02-30"})

    assert (plan.status_code, measure.status_code) == (422, 422)
    assert "至少 10 个字" in plan.content.decode()
    assert "一百" in plan.content.decode()
    assert "请选择今天或以后的完成期限" in measure.content.decode()


def test_who_may_not_act_is_refused_and_nothing_moves(
    street: GovernedStreet, project: Measure, sign_in: SignIn
) -> None:
    base = f"/governance/streets/{street.pk}"
    head, district = sign_in(street_unit(), Role.UNIT_HEAD), sign_in(government(), Role.LEADER)

    assert head.post(f"{base}/decide/exit/", REASON).status_code == 403
    assert district.post(f"{base}/decide/exit/", REASON).status_code == 403
    assert district.get(f"/governance/enter/{street_unit(OTHER_STREET)}/").status_code == 403
    assert district.get("/governance/residents/").status_code == 403
    assert district.get("/governance/talks/call/").status_code == 403
    assert sign_in(government(), Role.UNIT_HEAD).post(f"{base}/plan/", {"plan": "区里替街道写"}).status_code == 422
    assert sign_in(hotline(), Role.EVALUATOR).post(f"{base}/plan/", {"plan": "市里替街道写"}).status_code == 403
    neighbour = sign_in(street_unit(OTHER_STREET), Role.UNIT_HEAD)
    assert neighbour.post(f"/governance/measures/{project.pk}/", {"words": "已经完成"}).status_code == 404
    street.refresh_from_db()
    assert (street.stage, street.plan, street.steps.count()) == (Stage.GOVERNED, "", 1)
    assert sign_in(hotline(), Role.LEADER).get(f"{base}/decide/enter/").status_code == 404


@pytest.mark.parametrize(("verdict", "done"), [("yes", True), ("no", False)])
def test_a_project_is_done_or_dropped_by_its_two_buttons(
    street: GovernedStreet, project: Measure, sign_in: SignIn, verdict: str, done: bool
) -> None:
    head = sign_in(street_unit(), Role.UNIT_HEAD)
    address = f"/governance/measures/{project.pk}/"

    assert head.post(address, {"words": "", "verdict": verdict}).status_code == 422
    assert head.post(address, {"words": "见验收单或通知", "verdict": verdict}).status_code == 302
    project.refresh_from_db()
    assert ((project.done_at is not None), (project.dropped_at is not None)) == (done, not done)
    assert "刚刚已经办结或取消" in head.post(address, {"words": "再来一次吧", "verdict": verdict}).content.decode()


def test_a_talk_goes_its_way_by_its_pages(talk: Talk, sign_in: SignIn) -> None:
    leader, head = sign_in(hotline(), Role.LEADER), sign_in(street_unit(), Role.UNIT_HEAD)
    base, today = f"/governance/talks/{talk.pk}", timezone.localdate()
    given = {"on": today.isoformat(), "promises": "两个月内见效", "until": (today - timedelta(days=1)).isoformat()}

    assert leader.post(f"{base}/hold/", given).status_code == 422
    assert leader.post(f"{base}/hold/", {**given, "until": today.isoformat()}).status_code == 302
    page = head.get(f"{base}/").content.decode()
    assert "两个月内见效" in page
    assert "登记约谈" not in page
    assert head.post(f"{base}/close/", {"outcome": "已经全部落实"}).status_code == 403
    Talk.objects.update(promised_until=today - timedelta(days=1), held_on=today - timedelta(days=9))
    assert "承诺逾期" in head.get("/governance/talks/?show=overdue").content.decode()
    assert leader.post(f"{base}/close/", {"outcome": "只落实了一半", "verdict": "no"}).status_code == 302
    talk.refresh_from_db()
    assert (talk.state, talk.kept) == (TalkState.CLOSED, False)
    assert "未全部落实" in head.get("/governance/talks/?show=ended").content.decode()


def test_a_unit_is_called_by_hand_once_and_its_head_finds_the_notice(city: None, sign_in: SignIn) -> None:
    leader, head = sign_in(hotline(), Role.LEADER), sign_in(street_unit(), Role.UNIT_HEAD)
    unit = {"unit": str(street_unit())}
    community = next(one for one in directory.units().values() if one.kind is UnitKind.COMMUNITY)

    unchosen = leader.post("/governance/talks/call/", {"unit": "", "unit_text": "建外", **REASON})
    assert (unchosen.status_code, "请从列出的单位中选择" in unchosen.content.decode()) == (422, True)
    assert leader.post("/governance/talks/call/", {"unit": str(community.id), **REASON}).status_code == 422
    assert leader.post("/governance/talks/call/", {**unit, **REASON}).status_code == 302
    again = leader.post("/governance/talks/call/", {**unit, **REASON})
    assert "已有一次待举行的约谈" in again.content.decode()
    notices = head.get("/cases/notices/").content.decode()
    link = f"/governance/talks/{Talk.objects.get().pk}/"
    assert f'href="{link}"' in notices
    assert head.get(link).status_code == 200
    assert f"本单位被列入约谈：{build.WHY}" in notices


def test_a_proposal_is_dropped_by_its_page(talk: Talk, sign_in: SignIn) -> None:
    leader = sign_in(hotline(), Role.LEADER)

    assert leader.post(f"/governance/talks/{talk.pk}/drop/", {"reason": ""}).status_code == 422
    assert leader.post(f"/governance/talks/{talk.pk}/drop/", {"reason": "成绩已修订"}).status_code == 302
    talk.refresh_from_db()
    assert talk.state == TalkState.DROPPED


def test_who_sees_which_talk(talk: Talk, sign_in: SignIn) -> None:
    address = f"/governance/talks/{talk.pk}/"
    expected = (
        (street_unit(), Role.UNIT_HEAD, 200),
        (government(), Role.UNIT_HEAD, 200),
        (street_unit(OTHER_STREET), Role.UNIT_HEAD, 404),
        (street_unit(), Role.HANDLER, 403),
    )

    assert [sign_in(unit, role).get(address).status_code for unit, role, _ in expected] == [one[2] for one in expected]


def test_residents_are_previewed_and_written_as_they_were_shown(city: None, sign_in: SignIn) -> None:
    evaluator = sign_in(hotline(), Role.EVALUATOR)
    code = directory.unit(street_unit(STREET)).code

    def sent(*lines: str) -> SimpleUploadedFile:
        text = "\n".join(("单位代码,年份,常住人口,数据来源", *lines))
        return SimpleUploadedFile("人口.csv", text.encode(), content_type="text/csv")

    wrong = evaluator.post("/governance/residents/", {"file": sent(f"{code},2025,100,年鉴", "没有的街道,2025,1,年鉴")})
    assert wrong.status_code == 422
    assert "第 3 行：没有这个街道（乡镇）：没有的街道" in wrong.content.decode()
    shown = evaluator.post("/governance/residents/", {"file": sent(f"{code},2025,120000,年鉴")})
    assert shown.status_code == 200
    assert not Residents.objects.exists()

    lines = f"unit,year,count,source\n{code},2025,120000,年鉴\n"
    written = evaluator.post("/governance/residents/", {"lines": lines})

    assert written.status_code == 302
    assert Residents.objects.get().count == 120_000
    assert (
        f"{code},{directory.unit(street_unit()).name}" in evaluator.get("/governance/residents/blank/").content.decode()
    )
    assert evaluator.post("/governance/residents/", {}).status_code == 422


def test_the_units_card_bears_a_mark_for_who_may_see_it(street: GovernedStreet, sign_in: SignIn) -> None:
    address = f"/governance/of/{street_unit()}/"

    mark = sign_in(street_unit(), Role.UNIT_HEAD).get(address).content.decode()
    assert f"/governance/streets/{street.pk}/" in mark
    assert sign_in(street_unit(OTHER_STREET), Role.UNIT_HEAD).get(address).content.decode().strip() == ""
    card = sign_in(street_unit(), Role.UNIT_HEAD).get(f"/evaluation/2026-06/street/{street_unit()}/").content.decode()
    assert f'hx-get="{address}"' in card


@pytest.mark.parametrize(
    "address", ["/governance/", "/governance/?tab=named", "/governance/streets/{}/", "/governance/talks/"]
)
def test_a_page_costs_the_same_however_much_there_is(street: GovernedStreet, sign_in: SignIn, address: str) -> None:
    client, page = sign_in(hotline(), Role.EVALUATOR), address.format(street.pk)
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    for unit_id in (*list(build.others())[:6], street_unit(OTHER_STREET)):
        made = build.governed(unit_id)
        Measure.objects.create(
            street=made, title="项目", owner="某人", due=build.NOW.date(), written_by="某人", written_at=build.NOW
        )
        talking.call(Group.STREET, unit_id, reason=build.WHY, by=build.leader(), now=build.NOW)
    for back in range(1, 14):
        build.published(back, volumes={**build.others(), street_unit(): 300})
    build.residents(street_unit(), y2026=1000, y2025=1000)
    client.get(page)
    with CaptureQueriesContext(connection) as more:
        client.get(page)

    assert len(more) == len(few) < 16
