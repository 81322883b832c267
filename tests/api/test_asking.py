"""Links and second answers by API: the hotline's roles read and write them, a unit does neither."""

from collections.abc import Callable
from typing import Any

import pytest

from huiyin.callbacks import links
from huiyin.callbacks.models import Invitation
from huiyin.cases.models import Case
from huiyin.domain.vocabulary import Role
from tests.api.conftest import Api
from tests.builders_city import People, street_unit
from tests.integration.callbacks.conftest import BAD, GOOD, due

pytestmark = pytest.mark.usefixtures("city")
ApiAs = Callable[..., Api]


@pytest.fixture
def case(people: People) -> Case:
    return due(people)


def test_an_agent_sends_one_link_and_sees_how_far_it_came_never_the_link(api_as: ApiAs, case: Case) -> None:
    agent = api_as(Role.CALLBACK_AGENT)

    first = agent.post(f"/cases/{case.case_no}/links", {})
    second = agent.post(f"/cases/{case.case_no}/links", {})
    shown = api_as(Role.EVALUATOR).get(f"/cases/{case.case_no}/links")

    token = links.token_of(Invitation.objects.get())
    assert first.status_code == 201, first.content
    assert (first.json()["channel"], first.json()["to"]) == ("sms", "199****1234")
    assert (second.status_code, second.json()["code"]) == (409, "already_invited")
    assert [one["id"] for one in shown.json()["items"]] == [first.json()["id"]]
    assert token not in first.content.decode() + shown.content.decode()


def test_a_link_by_mail_needs_an_address(api_as: ApiAs, case: Case) -> None:
    agent = api_as(Role.CALLBACK_AGENT)

    refused = agent.post(f"/cases/{case.case_no}/links", {"channel": "email", "address": "nowhere"})
    sent = agent.post(f"/cases/{case.case_no}/links", {"channel": "email", "address": "wang@example.org"})

    assert refused.status_code == 422
    assert refused.json()["errors"] == [{"field": "address", "message": "请填写诉求人的电子邮箱"}]
    assert (sent.status_code, sent.json()["to"]) == (201, "w***@example.org")


def test_a_second_answer_stands_beside_the_first(api_as: ApiAs, case: Case) -> None:
    agent = api_as(Role.CALLBACK_AGENT)
    said = {"reason": "修好第三天又坏", "contacted": True, "solved": False, "satisfaction": "unsatisfied"}

    early = agent.post(f"/cases/{case.case_no}/second-answers", said)
    agent.post(f"/cases/{case.case_no}/actions/record_callback", GOOD_AS_JSON)
    kept = agent.post(f"/cases/{case.case_no}/second-answers", said)
    listed = agent.get(f"/cases/{case.case_no}/second-answers").json()["items"]

    case.refresh_from_db()
    assert (early.status_code, early.json()["code"]) == (409, "nothing_first")
    assert kept.status_code == 201, kept.content
    assert [(one["way"], one["solved"], one["reason"]) for one in listed] == [("phone", False, "修好第三天又坏")]
    assert (case.solved, case.satisfaction) == (True, "satisfied")


@pytest.mark.parametrize("role", [Role.HANDLER, Role.UNIT_HEAD])
def test_a_unit_is_told_nothing_of_links_and_second_answers(api_as: ApiAs, case: Case, role: Role) -> None:
    unit = api_as(role, unit_id=street_unit())
    said: dict[str, Any] = {**BAD_AS_JSON, "reason": "单位自己写的"}

    told = [
        unit.get(f"/cases/{case.case_no}/links"),
        unit.post(f"/cases/{case.case_no}/links", {}),
        unit.get(f"/cases/{case.case_no}/second-answers"),
        unit.post(f"/cases/{case.case_no}/second-answers", said),
    ]

    assert [answer.status_code for answer in told] == [403] * 4
    assert not Invitation.objects.exists()


def test_an_evaluator_reads_but_does_not_send(api_as: ApiAs, case: Case) -> None:
    assert api_as(Role.EVALUATOR).post(f"/cases/{case.case_no}/links", {}).status_code == 403


def _as_json(answers: dict[str, str]) -> dict[str, Any]:
    return {name: {"yes": True, "no": False}.get(value, value) for name, value in answers.items()}


GOOD_AS_JSON, BAD_AS_JSON = {**_as_json(GOOD), "reached": True}, _as_json(BAD)
