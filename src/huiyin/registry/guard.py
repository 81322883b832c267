"""Lets the registry's pages be opened by those who keep or check its data.

The room of accounts lies above this one, so the viewer is taken from the signed-in person, not imported.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from huiyin.domain.vocabulary import Role
from huiyin.registry.editing import Editor

View = Callable[..., HttpResponse]
KEEPERS = frozenset({Role.ADMINISTRATOR})
READERS = KEEPERS | {Role.EVALUATOR, Role.AUDITOR}


def editor_of(request: HttpRequest) -> Editor:
    return Editor(request.user.pk, str(getattr(request.user, "name", "")))


def for_keepers(view: View) -> View:
    """Administrators: they may change what stands here."""
    return _guard(view, KEEPERS)


def for_readers(view: View) -> View:
    """Administrators, evaluators and auditors: they may read the rules and their history."""
    return _guard(view, READERS)


def for_staff(view: View) -> View:
    """Anyone with a post: the type-aheads."""
    return _guard(view, frozenset())


def may_edit(request: HttpRequest) -> bool:
    return not KEEPERS.isdisjoint(_roles_of(request))


def _roles_of(request: HttpRequest) -> frozenset[Role]:
    viewer = getattr(request.user, "viewer", None)
    return frozenset() if viewer is None else viewer.roles


def _guard(view: View, wanted: frozenset[Role]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _ask_to_sign_in(request)
        roles = _roles_of(request)
        if not roles:
            raise PermissionDenied(_("您的账号暂无岗位，请联系管理员设置岗位。"))
        if wanted and roles.isdisjoint(wanted):
            words = "、".join(role.label for role in Role if role in wanted)
            raise PermissionDenied(_("此页面供%s使用，您当前的岗位无权进入。") % words)
        return view(request, *args, **kwargs)

    guarded.required_roles = wanted  # type: ignore[attr-defined]  # read by the test that crawls every page as every role
    return guarded


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """A fragment must not be filled with the sign-in page, so htmx moves the whole browser there."""
    answer = redirect_to_login(request.get_full_path())
    if request.headers.get("HX-Request") != "true":
        return answer
    return HttpResponse(status=401, headers={"HX-Redirect": redirect_to_login("/").url})
