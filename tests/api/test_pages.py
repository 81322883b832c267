"""The administrators' pages for tokens and webhooks, and the command that makes tokens."""

from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from huiyin.accounts.models import Staff
from huiyin.api import command
from huiyin.api.models import ApiToken, Delivery, Webhook
from huiyin.domain.vocabulary import Role
from tests.api.conftest import Api, account, hotline_id


@pytest.fixture
def administrator(city: None) -> Staff:
    return account(Role.ADMINISTRATOR, unit_id=hotline_id())


@pytest.fixture
def browser(administrator: Staff) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


def _token(staff_no: str, **changes: Any) -> dict[str, Any]:
    return {
        "name": "区平台",
        "staff_no": staff_no,
        "scopes": ["read", "register"],
        "days": "90",
        "per_minute": "600",
        **changes,
    }


def test_a_token_is_shown_once_and_works(browser: Client) -> None:
    operator = account(Role.OPERATOR, unit_id=hotline_id())

    page = browser.post("/api-tokens/", _token(operator.staff_no))

    assert page.status_code == 200
    secret = page.context["secret"]
    assert secret in page.content.decode()
    assert Api(secret=secret).get("/cases").status_code == 200
    assert secret not in browser.get("/api-tokens/").content.decode()


def test_a_token_for_nobody_is_refused_at_its_field(browser: Client) -> None:
    page = browser.post("/api-tokens/", _token("NOBODY", scopes=[]))

    assert set(page.context["form"].errors) == {"staff_no", "scopes"}
    assert page.context["form"].errors["scopes"] == ["请选择权限"]
    assert not ApiToken.objects.exists()


def test_a_revoked_token_is_refused_at_once_here(browser: Client) -> None:
    operator = account(Role.OPERATOR, unit_id=hotline_id())
    secret = browser.post("/api-tokens/", _token(operator.staff_no)).context["secret"]
    api = Api(secret=secret)
    assert api.get("/cases").status_code == 200

    browser.post(f"/api-tokens/{ApiToken.objects.get().pk}/revoke/")

    assert api.get("/cases").status_code == 401
    assert "已停用" in browser.get("/api-tokens/").content.decode()


def test_a_webhook_is_registered_seen_switched_and_removed(browser: Client) -> None:
    made = browser.post("/webhooks/", {"name": "区平台", "url": "https://hook.example.org/in", "events": ["close"]})
    webhook = Webhook.objects.get()
    address = f"/webhooks/{webhook.pk}/"
    Delivery.objects.create(
        webhook=webhook,
        event_id=1,
        action="close",
        case_no="2606100000001",
        payload={},
        state="given_up",
        created_at=timezone.now(),
        next_at=timezone.now(),
        give_up_at=timezone.now(),
    )

    assert made.context["secret"].startswith("whsec_")
    assert "2606100000001" in browser.get(address).content.decode()
    assert "2606100000001" not in browser.get(f"{address}?state=delivered").content.decode()
    browser.post(f"{address}deliveries/{Delivery.objects.get().pk}/resend/")
    assert Delivery.objects.get().state == "pending"
    browser.post(f"{address}switch/", {"active": "0"})
    assert "停用" in browser.get("/webhooks/").content.decode()
    browser.post(f"{address}switch/", {"active": "1"})
    assert Webhook.objects.get().active
    browser.post(f"{address}remove/")
    assert not Webhook.objects.exists()
    assert browser.get(address).status_code == 404


def test_a_wrong_address_is_refused_at_its_field(browser: Client) -> None:
    page = browser.post("/webhooks/", {"name": "区平台", "url": "http://10.0.0.1/"})

    assert set(page.context["form"].errors) == {"url"}


@pytest.mark.parametrize("path", ["/api-tokens/", "/webhooks/"])
def test_only_administrators_see_these_pages(city: None, path: str) -> None:
    client = Client()
    client.force_login(account(Role.DISPATCHER, unit_id=hotline_id()))

    assert client.get(path).status_code == 403


def test_the_documentation_and_its_schema_are_served(city: None) -> None:
    schema = Client().get("/api/v1/openapi.json").json()

    assert schema["openapi"].startswith("3.1")
    assert Client().get("/api/v1/docs").status_code == 200


def test_the_command_makes_lists_and_revokes(city: None) -> None:
    operator = account(Role.OPERATOR, unit_id=hotline_id())
    run = CliRunner().invoke

    made = run(command.token, ["create", "--staff-no", operator.staff_no, "--name", "压测", "--scope", "read"])
    number = str(ApiToken.objects.get().pk)
    listed = run(command.token, ["list"])
    revoked = run(command.token, ["revoke", number])

    assert made.exit_code == listed.exit_code == revoked.exit_code == 0, (made.output, listed.output, revoked.output)
    assert made.output.strip().splitlines()[-1].startswith("hy_")
    assert "压测" in listed.output
    assert ApiToken.objects.get().revoked_at is not None


@pytest.mark.parametrize(
    "arguments", [["--staff-no", "NOBODY", "--name", "压测", "--scope", "read"], ["--name", "压测", "--scope", "fly"]]
)
def test_the_command_says_what_is_wrong(city: None, arguments: list[str]) -> None:
    operator = account(Role.OPERATOR, unit_id=hotline_id())
    given = arguments if "--staff-no" in arguments else [*arguments, "--staff-no", operator.staff_no]

    result = CliRunner().invoke(command.token, ["create", *given])

    assert result.exit_code == 1
    assert not ApiToken.objects.exists()
