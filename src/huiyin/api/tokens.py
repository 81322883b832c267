"""Makes, finds and revokes the tokens of other systems. The secret is shown once; its digest is kept."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from huiyin.accounts.models import Staff
from huiyin.api.models import ApiToken
from huiyin.api.scopes import Scope
from huiyin.domain.errors import InvalidData

PREFIX = "hy_"
LONGEST_DAYS = 730
MOST_PER_MINUTE = 1_000_000
DEFAULT_PER_MINUTE = 6_000
_USE_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A fresh token with its secret, which cannot be had again."""

    token: ApiToken
    secret: str


def issue(
    *,
    name: str,
    staff: Staff,
    scopes: Iterable[Scope],
    days: int,
    now: datetime,
    by: Staff | None = None,
    per_minute: int = DEFAULT_PER_MINUTE,
) -> Issued:
    wanted = [str(scope) for scope in Scope if scope in set(scopes)]
    _check(name=name, staff=staff, scopes=wanted, days=days, per_minute=per_minute)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        name=name.strip(),
        staff=staff,
        scopes=wanted,
        digest=digest_of(secret),
        hint=secret[: len(PREFIX) + 6],
        per_minute=per_minute,
        created_at=now,
        created_by=by,
        expires_at=now + timedelta(days=days),
    )
    return Issued(token=token, secret=secret)


def revoke(token: ApiToken, *, now: datetime) -> None:
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=now)


def find(digest: bytes, *, now: datetime) -> ApiToken | None:
    """The token if it is good now and its account is active (one query)."""
    good = Q(revoked_at__isnull=True, expires_at__gt=now, staff__is_active=True)
    return ApiToken.objects.select_related("staff").filter(good, digest=digest).first()


def note_use(token: ApiToken, *, now: datetime) -> None:
    """At most one write a minute, so that a busy token does not queue on its own row."""
    if token.last_used_at is None or now - token.last_used_at >= _USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def digest_of(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def _check(*, name: str, staff: Staff, scopes: list[str], days: int, per_minute: int) -> None:
    errors = {}
    if not 2 <= len(name.strip()) <= 60:
        errors["name"] = "请写明用途（2–60个字）"
    if not staff.is_active:
        errors["staff_no"] = "该账号已停用"
    if not scopes:
        errors["scopes"] = "请至少选择一项权限"
    if not 1 <= days <= LONGEST_DAYS:
        errors["days"] = f"有效期应为1–{LONGEST_DAYS}天"
    if not 1 <= per_minute <= MOST_PER_MINUTE:
        errors["per_minute"] = f"每分钟次数应为1–{MOST_PER_MINUTE}"
    if errors:
        raise InvalidData(errors)
