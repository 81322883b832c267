"""The frame of the pages: navigation by role, answers for htmx and for plain forms, error pages."""

import re
from pathlib import Path

import pytest
from django.test import Client, RequestFactory

from huiyin.domain.errors import AlreadyReturned, InvalidData, NotPermitted
from huiyin.domain.vocabulary import Role
from huiyin.ui import navigation
from huiyin.ui.layout import layout_of
from huiyin.ui.refusals import Refusals
from tests.staff import build_town, make_staff

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = sorted((ROOT / "src/huiyin").rglob("templates/**/*.html"))
HTMX = {"HX-Request": "true"}


def _sign_in(client: Client, *roles: Role) -> Client:
    client.force_login(make_staff(build_town()["hotline"], *roles), "django.contrib.auth.backends.ModelBackend")
    return client


def test_the_bar_offers_what_the_role_may_open(client: Client, db: None) -> None:
    shown = _sign_in(client, Role.AUDITOR).get("/audit/").content.decode()

    assert 'href="/audit/"' in shown
    assert 'href="/staff/"' not in shown


def test_the_place_of_the_page_is_marked(client: Client, db: None) -> None:
    shown = _sign_in(client, Role.ADMINISTRATOR).get("/staff/new/").content.decode()

    assert re.search(r'href="/staff/" aria-current="page"', shown)
    assert not re.search(r'href="/audit/" aria-current="page"', shown)


def test_no_two_places_share_a_key() -> None:
    keys = [entry.hotkey for entry in navigation.ENTRIES]

    assert len(keys) == len(set(keys))


def test_every_role_has_a_place_to_start() -> None:
    for role in Role:
        assert any(role in entry.roles for entry in navigation.ENTRIES)


@pytest.mark.parametrize(
    ("headers", "frame"),
    [
        ({}, "ui/base.html"),
        ({**HTMX, "HX-Target": "dialog-body"}, "ui/dialog.html"),
        ({**HTMX, "HX-Target": "list"}, "ui/fragment.html"),
        ({**HTMX, "HX-History-Restore-Request": "true"}, "ui/base.html"),
    ],
)
def test_one_address_serves_page_dialog_and_fragment(headers: dict[str, str], frame: str) -> None:
    assert layout_of(RequestFactory().get("/x/", headers=headers)) == frame


def test_a_dialog_form_stays_open_on_errors_and_closes_when_done(client: Client, db: None) -> None:
    browser = _sign_in(client, Role.ADMINISTRATOR)
    headers = {**HTMX, "HX-Target": "dialog-body"}
    good = {"name": "张", "kind": "help", "grade": "normal", "case_class": "010101", "words": "暖气不热很久了"}

    wrong = browser.post("/ui/dialog/", {}, headers=headers)
    right = browser.post("/ui/dialog/", good, headers=headers)
    plain = browser.post("/ui/dialog/", good)

    assert wrong.status_code == 422
    assert "<html" not in wrong.content.decode()
    assert right.status_code == 204
    assert {"toast", "dialog:close", "sample:changed"} <= set(right.headers["HX-Trigger"].split('"'))
    assert plain.url == "/ui/"


@pytest.mark.parametrize(
    ("refusal", "status"),
    [(NotPermitted(), 403), (AlreadyReturned(), 409), (InvalidData({"reason": "请写明原因"}), 422)],
)
def test_a_broken_rule_is_told_in_its_own_words(refusal: Exception, status: int) -> None:
    middleware, factory = Refusals(lambda _: None), RequestFactory()

    page = middleware.process_exception(factory.post("/x/"), refusal)
    fragment = middleware.process_exception(factory.post("/x/", headers=HTMX), refusal)

    assert page.status_code == fragment.status_code == status
    assert str(refusal) in page.content.decode()
    assert fragment.headers["HX-Reswap"] == "none"
    assert "toast" in fragment.headers["HX-Trigger"]


def test_a_bug_is_not_dressed_up_as_a_rule() -> None:
    assert Refusals(lambda _: None).process_exception(RequestFactory().get("/x/"), ValueError("x")) is None


def test_a_page_that_is_not_there_says_so_in_chinese(client: Client, db: None) -> None:
    response = client.get("/no/such/page/")

    assert response.status_code == 404
    assert "页面不存在" in response.content.decode()


def test_whoever_is_signed_in_keeps_the_navigation_on_an_error_page(client: Client, db: None) -> None:
    signed_in = _sign_in(client, Role.AUDITOR)

    for path, status in (("/no/such/page/", 404), ("/staff/", 403)):
        answer = signed_in.get(path)
        assert answer.status_code == status
        assert 'href="/audit/"' in answer.content.decode()
    assert 'href="/audit/"' not in Client().get("/no/such/page/").content.decode()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "src/huiyin").as_posix())
def test_no_page_needs_inline_code(path: Path) -> None:
    """The content security policy forbids it; what is forbidden would silently not work."""
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text)
    assert not re.search(r"\son(click|change|submit|input|load|key\w+)=", text)
    assert not re.search(r"<style|hx-on[:=]|javascript:", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "src/huiyin").as_posix())
def test_every_icon_that_is_named_exists(path: Path) -> None:
    sprite = (ROOT / "src/huiyin/ui/static/ui/icons.svg").read_text(encoding="utf-8")
    named = set(re.findall(r'{% icon "([^"]+)"', path.read_text(encoding="utf-8")))

    assert {name for name in named if f'<symbol id="{name}"' not in sprite} == set()


def test_every_icon_of_the_navigation_exists() -> None:
    sprite = (ROOT / "src/huiyin/ui/static/ui/icons.svg").read_text(encoding="utf-8")

    assert {entry.icon for entry in navigation.ENTRIES if f'<symbol id="{entry.icon}"' not in sprite} == set()
