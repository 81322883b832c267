"""Registering over the API: what is answered, what is proposed, and that a repeated call changes nothing."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.api import idempotency
from huiyin.api.models import IdempotentCall
from huiyin.cases.models import Case
from huiyin.domain.vocabulary import Role
from tests.api.conftest import MATTER, Api
from tests.builders_city import street_unit

KEY = "3f2b8c1e-desk-0001"
_MOST_STATEMENTS = 9  # beside BEGIN and COMMIT


def test_a_registered_case_is_answered_with_number_code_and_due_times(api_as: Callable[..., Api]) -> None:
    answer = api_as(Role.OPERATOR).post("/cases", MATTER)

    assert answer.status_code == 201, answer.content.decode()
    body = answer.json()
    case = Case.objects.get(pk=body["id"])
    assert answer["Location"] == f"/api/v1/cases/{case.case_no}"
    assert body["case_no"] == case.case_no
    assert len(body["access_code"]) == 6
    assert body["clocks"]
    assert case.channel == "api"


def test_a_unit_that_registers_is_not_told_the_code_by_which_the_citizen_judges(api_as: Callable[..., Api]) -> None:
    body = api_as(Role.HANDLER, unit_id=street_unit()).post("/cases", MATTER).json()

    assert body["case_no"]
    assert body["access_code"] is None


def test_what_is_missing_is_proposed_from_text_and_place(api_as: Callable[..., Api]) -> None:
    answer = api_as(Role.OPERATOR).post(
        "/cases", {"content": "望京西园四区暖气不热，室温只有十五度，老人孩子都感冒了", "phone": "19900001234"}
    )

    assert answer.status_code == 201, answer.content.decode()
    body = answer.json()
    assert body["case_class"]["path"]
    assert body["proposal"]["classes"]


def test_every_wrong_field_is_named_in_chinese(api_as: Callable[..., Api]) -> None:
    answer = api_as(Role.OPERATOR).post("/cases", {**MATTER, "content": "短", "grade": "soon", "colour": "red"})

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    errors = {error["field"]: error["message"] for error in answer.json()["errors"]}
    assert set(errors) == {"content", "grade", "colour"}
    assert errors["grade"].startswith("分级应为其中之一")


@pytest.mark.parametrize(
    ("name", "value"), [("street_code", "999"), ("street_code", 5), ("community_code", ["110105026"])]
)
def test_a_code_of_nothing_is_named(api_as: Callable[..., Api], name: str, value: Any) -> None:
    answer = api_as(Role.OPERATOR).post("/cases", {**MATTER, name: value})

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [name]


def test_an_id_and_a_code_for_one_field_are_refused(api_as: Callable[..., Api]) -> None:
    answer = api_as(Role.OPERATOR).post("/cases", {**MATTER, "street_id": 7})

    assert answer.status_code == 422
    assert "只填一个" in answer.json()["detail"]


@pytest.mark.django_db(transaction=True)
def test_registering_takes_a_fixed_number_of_statements(transactional_db: None, api_as: Callable[..., Api]) -> None:
    api = api_as(Role.OPERATOR)
    api.post("/cases", MATTER)  # caches fill, the token is looked up
    counts = []

    for key in (KEY + "a", KEY + "b"):
        with CaptureQueriesContext(connection) as statements:
            assert api.post("/cases", MATTER, Idempotency_Key=key).status_code == 201
        sent = [one["sql"][:90] for one in statements.captured_queries]
        counts.append(len([sql for sql in sent if sql not in ("BEGIN", "COMMIT")]))

    assert counts[0] == counts[1]
    assert counts[0] <= _MOST_STATEMENTS, sent


def test_the_same_key_and_body_give_the_same_answer_and_one_case(api_as: Callable[..., Api]) -> None:
    api = api_as(Role.OPERATOR)

    first = api.post("/cases", MATTER, Idempotency_Key=KEY)
    again = api.post("/cases", dict(reversed(MATTER.items())), Idempotency_Key=KEY)

    assert first.status_code == again.status_code == 201
    assert again.content == first.content
    assert again["Location"] == first["Location"]
    assert again["Idempotent-Replayed"] == "true"
    assert Case.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(api_as: Callable[..., Api]) -> None:
    api = api_as(Role.OPERATOR)
    api.post("/cases", MATTER, Idempotency_Key=KEY)

    other = api.post("/cases", {**MATTER, "address": "别处"}, Idempotency_Key=KEY)

    assert other.status_code == 422
    assert other.json()["code"] == "idempotency_key_reused"
    assert Case.objects.count() == 1


def test_a_key_belongs_to_its_caller(api_as: Callable[..., Api]) -> None:
    one, other = api_as(Role.OPERATOR), api_as(Role.OPERATOR)

    numbers = {api.post("/cases", MATTER, Idempotency_Key=KEY).json()["case_no"] for api in (one, other)}

    assert len(numbers) == 2


def test_a_refused_call_leaves_its_key_free(api_as: Callable[..., Api]) -> None:
    api = api_as(Role.OPERATOR)
    assert api.post("/cases", {**MATTER, "phone": "12"}, Idempotency_Key=KEY).status_code == 422

    assert api.post("/cases", MATTER, Idempotency_Key=KEY).status_code == 201


def test_a_key_is_new_again_after_a_day(api_as: Callable[..., Api]) -> None:
    api = api_as(Role.OPERATOR)
    api.post("/cases", MATTER, Idempotency_Key=KEY)
    IdempotentCall.objects.update(created_at=timezone.now() - idempotency.KEPT - timedelta(minutes=1))

    again = api.post("/cases", {**MATTER, "address": "别处"}, Idempotency_Key=KEY)

    assert again.status_code == 201
    assert Case.objects.count() == 2


def test_answers_older_than_a_day_are_discarded(api_as: Callable[..., Api]) -> None:
    api_as(Role.OPERATOR).post("/cases", MATTER, Idempotency_Key=KEY)

    assert idempotency.discard_old(timezone.now()) == 0
    assert idempotency.discard_old(timezone.now() + idempotency.KEPT + timedelta(minutes=1)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_calls_at_once_with_one_key_make_one_case(transactional_db: None, api_as: Callable[..., Api]) -> None:
    api = api_as(Role.OPERATOR)
    answers: list[Any] = []
    together = threading.Barrier(4)

    def call() -> None:
        caller = Api(secret=api.secret)
        together.wait()
        try:
            answers.append(caller.post("/cases", MATTER, Idempotency_Key=KEY))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.content for answer in answers}) == 1
    assert Case.objects.count() == 1
