"""How far each link came, for the agents' eyes: never the link itself, the address masked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from huiyin.accounts import sealed
from huiyin.callbacks import handlings, links
from huiyin.callbacks.models import Invitation, Message
from huiyin.callbacks.vocabulary import Channel, Delivery, Kind
from huiyin.cases.models import Case
from huiyin.domain import privacy

_TONES: Mapping[str, str] = {Delivery.FAILED: "red", Delivery.QUEUED: "", Delivery.EXPIRED: ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    words: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLink:
    id: int
    round: int
    channel: Channel
    to: str
    badge: Badge
    sent_at: datetime | None
    opened_at: datetime | None
    answered_at: datetime | None
    reminded_at: datetime | None
    expires_at: datetime
    phone_after: datetime
    attempts: int
    problem: str
    made_by: str
    is_of_now: bool  # of the handling that runs
    may_send_again: bool


def badges(cases: Iterable[Case]) -> dict[int, Badge]:
    """Of each case's present round; one query for the links, one for their messages."""
    by_id = {case.pk: case for case in cases}
    found = Invitation.objects.filter(case_id__in=by_id).prefetch_related("messages").order_by("made_at")
    return {
        one.case_id: _badge(one) for one in found if handlings.is_of_now(one.made_at, one.round, by_id[one.case_id])
    }


def of_case(case: Case) -> list[ShownLink]:
    """Newest first, of every round."""
    rows = Invitation.objects.filter(case=case).prefetch_related("messages").order_by("-made_at", "-pk")
    return [_shown(one, case) for one in rows]


def may_send_sms(case: Case, shown: Sequence[ShownLink]) -> bool:
    """Whether the one key that sends a text message is offered."""
    if case.status not in links.ASKABLE or not case.requester.phone_sealed:
        return False
    here = [one for one in shown if one.channel is Channel.SMS and one.is_of_now]
    return not here or here[0].may_send_again


def _shown(one: Invitation, case: Case) -> ShownLink:
    sent = _messages(one)
    first, reminder = sent.get(Kind.INVITE), sent.get(Kind.REMIND)
    now = handlings.is_of_now(one.made_at, one.round, case)
    here = now and case.status in links.ASKABLE
    return ShownLink(
        id=one.pk,
        round=one.round,
        channel=Channel(one.channel),
        to=_masked(one),
        badge=_badge(one),
        sent_at=first.sent_at if first else None,
        opened_at=one.opened_at,
        answered_at=one.answered_at,
        reminded_at=reminder.sent_at if reminder else None,
        expires_at=one.expires_at,
        phone_after=one.phone_after,
        attempts=first.attempts if first else 0,
        problem=first.last_error if first else "",
        made_by=one.made_by or "自动发送",
        is_of_now=now,
        may_send_again=here and first is not None and first.state == Delivery.FAILED,
    )


def _badge(one: Invitation) -> Badge:
    if one.answered_at is not None:
        return Badge(words="已作答", tone="green")
    if one.opened_at is not None:
        return Badge(words="已打开", tone="teal")
    first = _messages(one).get(Kind.INVITE)
    state = Delivery(first.state) if first else Delivery.QUEUED
    words = {Delivery.SENT: "已发链接", Delivery.DELIVERED: "链接已送达", Delivery.FAILED: "链接未发出"}
    return Badge(words=words.get(state, f"链接{state.label}"), tone=_TONES.get(state, "blue"))


def _messages(one: Invitation) -> dict[str, Message]:
    return {message.kind: message for message in one.messages.all()}


def _masked(one: Invitation) -> str:
    address = sealed.unseal(one.address_sealed)
    if one.channel == Channel.SMS:
        return privacy.mask_phone(address)
    name, _, domain = address.partition("@")
    return f"{name[:1]}***@{domain}"
