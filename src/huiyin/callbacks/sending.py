"""Sends queued messages, notes what came of each, reminds once, reads the gateway's receipts."""

import hmac
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from huiyin.accounts import sealed
from huiyin.callbacks import handlings, jobs_to_come, links, senders
from huiyin.callbacks.models import Invitation, Message
from huiyin.callbacks.senders import Letter, NotSent
from huiyin.callbacks.vocabulary import Channel, Delivery, Kind
from huiyin.cases.models import Case, CaseEvent
from huiyin.domain.actions import Action
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.errors import DomainError

_LEASE = timedelta(minutes=5)
_RECEIPT_SECONDS = 300
_REMINDED_AT_ONCE = 500
_WORDS = 200

# A message is taken by moving its time on: if this process dies, another sends it after the lease, with the same key.
_TAKE = """
UPDATE callback_message SET next_at = %(until)s, attempts = attempts + 1
 WHERE id = %(id)s AND state = 'queued' AND next_at <= %(now)s
RETURNING id
"""


def send_message(message_id: int, now: datetime) -> Delivery | None:
    """One attempt; None where there is nothing to do (sent already, or not due yet)."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"id": message_id, "now": now, "until": now + _LEASE})
        if cursor.fetchone() is None:
            return None
    message = Message.objects.select_related("invitation__case").get(pk=message_id)
    if not _still_wanted(message.invitation, now):
        return _settled(message, Delivery.EXPIRED, now)
    try:
        message.gateway_id = senders.send(_letter(message))
    except NotSent as problem:
        return _after_failure(message, problem, timezone.now())
    message.sent_at, message.last_error = timezone.now(), ""
    message.state = Delivery.SENT
    # A receipt may be quicker than this very line: it is not put back.
    queued = Message.objects.filter(pk=message.pk, state=Delivery.QUEUED)
    queued.update(state=Delivery.SENT, sent_at=message.sent_at, gateway_id=message.gateway_id, last_error="")
    return Delivery.SENT


def lost(now: datetime) -> list[int]:
    """Messages long due: the job that should have sent them died with its worker."""
    due = Message.objects.filter(state=Delivery.QUEUED, next_at__lt=now - _LEASE)
    return list(due.order_by("next_at").values_list("pk", flat=True)[:_REMINDED_AT_ONCE])


def remind(now: datetime) -> int:
    """One reminder to each citizen who has not answered some hours after the link went out."""
    if not settings.CALLBACK_REMIND_HOURS:
        return 0
    out = Invitation.objects.filter(
        answered_at__isnull=True,
        phone_after__gt=now,
        expires_at__gt=now,
        made_at__lte=now - timedelta(hours=settings.CALLBACK_REMIND_HOURS),
        messages__kind=Kind.INVITE,
        messages__state__in=[Delivery.SENT, Delivery.DELIVERED],
        # Of who still is to be asked: else those who answered by telephone would stand before all others.
        case__status__in=[str(status) for status in links.ASKABLE],
        round=F("case__round"),
        made_at__gte=F("case__dispatched_at"),
    ).exclude(messages__kind=Kind.REMIND)
    reminded = 0
    for invitation in out.order_by("made_at")[:_REMINDED_AT_ONCE]:
        with transaction.atomic():
            links.queue(invitation, Kind.REMIND, now)
        reminded += 1
    return reminded


def invite_at_start(events: Sequence[CaseEvent]) -> None:
    """A reader of the event stream: where links go first, each callback that starts by itself sends one."""
    if not settings.CALLBACK_LINK_FIRST:
        return
    started = [e for e in events if e.action == Action.START_CALLBACK and e.actor_kind == "system"]
    cases = Case.objects.select_related("requester").in_bulk({event.case_id for event in started})
    now = timezone.now()
    for case in cases.values():
        if case.status not in links.ASKABLE or not case.requester.phone_sealed:
            continue
        with suppress(links.AlreadyInvited, links.UnitsOwnNumber):  # the latter is on the phone list
            links.invite(case, channel=Channel.SMS, now=now)


class BadReceipt(DomainError):
    """回执的签名不对或已过时。"""

    code = "bad_receipt"


def check_receipt(header: str, body: bytes, now: datetime) -> None:
    """Signed as what we send is, with the gateway's key, and not older than five minutes."""
    at = dict(part.split("=", 1) for part in header.split(",") if "=" in part).get("t", "")
    if not (settings.SMS_GATEWAY_KEY and at.isascii() and at.isdecimal() and len(at) <= 12):
        raise BadReceipt
    right = senders.signature(settings.SMS_GATEWAY_KEY, body, int(at))
    fresh = abs(now.timestamp() - int(at)) <= _RECEIPT_SECONDS
    if not (hmac.compare_digest(right.encode(), header.encode()) and fresh):
        raise BadReceipt


@transaction.atomic
def receive(gateway_id: str, *, delivered: bool, words: str, now: datetime) -> bool:
    """What became of a message; said twice it is noted once. False for a number that nobody here knows."""
    found = Message.objects.select_for_update().filter(gateway_id=gateway_id).first() if gateway_id else None
    if found is None:
        return False
    if found.state in (Delivery.SENT, Delivery.QUEUED):
        found.last_error = "" if delivered else f"未送达：{words}"[:_WORDS]
        _settled(found, Delivery.DELIVERED if delivered else Delivery.FAILED, now)
    return True


def _still_wanted(invitation: Invitation, now: datetime) -> bool:
    case = invitation.case
    asked = case.status in links.ASKABLE and handlings.is_of_now(invitation.made_at, invitation.round, case)
    return asked and invitation.answered_at is None and not invitation.is_over(now)


def _letter(message: Message) -> Letter:
    invitation = message.invitation
    day = invitation.case.registered_at.astimezone(CITY_ZONE)
    until = invitation.expires_at.astimezone(CITY_ZONE)
    about = f"您{day.month}月{day.day}日反映的诉求已有办理结果，请您评价"
    again = "（再次提醒）" if message.kind == Kind.REMIND else ""
    text = f"【12345热线】{again}{about}：{links.address_of(invitation)} {until.month}月{until.day}日前有效，请勿转发。"
    return Letter(
        key=f"hf-{message.pk}-{invitation.seed[:8]}" + (f"-{message.sendings}" if message.sendings else ""),
        channel=Channel(invitation.channel),
        to=sealed.unseal(invitation.address_sealed),
        subject="12345热线请您评价办理结果",
        text=text,
    )


def _after_failure(message: Message, problem: NotSent, now: datetime) -> Delivery:
    message.last_error = problem.words[:_WORDS]
    if problem.for_good or message.attempts >= jobs_to_come.MOST_ATTEMPTS:
        return _settled(message, Delivery.FAILED, now)
    again = now + jobs_to_come.pause_after(message.attempts)
    with transaction.atomic():
        Message.objects.filter(pk=message.pk).update(next_at=again, last_error=message.last_error)
        jobs_to_come.send(message.pk, at=again)
    return Delivery.QUEUED


def _settled(message: Message, state: Delivery, now: datetime) -> Delivery:
    """Nobody waits for an answer to what did not arrive: the case is on the phone list at once."""
    message.state, message.settled_at = state, now
    message.save(update_fields=["state", "settled_at", "last_error", "gateway_id"])
    if state is Delivery.FAILED and message.kind == Kind.INVITE:
        Invitation.objects.filter(pk=message.invitation_id, phone_after__gt=now).update(phone_after=now)
    return state
