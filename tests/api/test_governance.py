"""Governed streets and talks by API: what is read by whom, each act and each refusal."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from huiyin.api.scopes import Scope
from huiyin.domain.vocabulary import Role
from huiyin.governance.models import GovernedStreet, Residents, Talk
from huiyin.registry import directory
from tests import builders_governance as build
from tests.api.conftest import Api
from tests.builders_city import OTHER_STREET, street_unit

ApiAs = Callable[..., Api]
WHY = build.WHY


@pytest.fixture
def city_api(api_as: ApiAs) -> Api:
    build.published(volumes={**build.others(), street_unit(): 300})
    return api_as(Role.LEADER)


@pytest.fixture
def head(api_as: ApiAs) -> Api:
    return api_as(Role.UNIT_HEAD, unit_id=street_unit())


def test_a_street_is_named_entered_and_read_with_its_verdict(city_api: Api, head: Api) -> None:
    named = city_api.get("/governance/named").json()["items"]
    assert (named[0]["unit_id"], named[0]["move"], named[0]["verdict"]["met"]) == (street_unit(), "enter", True)

    made = city_api.post("/governance/streets", {"unit_id": street_unit(), "reason": WHY})
    read = head.get(f"/governance/streets/{made.json()['id']}").json()

    assert made.status_code == 201
    assert read == made.json()
    assert read["newest"]["volume"] == 300
    assert (read["steps"][0]["move"], read["steps"][0]["period"], read["steps"][0]["met"]) == ("enter", "2026-06", True)
    assert [line["met"] for line in read["verdict"]["lines"]] == [False, False, True, True, False]
    assert city_api.post("/governance/streets", {"unit_id": street_unit(), "reason": WHY}).status_code == 409


def test_lists_hold_what_the_caller_may_see(city_api: Api, head: Api, api_as: ApiAs) -> None:
    other = city_api.post("/governance/streets", {"unit_id": street_unit(OTHER_STREET), "reason": WHY}).json()

    assert [one["id"] for one in city_api.get("/governance/streets?stage=governed").json()["items"]] == [other["id"]]
    assert city_api.get("/governance/streets?stage=ended").json()["items"] == []
    assert head.get("/governance/streets").json()["items"] == []
    assert head.get(f"/governance/streets/{other['id']}").status_code == 404
    assert api_as(Role.OPERATOR).get("/governance/streets").json()["items"] == []
    analyst = api_as(Role.ANALYST)
    assert [one["id"] for one in analyst.get("/governance/streets").json()["items"]] == [other["id"]]
    assert analyst.post("/governance/streets", {"unit_id": street_unit(), "reason": WHY}).status_code == 403
    for address in ("/governance/named", "/governance/residents"):
        assert head.get(address).status_code == 403


def test_plan_projects_and_progress_by_the_streets_head(city_api: Api, head: Api) -> None:
    street = city_api.post("/governance/streets", {"unit_id": street_unit(), "reason": WHY}).json()
    base = f"/governance/streets/{street['id']}"
    due = (timezone.localdate() + timedelta(days=9)).isoformat()
    plan = {"plan": "逐个小区建台账，每周联席会议", "target_resolution": "90", "target_volume": "200"}

    planned = head.post(f"{base}/plan", plan).json()
    made = head.post(f"{base}/measures", {"title": "充电棚", "owner": "王主任", "due": due})
    settle = f"/governance/measures/{made.json()['id']}/settle"
    settled = head.post(settle, {"done": True, "words": "已验收，见验收单"}).json()
    noted = head.post(f"{base}/steps", {"move": "note", "reason": "已完成摸底排查"}).json()

    assert (planned["target_resolution"], planned["target_volume"]) == ("90.00", 200)
    assert (made.status_code, settled["evidence"]) == (201, "已验收，见验收单")
    assert [one["move"] for one in noted["steps"]] == ["note", "plan", "enter"]
    assert (noted["done"], noted["measures"]) == (1, 1)
    assert head.post(settle, {"done": False, "words": "又不做了呀"}).status_code == 409
    assert city_api.post(f"{base}/plan", plan).status_code == 403
    assert head.post(f"{base}/plan", {**plan, "target_volume": "很少"}).status_code == 422
    assert head.post("/governance/measures/999999/settle", {"done": True, "words": "没有的项目"}).status_code == 404


def test_decisions_are_the_citys_and_fit_the_stage(city_api: Api, head: Api) -> None:
    street = city_api.post("/governance/streets", {"unit_id": street_unit(), "reason": WHY}).json()
    steps = f"/governance/streets/{street['id']}/steps"

    assert head.post(steps, {"move": "exit", "reason": WHY}).status_code == 403
    assert city_api.post(steps, {"move": "end", "reason": WHY}).json()["code"] == "street_moved"
    assert city_api.post(steps, {"move": "plan", "reason": WHY}).status_code == 409
    assert city_api.post(steps, {"move": "exit", "reason": WHY}).json()["stage"] == "observed"
    assert city_api.post(steps, {"move": "end", "reason": WHY}).json()["code"] == "still_observed"
    assert GovernedStreet.objects.get().steps.count() == 2


def test_residents_are_written_all_or_none(city_api: Api, head: Api) -> None:
    line = {"unit": directory.unit(street_unit()).code, "year": 2025, "count": 120_000, "source": "统计年鉴"}

    refused = city_api.post("/governance/residents", {"items": [line, {**line, "unit": "没有的街道"}]})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["message"] == "第 2 行：没有这个街道（乡镇）：没有的街道"
    assert not Residents.objects.exists()
    assert head.post("/governance/residents", {"items": [line]}).status_code == 403
    assert city_api.post("/governance/residents", {"items": [line]}).json() == {"written": 1, "unchanged": 0}
    assert city_api.post("/governance/residents", {"items": [line]}).json() == {"written": 0, "unchanged": 1}
    listed = city_api.get(f"/governance/residents?unit_id={street_unit()}").json()["items"]
    assert [(one["year"], one["count"], one["source"]) for one in listed] == [(2025, 120_000, "统计年鉴")]


def test_a_talk_is_called_held_and_closed(city_api: Api, head: Api) -> None:
    body = {"group": "street", "unit_id": street_unit(), "reason": WHY}
    made = city_api.post("/governance/talks", body)
    address = f"/governance/talks/{made.json()['id']}"
    today = timezone.localdate()
    hold = {"on": today.isoformat(), "promises": "两个月内见效", "until": today.isoformat()}

    assert made.status_code == 201
    assert city_api.post("/governance/talks", body).json()["code"] == "talk_waits"
    assert city_api.post(f"{address}/close", {"kept": True, "outcome": "都落实了呀"}).json()["code"] == "talk_moved"
    tomorrow = (today + timedelta(days=1)).isoformat()
    assert city_api.post(f"{address}/hold", {**hold, "on": tomorrow}).status_code == 422
    assert head.post(f"{address}/hold", hold).status_code == 403
    assert city_api.post(f"{address}/hold", hold).json()["state"] == "held"
    Talk.objects.update(promised_until=today - timedelta(days=1))
    assert [one["overdue"] for one in head.get("/governance/talks?show=overdue").json()["items"]] == [True]
    closed = city_api.post(f"{address}/close", {"kept": True, "outcome": "承诺全部落实"}).json()
    assert (closed["state"], closed["kept"], closed["overdue"]) == ("closed", True, False)
    assert head.get(address).json() == closed


def test_a_proposal_is_dropped_and_strangers_find_nothing(city_api: Api, api_as: ApiAs) -> None:
    made = city_api.post("/governance/talks", {"group": "street", "unit_id": street_unit(), "reason": WHY}).json()
    address = f"/governance/talks/{made['id']}"
    stranger = api_as(Role.UNIT_HEAD, unit_id=street_unit(OTHER_STREET))

    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}/drop", {"reason": "不应约谈"}).status_code == 404
    assert city_api.post(f"{address}/drop", {"reason": "成绩已修订"}).json()["state"] == "dropped"


def test_acting_needs_the_scope(city_api: Api, api_as: ApiAs) -> None:
    reader = api_as(Role.LEADER, scopes=(Scope.READ,))

    assert reader.get("/governance/named").status_code == 200
    assert reader.post("/governance/streets", {"unit_id": street_unit(), "reason": WHY}).status_code == 403
