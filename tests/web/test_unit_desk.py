"""The unit's desk in a browser: a case worked to its reply by keyboard alone, on a phone, and while others act."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from huiyin.accounts.models import RevealLog, Staff
from huiyin.cases import desk
from huiyin.cases.models import Attachment, Case
from huiyin.domain.actions import Action
from huiyin.domain.vocabulary import Role, Status
from tests.builders_city import People, dispatched, street_unit
from tests.integration.cases.conftest import staff_at
from tests.integration.cases.test_attachments import photo

pytestmark = pytest.mark.usefixtures("transactional_db", "city")


@pytest.fixture
def handler() -> Staff:
    return staff_at(street_unit(), Role.HANDLER, Role.UNIT_HEAD)


@pytest.fixture
def desk_page(live_server, sign_in, handler: Staff, people: People) -> Page:
    page: Page = sign_in(handler)
    for number in range(3):
        dispatched(people, now=timezone.now() - timedelta(minutes=30 - number))
    page.goto(f"{live_server.url}/cases/desk/")
    return page


def test_a_case_is_worked_to_its_reply_by_keyboard_alone(desk_page: Page) -> None:
    page = desk_page
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    sheet = page.locator("#case-panel #case-sheet")
    expect(sheet).to_contain_text("楼道里的灯坏了三个月了")

    page.keyboard.press("s")
    expect(sheet.locator(".case-head")).to_contain_text("已签收")

    page.keyboard.press("c")
    expect(page.locator("#case-form")).to_contain_text("是否联系上")
    page.get_by_role("button", name="电话无人接听，已发短信告知，将再次联系。").press("Enter")
    expect(page.get_by_role("radio", name="否", exact=True)).to_be_checked()
    page.get_by_role("radio", name="是", exact=True).press("Space")
    page.locator("#case-form textarea").fill("")
    page.keyboard.type("已联系，约定下午上门")
    page.keyboard.press("Control+Enter")
    expect(sheet.locator(".case-timeline")).to_contain_text("已联系，约定下午上门")

    page.keyboard.press("r")
    expect(page.get_by_label("已解决", exact=True)).to_be_focused()
    page.keyboard.press("Space")
    page.locator("#case-form textarea[name=result]").focus()
    page.keyboard.type("物业已更换楼道灯具并试亮，居民确认。")
    page.locator("#case-form textarea[name=evidence]").focus()
    page.keyboard.type("居民签字")
    page.keyboard.press("Control+Enter")

    expect(sheet.locator(".case-head")).to_contain_text("已反馈")
    expect(page.locator("#toasts")).to_contain_text("已双反馈")
    expect(page.locator("[data-row].is-open")).to_contain_text("已反馈")  # the list followed


def test_several_cases_are_ticked_and_signed_at_once(desk_page: Page) -> None:
    page = desk_page
    for _ in range(3):
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(page.locator("[data-bulk]")).to_contain_text("已选 3 件")
    page.get_by_role("button", name="签收所选").click()

    expect(page.locator("#toasts")).to_contain_text("已签收3件")
    expect(page.locator(".case-rows")).not_to_contain_text("待签收")


def test_who_comes_second_keeps_the_words_and_reads_what_changed(desk_page: Page, people: People) -> None:
    page = desk_page
    case = Case.objects.order_by("due_at", "id")[0]
    actor = people.handler(street_unit())
    desk.act(case.pk, Action.SIGN, actor=actor, data={}, now=timezone.now())
    page.goto(page.url.replace("desk/", f"{case.case_no}/"))
    page.keyboard.press("n")
    page.locator("#case-form textarea").fill("已到现场核实")
    desk.act(case.pk, Action.URGE, actor=people.operator(), data={"note": "诉求人催得急"}, now=timezone.now())

    page.keyboard.press("Control+Enter")
    expect(page.locator("#case-form")).to_contain_text("诉求人催得急")
    expect(page.locator("#case-form textarea")).to_have_value("已到现场核实")
    page.locator("#case-form textarea").press("Control+Enter")

    expect(page.locator(".case-timeline")).to_contain_text("已到现场核实")


def test_a_new_case_appears_by_itself_and_the_open_one_stays(desk_page: Page, people: People) -> None:
    page = desk_page
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#case-panel #case-sheet")).to_be_visible()

    dispatched(people, now=timezone.now(), content="新来的一件：电梯停了没有人管")

    expect(page.locator(".case-rows")).to_contain_text("新来的一件", timeout=20_000)
    expect(page.locator("#case-panel #case-sheet")).to_be_visible()
    expect(page.locator("[data-row].is-open")).to_have_count(1)


def test_a_number_is_shown_after_its_reason_and_then_gone(desk_page: Page) -> None:
    page = desk_page
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#case-panel #case-sheet")).to_be_visible()
    page.keyboard.press("1")
    dialog = page.locator("#dialog[open]")
    dialog.get_by_role("button", name="查看").click()
    expect(dialog).to_contain_text("19900001234")
    assert RevealLog.objects.count() == 1

    page.keyboard.press("Escape")

    expect(page.locator("body")).not_to_contain_text("19900001234")


def test_a_photo_goes_up_on_a_phone_and_becomes_evidence(desk_page: Page, people: People, tmp_path: Path) -> None:
    page = desk_page
    page.set_viewport_size({"width": 360, "height": 740})
    case = Case.objects.order_by("due_at", "id")[0]
    desk.act(case.pk, Action.SIGN, actor=people.handler(street_unit()), data={}, now=timezone.now())
    (tmp_path / "现场.jpg").write_bytes(photo())
    (tmp_path / "页.html").write_text("<html>")
    page.goto(page.url.replace("desk/", f"{case.case_no}/"))
    page.locator("#case-actions").get_by_text("记录进展").click()

    page.set_input_files("#case-form input[type=file]", tmp_path / "页.html")
    expect(page.locator("#alerts")).to_contain_text("不是可以上传的文件")
    page.set_input_files("#case-form input[type=file]", tmp_path / "现场.jpg")
    expect(page.locator("#case-form .case-tile img")).to_be_visible()
    page.get_by_role("button", name="已到现场核实。").click()
    page.locator("#case-form").get_by_role("button", name="记录进展").click()

    expect(page.locator(".case-timeline")).to_contain_text("现场.jpg")
    assert Attachment.objects.get().case_id == case.pk


def test_a_contact_is_noted_from_the_list_on_a_phone(desk_page: Page, people: People) -> None:
    page = desk_page
    page.set_viewport_size({"width": 360, "height": 740})
    case = Case.objects.order_by("due_at", "id")[0]
    desk.act(case.pk, Action.SIGN, actor=people.handler(street_unit()), data={}, now=timezone.now())
    page.reload()

    page.get_by_role("link", name="记录联系").click()
    page.get_by_role("button", name="已电话联系诉求人，核实情况并说明办理安排。").click()
    page.locator("form[data-action-form]").get_by_role("button", name="记录联系").click()

    expect(page.locator(".case-timeline")).to_contain_text("已电话联系诉求人")
    expect(page.locator("#toasts")).to_contain_text("已记录联系")


def test_the_desk_works_without_scripts(live_server, browser, handler: Staff, people: People) -> None:
    case = dispatched(people, now=timezone.now())
    client = Client()
    client.force_login(handler, "django.contrib.auth.backends.ModelBackend")
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/cases/desk/")

    page.get_by_role("link", name="楼道里的灯坏了三个月了").click()
    page.locator("#case-actions").get_by_role("button", name="签收").click()
    expect(page.locator(".case-head")).to_contain_text("已签收")
    page.locator("#case-actions").get_by_role("link", name="记录联系").click()
    page.get_by_role("radio", name="是", exact=True).check(force=True)
    page.locator("textarea[name=note]").fill("已联系上，约定上门")
    page.locator("form.hy-form, [data-action-form]").get_by_role("button", name="记录联系").click()
    expect(page.locator(".case-timeline")).to_contain_text("已联系上，约定上门")
    context.close()

    case.refresh_from_db()
    assert case.status == Status.HANDLING


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (360, 740)])
def test_axe_finds_nothing_serious_and_nothing_overflows(
    desk_page: Page, axe, people: People, width: int, height: int
) -> None:
    page = desk_page
    page.set_viewport_size({"width": width, "height": height})
    case = Case.objects.order_by("due_at", "id")[0]
    desk.act(case.pk, Action.SIGN, actor=people.handler(street_unit()), data={}, now=timezone.now())
    here = page.url.removesuffix("desk/")

    for address in ("desk/", f"{case.case_no}/", f"{case.case_no}/do/reply/", "desk/team/", "notices/", ""):
        page.goto(f"{here}{address}")
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
