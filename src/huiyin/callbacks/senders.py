"""How a message leaves: into a file, to the city's SMS gateway over HTTP, or by e-mail. Called in jobs only.

Which one is a setting (docs/settings.md). Every message has a key of its own: a gateway that is asked twice because an
answer was lost sends once.
"""

import hashlib
import hmac
import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone

from huiyin import __version__
from huiyin.callbacks.vocabulary import Channel

if TYPE_CHECKING:
    import httpx

_TIMEOUT, _CONNECTING = 10.0, 5.0  # seconds
_MAIL_TIMEOUT = 15  # seconds
_PASSING = frozenset({408, 425, 429})
_ID_CHARS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    key: str
    channel: Channel
    to: str
    subject: str
    text: str


class NotSent(Exception):
    """It did not go out. `for_good`: trying again would not help. The words name no address and no link."""

    def __init__(self, words: str, *, for_good: bool = False) -> None:
        super().__init__(words)
        self.words, self.for_good = words, for_good


def send(letter: Letter) -> str:
    """Sends it and gives the number by which the gateway knows it; NotSent says why not."""
    name = settings.SMS_SENDER if letter.channel is Channel.SMS else settings.EMAIL_SENDER
    return _SENDERS[name](letter)


def signature(key: str, body: bytes, at: int) -> str:
    """`t` is inside what is signed, so that an old message cannot be sent again as new."""
    signed = hmac.new(key.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={signed}"


def _to_file(letter: Letter) -> str:
    """One line of JSON a message, in a file of the day that only its owner can read."""
    now = timezone.localtime()
    line = {"at": now.isoformat(), "id": letter.key, "channel": str(letter.channel), "to": letter.to}
    line |= {"subject": letter.subject, "text": letter.text}
    folder = settings.MESSAGE_DIR
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{now:%Y-%m-%d}.jsonl"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
    if settings.DEBUG:
        sys.stdout.write(f"[{letter.channel.label}] {letter.text}\n")
    return letter.key


def _to_gateway(letter: Letter) -> str:
    """POST of {id, to, text, receipts}; a 2xx answer with {"id": …} means accepted."""
    import httpx  # every command loads this room; only the worker sends

    told = {"id": letter.key, "to": letter.to, "text": letter.text, "receipts": f"{settings.PUBLIC_URL}/hf/receipts/"}
    body = json.dumps(told, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"Huiyin/{__version__}",
        "Idempotency-Key": letter.key,
        "Huiyin-Signature": signature(settings.SMS_GATEWAY_KEY, body, int(time.time())),
    }
    if settings.SMS_GATEWAY_TOKEN:
        headers["Authorization"] = f"Bearer {settings.SMS_GATEWAY_TOKEN}"
    try:
        with httpx.Client(timeout=httpx.Timeout(_TIMEOUT, connect=_CONNECTING), follow_redirects=False) as client:
            answer = client.post(settings.SMS_GATEWAY_URL, content=body, headers=headers)
    except httpx.TimeoutException as exc:
        raise NotSent("短信网关超时未答复") from exc
    except (httpx.HTTPError, httpx.InvalidURL) as exc:
        raise NotSent(f"短信网关无法连接（{type(exc).__name__}）") from exc
    if not answer.is_success:
        refused = 400 <= answer.status_code < 500 and answer.status_code not in _PASSING
        raise NotSent(f"短信网关答复 {answer.status_code}", for_good=refused)
    return _gateway_id(answer)


def _gateway_id(answer: "httpx.Response") -> str:
    try:
        told = answer.json()
    except ValueError as exc:
        raise NotSent("短信网关的答复不是 JSON", for_good=True) from exc
    found = told.get("id") if isinstance(told, dict) else None
    if not isinstance(found, str | int) or not 0 < len(str(found)) <= _ID_CHARS:
        raise NotSent("短信网关的答复没有编号", for_good=True)
    return str(found)


def _by_mail(letter: Letter) -> str:
    """The message's own id is fixed by its key: a server that saw it already can tell."""
    domain = settings.DEFAULT_FROM_EMAIL.rsplit("@", 1)[-1].strip("> ")
    named = {"Message-ID": f"<{letter.key}@{domain}>"}
    mail = EmailMessage(subject=letter.subject, body=letter.text, to=[letter.to], headers=named)
    try:
        mail.connection = get_connection("django.core.mail.backends.smtp.EmailBackend", timeout=_MAIL_TIMEOUT)
        mail.send()
    except SMTPRecipientsRefused as exc:
        codes = [code for code, _ in exc.recipients.values()]
        raise NotSent("邮件服务器不接受这个收件地址", for_good=all(code >= 500 for code in codes)) from exc
    except (SMTPException, OSError) as exc:
        raise NotSent(f"邮件没有发出（{type(exc).__name__}）") from exc
    return letter.key


_SENDERS: Mapping[str, Callable[[Letter], str]] = {"file": _to_file, "http": _to_gateway, "smtp": _by_mail}
