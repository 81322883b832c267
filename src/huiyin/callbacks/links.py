"""Links to judge by: made for a case, found again by their token, answered once; nothing of them reaches a unit."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from huiyin.accounts import sealed
from huiyin.accounts.models import Post
from huiyin.accounts.viewer import Viewer
from huiyin.callbacks import handlings, jobs_to_come, second_answers
from huiyin.callbacks.models import Invitation, Message, SecondAnswer
from huiyin.callbacks.vocabulary import Channel, Delivery, Kind, Way
from huiyin.cases import desk
from huiyin.cases.models import Case
from huiyin.domain.actions import Action
from huiyin.domain.case import Actor
from huiyin.domain.errors import ActionNotAllowed, DomainError, InvalidData, NotPermitted
from huiyin.domain.vocabulary import ActorKind, Role, Status
from huiyin.registry import directory

ASKABLE = frozenset({Status.REPLIED, Status.CALLBACK_PENDING})
_SALT = "huiyin.callbacks.link"
_SEED_BYTES = 16


class AlreadyInvited(DomainError):
    """评价链接已经发过了，请等诉求人作答；发送失败的可以重发。"""

    code = "already_invited"


class NoAddress(DomainError):
    """这件诉求没有留下电话，不能发短信链接。"""

    code = "no_address"


class UnitsOwnNumber(DomainError):
    """留的是承办单位或其工作人员的号码，不发评价链接，请打电话核实诉求人。"""

    code = "units_own_number"


class LinkUsed(DomainError):
    """这个链接已经评价过了，谢谢您。"""

    code = "link_used"


class LinkOver(DomainError):
    """这个链接已经失效。您可以到“查询进度”里评价，或拨打12345。"""

    code = "link_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What became of an answer: the case's own, or a second one that is kept beside the first."""

    case: Case
    second: SecondAnswer | None


def token_of(invitation: Invitation) -> str:
    """Signed from the seed, so that the first message, a retry and the reminder carry the same link."""
    return signing.Signer(salt=_SALT).signature(invitation.seed)


def address_of(invitation: Invitation) -> str:
    """The portal's page (portal.urls); nobody inside ever gets to see it."""
    return f"{settings.PUBLIC_URL}/hf/{token_of(invitation)}/"


def find(token: str) -> Invitation | None:
    return Invitation.objects.select_related("case").filter(token_hash=_hash(token)).first()


def invite_by_hand(case: Case, *, channel: Channel, address: str = "", by: Viewer, now: datetime) -> Invitation:
    """An agent sends the link; one that failed goes out once more."""
    if not (by.sees == "city" and by.has(Role.CALLBACK_AGENT)):
        raise NotPermitted
    before = Invitation.objects.filter(case=case, round=case.round, channel=channel, superseded=False).first()
    if before is not None and handlings.is_of_now(before.made_at, before.round, case):
        return _again(before, address, now)
    return invite(case, channel=channel, address=address, by=by, now=now)


@transaction.atomic
def invite(case: Case, *, channel: Channel, address: str = "", by: Viewer | None = None, now: datetime) -> Invitation:
    """Makes the link and queues its message; both or nothing."""
    if case.status not in ASKABLE:
        raise ActionNotAllowed("单位反馈之后、评价之前才能发评价链接")
    seed = secrets.token_hex(_SEED_BYTES)
    made = Invitation(
        case=case,
        round=case.round,
        channel=channel,
        address_sealed=sealed.seal(_address(case, channel, address)),
        seed=seed,
        made_at=now,
        made_by_id=by.staff_id if by else None,
        made_by=by.name if by else "",
        phone_after=now + timedelta(hours=settings.CALLBACK_LINK_HOURS),
        expires_at=now + timedelta(days=settings.CALLBACK_LINK_DAYS),
    )
    made.token_hash = _hash(token_of(made))
    past = Invitation.objects.filter(case=case, round=case.round, channel=channel)
    past.filter(made_at__lt=case.dispatched_at).update(superseded=True)  # of the handling before a reopening
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as exc:
        raise AlreadyInvited from exc
    queue(made, Kind.INVITE, now)
    return made


