"""Signing in, in a browser."""

import pytest
from playwright.sync_api import Page, expect

from huiyin.domain.vocabulary import Role
from huiyin.registry.models import Unit
from tests.staff import PASSWORD, make_staff


def test_a_person_signs_in_by_keyboard_and_out_again(live_server, page: Page, town: dict[str, Unit]) -> None:
    staff = make_staff(town["hotline"], Role.ADMINISTRATOR, name="高远航")
    page.goto(f"{live_server.url}/accounts/login/?next=/me/")

    page.keyboard.type(staff.username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("账号：高远航").click()
    page.get_by_role("button", name="退出登录").first.click()

    expect(page).to_have_url(f"{live_server.url}/accounts/login/")
    page.goto(f"{live_server.url}/me/")
    expect(page).to_have_url(f"{live_server.url}/accounts/login/?next=/me/")


def test_a_wrong_password_is_told_and_the_name_kept(live_server, page: Page, town: dict[str, Unit]) -> None:
    staff = make_staff(town["hotline"], Role.OPERATOR)
    page.goto(f"{live_server.url}/accounts/login/")

    page.get_by_label("登录名").fill(staff.username)
    page.get_by_label("密码").fill("wrong")
    page.get_by_role("button", name="登录").click()

    expect(page.locator(".hy-note[role=alert]")).to_contain_text("不正确")
    expect(page.get_by_label("登录名")).to_have_value(staff.username)


def test_in_demo_mode_one_click_is_enough(live_server, page: Page, town: dict[str, Unit], settings) -> None:
    settings.DEMO = True
    make_staff(town["hotline"], Role.AUDITOR, name="方正义", demo=True)
    page.goto(f"{live_server.url}/accounts/login/")

    page.get_by_role("button", name="监督员").click()
    page.wait_for_url(lambda url: "login" not in url)

    page.goto(f"{live_server.url}/me/")
    expect(page.get_by_label("账号：方正义")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 360])
def test_axe_finds_nothing_serious_on_the_sign_in_page(
    live_server, page: Page, town: dict[str, Unit], axe, settings, width: int
) -> None:
    settings.DEMO = True
    make_staff(town["hotline"], Role.OPERATOR, demo=True)
    make_staff(town["street"], Role.UNIT_HEAD, Role.HANDLER, name="欧阳单位负责人", demo=True)
    make_staff(town["department"], Role.UNIT_HEAD, Role.HANDLER, demo=True)
    page.set_viewport_size({"width": width, "height": 800})

    page.goto(f"{live_server.url}/accounts/login/")

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
