"""The components in a browser: everything by keyboard, nothing that axe-core finds serious."""

import pytest
from playwright.sync_api import Page, expect

from huiyin.domain.vocabulary import Role
from tests.staff import make_staff

PAGES = ("/staff/", "/staff/new/", "/audit/", "/me/")
PHONE = {"width": 360, "height": 780}


def _class_box(page: Page):
    return page.get_by_role("combobox", name="类别")


def _options(page: Page):
    return page.locator("#id_case_class-list [role=option]")


def test_the_combobox_is_worked_by_keyboard_alone(guide: Page) -> None:
    box = _class_box(guide)
    box.focus()

    guide.keyboard.type("停车")
    options = _options(guide)
    expect(options).to_have_count(2)
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    guide.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", options.nth(1).get_attribute("id") or "")
    guide.keyboard.press("Enter")

    expect(box).to_have_value("占道停车")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(guide.locator('input[name="case_class"]')).to_have_value("020302")


def test_the_combobox_marks_what_matched(guide: Page) -> None:
    _class_box(guide).focus()

    guide.keyboard.type("油烟")

    expect(guide.locator('[role="option"] mark')).to_have_text(["油烟"])


def test_escape_closes_the_list_and_then_empties_the_box(guide: Page) -> None:
    box = _class_box(guide)
    box.focus()
    guide.keyboard.type("停车")
    expect(_options(guide)).to_have_count(2)

    guide.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("停车")
    guide.keyboard.press("Escape")

    expect(box).to_have_value("")


def test_enter_faster_than_the_answer_takes_the_first_hit(guide: Page) -> None:
    guide.route("**/ui/options/**", lambda route: (guide.wait_for_timeout(150), route.continue_()))
    box = _class_box(guide)
    box.focus()

    guide.keyboard.type("030202")
    guide.keyboard.press("Enter")

    expect(box).to_have_value("油烟扰民")


def test_tab_takes_the_marked_option_and_moves_on(guide: Page) -> None:
    box = _class_box(guide)
    box.focus()
    guide.keyboard.type("dtgzkr")
    expect(_options(guide)).to_have_count(1)

    guide.keyboard.press("Tab")

    expect(box).to_have_value("电梯故障困人")
    expect(box).not_to_be_focused()


def test_words_that_are_no_choice_are_not_sent(guide: Page) -> None:
    box = _class_box(guide)
    box.focus()
    guide.keyboard.type("没有这一类")
    expect(guide.get_by_text("没有找到“没有这一类”").first).to_be_visible()

    guide.keyboard.press("Tab")

    expect(box).to_have_attribute("aria-invalid", "true")
    assert box.evaluate("element => element.validationMessage") == "请从列表中选择一项"
    expect(guide.locator('input[name="case_class"]')).to_have_value("")


def test_a_choice_is_told_to_the_page(guide: Page) -> None:
    guide.evaluate("document.addEventListener('combobox:change', (e) => { window.told = e.detail; })")
    _class_box(guide).focus()
    guide.keyboard.type("夜间")
    expect(_options(guide)).to_have_count(1)
    guide.keyboard.press("Enter")

    told = guide.evaluate("window.told")

    assert told["value"] == "030201"
    assert told["record"]["detail"] == "环保 › 噪声 · 紧急"


def test_rows_are_walked_ticked_and_opened_by_keyboard(guide: Page) -> None:
    guide.keyboard.press("j")
    guide.keyboard.press("j")
    guide.keyboard.press("k")
    guide.keyboard.press("j")
    current = guide.locator("[data-row].is-current")
    expect(current).to_have_attribute("data-row", "261122002381")
    expect(current).to_be_focused()

    guide.keyboard.press("x")
    expect(guide.locator("[data-bulk]")).to_be_visible()
    guide.keyboard.press("Enter")

    assert guide.url.endswith("#261122002381")


def test_letters_do_nothing_while_a_person_types(guide: Page) -> None:
    guide.get_by_label("姓名").focus()

    guide.keyboard.type("njx?")

    expect(guide.get_by_label("姓名")).to_have_value("njx?")
    expect(guide.locator("dialog[open]")).to_have_count(0)


def test_the_question_mark_lists_the_keys_of_the_page(guide: Page) -> None:
    guide.keyboard.press("?")

    help_ = guide.get_by_role("dialog", name="键盘快捷键")
    expect(help_).to_be_visible()
    expect(help_).to_contain_text("提交表单")
    expect(help_).to_contain_text("下一行")
    guide.keyboard.press("Escape")
    expect(help_).to_be_hidden()


