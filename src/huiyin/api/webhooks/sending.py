"""Sends what is due for one webhook, one at a time: signed, with time-outs, no redirects; notes what came of it."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from huiyin import __version__
from huiyin.accounts import sealed
from huiyin.api.models import Delivery, DeliveryAttempt, DeliveryState, Webhook
from huiyin.api.webhooks import addresses, jobs_to_come, subscribing

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
_LONGEST_RUN = 45.0  # seconds; the next job goes on, so that one slow receiver does not hold a worker
_RESTS_AFTER = 3  # failures in a row: the receiver is down, and no worker shall spend its time on time-outs
_LONGEST_REST = timedelta(minutes=10)
_LEASE = timedelta(seconds=90)
_GONE = 410

# The next due delivery is taken by moving its time on: if this process dies, another sends it after the lease.
_TAKE = """
UPDATE api_webhook_delivery AS taken SET next_at = %(until)s, attempts = attempts + 1
 WHERE taken.id = (SELECT id FROM api_webhook_delivery
                    WHERE webhook_id = %(webhook)s AND state = 'pending' AND next_at <= %(now)s
                    ORDER BY next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    status: int | None
    problem: str
    milliseconds: int

    @property
    def succeeded(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def send_due(webhook_id: int) -> int:
    """Sends until nothing is due; returns how many were tried."""
    webhook = Webhook.objects.filter(pk=webhook_id, active=True).first()
    if webhook is None or (webhook.resume_at is not None and webhook.resume_at > timezone.now()):
        return 0
    secret = sealed.unseal(webhook.secret_sealed)
    started, tried = time.monotonic(), 0
    with httpx.Client(transport=addresses.guarded_transport(), timeout=TIMEOUT, follow_redirects=False) as client:
        while (delivery := _take(webhook_id, timezone.now())) is not None:
            outcome = _post(client, webhook.url, secret, delivery)
            tried += 1
            if not _settle(webhook, delivery, outcome, timezone.now()):
                break
            if time.monotonic() - started > _LONGEST_RUN:
                jobs_to_come.send(webhook_id)
                break
    return tried


def signature(secret: str, body: bytes, at: int) -> str:
    """`t` is inside what is signed, so that an old message cannot be sent again as new."""
    signed = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={signed}"


def overdue_webhooks(now: datetime) -> list[int]:
    """Active webhooks with something long due: the job that should have sent it was lost."""
    waiting = Delivery.objects.filter(state=DeliveryState.PENDING, next_at__lt=now - _LEASE, webhook__active=True)
    return list(waiting.order_by("webhook_id").values_list("webhook_id", flat=True).distinct())


def _take(webhook_id: int, now: datetime) -> Delivery | None:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"webhook": webhook_id, "now": now, "until": now + _LEASE})
        row = cursor.fetchone()
    return Delivery.objects.get(pk=row[0]) if row else None


def _post(client: httpx.Client, url: str, secret: str, delivery: Delivery) -> Outcome:
    body = json.dumps({"delivery_id": delivery.pk, **delivery.payload}, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"Huiyin/{__version__}",
        "Huiyin-Delivery": str(delivery.pk),
        "Huiyin-Signature": signature(secret, body, int(time.time())),
    }
    began = time.monotonic()
    status, problem = None, ""
    try:
        # Streamed and not read: what the receiver has to say beyond the status is nobody's business here.
        with client.stream("POST", url, content=body, headers=headers) as response:
            status = response.status_code
            problem = "" if response.is_success else _refusal(status)
    except httpx.TimeoutException:
        problem = "超时未答复"
    except httpx.ConnectError as exc:
        refused = isinstance(exc.__cause__, addresses.AddressRefused)
        problem = "地址不可用：域名无法解析，或指向内网" if refused else "无法连接"
    except (httpx.HTTPError, httpx.InvalidURL) as exc:
        problem = f"通信出错（{type(exc).__name__}）"
    return Outcome(status=status, problem=problem, milliseconds=int((time.monotonic() - began) * 1000))


def _refusal(status: int) -> str:
    return f"对方要求转到别处（{status}），不予跟随" if 300 <= status < 400 else f"对方答复 {status}"


def _settle(webhook: Webhook, delivery: Delivery, outcome: Outcome, now: datetime) -> bool:
    """Notes the attempt and what follows; False if the receiver is to be left alone for now, or for good."""
    with transaction.atomic():
        DeliveryAttempt.objects.create(
            delivery=delivery,
            at=now,
            status=outcome.status,
            problem=outcome.problem,
            milliseconds=outcome.milliseconds,
        )
        mine = Webhook.objects.filter(pk=webhook.pk)
        if outcome.succeeded:
            _note(delivery, state=DeliveryState.DELIVERED, settled_at=now)
            mine.exclude(failures=0).update(failing_since=None, failures=0, resume_at=None)
            return True
        mine.update(failing_since=Coalesce("failing_since", now), failures=F("failures") + 1)
        webhook.refresh_from_db(fields=["failing_since", "failures"])
        return _after_failure(webhook, delivery, outcome, now)


def _after_failure(webhook: Webhook, delivery: Delivery, outcome: Outcome, now: datetime) -> bool:
    if outcome.status == _GONE:
        _note(delivery, state=DeliveryState.GIVEN_UP, settled_at=now)
        subscribing.switch_off(webhook.pk, now=now, because="对方答复 410：此地址已永久停用")
        return False
    again = now + jobs_to_come.pause_after(delivery.attempts)
    if again < delivery.give_up_at:
        _note(delivery, next_at=again)
        jobs_to_come.send(webhook.pk, at=again)
    else:
        _note(delivery, state=DeliveryState.GIVEN_UP, settled_at=now)
        if webhook.failing_since is not None and now - webhook.failing_since >= jobs_to_come.TRIED_FOR:
            subscribing.switch_off(webhook.pk, now=now, because="连续24小时没有一次送达")
            return False
    if webhook.failures < _RESTS_AFTER:
        return True
    rested = now + min(jobs_to_come.pause_after(webhook.failures - _RESTS_AFTER + 1), _LONGEST_REST)
    Webhook.objects.filter(pk=webhook.pk).update(resume_at=rested)
    jobs_to_come.send(webhook.pk, at=rested)
    return False


def _note(delivery: Delivery, **fields: object) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(**fields)
