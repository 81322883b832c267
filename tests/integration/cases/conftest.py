"""Staff of the preset city who sign in, for the tests of the case pages."""

from collections.abc import Callable
from itertools import count

import pytest
from django.test import Client

from huiyin.accounts.models import Post, Staff
from huiyin.domain.vocabulary import Role
from huiyin.registry import directory
from tests.builders_city import street_unit

_numbers = count(1)


def staff_at(unit_id: int, *roles: Role, name: str = "李明") -> Staff:
    number = next(_numbers)
    staff = Staff.objects.create(username=f"case-staff-{number}", name=name, staff_no=f"C{number:05d}")
    for role in roles:
        Post.objects.create(staff=staff, unit_id=unit_id, role=str(role), is_main=True, valid_from="2020-01-01")
    return staff


@pytest.fixture
def sign_in(city: None) -> Callable[..., Client]:
    """`sign_in(unit_id, Role.HANDLER)` → a client of somebody with these roles there; `client.staff` is the person."""

    def make(unit_id: int, *roles: Role, name: str = "李明") -> Client:
        staff = staff_at(unit_id, *roles, name=name)
        client = Client()
        client.force_login(staff)
        client.staff = staff  # type: ignore[attr-defined]  # for the tests' convenience
        return client

    return make


@pytest.fixture
def handler(sign_in: Callable[..., Client]) -> Client:
    return sign_in(street_unit(), Role.HANDLER)


@pytest.fixture
def dispatcher(sign_in: Callable[..., Client]) -> Client:
    hotline = directory.hotline()
    assert hotline is not None
    return sign_in(hotline.id, Role.DISPATCHER)
