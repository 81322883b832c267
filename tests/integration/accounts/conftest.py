"""The small town for the tests of people."""

import pytest
from django.test import Client

from huiyin.accounts.models import Staff
from huiyin.registry.models import Unit
from tests.staff import build_town


@pytest.fixture
def town(db: None) -> dict[str, Unit]:
    return build_town()


@pytest.fixture
def signed_in(client: Client):
    """signed_in(staff) → a browser in which this person is signed in."""

    def sign_in(staff: Staff) -> Client:
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
