"""The knowledge base by API: what is found, who writes, what is refused."""

from collections.abc import Callable

import pytest

from huiyin.api.scopes import Scope
from huiyin.domain.vocabulary import Role
from huiyin.knowledge import held
from huiyin.knowledge.models import Entry
from huiyin.registry import directory
from tests.api.conftest import Api
from tests.builders_city import STREET, street_unit

BODY = {
    "title": "供暖温度标准",
    "questions": ["暖气多少度算达标"],
    "answer": "供暖期内卧室、起居室温度不低于18℃。",
    "source": "供热采暖管理办法",
    "valid_from": "2026-01-01",
}


@pytest.fixture(autouse=True)
def _nothing_held() -> None:
    held.forget()


@pytest.mark.usefixtures("city")
def test_an_entry_is_written_found_and_changed(api_as: Callable[..., Api]) -> None:
    api = api_as(Role.ANALYST)
    district = directory.area_by_code(STREET)
    assert district is not None

    made = api.post("/knowledge", {**BODY, "area_code": "110105"})
    held.forget()
    here = api.get(f"/knowledge/answers?q=家里暖气多少度算达标&area={STREET}").json()["items"]
    elsewhere = api.get("/knowledge/answers?q=家里暖气多少度算达标&area=110106").json()["items"]
    changed = api.post(f"/knowledge/{made.json()['id']}/versions", {**BODY, "answer": "不低于20℃"})
    versions = api.get(f"/knowledge/{made.json()['id']}").json()["items"]

    assert (made.status_code, changed.status_code) == (201, 201)
    assert [one["title"] for one in here] == ["供暖温度标准"]
    assert "来源：供热采暖管理办法" in here[0]["quote"]
    assert elsewhere == []
    assert [version["version"] for version in versions] == [2, 1]
    assert len(api.get("/knowledge?q=供暖").json()["items"]) == 1


@pytest.mark.usefixtures("city")
def test_a_unit_only_proposes_for_itself(api_as: Callable[..., Api]) -> None:
    api = api_as(Role.UNIT_HEAD, unit_id=street_unit())

    own = api.post("/knowledge", BODY)
    others = api.post("/knowledge", {**BODY, "owner_code": "HOTLINE"})

    assert own.json()["state"] == "draft"
    assert others.status_code == 422
    assert Entry.objects.filter(current=None).count() == 1


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(
    ("roles", "scopes", "status"),
    [
        ((Role.OPERATOR,), (), 403),
        ((Role.ANALYST,), (Scope.REGISTRY,), 403),
    ],
)
def test_neither_role_nor_scope_alone_writes(api_as: Callable[..., Api], roles, scopes, status: int) -> None:
    assert api_as(*roles, scopes=scopes).post("/knowledge", BODY).status_code == status
    assert not Entry.objects.exists()


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"source": ""},
        {"valid_until": "2020-01-01"},
        {"area_code": "999"},
        {"owner_code": "NIEMAND"},
        {"answer": "不低于\x0018℃"},
        {"link": "javascript:alert(1)"},
    ],
)
def test_what_is_wrong_is_named_and_nothing_written(api_as: Callable[..., Api], wrong: dict[str, str]) -> None:
    answer = api_as(Role.ANALYST).post("/knowledge", {**BODY, **wrong})

    assert answer.status_code == 422
    assert next(iter(wrong)) in {error["field"].removeprefix("body.") for error in answer.json()["errors"]}
    assert not Entry.objects.exists()