def queue(invitation: Invitation, kind: Kind, now: datetime) -> Message:
    """What the system sends by itself waits for the morning; an agent has the citizen on the telephone."""
    by_itself = kind is Kind.REMIND or not invitation.made_by
    due = jobs_to_come.by_day(now) if by_itself else now
    message = Message.objects.create(invitation=invitation, kind=kind, queued_at=now, next_at=due)
    jobs_to_come.send(message.pk, at=due if due > now else None)
    return message


def opened(invitation: Invitation, now: datetime) -> None:
    """Looking changes nothing but this: previews of links look, too, and answer nothing."""
    Invitation.objects.filter(pk=invitation.pk, opened_at__isnull=True).update(opened_at=now)


@transaction.atomic
def answer(invitation: Invitation, *, answers: Mapping[str, object], reason: str = "", now: datetime) -> Answered:
    """The citizen's answer, once a link: the case's own where it is still asked for, else beside the first one."""
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.answered_at is not None:
        raise LinkUsed
    if locked.is_over(now):
        raise LinkOver
    case = Case.objects.select_for_update().get(pk=locked.case_id)
    if not handlings.is_of_now(locked.made_at, locked.round, case):
        raise LinkOver
    second = None
    if case.status in ASKABLE:
        citizen = Actor(kind=ActorKind.CITIZEN, requester_id=case.requester_id)
        case = desk.act(case.pk, Action.RECORD_CALLBACK, actor=citizen, data=answers, now=now)
        locked.event_seq = case.seq
    else:
        second = second_answers.keep(case, way=Way.LINK, answers=answers, reason=reason, invitation=locked, now=now)
    locked.answered_at = now
    locked.opened_at = locked.opened_at or now
    locked.save(update_fields=["answered_at", "opened_at", "event_seq"])
    return Answered(case=case, second=second)


def _again(before: Invitation, address: str, now: datetime) -> Invitation:
    """A failed message is queued once more, to the address given now; any other is out already."""
    with transaction.atomic():
        message = before.messages.select_for_update().filter(kind=Kind.INVITE).first()
        if message is None or message.state != Delivery.FAILED or before.case.status not in ASKABLE:
            raise AlreadyInvited
        if address:
            before.address_sealed = sealed.seal(_address(before.case, Channel(before.channel), address))
        before.phone_after = now + timedelta(hours=settings.CALLBACK_LINK_HOURS)
        before.expires_at = now + timedelta(days=settings.CALLBACK_LINK_DAYS)
        before.save(update_fields=["address_sealed", "phone_after", "expires_at"])
        # A new key, or a gateway that sends each key once would take this for the sending that failed.
        message.sendings += 1
        message.state, message.attempts, message.next_at, message.settled_at = Delivery.QUEUED, 0, now, None
        message.sent_at, message.gateway_id, message.last_error = None, "", ""
        message.save()
        jobs_to_come.send(message.pk)
    return before


def _address(case: Case, channel: Channel, given: str) -> str:
    if channel is Channel.SMS:
        if not case.requester.phone_sealed:
            raise NoAddress
        number = sealed.unseal(bytes(case.requester.phone_sealed))
        if _is_units_own(case, number):
            raise UnitsOwnNumber
        return number
    try:
        validate_email(given.strip())
    except ValidationError as exc:
        raise InvalidData({"address": "请填写诉求人的电子邮箱"}) from exc
    return given.strip()


def _is_units_own(case: Case, number: str) -> bool:
    """A unit may register matters, too: it does not get to judge itself by a link to its own telephone."""
    units = {unit_id for unit_id in (case.lead_unit_id, case.sub_unit_id) if unit_id is not None}
    below = {each for unit_id in units for each in directory.subtree_unit_ids(unit_id)}
    desk_phones = [directory.unit(unit_id).phone for unit_id in below]
    people = Post.objects.filter(unit_id__in=below).exclude(staff__phone="").values_list("staff__phone", flat=True)
    return any(_digits(other) == _digits(number) for other in (*desk_phones, *people) if other)


def _digits(number: str) -> str:
    """The last eleven digits: with or without a country's code it is the same telephone."""
    return "".join(sign for sign in number if sign.isascii() and sign.isdecimal())[-11:]


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
