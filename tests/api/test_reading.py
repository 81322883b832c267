"""Reading over the API: pages that neither skip nor repeat, filters, masked people, and looks that are logged."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.accounts.models import RevealLog
from huiyin.cases import desk
from huiyin.domain.actions import Action
from huiyin.domain.case import Actor
from huiyin.domain.vocabulary import Role
from huiyin.registry import directory
from tests.api.conftest import MATTER, Api
from tests.builders_city import OTHER_STREET, STREET, People, dispatched, replied, street_unit


@pytest.fixture
def hotline(api_as: Callable[..., Api]) -> Api:
    return api_as(Role.OPERATOR, Role.DISPATCHER)


def _registered(api: Api, **changes: Any) -> str:
    answer = api.post("/cases", {**MATTER, **changes})
    assert answer.status_code == 201, answer.content.decode()
    number: str = answer.json()["case_no"]
    return number


def test_the_pages_hold_every_case_once_forwards_and_backwards(hotline: Api) -> None:
    numbers = [_registered(hotline) for _ in range(7)]

    seen, address, last = [], "/cases?size=3", None
    while address:
        last = hotline.get(address).json()
        seen += [item["case_no"] for item in last["items"]]
        address = last["next"]
    back = hotline.get(last["previous"]).json()

    assert seen == numbers[::-1]
    assert [item["case_no"] for item in back["items"]] == seen[3:6]


def test_the_next_page_is_also_told_in_the_link_header(hotline: Api) -> None:
    for _ in range(2):
        _registered(hotline)

    answer = hotline.get("/cases?size=1")

    assert answer["Link"] == f'<{answer.json()["next"]}>; rel="next"'


@pytest.mark.parametrize(
    "cursor", ["x", "WyJuIiwgImEiLCA1XQ", "W10", "WyJuIiwgeyJ0IjogIjIwMjYtMDEtMDFUMDA6MDA6MDArMDA6MDAifSwgIlx1MDAwMCJd"]
)
def test_a_damaged_cursor_is_refused(hotline: Api, cursor: str) -> None:
    _registered(hotline)

    answer = hotline.get(f"/cases?cursor={quote(cursor)}")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "cursor"


def test_cases_are_found_by_status_place_class_and_unit(hotline: Api) -> None:
    here = _registered(hotline)
    there = _registered(hotline, street_code=OTHER_STREET, request_type="consultation")

    def found(query: str) -> list[str]:
        return [item["case_no"] for item in hotline.get(f"/cases?{query}").json()["items"]]

    assert found(f"street={STREET}") == [here]
    assert found("request_type=consultation") == [there]
    assert found("status=received&status=dispatched&class_code=0101") == [there, here]
    assert found("open=false") == []
    assert found("grade=critical") == []


def test_a_list_takes_one_statement_however_long(hotline: Api) -> None:
    _registered(hotline)
    hotline.get("/cases")
    with CaptureQueriesContext(connection) as short:
        hotline.get("/cases")
    for _ in range(5):
        _registered(hotline)

    with CaptureQueriesContext(connection) as long:
        assert len(hotline.get("/cases").json()["items"]) == 6

    assert len(short) == len(long) == 1


def test_a_case_is_shown_with_the_citizen_masked(hotline: Api) -> None:
    body = hotline.get(f"/cases/{_registered(hotline)}").json()

    assert body["requester"] == {"name": "王**", "phone": "199****1234"}
    assert "19900001234" not in str(body)


def test_a_number_is_read_with_its_separators(hotline: Api) -> None:
    number = _registered(hotline)

    assert hotline.get(f"/cases/{number[:6]}-{number[6:13]}-{number[13:]}").json()["case_no"] == number


def test_a_reveal_needs_a_reason_and_is_logged(hotline: Api) -> None:
    number = _registered(hotline)

    bare = hotline.post(f"/cases/{number}/reveal", {"field": "phone", "purpose": "contact", "reason": "要"})
    shown = hotline.post(f"/cases/{number}/reveal", {"field": "phone", "purpose": "contact", "reason": "核对回访号码"})

    assert bare.status_code == 422
    assert shown.json() == {"field": "phone", "value": "19900001234"}
    log = RevealLog.objects.get()
    assert hotline.staff is not None
    assert (log.staff_id, log.field, log.reason) == (hotline.staff.pk, "phone", "核对回访号码")


def test_who_asked_to_stay_unknown_is_not_shown_to_the_unit(hotline: Api, api_as: Callable[..., Api]) -> None:
    number = _registered(hotline, anonymous=True, request_type="consultation")
    hotline.post(f"/cases/{number}/actions/dispatch", {"unit_id": street_unit()})
    unit = api_as(Role.HANDLER, unit_id=street_unit())

    shown = unit.get(f"/cases/{number}").json()
    revealed = unit.post(f"/cases/{number}/reveal", {"field": "phone", "purpose": "contact", "reason": "联系诉求人"})

    assert shown["requester"] is None
    assert revealed.status_code == 403
    assert not RevealLog.objects.exists()


def test_a_unit_does_not_find_another_units_case(hotline: Api, api_as: Callable[..., Api]) -> None:
    number = _registered(hotline, request_type="consultation")
    hotline.post(f"/cases/{number}/actions/dispatch", {"unit_id": street_unit(OTHER_STREET)})
    stranger = api_as(Role.HANDLER, unit_id=street_unit())

    answer = stranger.get(f"/cases/{number}")

    assert answer.status_code == 404
    assert answer.json()["code"] == "case_not_found"
    assert stranger.get("/cases").json()["items"] == []


@pytest.mark.parametrize("path", ["/areas?q=wj", "/units?q=望京", "/classes?q=路灯", "/limits", "/reasons?kind=return"])
def test_the_registry_is_read_without_a_query(hotline: Api, path: str) -> None:
    first = hotline.get(path)
    with CaptureQueriesContext(connection) as statements:
        again = hotline.get(path)

    assert first.json()["items"]
    assert again.content == first.content
    assert len(statements) == 0


def test_the_registry_is_listed_in_parts_by_code(hotline: Api) -> None:
    first = hotline.get("/areas?kind=street&size=200").json()
    second = hotline.get(first["next"]).json()

    codes = [item["code"] for part in (first, second) for item in part["items"]]
    assert len(codes) == len(set(codes)) == 343
    assert second["next"] is None


def test_one_entry_is_found_by_its_code(hotline: Api) -> None:
    assert [item["code"] for item in hotline.get(f"/areas?code={STREET}").json()["items"]] == [STREET]
    assert [item["code"] for item in hotline.get("/classes?code=010101").json()["items"]] == ["010101"]


def test_a_list_can_ask_for_what_missed_one_step(api_as: Callable[..., Api], people: People) -> None:
    now = timezone.now()
    late = dispatched(people, now=now - timedelta(days=3))
    dispatched(people, now=now, phone="19900000002")
    api = api_as(Role.EVALUATOR)

    found = api.get("/cases?overdue_step=sign").json()["items"]

    assert [one["case_no"] for one in found] == [late.case_no]
    assert api.get("/cases?overdue_step=nonsense").status_code == 422


def test_a_unit_reads_of_calls_in_vain_only_when_the_callback_is_over(
    api_as: Callable[..., Api], people: People
) -> None:
    begun = timezone.now() - timedelta(days=4)
    case = replied(people, now=begun - timedelta(days=8))
    desk.act(case.pk, Action.START_CALLBACK, actor=Actor.system(), data={}, now=begun)
    hotline, unit = api_as(Role.CALLBACK_AGENT), api_as(Role.HANDLER, unit_id=street_unit())
    district = directory.unit(street_unit()).parent_id
    above = api_as(Role.LEADER, unit_id=district)

    def calls(api: Api) -> int:
        events = api.get(f"/cases/{case.case_no}/events").json()["items"]
        return [event["action"] for event in events].count("record_callback")

    seen = []
    for call in range(3):
        at = begun + timedelta(days=call)
        desk.act(case.pk, Action.RECORD_CALLBACK, actor=people.callback_agent(), data={"reached": False}, now=at)
        seen.append((calls(hotline), calls(unit), calls(above)))

    assert seen == [(1, 0, 0), (2, 0, 0), (3, 3, 3)]
