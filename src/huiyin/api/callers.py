"""Who calls: the account behind a bearer token, or a signed-in person on our own pages; and with which scopes."""

import threading
import time
from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from huiyin.accounts.viewer import Viewer, viewer_of
from huiyin.api import tokens
from huiyin.api.problems import CsrfFailed, Forbidden, NoPost, OutOfScope
from huiyin.api.scopes import Scope
from huiyin.domain.case import Actor
from huiyin.domain.vocabulary import Role

# A revoked token, a removed post or a switched-off account is refused at most this much later; documented as 5 s.
REMEMBERED_SECONDS = 3.0
_MOST_REMEMBERED = 2_000
SESSION_PER_MINUTE = 1_200


@dataclass(frozen=True)
class Caller:
    """`key` names the caller for rate limits and idempotency: a token, or a member of staff in a session."""

    key: str
    viewer: Viewer
    scopes: frozenset[Scope]
    per_minute: int

    @cached_property
    def actor(self) -> Actor:
        return self.viewer.actor()

    def must_be(self, roles: Set[Role]) -> None:
        if self.viewer.roles.isdisjoint(roles):
            raise Forbidden


class TokenAuth(HttpBearer):
    """HTTP bearer token."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        caller = _remembered(token)
        if caller is None:
            raise AuthenticationError
        return _allowed(caller, self.scope)


class SessionAuth(AuthBase):
    """The browser's session, with the CSRF header on every write; all scopes, since the roles decide."""

    openapi_type = "apiKey"
    openapi_name = "sessionid"
    openapi_in = "cookie"

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Caller | None:
        if "Authorization" in request.headers or not request.user.is_authenticated:
            return None
        if check_csrf(request) is not None:
            raise CsrfFailed
        viewer = viewer_of(request.user)
        caller = Caller(
            key=f"s{viewer.staff_id}",
            viewer=viewer,
            scopes=frozenset(Scope),
            per_minute=SESSION_PER_MINUTE,
        )
        return _allowed(caller, self.scope)


def needs(scope: Scope) -> list[AuthBase]:
    """What an operation's `auth` is set to."""
    return [TokenAuth(scope), SessionAuth(scope)]


def forget() -> None:
    """For tests, and after a revocation in this process."""
    _known.clear()


def _allowed(caller: Caller, scope: Scope) -> Caller:
    if scope not in caller.scopes:
        raise OutOfScope(scope)
    if not caller.viewer.roles:
        raise NoPost
    return caller


_known: dict[bytes, tuple[float, Caller]] = {}
_lock = threading.Lock()


def _remembered(secret: str) -> Caller | None:
    """The hot path: no query while the token was looked up within the last seconds. Unknown tokens are not kept."""
    digest = tokens.digest_of(secret)
    held = _known.get(digest)
    if held is not None and time.monotonic() < held[0]:
        return held[1]
    until = time.monotonic() + REMEMBERED_SECONDS
    caller = _looked_up(digest)
    with _lock:
        if caller is None:
            _known.pop(digest, None)
            return None
        if len(_known) >= _MOST_REMEMBERED:
            _known.clear()
        _known[digest] = (until, caller)
    return caller


def _looked_up(digest: bytes) -> Caller | None:
    now = timezone.now()
    token = tokens.find(digest, now=now)
    if token is None:
        return None
    tokens.note_use(token, now=now)
    return Caller(
        key=f"t{token.pk}",
        viewer=token.staff.viewer,
        scopes=frozenset(Scope(scope) for scope in token.scopes),
        per_minute=token.per_minute,
    )
