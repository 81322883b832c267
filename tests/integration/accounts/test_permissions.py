"""Pages open for certain roles only."""

import pytest
from django.test import Client
from django.urls import get_resolver

from huiyin.accounts import permissions
from huiyin.domain.vocabulary import Role
from huiyin.registry.models import Unit
from tests.staff import make_staff

ADMINISTRATION = ["/staff/", "/staff/new/", "/staff/units/?q=x"]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
@pytest.mark.parametrize("path", ADMINISTRATION)
def test_the_administration_is_closed_to_others(signed_in, town: dict[str, Unit], role: Role, path: str) -> None:
    response = signed_in(make_staff(town["hotline"], role)).get(path)

    assert response.status_code == 403
    assert "系统管理员" in response.content.decode()


@pytest.mark.parametrize("path", ADMINISTRATION)
def test_the_administration_is_open_to_administrators(signed_in, town: dict[str, Unit], path: str) -> None:
    assert signed_in(make_staff(town["hotline"], Role.ADMINISTRATOR)).get(path).status_code == 200


@pytest.mark.parametrize("path", [*ADMINISTRATION, "/audit/", "/me/", "/desk/", "/ui/"])
def test_without_signing_in_every_page_asks_for_it(client: Client, db: None, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/?next=")


def test_a_person_without_a_post_reads_whom_to_ask(signed_in, town: dict[str, Unit]) -> None:
    browser = signed_in(make_staff(None))

    assert "请联系管理员设置岗位" in browser.get("/staff/").content.decode()
    assert browser.get("/desk/").url == "/me/"
    assert "暂无岗位" in browser.get("/me/").content.decode()


def test_every_page_of_the_room_says_who_may_open_it() -> None:
    """A new page cannot be left open by forgetting the decorator."""
    open_to_all = {"home", "profile", "switch_post", "demo_sign_in"}
    patterns = get_resolver("huiyin.accounts.urls").url_patterns

    unguarded = {pattern.name for pattern in patterns if not hasattr(pattern.callback, "required_roles")}

    assert unguarded <= open_to_all


@pytest.mark.parametrize("where", ["/a/b/?q=1", "https://evil.example/x", "//evil.example/x"])
def test_signing_in_again_leads_back_into_the_platform_only(rf, where: str) -> None:
    request = rf.get("/fragment/", headers={"HX-Request": "true", "HX-Current-URL": where})

    target = permissions.ask_to_sign_in(request)["HX-Redirect"]

    assert "evil.example" not in target
