"""One case through every desk by keyboard alone: filed, dispatched, answered, sent back, answered again, judged."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings as product
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from huiyin.accounts.demo import create_demo_staff
from huiyin.cases import desk, journal, numbers, rollups, snapshot
from huiyin.cases.models import Case
from huiyin.domain.actions import Action
from huiyin.domain.case import fold
from huiyin.domain.vocabulary import Grade, RequestType, Satisfaction, Status
from huiyin.registry import lookup
from tests.builders_city import People, replied

WORDS = "建外街道永安里社区三号楼楼道堆满了杂物，自行车都推不出去，希望清理"
PHONE = "13900001234"


@pytest.fixture
def browser_errors(page: Page) -> list[str]:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    return errors


@pytest.fixture
def enter(live_server, page: Page, transactional_db: None, city: None, settings) -> Callable[[str, str], Page]:
    """enter("周明远", "/dispatch/"): this person of the demo signs in by the keyboard and is on the page."""
    settings.DEMO = True
    cache.clear()
    create_demo_staff()
    lookup.warm()

    def sign_in(name: str, path: str) -> Page:
        page.goto("about:blank")  # what the last person's page still asks for must not meet the next one's session
        page.context.clear_cookies()
        page.goto(f"{live_server.url}/accounts/login/")
        tab_to(page, name)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/accounts/" not in url)
        if path not in page.url:
            page.goto(live_server.url + path)
        return page

    return sign_in


def tab_to(page: Page, words: str) -> None:
    """Walks by Tab until the thing that says this has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        said = page.evaluate(
            "() => { const at = document.activeElement;"
            " return [at.labels?.[0]?.textContent, at.textContent, at.getAttribute('aria-label')].join(' '); }"
        )
        if words in said and page.evaluate("document.activeElement !== document.body"):
            return
    raise AssertionError(f"the keyboard never reaches {words}")


def test_a_case_goes_from_the_call_to_its_closure_through_every_desk(
    live_server, enter: Callable[[str, str], Page], browser_errors: list[str]
) -> None:
    the_operator_files_it(enter("林晓雨", "/console/"))
    the_dispatcher_accepts_the_proposal(enter("周明远", "/dispatch/"))
    the_unit_replies(enter("李思琪", "/cases/desk/"), "已通知物业清理楼道杂物，并张贴告示要求住户不再堆放。")
    the_citizen_is_asked_and_is_not_content(enter("何静怡", "/callbacks/"))
    the_unit_replies(enter("李思琪", "/cases/desk/"), "已现场监督清空三号楼全部楼道，逐户签订不堆放承诺书。")
    the_citizen_judges_on_the_progress_page(enter("李思琪", "/progress/"))
    the_leader_sees_it_closed(enter("陈国平", "/cases/overview/"))

    case = Case.objects.get()
    history = journal.of_case(case.pk)
    assert [event.action for event in history] == [
        "register",
        "dispatch",
        "sign",
        "note_contact",
        "reply",
        "record_callback",
        "rework",
        "sign",
        "note_contact",
        "reply",
        "record_callback",
    ]
    assert case.status == Status.CLOSED
    assert case.satisfaction == Satisfaction.SATISFIED
    assert fold(blank(case), map(journal.as_event, history)) == snapshot.load(case, case.clocks.all())
    assert browser_errors == []


def test_what_another_settled_meanwhile_is_not_taken_from_under_ones_hands(
    enter: Callable[[str, str], Page], people: People, browser_errors: list[str]
) -> None:
    for minutes in range(3):
        replied(people, now=timezone.now() - timedelta(hours=5, minutes=minutes))
    page = enter("何静怡", "/callbacks/")
    page.goto(f"{page.url}?tab=early")
    pane = page.locator("#worklist-pane")
    opened = pane.locator("[data-case]").first.get_attribute("data-case")
    assert opened is not None
    pane.get_by_label("诉求人意见").fill("说已经修好")

    good = {"reached": True, "contacted": True, "solved": True, "satisfaction": "satisfied"}
    other = people.callback_agent()
    desk.act(Case.objects.get(case_no=opened).pk, Action.RECORD_CALLBACK, actor=other, data=good, now=timezone.now())

    expect(pane).to_contain_text("这件已由他人办理", timeout=15_000)
    expect(pane.locator("[data-case]").first).to_have_attribute("data-case", opened)
    expect(pane.get_by_label("诉求人意见")).to_have_value("说已经修好")
    pane.get_by_role("button", name="看下一件").click()
    expect(pane.locator("[data-case]").first).not_to_have_attribute("data-case", opened)
    assert browser_errors == []


