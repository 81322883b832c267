"""Makes, changes, switches off and on the addresses that are told of events. The secret is sealed and shown once."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from huiyin.accounts import sealed
from huiyin.api.models import Delivery, DeliveryState, Webhook
from huiyin.api.webhooks import addresses, jobs_to_come
from huiyin.domain.actions import Action
from huiyin.domain.errors import InvalidData
from huiyin.registry import directory

SECRET_PREFIX = "whsec_"  # noqa: S105  # the beginning of secrets, not one
_MOST_WEBHOOKS = 50
_SHORTEST_SECRET = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is agreed with the other side. No events: all. No unit: the whole city."""

    name: str
    url: str
    events: tuple[str, ...] = ()
    unit_id: int | None = None
    confidential: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed:
    webhook: Webhook
    secret: str


def subscribe(terms: Terms, *, now: datetime, by: int | None, secret: str = "") -> Subscribed:
    _check(terms, secret)
    if Webhook.objects.count() >= _MOST_WEBHOOKS:
        raise InvalidData({"url": f"最多登记{_MOST_WEBHOOKS}个推送地址，请先删除不用的"})
    used = secret or SECRET_PREFIX + secrets.token_urlsafe(32)
    webhook = Webhook.objects.create(
        name=terms.name.strip(),
        url=terms.url.strip(),
        secret_sealed=sealed.seal(used),
        events=list(terms.events),
        unit_id=terms.unit_id,
        confidential=terms.confidential,
        created_at=now,
        created_by_id=by,
    )
    return Subscribed(webhook=webhook, secret=used)


def renew_secret(webhook: Webhook) -> str:
    """The old secret ends at once; what waits is signed with the new one."""
    used = SECRET_PREFIX + secrets.token_urlsafe(32)
    Webhook.objects.filter(pk=webhook.pk).update(secret_sealed=sealed.seal(used))
    return used


def switch_off(webhook_id: int, *, now: datetime, because: str) -> None:
    Webhook.objects.filter(pk=webhook_id, active=True).update(active=False, disabled_at=now, disabled_because=because)


def switch_on(webhook: Webhook, *, now: datetime) -> None:
    """What waited meanwhile is sent now, if it is not older than a day."""
    Webhook.objects.filter(pk=webhook.pk).update(
        active=True, disabled_at=None, disabled_because="", failing_since=None, failures=0, resume_at=None
    )
    Delivery.objects.filter(webhook=webhook, state=DeliveryState.PENDING, next_at__gt=now).update(next_at=now)
    jobs_to_come.send(webhook.pk)


def resend(delivery: Delivery, *, now: datetime) -> None:
    """Once more from the start, whatever came of it before."""
    Delivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.PENDING,
        attempts=0,
        next_at=now,
        give_up_at=now + jobs_to_come.TRIED_FOR,
        settled_at=None,
    )
    Webhook.objects.filter(pk=delivery.webhook_id).update(resume_at=None)
    jobs_to_come.send(delivery.webhook_id)


def _check(terms: Terms, secret: str) -> None:
    errors = {}
    if not 2 <= len(terms.name.strip()) <= 60:
        errors["name"] = "请写明对方系统的名称（2–60个字）"
    wrong = addresses.fault_of(terms.url.strip())
    if wrong:
        errors["url"] = wrong
    unknown = _unknown(terms.events)
    if unknown:
        errors["events"] = f"没有这些事件：{'、'.join(unknown)}"
    if terms.unit_id is not None and directory.find_unit(terms.unit_id) is None:
        errors["unit_id"] = "没有这个单位，请从列表中选择"
    if secret and not (_SHORTEST_SECRET <= len(secret) <= 200 and secret.isascii() and secret.isprintable()):
        errors["secret"] = f"密钥应为{_SHORTEST_SECRET}–200个英文字符"
    if errors:
        raise InvalidData(errors)


def _unknown(events: Iterable[str]) -> list[str]:
    known = {str(action) for action in Action}
    return [event for event in events if event not in known]
