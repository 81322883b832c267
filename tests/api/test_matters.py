"""Same matters by API: found, joined, split, and not shown to who may see none of their cases."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from huiyin.domain.vocabulary import Role
from huiyin.matching import sketching
from tests.api.conftest import Api
from tests.builders_city import OTHER_STREET, People, registered, street_unit


def two(people: People) -> list[str]:
    now = timezone.now() - timedelta(hours=1)
    cases = [
        registered(people, now=now, content="三号楼电梯停运两天了", phone=f"1990000000{number}", class_code="010502")
        for number in (1, 2)
    ]
    sketching.catch_up()
    return [case.case_no for case in cases]


def test_like_cases_are_found_joined_and_split(api_as: Callable[..., Api], people: People) -> None:
    one, other = two(people)
    api = api_as(Role.DISPATCHER)

    found = api.get(f"/cases/{one}/similar").json()["items"]
    made = api.post("/matters", {"case_nos": [one, other], "why": "同一部电梯"})
    listed = api.get("/matters").json()["items"]
    left = api.post(f"/matters/{made.json()['id']}/split", {"case_nos": [other], "why": "是另一部"})

    assert [item["case_no"] for item in found] == [other]
    assert (made.status_code, made.json()["size"], made.json()["callers"]) == (201, 2, 2)
    assert [item["id"] for item in listed] == [made.json()["id"]]
    assert (left.status_code, left.json()["size"]) == (200, 0)
    assert api.get(f"/cases/{one}/similar").json()["items"] == []


def test_a_foreign_unit_finds_no_matter_and_joins_nothing(api_as: Callable[..., Api], people: People) -> None:
    one, other = two(people)
    matter_id = api_as(Role.DISPATCHER).post("/matters", {"case_nos": [one, other]}).json()["id"]
    foreign = api_as(Role.UNIT_HEAD, unit_id=street_unit(OTHER_STREET))

    assert foreign.get(f"/matters/{matter_id}").status_code == 404
    assert foreign.get("/matters").json()["items"] == []
    assert foreign.post("/matters", {"case_nos": [one, other]}).status_code == 404


def test_a_split_without_a_reason_is_refused_with_the_field(api_as: Callable[..., Api], people: People) -> None:
    one, other = two(people)
    api = api_as(Role.DISPATCHER)
    matter_id = api.post("/matters", {"case_nos": [one, other]}).json()["id"]

    refused = api.post(f"/matters/{matter_id}/split", {"case_nos": [other], "why": ""})

    assert refused.status_code == 422
    assert "why" in str(refused.json()["errors"])
