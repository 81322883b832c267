"""House rules for allauth: nobody registers themselves; a city identity only opens an account that is already there."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse

from huiyin.accounts.models import Staff

_CLAIM = "preferred_username"


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:home")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")


class CityIdentityAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """The first time, the identity is tied to the active account of the same login name or staff number."""
        if sociallogin.is_existing:
            return
        name = _claimed_name(sociallogin.account.extra_data)
        staff = Staff.objects.filter(username=name, is_active=True).first() if name else None
        if staff is None:
            raise ImmediateHttpResponse(render(request, "accounts/unknown_identity.html", status=403))
        sociallogin.connect(request, staff)


def _claimed_name(claims: dict[str, Any]) -> str:
    """Claims come flat or under userinfo and id_token, depending on the provider's answer."""
    for part in (claims.get("userinfo"), claims.get("id_token"), claims):
        if part and part.get(_CLAIM):
            return str(part[_CLAIM])
    return ""
