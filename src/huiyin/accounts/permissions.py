"""Lets a page be opened by certain roles only; others read why in Chinese."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from huiyin.accounts.viewer import viewer_of
from huiyin.domain.vocabulary import Role

View = Callable[..., HttpResponse]


def require(*roles: Role) -> Callable[[View], View]:
    """Any of these roles; without roles, anyone who holds a post. Sets request.viewer."""
    wanted = frozenset(roles)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            viewer = viewer_of(request.user)
            if not viewer.roles:
                raise PermissionDenied("您的账号暂无岗位，请联系管理员设置岗位。")
            if wanted and viewer.roles.isdisjoint(wanted):
                raise PermissionDenied(_refusal(wanted))
            request.viewer = viewer  # type: ignore[attr-defined]  # an attribute of ours on Django's request
            return view(request, *args, **kwargs)

        guarded.required_roles = wanted  # type: ignore[attr-defined]  # read by the test that crawls every page as every role
        return guarded

    return decorate


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """A page goes to the sign-in page; a fragment must not be filled with it, so htmx moves the whole browser there."""
    if request.headers.get("HX-Request") != "true":
        return redirect_to_login(request.get_full_path())
    if request.headers.get("X-Background"):
        return HttpResponse(status=401)
    back = request.headers.get("HX-Current-URL", "/")
    target = redirect_to_login(_path_of(back)).url
    return HttpResponse(status=401, headers={"HX-Redirect": target})


def _path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or resolve_url(settings.LOGIN_REDIRECT_URL)


def _refusal(wanted: frozenset[Role]) -> str:
    words = "、".join(role.label for role in Role if role in wanted)
    return f"此页面供{words}使用，您当前的岗位无权进入。"
