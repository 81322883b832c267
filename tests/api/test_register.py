"""Registering over the API: what is answered, what is proposed, and that a repeated call changes nothing."""

from collections.abc import Callable

import pytest

from huiyin.api.scopes import Scope
from huiyin.cases.models import Case
from huiyin.domain.vocabulary import Role
from tests.api.conftest import MATTER, Api


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


def test_what_is_missing_is_proposed_from_text_and_place(api_as: Callable[..., Api]) -> None:
    answer = api_as(Role.OPERATOR).post(
        "/cases", {"content": "望京西园四区暖气不热，室温只有十五度，老人孩子都感冒了", "phone": "19900001234"}
    )

    assert answer.status_code == 201, answer.content.decode()
    body = answer.json()
    assert body["case_class"]["path"]
    assert body["proposal"]["classes"]
