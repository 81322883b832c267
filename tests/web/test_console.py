"""The console in a browser, by keyboard alone; what the machine fills in never covers what a person set."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from huiyin.accounts.models import Post, Staff
from huiyin.cases.models import Case
from huiyin.domain.vocabulary import Role, Status
from huiyin.intake.models import Draft
from huiyin.registry import directory, lookup
from tests.builders_city import People, registered
from tests.staff import PASSWORD

WORDS = "望京西园四区3号楼电梯坏了两天没人修，老人上不了楼"


@pytest.fixture
def operator(transactional_db: None, city: None) -> Staff:
    hotline = directory.hotline()
    assert hotline is not None
    staff = Staff.objects.create_user(username="huawu", password=PASSWORD, name="林晓雨", staff_no="K001")
    Post.objects.create(staff=staff, role=str(Role.OPERATOR), unit_id=hotline.id, valid_from="2020-01-01", is_main=True)
    lookup.warm()
    return staff


@pytest.fixture
def console(live_server, operator: Staff, sign_in: Callable[[Staff], Page]) -> Page:
    page = sign_in(operator)
    page.goto(f"{live_server.url}/console/")
    return page


def field(page: Page, name: str) -> str:
    return f'[data-field="{name}"]'


def test_from_signing_in_to_a_filed_case_without_touching_the_mouse(live_server, page: Page, operator: Staff) -> None:
    page.goto(f"{live_server.url}/accounts/login/?next=/console/")
    page.keyboard.type(operator.username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()

    page.keyboard.type(WORDS)
    expect(page.locator("#class_code")).to_have_value("电梯故障停运")
    page.keyboard.press("Alt+1")
    page.keyboard.press("Alt+h")
    page.keyboard.type("13900001234")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".in-result")).to_contain_text("望京街道")
    case = Case.objects.get()
    assert case.status == Status.DISPATCHED
    expect(page.locator("[data-number]")).to_have_text(f"{case.case_no[:6]}-{case.case_no[6:13]}-{case.case_no[13:]}")
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    expect(page.locator("#content")).to_have_value("")
    assert not Draft.objects.exists()


def test_a_choice_of_a_person_is_never_covered_by_a_proposal(console: Page) -> None:
    console.keyboard.press("Alt+l")
    console.keyboard.type("路灯")
    expect(console.locator("#class_code-list [role=option]").first).to_be_visible()
    console.keyboard.press("Enter")
    chosen = console.locator("#class_code").input_value()

    console.keyboard.press("Alt+n")
    console.keyboard.type(WORDS)
    expect(console.locator("#place")).to_have_value("望京西园四区")

    expect(console.locator("#class_code")).to_have_value(chosen)
    expect(console.locator(field(console, "place"))).to_have_attribute("data-owner", "machine")
    expect(console.locator(field(console, "class_code"))).to_have_attribute("data-owner", "person")


def test_a_refused_proposal_does_not_come_back_with_the_next_words(console: Page) -> None:
    console.keyboard.type(WORDS)
    expect(console.locator("#place")).to_have_value("望京西园四区")

    console.keyboard.press("Alt+Shift+P")
    console.keyboard.press("Alt+n")
    console.keyboard.press("End")
    console.keyboard.type("，希望尽快修好电梯")
    console.wait_for_timeout(600)

    expect(console.locator("#place")).to_have_value("")
    expect(console.locator(field(console, "place"))).to_have_attribute("data-owner", "refused")


def test_words_survive_a_reload_and_a_second_call_in_between(console: Page) -> None:
    console.keyboard.type(WORDS)
    expect(console.locator("#saved")).to_contain_text("已自动保存")
    console.reload()
    expect(console.locator("#content")).to_have_value(WORDS)

    console.keyboard.press("Alt+v")
    expect(console.locator("#content")).to_have_value("")
    console.keyboard.type("另一个电话说的是路灯不亮的事")
    console.keyboard.press("Alt+o")

    expect(console.locator("#content")).to_have_value(WORDS)
    expect(console.locator(".in-drafts")).to_contain_text("另一个电话")


def test_wrong_fields_are_told_beside_them_and_the_first_gets_the_focus(console: Page) -> None:
    console.keyboard.type("路灯不亮")
    console.keyboard.press("Control+Enter")

    expect(console.locator("#error-phone")).to_contain_text("联系电话")
    expect(console.locator("#phone")).to_be_focused()
    console.keyboard.type("13900001234")
    expect(console.locator("#error-phone")).to_have_count(0)


def test_the_callers_open_case_is_urged_in_one_key(live_server, console: Page, people: People) -> None:
    case = registered(people, phone="13900001234")
    console.goto(f"{live_server.url}/console/?phone=13900001234")
    expect(console.locator("#caller")).to_contain_text(case.title)
    assert "13900001234" not in console.url

    console.keyboard.press("Alt+u")

    expect(console.locator(".in-result")).to_contain_text("已催办")
    case.refresh_from_db()
    assert case.urge_count == 1


def test_an_emergency_is_transferred_and_noted_in_two_keys(console: Page) -> None:
    console.keyboard.press("Alt+9")
    expect(console.locator("#emergency")).to_be_visible()
    console.keyboard.press("2")

    expect(console.locator(".in-result")).to_contain_text("已告知其他渠道")
    assert "119" in Case.objects.get().content


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 800)])
def test_nothing_scrolls_but_the_panes(console: Page, width: int, height: int) -> None:
    console.set_viewport_size({"width": width, "height": height})
    console.keyboard.type(WORDS)
    expect(console.locator("#class_code")).not_to_have_value("")

    page_height, window = console.evaluate("[document.documentElement.scrollHeight, innerHeight]")
    button = console.locator("#submit").bounding_box()

    assert page_height <= window
    assert button is not None
    assert button["y"] + button["height"] <= height


def test_a_phone_needs_no_sideways_scrolling(console: Page) -> None:
    console.set_viewport_size({"width": 360, "height": 740})

    assert console.evaluate("document.documentElement.scrollWidth") <= 360


def test_axe_finds_nothing_serious(console: Page, axe: Callable[[Page], list[str]]) -> None:
    assert axe(console) == []
    console.keyboard.type(WORDS)
    expect(console.locator("#class_code")).not_to_have_value("")
    assert axe(console) == []
    console.keyboard.press("Alt+h")
    console.keyboard.type("13900001234")
    console.keyboard.press("Control+Enter")
    expect(console.locator(".in-result")).to_be_visible()
    assert axe(console) == []
