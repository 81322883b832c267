"""Who may see a case here: whoever has its number and code, in this browser, for half an hour after the last look."""

import secrets
import time
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from huiyin.cases import numbers, selectors
from huiyin.cases.models import Case
from huiyin.domain.case import Actor
from huiyin.domain.errors import DomainError, InvalidData
from huiyin.domain.vocabulary import ActorKind
from huiyin.portal import limits

OPEN_SECONDS: Final = 30 * 60
_RENEW_SECONDS = 60  # writing the session on every look would cost a statement each time
_ENTRY = "portal.case"
_CLAIM = "portal.photos"
_SALT = "huiyin.portal.case"
_NUMBER_DIGITS = 17
_CODE_DIGITS = 6


class NotOpen(DomainError):
    """查询已超时或尚未查询，请重新输入编号和查询码。"""

    code = "not_open"


def find(request: HttpRequest, *, number: str, code: str, now: datetime) -> Case:
    """The case of a number and its code. InvalidData says at which field to look again; TooOften when locked."""
    plain = numbers.normalise(number)
    _check_form(plain, numbers.normalise(code))
    who = limits.who_asks(request)
    limits.spend(limits.WRONG_FROM_ADDRESS, who, now)
    if not numbers.is_case_no(plain, secret=settings.DATA_KEY):
        raise InvalidData({"number": "编号好像抄错了一位，请对照短信或回执再看一遍"})
    limits.spend(limits.WRONG_FOR_NUMBER, plain, now)
    case = selectors.case_by_access_code(plain, code)
    limits.give_back(limits.WRONG_FROM_ADDRESS, who)
    limits.forget(limits.WRONG_FOR_NUMBER, plain)
    return case


def open_here(request: HttpRequest, case: Case) -> None:
    """From now on this browser sees this case. A new session key, lest somebody planted the old one."""
    request.session.cycle_key()
    _write(request, case.pk)


def close_here(request: HttpRequest) -> None:
    request.session.pop(_ENTRY, None)


def opened(request: HttpRequest) -> Case:
    """The case that is open in this browser, with its clocks; a person's look (not the page's own) keeps it open."""
    entry = _read(request)
    if entry is None:
        raise NotOpen
    case = Case.objects.prefetch_related("clocks").filter(pk=entry["case"]).first()
    if case is None:
        raise NotOpen
    if request.headers.get("HX-Request") != "true" and _now() - entry["at"] > _RENEW_SECONDS:
        _write(request, case.pk)
    return case


def opened_id(request: HttpRequest) -> int | None:
    entry = _read(request)
    return None if entry is None else entry["case"]


def citizen_of(case: Case) -> Actor:
    return Actor(kind=ActorKind.CITIZEN, requester_id=case.requester_id)


def photo_claim(request: HttpRequest) -> str:
    """Marks this browser's uploads, so that nobody else can look at them or put them into a case."""
    claim: str | None = request.session.get(_CLAIM)
    if claim is None:
        claim = request.session[_CLAIM] = secrets.token_hex(16)
    return claim


def known_claim(request: HttpRequest) -> str | None:
    return request.session.get(_CLAIM)


def _check_form(number: str, code: str) -> None:
    wrong = {}
    if len(number) != _NUMBER_DIGITS:
        said = f"您填了{len(number)}位" if number else "还没有填"
        wrong["number"] = f"编号是{_NUMBER_DIGITS}位数字，{said}"
    if len(code) != _CODE_DIGITS:
        said = f"您填了{len(code)}位" if code else "还没有填"
        wrong["code"] = f"查询码是{_CODE_DIGITS}位数字，{said}"
    if wrong:
        raise InvalidData(wrong)


def _write(request: HttpRequest, case_id: int) -> None:
    request.session[_ENTRY] = signing.dumps({"case": case_id, "at": _now()}, salt=_SALT)


def _read(request: HttpRequest) -> dict[str, Any] | None:
    sealed = request.session.get(_ENTRY)
    if not sealed:
        return None
    try:
        entry: dict[str, Any] = signing.loads(sealed, salt=_SALT, max_age=OPEN_SECONDS)
    except signing.BadSignature:  # an old one, too
        return None
    return entry


def _now() -> int:
    return int(time.time())
