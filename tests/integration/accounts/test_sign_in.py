"""Signing in and staying signed in: lock-out, idle time, first password, second factor, demo accounts."""

import logging
import time

import pytest
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.sessions.middleware import SessionMiddleware
from django.test import Client, RequestFactory

from huiyin.accounts import gate, staffing
from huiyin.accounts.adapters import CityIdentityAdapter
from huiyin.accounts.viewer import viewer_of
from huiyin.domain.vocabulary import Role
from huiyin.registry.models import Unit
from tests.staff import PASSWORD, make_staff

LOGIN = "/accounts/login/"


def _try(client: Client, username: str, password: str = PASSWORD, **extra):
    return client.post(LOGIN, {"login": username, "password": password}, **extra)


def test_name_and_password_lead_to_the_own_desk(client: Client, town: dict[str, Unit]) -> None:
    staff = make_staff(town["hotline"], Role.ADMINISTRATOR)

    response = _try(client, staff.username)

    assert response.status_code == 302
    assert response.url == "/desk/"
    assert client.get("/me/").status_code == 200


def test_a_wrong_password_says_so_without_telling_which_part_was_wrong(client: Client, town: dict[str, Unit]) -> None:
    staff = make_staff(town["hotline"], Role.OPERATOR)

    known = _try(client, staff.username, "not-the-password").content.decode()
    unknown = _try(client, "nobody", "not-the-password").content.decode()

    assert "登录名或密码不正确" in known
    assert "登录名或密码不正确" in unknown


def test_five_wrong_passwords_lock_the_account_for_a_while(client: Client, town: dict[str, Unit]) -> None:
    staff = make_staff(town["hotline"], Role.OPERATOR)

    for _ in range(5):
        answer = _try(client, staff.username, "not-the-password")
    right = _try(client, staff.username)

    assert answer.status_code == right.status_code == 429
    assert "账号已暂时锁定" in right.content.decode()
    assert "15 分钟" in right.content.decode()


def test_a_lock_does_not_hit_the_colleague_at_the_same_address(client: Client, town: dict[str, Unit]) -> None:
    locked, colleague = make_staff(town["hotline"], Role.OPERATOR), make_staff(town["hotline"], Role.OPERATOR)
    for _ in range(5):
        _try(client, locked.username, "not-the-password")

    assert _try(client, colleague.username).status_code == 302


def test_an_administrator_lifts_the_lock(client: Client, town: dict[str, Unit], rf) -> None:
    from django.utils import timezone

    staff = make_staff(town["hotline"], Role.OPERATOR)
    administrator = viewer_of(make_staff(town["hotline"], Role.ADMINISTRATOR))
    for _ in range(5):
        _try(client, staff.username, "not-the-password")

    staffing.unlock(staff, by=administrator, now=timezone.now())

    assert _try(client, staff.username).status_code == 302


def test_a_stopped_account_does_not_get_in(client: Client, town: dict[str, Unit]) -> None:
    staff = make_staff(town["hotline"], Role.OPERATOR)
    staff.is_active = False
    staff.save()

    _try(client, staff.username)

    assert client.get("/me/").status_code == 302


