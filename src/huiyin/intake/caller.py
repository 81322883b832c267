"""Who is on the line: what this number filed before, open cases first, and the name where the viewer may read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from huiyin.accounts import reveals, sealed
from huiyin.accounts.viewer import Viewer
from huiyin.cases.disclosure import words_for
from huiyin.cases.models import Case
from huiyin.cases.presenters import lights
from huiyin.cases.selectors import cases_for
from huiyin.domain import privacy
from huiyin.domain.statement import normalise_phone
from huiyin.domain.vocabulary import Role

_SHOWN = 10
LOOK = "来电受理"


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """An earlier case, with the light that presses most."""

    case: Case
    title: str  # as this viewer may read it
    clock: lights.ShownClock | None

    @property
    def is_open(self) -> bool:
        return self.case.closed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    phone: str
    name: str
    name_is_open: bool
    cases: Sequence[Before]

    @property
    def open_count(self) -> int:
        return sum(before.is_open for before in self.cases)


def look_up(phone: str, *, viewer: Viewer, now: datetime, ip: str | None) -> Caller:
    """An operator with the caller on the line reads the name (and the look is written down); all others read it
    masked. InvalidData where this is no telephone number."""
    digits = normalise_phone(phone)
    by_number = cases_for(viewer).filter(requester__phone_print=sealed.fingerprint(digits))
    latest = list(
        by_number.select_related("requester").prefetch_related("clocks").order_by("-registered_at", "-id")[:_SHOWN]
    )
    name, is_open = "", False
    if latest:
        name, is_open = _name(latest[0], viewer)
        reveals.record_look(case_id=latest[0].pk, viewer=viewer, page=LOOK, ip=ip, at=now)
    shown = [
        Before(
            case=case,
            title=words_for(viewer, case)(case.title),
            clock=lights.pressing(case.clocks.all(), now),
        )
        for case in latest
    ]
    shown.sort(key=lambda before: not before.is_open)  # stable: the newest first among the open and the finished
    return Caller(phone=digits, name=name, name_is_open=is_open, cases=shown)


def _name(case: Case, viewer: Viewer) -> tuple[str, bool]:
    name = sealed.unseal(case.requester.name_sealed)
    return (name, True) if name and viewer.has(Role.OPERATOR) else (privacy.mask_name(name), False)
