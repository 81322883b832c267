"""The knowledge base beside the conversation, in a browser: one key answers, one key notes what is missing."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from huiyin.accounts.demo import create_demo_staff
from huiyin.accounts.models import Staff
from huiyin.cases.models import Case
from huiyin.knowledge import held, writing
from huiyin.knowledge.models import Entry, Gap, Use
from huiyin.registry import directory


@pytest.fixture
def console(transactional_db: None, city: None, live_server, sign_in: Callable[[Staff], Page], settings) -> Page:
    settings.DEMO = True
    create_demo_staff()
    hotline = directory.hotline()
    assert hotline is not None
    now = timezone.now()
    content = writing.Content(
        title="供暖温度标准",
        questions=("暖气多少度算达标",),
        answer="供暖期内卧室温度不低于18℃。",
        source="供热采暖管理办法",
        owner_id=hotline.id,
        valid_from=now.date(),
    )
    writing.create(content, by=writing.SYSTEM, now=now)
    held.forget()
    page = sign_in(Staff.objects.get(username="huawu"))
    page.goto(f"{live_server.url}/console/?new")
    return page


def test_a_consultation_is_answered_and_closed_with_two_keys(console: Page) -> None:
    console.locator("#phone").fill("19900001234")
    console.locator("#content").fill("请问暖气多少度算达标")
    expect(console.locator("#knowledge")).to_contain_text("不低于18℃")

    console.keyboard.press("Alt+a")
    expect(console.locator("#answer")).to_have_value("供暖期内卧室温度不低于18℃。\n" + _attribution())
    console.keyboard.press("Control+Enter")
    expect(console.locator("#outcome")).to_contain_text("已直接答复并办结")

    assert Use.objects.get().case == Case.objects.get()


def test_what_is_not_known_is_noted_with_one_key(console: Page) -> None:
    console.locator("#content").fill("养鸵鸟要办什么手续")
    expect(console.locator("#knowledge")).to_contain_text("没有把握够的答案")

    console.keyboard.press("Alt+k")

    expect(console.locator("#knowledge")).to_contain_text("已记入知识缺口")
    assert Gap.objects.get().text == "养鸵鸟要办什么手续"


def _attribution() -> str:
    entry = Entry.objects.get()
    return f"〔知识库 K{entry.pk} 第1版；来源：供热采暖管理办法；{timezone.now().date()}起有效〕"