def test_on_a_phone_each_citizen_to_ask_is_a_page_of_its_own(
    enter: Callable[[str, str], Page], people: People, browser_errors: list[str]
) -> None:
    for minutes in range(3):
        replied(people, now=timezone.now() - timedelta(hours=5, minutes=minutes))
    page = enter("何静怡", "/callbacks/")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{page.url}?tab=early")
    page.locator(".wl-rows [data-open]").nth(1).click()
    page.wait_for_url("**/callbacks/2*/**")

    for answer in ("没联系", "没解决", "不满意"):
        page.get_by_text(answer).click()
    page.get_by_role("button", name="提交回访结果").click()
    expect(page.locator("body")).to_contain_text("请决定重办还是办结")
    page.get_by_label("重办要求").fill("请与诉求人联系后重新办理")
    page.get_by_role("button", name="退回重办").click()

    page.wait_for_url(lambda url: url.endswith("/callbacks/?tab=early"))
    expect(page.locator(".wl-rows [data-open]")).to_have_count(2)
    assert Case.objects.filter(status=Status.DISPATCHED, round=2).count() == 1
    assert browser_errors == []


def the_operator_files_it(page: Page) -> None:
    expect(page.locator("#content")).to_be_focused()
    page.keyboard.type(WORDS)
    expect(page.locator("#place")).to_have_value("永安里")
    page.keyboard.press("Alt+h")
    page.keyboard.type(PHONE)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".in-result")).to_contain_text("查询码")
    assert Case.objects.get().status == Status.RECEIVED


def the_dispatcher_accepts_the_proposal(page: Page) -> None:
    expect(page.locator("#worklist-pane")).to_contain_text(WORDS)
    page.keyboard.press("a")
    expect(page.locator("#toasts")).to_contain_text("派单")
    expect(page.locator("#worklist")).to_contain_text("都处理完了")


def the_unit_replies(page: Page, result: str) -> None:
    sheet = page.locator("#case-panel #case-sheet")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(sheet).to_contain_text(WORDS)
    page.keyboard.press("s")
    expect(sheet.locator(".case-head")).to_contain_text("已签收")

    page.keyboard.press("c")
    tab_to(page, "是")
    page.keyboard.press("Space")
    tab_to(page, "联系情况")
    page.keyboard.type("已电话联系，约定今天上门")
    page.keyboard.press("Control+Enter")
    expect(sheet.locator(".case-head")).to_contain_text("办理中")

    page.keyboard.press("r")
    expect(page.get_by_label("已解决", exact=True)).to_be_focused()
    page.keyboard.press("Space")
    tab_to(page, "向热线反馈的办理情况")
    page.keyboard.type(result)
    tab_to(page, "佐证说明")
    page.keyboard.type("清理前后照片已存档")
    page.keyboard.press("Control+Enter")
    expect(sheet.locator(".case-head")).to_contain_text("已反馈")


def the_citizen_is_asked_and_is_not_content(page: Page) -> None:
    page.keyboard.press("g")
    page.keyboard.press("4")
    page.wait_for_url("**tab=early**")
    asked = page.locator("#worklist-pane")
    expect(asked).to_contain_text("单位反馈")
    page.keyboard.press("p")
    expect(asked).to_contain_text(PHONE)
    for key in ("q", "s", "3"):
        page.keyboard.press(key)
    page.keyboard.press("Control+Enter")

    expect(asked).to_contain_text("请决定重办还是办结")
    tab_to(page, "重办要求")
    page.keyboard.type("杂物仍在，请到现场清理并回访邻居")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("待签收")


def the_citizen_judges_on_the_progress_page(page: Page) -> None:
    case = Case.objects.get()
    address = page.url
    page.goto("about:blank")
    page.context.clear_cookies()
    page.goto(address)
    tab_to(page, "编号")
    page.keyboard.type(numbers.grouped(case.case_no))
    tab_to(page, "查询码")
    page.keyboard.type(numbers.access_code(case.case_no, secret=product.DATA_KEY))
    page.keyboard.press("Enter")
    page.wait_for_url("**/progress/case/")
    expect(page.locator("body")).to_contain_text("逐户签订不堆放承诺书")
    tab_to(page, "我来评价")
    page.keyboard.press("Enter")
    page.wait_for_url("**/progress/judge/")
    for answer in ("是", "是", "满意"):
        tab_to(page, answer)
        page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/progress/case/")
    expect(page.locator("body")).to_contain_text("谢谢您的评价")


def the_leader_sees_it_closed(page: Page) -> None:
    rollups.refresh(timezone.now())
    page.reload()
    for label, count in (("今日受理", "1"), ("今日办结", "1"), ("在办", "0")):
        figure = page.locator(".hy-figure", has=page.get_by_text(label, exact=True))
        expect(figure.locator(".hy-figure-value")).to_have_text(count)
    tab_to(page, "今日办结")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/?**")
    expect(page.locator("[data-row]")).to_contain_text("已办结")


def blank(case: Case) -> desk.domain.Case:
    """The case before its first event."""
    return desk.domain.Case(
        status=Status.RECEIVED,
        registered_at=case.registered_at,
        last_at=case.registered_at,
        requester_id=case.requester_id,
        request_type=RequestType.OTHER,
        class_code="",
        grade=Grade.NORMAL,
    )
