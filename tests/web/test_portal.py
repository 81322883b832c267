"""The citizen's pages on a phone: by keyboard alone, without scripts, and as axe sees them."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from huiyin.cases import desk, numbers
from huiyin.cases.models import Attachment, Case
from huiyin.domain.actions import Action
from huiyin.domain.vocabulary import Status
from tests.builders_city import People, dispatched, replied

PHONE = {"width": 360, "height": 740}
WIDE = {"width": 1280, "height": 800}


@pytest.fixture(autouse=True)
def _whole_city(transactional_db: None, city: None) -> None:
    cache.clear()


@pytest.fixture
def phone(page: Page) -> Page:
    page.set_viewport_size(PHONE)
    return page


def _photo() -> dict[str, object]:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), "teal").save(out, "JPEG")
    return {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def _open(page: Page, base: str, case: Case) -> None:
    page.goto(f"{base}/progress/")
    page.get_by_label("编号").fill(numbers.grouped(case.case_no))
    page.get_by_label("查询码").fill(numbers.access_code(case.case_no, secret=settings.DATA_KEY))
    page.keyboard.press("Enter")
    page.wait_for_url("**/progress/case/")


def _tab_to(page: Page, words: str) -> None:
    """Walks by Tab until the named thing has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        said = page.evaluate(
            "() => { const at = document.activeElement; return (at.labels?.[0]?.textContent ?? '') + at.textContent; }"
        )
        if words in said:
            return
    raise AssertionError(f"the keyboard never reaches {words}")


def test_a_matter_is_filed_and_followed_by_keyboard_alone(live_server, phone: Page) -> None:
    phone.goto(live_server.url)
    _tab_to(phone, "我要反映")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/report/")
    _tab_to(phone, "发生了什么")
    phone.keyboard.type("小区门口的井盖丢了三天，晚上很危险，请尽快补上")
    phone.locator("input[type=file]").set_input_files([_photo()])
    expect(phone.locator("portal-photos input[name=files]:enabled")).to_have_count(1)
    _tab_to(phone, "小区、路名")
    phone.keyboard.type("wjjd")
    expect(phone.locator("[role=option]").first).to_contain_text("望京")
    phone.keyboard.press("Enter")
    _tab_to(phone, "手机号")
    phone.keyboard.type("19900001234")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/report/done/")

    case = Case.objects.get()
    expect(phone.locator("[data-number]")).to_have_text(numbers.grouped(case.case_no))
    _tab_to(phone, "查看进度")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/progress/case/")

    expect(phone.get_by_alt_text("您上传的照片1")).to_be_visible()
    assert Attachment.objects.get().case_id == case.pk
    assert case.street_id is not None


def test_the_page_moves_on_by_itself(live_server, phone: Page, people: People) -> None:
    case = dispatched(people, now=timezone.now() - timedelta(hours=1))
    _open(phone, live_server.url, case)
    expect(phone.get_by_text("等待承办单位签收")).to_be_visible()
    assert case.lead_unit_id is not None

    desk.act(case.pk, Action.SIGN, actor=people.handler(case.lead_unit_id), data={}, now=timezone.now())
    phone.evaluate("document.querySelector('hy-live').ask()")

    expect(phone.get_by_text("承办单位已签收，将与您联系")).to_be_visible()


def test_everything_works_without_scripts(live_server, browser: Browser, people: People) -> None:
    page = browser.new_context(java_script_enabled=False, viewport=PHONE, locale="zh-CN").new_page()
    page.goto(f"{live_server.url}/report/")
    page.get_by_label("发生了什么").fill("小区门口的井盖丢了三天，请尽快补上")
    page.locator("input[type=file]").set_input_files([_photo()])
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("请留下电话").first).to_be_visible()
    expect(page.get_by_alt_text("照片1")).to_be_visible()
    page.get_by_label("您的手机号").fill("19900001234")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("请保存编号和查询码")).to_be_visible()

    answered = replied(people, now=timezone.now() - timedelta(days=1))
    _open(page, live_server.url, answered)
    page.get_by_role("link", name="我来评价").click()
    for group, answer in (("联系您了吗", "是"), ("解决了吗", "是"), ("满意吗", "基本满意")):
        page.get_by_role("group", name=group).get_by_text(answer, exact=True).click()
    page.get_by_role("button", name="提交评价").click()

    expect(page.get_by_text("谢谢您的评价")).to_be_visible()
    answered.refresh_from_db()
    assert answered.status == Status.CLOSED
    assert Attachment.objects.get().case_id is not None
    page.context.close()


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
def test_axe_finds_nothing_serious_and_no_page_is_too_wide(
    live_server, page: Page, people: People, axe: Callable[[Page], list[str]], size: dict[str, int]
) -> None:
    page.set_viewport_size(size)
    found: dict[str, list[str]] = {}
    wide: list[str] = []

    def look(name: str) -> None:
        page.wait_for_load_state("networkidle")
        found[name] = axe(page)
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            wide.append(name)

    for path in ("/", "/report/", "/progress/"):
        page.goto(live_server.url + path)
        look(path)
    page.get_by_role("button", name="查询").click()
    look("wrong number")
    page.goto(f"{live_server.url}/report/")
    page.get_by_role("button", name="提交").click()
    look("wrong report")
    _open(page, live_server.url, replied(people, now=timezone.now() - timedelta(days=1)))
    look("case")
    for path in ("/report/done/", "/progress/add/", "/progress/judge/"):
        page.goto(live_server.url + path)
        look(path)

    assert {name: problems for name, problems in found.items() if problems} == {}
    assert wide == []