@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/password/reset/", "/accounts/email/"])
def test_nobody_registers_or_recovers_alone(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_first_password_must_be_changed_before_anything_else(client: Client, town: dict[str, Unit]) -> None:
    staff = make_staff(town["hotline"], Role.ADMINISTRATOR)
    staff.must_change_password = True
    staff.save()
    _try(client, staff.username)

    sent_to = client.get("/staff/").url
    client.post(sent_to, {"oldpassword": PASSWORD, "password1": "river-of-stars-7", "password2": "river-of-stars-7"})

    assert sent_to == "/accounts/password/"
    assert client.get("/staff/").status_code == 200


def test_an_idle_session_ends(client: Client, town: dict[str, Unit], settings) -> None:
    client.force_login(make_staff(town["hotline"], Role.ADMINISTRATOR), "django.contrib.auth.backends.ModelBackend")
    client.get("/me/")
    _turn_back(client, settings.IDLE_MINUTES * 60 + 1)

    response = client.get("/me/")

    assert response.status_code == 302
    assert response.url.startswith(LOGIN)
    assert "已自动退出" in client.get(LOGIN).content.decode()


def test_a_page_that_polls_does_not_keep_the_session_alive(client: Client, town: dict[str, Unit], settings) -> None:
    client.force_login(make_staff(town["hotline"], Role.ADMINISTRATOR), "django.contrib.auth.backends.ModelBackend")
    client.get("/me/")
    _turn_back(client, settings.IDLE_MINUTES * 60 - 30)
    before = client.session[gate.SEEN]

    client.get("/ui/stamp/", headers={"X-Background": "1"})
    after_polling = client.session[gate.SEEN]
    client.get("/me/")

    assert after_polling == before
    assert client.session[gate.SEEN] > before


def _turn_back(client: Client, seconds: int) -> None:
    session = client.session
    session[gate.SEEN] = int(time.time()) - seconds
    session.save()


def test_a_fragment_asked_for_without_a_session_moves_the_browser_to_sign_in(client: Client, db: None) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/staff/?q=a"}

    response = client.get("/staff/", headers=headers)

    assert response.status_code == 401
    assert response["HX-Redirect"] == "/accounts/login/?next=/staff/%3Fq%3Da"


def test_administrators_set_up_a_second_factor_first_where_the_city_asks_for_it(
    client: Client, town: dict[str, Unit], settings
) -> None:
    settings.ADMIN_MFA = True
    administrator, operator = (
        make_staff(town["hotline"], Role.ADMINISTRATOR),
        make_staff(town["hotline"], Role.OPERATOR),
    )

    _try(client, administrator.username)
    asked = client.get("/staff/")
    client.logout()
    _try(client, operator.username)

    assert asked.url == "/accounts/2fa/totp/activate/"
    assert client.get("/me/").status_code == 200


def test_with_a_second_factor_the_password_alone_opens_nothing(client: Client, town: dict[str, Unit]) -> None:
    staff = make_staff(town["hotline"], Role.OPERATOR)
    secret = generate_totp_secret()
    TOTP.activate(staff, secret)

    half = _try(client, staff.username)
    inside_after_half = client.get("/me/").status_code
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    client.post(half.url, {"code": code})

    assert half.url.startswith("/accounts/2fa/authenticate/")
    assert inside_after_half == 302
    assert client.get("/me/").status_code == 200


def test_the_second_factor_is_set_up_on_the_account_page(client: Client, town: dict[str, Unit]) -> None:
    staff = make_staff(town["hotline"], Role.OPERATOR)
    _try(client, staff.username)

    asked = client.get("/accounts/2fa/totp/activate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/2fa/totp/activate/"})
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    client.post("/accounts/2fa/totp/activate/", {"code": code})

    assert asked.url.startswith("/accounts/reauthenticate/")
    kinds = set(Authenticator.objects.filter(user=staff).values_list("type", flat=True))
    assert kinds == {Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES}
    assert mfa_adapter().decrypt(Authenticator.objects.get(user=staff, type="totp").data["secret"]) == secret
    assert "已启用" in client.get("/accounts/2fa/").content.decode()
    assert client.get("/accounts/2fa/recovery-codes/").status_code == 200


def test_demo_accounts_open_by_one_click_in_demo_mode_only(client: Client, town: dict[str, Unit], settings) -> None:
    staff = make_staff(town["hotline"], Role.OPERATOR, demo=True)

    settings.DEMO = False
    closed = client.post(f"/accounts/demo/{staff.pk}/")
    hidden = client.get(LOGIN).content.decode()
    settings.DEMO = True
    offered = client.get(LOGIN).content.decode()
    opened = client.post(f"/accounts/demo/{staff.pk}/")

    assert closed.status_code == 404
    assert "演示账号" not in hidden
    assert "演示账号" in offered
    assert opened.url == "/desk/"


def test_a_real_account_is_never_opened_by_the_demo_door(client: Client, town: dict[str, Unit], settings) -> None:
    settings.DEMO = True
    staff = make_staff(town["hotline"], Role.ADMINISTRATOR)

    assert client.post(f"/accounts/demo/{staff.pk}/").status_code == 404


def test_a_city_identity_opens_the_account_of_the_same_name(town: dict[str, Unit], settings) -> None:
    app = {"provider_id": "oidc", "name": "统一身份认证", "client_id": "huiyin", "secret": "s"}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    staff = make_staff(town["hotline"], Role.OPERATOR, username="zhangwei")
    login = _identity("zhangwei")

    CityIdentityAdapter().pre_social_login(_request(), login)

    assert SocialAccount.objects.get(uid="sub-1").user == staff


def test_a_city_identity_without_an_account_stays_outside(town: dict[str, Unit]) -> None:
    with pytest.raises(ImmediateHttpResponse) as refusal:
        CityIdentityAdapter().pre_social_login(_request(), _identity("stranger"))

    assert refusal.value.response.status_code == 403
    assert "没有在本平台登记" in refusal.value.response.content.decode()
    assert not SocialAccount.objects.exists()


def _identity(name: str) -> SocialLogin:
    account = SocialAccount(provider="oidc", uid="sub-1", extra_data={"userinfo": {"preferred_username": name}})
    return SocialLogin(account=account)


def _request():
    request = RequestFactory().get("/accounts/oidc/oidc/login/callback/")
    SessionMiddleware(lambda _: None).process_request(request)
    return request


def test_passwords_stay_out_of_the_log(client: Client, town: dict[str, Unit], caplog: pytest.LogCaptureFixture) -> None:
    staff = make_staff(town["hotline"], Role.OPERATOR)

    with caplog.at_level(logging.DEBUG):
        for password in ("wrong-secret-1", "wrong-secret-2", PASSWORD):
            _try(client, staff.username, password)

    assert "wrong-secret" not in caplog.text
    assert PASSWORD not in caplog.text
