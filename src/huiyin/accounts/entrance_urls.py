"""The addresses of signing in: only what the house uses of allauth; no registration, no password by mail."""

from allauth.account import views as account
from allauth.socialaccount import views as social
from django.urls import include, path

from huiyin.accounts import sign_in

urlpatterns = [
    path("login/", sign_in.SignInView.as_view(), name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", sign_in.OwnPasswordView.as_view(), name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
    path("identity/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("identity/error/", social.login_error, name="socialaccount_login_error"),
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
]
