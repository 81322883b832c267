"""The same Idempotency-Key gets the same answer, also when two such calls come at once or an answer got lost.

The key is claimed in the transaction that does the work: a second call with it waits there for the first to commit. A
refused call leaves no trace, so its key may be used again.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from django.db import connection, transaction
from django.http import HttpResponse
from ninja import Header

from huiyin.api.models import IdempotentCall
from huiyin.api.problems import KeyReused

KEPT = timedelta(hours=24)

IdempotencyKey = Annotated[
    str | None,
    Header(
        None,
        alias="Idempotency-Key",
        min_length=8,
        max_length=128,
        pattern=r"^[\x21-\x7e]+$",
        description="调用方自拟、每笔业务唯一的编号（建议 UUID）。24 小时内以同一编号重发，回答相同，不会重复。",
    ),
]

# A key older than a day counts as new. With the row of a running call the insert waits for that call's end.
_CLAIM = """
INSERT INTO api_idempotent_call AS kept (caller, key, digest, body, location, created_at)
VALUES (%s, %s, %s, '', '', %s)
ON CONFLICT (caller, key) DO UPDATE
   SET digest = EXCLUDED.digest, status = NULL, body = '', location = '', created_at = EXCLUDED.created_at
 WHERE kept.created_at < %s
RETURNING id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is answered now, and again to a repeated call."""

    status: int
    body: str
    location: str = ""
    etag: str = ""  # not kept: a repeated answer may be about an old version
    replayed: bool = False

    def response(self) -> HttpResponse:
        response = HttpResponse(self.body, content_type="application/json; charset=utf-8", status=self.status)
        if self.location:
            response["Location"] = self.location
        if self.etag:
            response["ETag"] = self.etag
        if self.replayed:
            response["Idempotent-Replayed"] = "true"
        return response


def once(*, caller: str, key: str | None, digest: bytes, now: datetime, work: Callable[[], Answer]) -> Answer:
    """Does the work, or gives what was answered to this key of this caller before. KeyReused if it meant other work."""
    if key is None:
        return work()
    with transaction.atomic():
        claim = _claim(caller, key, digest, now)
        if claim is None:
            return _given_before(caller, key, digest)
        answer = work()
        IdempotentCall.objects.filter(pk=claim).update(status=answer.status, body=answer.body, location=answer.location)
    return answer


def digest_of(operation: str, body: Any) -> bytes:
    """The same for the same content, however its JSON was spaced or ordered."""
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{operation}\n{canonical}".encode()).digest()


def discard_old(now: datetime) -> int:
    return IdempotentCall.objects.filter(created_at__lt=now - KEPT).delete()[0]


def _claim(caller: str, key: str, digest: bytes, now: datetime) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [caller, key, digest, now, now - KEPT])
        row = cursor.fetchone()
    return None if row is None else row[0]


def _given_before(caller: str, key: str, digest: bytes) -> Answer:
    kept = IdempotentCall.objects.get(caller=caller, key=key)
    if bytes(kept.digest) != digest:
        raise KeyReused
    assert kept.status is not None, "the row is committed with its answer"
    return Answer(status=kept.status, body=kept.body, location=kept.location, replayed=True)
