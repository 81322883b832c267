"""Drafts of the console: sealed, one's own, back after a reload, gone once filed."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.domain.vocabulary import Role
from huiyin.intake.drafts import KEPT_FOR
from huiyin.intake.models import Draft
from tests.integration.intake.test_console import LIFT, form, signed_in

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def operator() -> Client:
    return signed_in(Role.OPERATOR)


def save(client: Client, **changes: str) -> dict[str, str]:
    typed = form(**changes)
    assert client.post("/console/drafts/", typed).status_code == 200
    return typed


def entry_of(answer: Any) -> Any:
    return answer.context["entry"]


def test_what_was_typed_is_back_when_the_console_is_opened_again(operator: Client) -> None:
    typed = save(operator, by_machine="grade", left_empty="place")

    entry = entry_of(operator.get("/console/"))

    assert str(entry.key) == typed["key"]
    assert entry.value("content") == LIFT
    assert entry.value("phone") == "19900001234"
    assert entry.by_machine == {"grade"}
    assert entry.left_empty == {"place"}


def test_a_draft_is_kept_sealed(operator: Client) -> None:
    save(operator)

    assert LIFT.encode() not in bytes(Draft.objects.get().data_sealed)


def test_saving_again_keeps_one_draft_with_the_latest_words(operator: Client) -> None:
    typed = save(operator)
    operator.post("/console/drafts/", {**typed, "content": "改过的内容"})

    assert Draft.objects.count() == 1
    assert entry_of(operator.get("/console/")).value("content") == "改过的内容"


def test_a_call_is_set_aside_and_taken_up_again(operator: Client) -> None:
    first = save(operator, content="第一个电话说的事情")
    fresh = operator.get("/console/?new")
    save(operator, content="第二个电话说的事情")

    assert entry_of(fresh).is_blank
    assert [str(kept.key) for kept in fresh.context["drafts"]] == [first["key"]]
    assert entry_of(operator.get(f"/console/?draft={first['key']}")).value("content") == "第一个电话说的事情"


def test_a_new_call_does_not_open_the_draft_of_another(operator: Client) -> None:
    save(operator)

    entry = entry_of(operator.get("/console/?phone=13900001234"))

    assert entry.value("phone") == "13900001234"
    assert entry.value("content") == ""


def test_a_filed_form_leaves_no_draft_not_even_by_a_late_save(operator: Client) -> None:
    typed = save(operator)

    operator.post("/console/", typed, HTTP_HX_REQUEST="true")
    operator.post("/console/drafts/", typed)

    assert not Draft.objects.exists()


def test_a_form_that_was_emptied_leaves_no_draft(operator: Client) -> None:
    typed = save(operator)

    operator.post("/console/drafts/", {"key": typed["key"], "channel": "phone", "grade": "normal"})

    assert not Draft.objects.exists()


def test_nobody_sees_or_discards_anothers_draft(operator: Client) -> None:
    typed = save(operator)
    other = signed_in(Role.DISPATCHER)

    page = other.get(f"/console/?draft={typed['key']}")
    other.post(f"/console/drafts/{typed['key']}/discard/")

    assert entry_of(page).is_blank
    assert Draft.objects.count() == 1


def test_drafts_of_last_week_are_forgotten(operator: Client) -> None:
    save(operator, content="上周没有说完的事情")
    Draft.objects.update(updated_at=timezone.now() - KEPT_FOR - timedelta(minutes=1))

    offered = entry_of(operator.get("/console/"))
    operator.post("/console/", form(), HTTP_HX_REQUEST="true")

    assert offered.is_blank
    assert not Draft.objects.exists()


def test_a_draft_that_is_thrown_away_is_gone(operator: Client) -> None:
    typed = save(operator)

    operator.post(f"/console/drafts/{uuid.UUID(typed['key'])}/discard/")

    assert not Draft.objects.exists()