def test_a_form_in_a_dialog_stays_on_errors_and_closes_when_done(guide: Page) -> None:
    guide.keyboard.press("n")
    dialog = guide.get_by_role("dialog", name="新建示例")
    expect(dialog).to_be_visible()
    dialog.get_by_label("姓名").fill("张")
    dialog.get_by_role("button", name="保存").click()
    expect(dialog.get_by_role("alert")).to_contain_text("有内容需要修改")

    dialog.get_by_text("求助").click()
    dialog.get_by_label("诉求内容").fill("暖气不热很久了")
    dialog.get_by_role("combobox", name="类别").fill("暖气")
    expect(dialog.locator("[role=option]")).to_have_count(1)
    guide.keyboard.press("Enter")
    guide.keyboard.press("Control+Enter")

    expect(dialog).to_be_hidden()
    expect(guide.locator("#toasts")).to_contain_text("已保存")


def test_a_dangerous_button_asks_first(guide: Page) -> None:
    guide.get_by_role("button", name="作废…").click()

    question = guide.get_by_role("dialog")
    expect(question).to_contain_text("作废后不能恢复")
    expect(question.get_by_role("button", name="作废")).to_be_focused()
    question.get_by_role("button", name="取消").click()
    expect(question).to_be_hidden()


def test_a_draft_survives_a_reload(guide: Page) -> None:
    guide.get_by_label("姓名").fill("张女士")
    _class_box(guide).focus()
    guide.keyboard.type("暖气")
    expect(_options(guide)).to_have_count(1)
    guide.keyboard.press("Enter")
    guide.wait_for_timeout(400)

    guide.reload()

    expect(guide.get_by_label("姓名")).to_have_value("张女士")
    expect(_class_box(guide)).to_have_value("暖气漏水")
    expect(guide.locator('input[name="case_class"]')).to_have_value("010102")


def test_a_draft_survives_a_session_that_ended_meanwhile(live_server, guide: Page) -> None:
    guide.get_by_label("姓名").fill("张女士")
    guide.wait_for_timeout(400)
    cookies = guide.context.cookies()
    guide.context.clear_cookies(name="sessionid")
    guide.evaluate("document.querySelector('form[data-draft]').noValidate = true")
    guide.get_by_role("button", name="提交").click()
    expect(guide.get_by_role("heading", name="工作人员登录")).to_be_visible()

    guide.context.add_cookies(cookies)
    guide.goto(f"{live_server.url}/ui/")

    expect(guide.get_by_label("姓名")).to_have_value("张女士")


def test_a_live_region_renews_itself_unless_a_person_works_in_it(guide: Page) -> None:
    guide.evaluate(
        """() => {
          const live = document.querySelector("hy-live");
          live.stamp = "before";
          window.renewed = 0;
          live.renew = () => { window.renewed += 1; };
          live.changed({ stamp: "now" });
          live.insertAdjacentHTML("beforeend", "<input id='busy'>");
          document.getElementById("busy").focus();
          live.changed({ stamp: "later", text: "有 3 件新案件" });
        }"""
    )

    expect(guide.get_by_role("button", name="有 3 件新案件")).to_be_visible()
    assert guide.evaluate("window.renewed") == 1


@pytest.mark.parametrize("size", [{"width": 1440, "height": 900}, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_serious_in_the_components(guide: Page, axe, size: dict[str, int]) -> None:
    guide.set_viewport_size(size)

    assert axe(guide) == []


def test_axe_finds_nothing_serious_in_an_open_dialog(guide: Page, axe) -> None:
    guide.keyboard.press("n")
    expect(guide.get_by_role("dialog", name="新建示例")).to_be_visible()
    guide.wait_for_timeout(300)

    assert axe(guide) == []


def test_no_page_is_wider_than_its_window(live_server, sign_in, town) -> None:
    page = sign_in(make_staff(town["hotline"], Role.ADMINISTRATOR))
    too_wide = []

    for path in ("/ui/", *PAGES, "/accounts/2fa/"):
        page.goto(live_server.url + path)
        for width in (360, 768, 1024, 1920):
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                too_wide.append((path, width))

    assert too_wide == []


def test_axe_finds_nothing_serious_in_the_administration(live_server, sign_in, town, axe) -> None:
    page = sign_in(make_staff(town["hotline"], Role.ADMINISTRATOR))
    found = {}

    for path in PAGES:
        page.goto(live_server.url + path)
        found[path] = axe(page)

    assert found == {path: [] for path in PAGES}


def test_a_phone_gets_its_navigation_at_the_bottom(guide: Page) -> None:
    guide.set_viewport_size(PHONE)

    dock = guide.get_by_role("navigation", name="手机导航")
    expect(dock).to_be_visible()
    dock.get_by_role("button", name="更多").click()

    expect(guide.get_by_role("button", name="退出登录").last).to_be_visible()


def test_the_keyboard_reaches_the_content_at_once(guide: Page) -> None:
    guide.keyboard.press("Tab")

    expect(guide.get_by_role("link", name="跳到正文")).to_be_focused()
    guide.keyboard.press("Enter")
    expect(guide.locator("#main")).to_be_focused()
