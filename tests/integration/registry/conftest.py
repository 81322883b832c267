"""People who keep or check the registry, signed in."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.test import Client

from huiyin.domain.vocabulary import Role
from huiyin.registry import directory
from huiyin.registry.editing import Editor

SignIn = Callable[..., Client]
KEEPER = Editor(1, "管理员甲")


@pytest.fixture
def signed_in(city: None, client: Client) -> SignIn:
    """A browser of someone with this role at the hotline."""

    def sign_in(role: Role = Role.ADMINISTRATOR, unit_code: str = "HOTLINE") -> Client:
        from huiyin.accounts.models import Post, Staff

        staff = Staff.objects.create(username=f"u-{role}", name=f"{role.label}甲", staff_no=f"T-{role}")
        unit = directory.unit_by_code(unit_code)
        assert unit is not None
        Post.objects.create(staff=staff, role=role.value, unit_id=unit.id, is_main=True, valid_from=date(2020, 1, 1))
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture(autouse=True)
def _read_afresh() -> Iterator[None]:
    """A rolled back edit must not stay in the process's copies."""
    yield
    directory.reset()
