"""Stands before every page: an idle session ends, a first password is changed, a second factor is set up."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from huiyin.accounts.permissions import ask_to_sign_in
from huiyin.domain.vocabulary import Role

SEEN = "seen_at"
MFA_READY = "mfa_ready"
# Writing the session on every request would cost a statement each time; once a minute is near enough.
_NOTE_EVERY_SECONDS = 60


class Gate:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.COOKIES.get(settings.SESSION_COOKIE_NAME) and request.user.is_authenticated:
            refusal = _idle_for_too_long(request) or _something_to_set_first(request)
            if refusal:
                return refusal
        return self.get_response(request)


def _idle_for_too_long(request: HttpRequest) -> HttpResponse | None:
    now = int(timezone.now().timestamp())
    seen = request.session.get(SEEN, now)
    if now - seen > settings.IDLE_MINUTES * 60:
        logout(request)
        messages.info(request, f"超过{settings.IDLE_MINUTES}分钟未操作，为保护诉求人信息已自动退出，请重新登录。")
        return ask_to_sign_in(request)
    # A page that asks by itself whether something is new does not count as work.
    background = request.headers.get("X-Background")
    if SEEN not in request.session or (not background and now - seen >= _NOTE_EVERY_SECONDS):
        request.session[SEEN] = now
    return None


def _something_to_set_first(request: HttpRequest) -> HttpResponse | None:
    if request.path.startswith((reverse("account_logout"), settings.STATIC_URL)):
        return None
    if request.user.must_change_password:
        return _unless_there(request, "account_change_password", "请先设置自己的密码，再使用平台。")
    if settings.ADMIN_MFA and not request.session.get(MFA_READY):
        if Role.ADMINISTRATOR not in request.user.viewer.roles or is_mfa_enabled(request.user):
            request.session[MFA_READY] = True
            return None
        return _unless_there(request, "mfa_activate_totp", "系统管理员须先绑定动态口令，再使用平台。")
    return None


def _unless_there(request: HttpRequest, url_name: str, why: str) -> HttpResponse | None:
    allowed = (reverse(url_name), reverse("account_reauthenticate"))
    if request.path.startswith(allowed):
        return None
    messages.info(request, why)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=401, headers={"HX-Redirect": reverse(url_name)})
    return redirect(url_name)
