"""Callers of the API for tests: accounts with posts, tokens for them, and a client that speaks JSON."""

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.accounts.models import Post, Staff
from huiyin.api import callers, limits, tokens
from huiyin.api.scopes import Scope
from huiyin.domain.vocabulary import Role
from huiyin.registry import directory

_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    callers.forget()
    limits.forget()
    yield
    callers.forget()
    limits.forget()


@dataclass
class Api:
    """Calls as one token."""

    secret: str
    staff: Staff | None = None

    def __post_init__(self) -> None:
        self.client = Client(raise_request_exception=True)

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(self._address(path), headers=self._headers(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        text = json.dumps({} if body is None else body)
        return self.client.post(
            self._address(path), text, content_type="application/json", headers=self._headers(headers)
        )

    def delete(self, path: str) -> Any:
        return self.client.delete(self._address(path), headers=self._headers({}))

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        given = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Authorization": f"Bearer {self.secret}", **given}

    def _address(self, path: str) -> str:
        return path if path.startswith("/api/") else f"/api/v1{path}"


def account(*roles: Role, unit_id: int) -> Staff:
    number = next(_numbers)
    staff = Staff.objects.create_user(
        username=f"caller{number}", password="a-long-password", name=f"调用者{number}", staff_no=f"A{number:05d}"
    )
    for role in roles:
        Post.objects.create(staff=staff, role=role, unit_id=unit_id, is_main=True, valid_from=date(2020, 1, 1))
    return staff


def token_of(staff: Staff, *scopes: Scope, per_minute: int = 100_000) -> str:
    issued = tokens.issue(
        name="测试", staff=staff, scopes=scopes or tuple(Scope), days=30, now=timezone.now(), per_minute=per_minute
    )
    return issued.secret


def hotline_id() -> int:
    unit = directory.hotline()
    assert unit is not None
    return unit.id


@pytest.fixture
def api_as(city: None) -> Callable[..., Api]:
    """`api_as(Role.OPERATOR)` is a token of a hotline operator; `unit_id=` puts the account elsewhere."""

    def make(*roles: Role, unit_id: int | None = None, scopes: tuple[Scope, ...] = (), per_minute: int = 10**5) -> Api:
        staff = account(*roles, unit_id=unit_id or hotline_id())
        return Api(secret=token_of(staff, *scopes, per_minute=per_minute), staff=staff)

    return make


MATTER = {
    "content": "楼道里的灯坏了三个月了，晚上老人上下楼很危险，希望物业尽快维修",
    "requester_name": "王小明",
    "phone": "19900001234",
    "street_code": "110105026",
    "class_code": "010101",
    "request_type": "complaint",
    "grade": "normal",
    "address": "幸福小区3号楼2单元",
}
