"""A browser signed in on a live server of the small town."""

import time
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from huiyin.accounts.models import Staff
from huiyin.domain.vocabulary import Role
from huiyin.registry.models import Unit
from tests.staff import build_town, make_staff

SignIn = Callable[[Staff], Page]


@pytest.fixture
def town(transactional_db: None) -> dict[str, Unit]:
    return build_town()


@pytest.fixture
def sign_in(live_server, context: BrowserContext, page: Page) -> SignIn:
    """sign_in(staff) → the page, in which this person is signed in; scripts that break a page break the test."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def enter(staff: Staff) -> Page:
        client = Client()
        client.force_login(staff, "django.contrib.auth.backends.ModelBackend")
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        return page

    yield enter
    assert errors == []


@pytest.fixture
def guide(live_server, sign_in: SignIn, town: dict[str, Unit]) -> Page:
    page = sign_in(make_staff(town["hotline"], Role.ADMINISTRATOR))
    page.goto(f"{live_server.url}/ui/")
    return page


@pytest.fixture
def axe(axe_script: str) -> Callable[[Page], list[str]]:
    """axe(page) → what axe-core finds serious or critical."""

    def run(page: Page) -> list[str]:
        page.evaluate(axe_script)
        found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
        return [
            f"{rule['id']}: {node['target']} {node['failureSummary']}"
            for rule in found
            if rule["impact"] in {"serious", "critical"}
            for node in rule["nodes"][:3]
        ]

    return run


@pytest.fixture(autouse=True)
def _pages_close_before_the_database_is_emptied(transactional_db: None) -> Iterator[None]:
    """Asked for first, so undone after the pages: one that still polls would wait for, or hold up, the emptying."""
    yield
    time.sleep(0.2)  # what was under way when the page closed comes to its end
