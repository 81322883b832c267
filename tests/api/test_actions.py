"""Acting over the API: the table's actions as operations, versions that must match, and what the schema tells."""

from collections.abc import Callable
from typing import Any

import pytest

from huiyin.api.routers.actions import OFFERED
from huiyin.api.v1 import api as the_api
from huiyin.cases.models import Case
from huiyin.domain.actions import FIELDS, Action
from huiyin.domain.vocabulary import Role
from tests.api.conftest import MATTER, Api
from tests.builders_city import street_unit


@pytest.fixture
def dispatcher(api_as: Callable[..., Api]) -> Api:
    return api_as(Role.OPERATOR, Role.DISPATCHER, Role.CALLBACK_AGENT)


@pytest.fixture
def handler(api_as: Callable[..., Api]) -> Api:
    return api_as(Role.HANDLER, unit_id=street_unit())


def _received(dispatcher: Api) -> dict[str, Any]:
    """A case that waits for the dispatcher: a consultation is not dispatched by itself."""
    registered: dict[str, Any] = dispatcher.post("/cases", {**MATTER, "request_type": "consultation"}).json()
    assert registered["status"] == "received"
    return registered


def test_a_case_goes_from_registration_to_closure(dispatcher: Api, handler: Api) -> None:
    no = _received(dispatcher)["case_no"]
    told = "2026-01-01T08:00:00+08:00"
    steps: list[tuple[Api, str, dict[str, Any]]] = [
        (dispatcher, "dispatch", {"unit_code": _code(street_unit())}),
        (handler, "sign", {}),
        (handler, "note_contact", {"means": "phone", "reached": True, "note": "已电话联系，约定下午上门"}),
        (
            handler,
            "reply",
            {
                "outcome": "solved",
                "means": "visit",
                "result": "物业已更换楼道灯具并逐层检查，现场试亮正常。",
                "evidence": "现场照片与居民签字确认单",
            },
        ),
        (dispatcher, "start_callback", {}),
        (dispatcher, "record_callback", {"contacted": True, "solved": True, "satisfaction": "satisfied"}),
    ]

    for api, action, body in steps:
        told_at = _now() if action == "reply" else None
        answer = api.post(f"/cases/{no}/actions/{action}", {**body, **({"told_at": told_at} if told_at else {})})
        assert answer.status_code == 200, (action, answer.content.decode())

    assert told < answer.json()["closed_at"]
    assert answer.json()["status"] == "closed"
    events = dispatcher.get(f"/cases/{no}/events").json()["items"]
    assert [event["action"] for event in events] == ["register", *(action for _, action, _ in steps)]


def test_an_old_version_in_if_match_is_a_failed_precondition_that_tells_the_changes(
    dispatcher: Api, handler: Api
) -> None:
    no = _received(dispatcher)["case_no"]
    seen = dispatcher.get(f"/cases/{no}")["ETag"]
    dispatcher.post(f"/cases/{no}/actions/dispatch", {"unit_id": street_unit()})

    late = dispatcher.post(f"/cases/{no}/actions/urge", {"note": "请尽快"}, If_Match=seen)

    assert late.status_code == 412
    assert [change["action"] for change in late.json()["changes"]] == ["dispatch"]
    assert "派单" in late.json()["detail"]


def test_an_old_expected_seq_is_a_conflict(dispatcher: Api) -> None:
    no = _received(dispatcher)["case_no"]
    dispatcher.post(f"/cases/{no}/actions/urge", {"note": "请尽快"})

    late = dispatcher.post(f"/cases/{no}/actions/urge", {"note": "请尽快", "expected_seq": 1})

    assert late.status_code == 409
    assert late.json()["code"] == "case_moved"


def test_the_current_version_is_accepted(dispatcher: Api) -> None:
    no = _received(dispatcher)["case_no"]

    answer = dispatcher.post(f"/cases/{no}/actions/urge", {"note": "请尽快"}, If_Match='"1"')

    assert answer.status_code == 200
    assert answer["ETag"] == '"2"'


def test_a_repeated_action_with_one_key_is_done_once(dispatcher: Api) -> None:
    no = _received(dispatcher)["case_no"]

    for _ in range(2):
        assert (
            dispatcher.post(f"/cases/{no}/actions/urge", {"note": "请尽快"}, Idempotency_Key="urge-0001").status_code
            == 200
        )

    assert Case.objects.get(case_no=no).urge_count == 1


def test_an_action_that_the_status_does_not_allow_is_a_conflict(dispatcher: Api, handler: Api) -> None:
    no = _received(dispatcher)["case_no"]
    dispatcher.post(f"/cases/{no}/actions/dispatch", {"unit_id": street_unit()})

    answer = handler.post(f"/cases/{no}/actions/add_note", {"note": "已到现场查看"})

    assert answer.status_code == 409
    assert answer.json()["code"] == "action_not_allowed"


def test_an_action_of_another_role_is_forbidden(dispatcher: Api, handler: Api) -> None:
    no = _received(dispatcher)["case_no"]
    dispatcher.post(f"/cases/{no}/actions/dispatch", {"unit_id": street_unit()})

    answer = handler.post(f"/cases/{no}/actions/cancel", {"reason": "重复登记"})

    assert answer.status_code == 403


def test_the_allowed_actions_come_with_their_fields(dispatcher: Api) -> None:
    no = _received(dispatcher)["case_no"]

    found = {item["action"]: item for item in dispatcher.get(f"/cases/{no}/actions").json()["items"]}

    assert {"dispatch", "direct_answer", "correct", "merge"} <= set(found)
    unit = next(field for field in found["dispatch"]["fields"] if field["name"] == "unit_id")
    assert (unit["code_name"], unit["label"], unit["required"]) == ("unit_code", "主办单位", True)


def test_a_handler_is_named_by_staff_number(dispatcher: Api, handler: Api) -> None:
    no = _received(dispatcher)["case_no"]
    dispatcher.post(f"/cases/{no}/actions/dispatch", {"unit_id": street_unit()})
    handler.post(f"/cases/{no}/actions/sign")
    assert handler.staff is not None

    answer = handler.post(f"/cases/{no}/actions/assign_handler", {"handler_staff_no": handler.staff.staff_no})

    assert answer.status_code == 200, answer.content.decode()
    assert Case.objects.get(case_no=no).handler_id == handler.staff.pk


def test_the_schema_shows_each_action_with_all_its_fields(city: None) -> None:
    schema = the_api.get_openapi_schema()

    for action in OFFERED:
        operation = schema["paths"][f"/api/v1/cases/{{case_no}}/actions/{action}"]["post"]
        reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        body = schema["components"]["schemas"][reference.rsplit("/", 1)[-1]]
        assert operation["summary"] == action.label
        assert {field.name for field in FIELDS[action]} <= set(body["properties"])
        assert all(body["properties"][field.name]["title"] == field.label for field in FIELDS[action])


def test_what_only_the_system_does_is_not_offered() -> None:
    assert {Action.WARN, Action.ESCALATE, Action.REGISTER}.isdisjoint(OFFERED)


def _code(unit_id: int) -> str:
    from huiyin.registry import directory

    return directory.unit(unit_id).code


def _now() -> str:
    from django.utils import timezone

    return timezone.now().isoformat()
