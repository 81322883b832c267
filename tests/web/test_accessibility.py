"""Every page with data, wide and on a phone: for every eye and hand, in one frame, without a fault in the console."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from playwright.sync_api import ConsoleMessage, Page, Response

from huiyin.accounts.models import Staff
from tests.builders_city import People
from tests.web.pages_with_data import CITIZEN, NOT_PAGES, VISITORS, Ground, lay, pages, routes

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
EXPECTED = {"/no-such-page/": 404, "/hf/unknown/": 404, "/dispatch/": 403}  # to whom they do not belong


@pytest.fixture
def ground(transactional_db: None, city: None, people: People, settings) -> Ground:
    settings.DEMO = True
    cache.clear()
    return lay(people)


@pytest.mark.parametrize("who", VISITORS)
def test_every_page_is_for_everybody_at_both_sizes(
    live_server,
    sign_in: Callable[[Staff], Page],
    page: Page,
    axe: Callable[[Page], list[str]],
    ground: Ground,
    who: str,
) -> None:
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if _is_fault(message) else None)
    page.on(
        "response", lambda response: faults.append(f"{response.status} {response.url}") if _broken(response) else None
    )
    if who != CITIZEN:
        sign_in(Staff.objects.get(username=who.split(",")[0]))
    found: list[str] = []

    for _name, address in pages(who, ground):
        faults.clear()
        page.set_viewport_size(WIDE)
        answer = page.goto(live_server.url + address)
        assert answer is not None
        page.wait_for_load_state("networkidle")
        wrong = [*_frame(page), *axe(page)]
        page.set_viewport_size(PHONE)
        wrong += [f"phone: {fault}" for fault in axe(page)]
        if (width := page.evaluate("document.documentElement.scrollWidth")) > PHONE["width"]:
            wrong.append(f"phone: {width} px wide, by {_widest(page)}")
        if answer.status not in (200, EXPECTED.get(address) if _is_stranger(who, address) else 200):
            wrong.append(f"status {answer.status}")
        found += [f"{address}: {fault}" for fault in (*wrong, *faults)]

    assert not found, "\n".join(found)


def test_no_page_was_forgotten(ground: Ground) -> None:
    opened = {name for who in VISITORS for name, _address in pages(who, ground)}

    assert routes() - opened - NOT_PAGES == set()
    assert NOT_PAGES - routes() == set()


def _frame(page: Page) -> list[str]:
    headings = page.locator("h1").count()
    title = page.title().strip()
    language = page.evaluate("document.documentElement.lang")
    checks = (
        (headings == 1, f"{headings} h1"),
        (bool(title), "no title"),
        (language in ("zh-CN", "zh-Hans"), f"lang {language}"),
    )
    return [fault for right, fault in checks if not right]


def _is_fault(message: ConsoleMessage) -> bool:
    """The browser tells of a page's own status, too; that is compared with what is expected."""
    return message.type == "error" and "Failed to load resource" not in message.text


def _broken(response: Response) -> bool:
    return response.status >= 400 and response.request.resource_type != "document"


def _is_stranger(who: str, address: str) -> bool:
    return address in EXPECTED and who in (CITIZEN, "huawu")


def _widest(page: Page) -> str:
    return str(
        page.evaluate(
            "() => [...document.querySelectorAll('main *')]"
            ".filter((element) => element.getBoundingClientRect().right > innerWidth + 1)"
            ".map((element) => `${element.tagName}.${element.className}`).slice(0, 3).join(', ')"
        )
    )
