"""Finding cases: by number, caller, unit, class, place, status and time; only what the viewer may see, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.db.models import Q, QuerySet, prefetch_related_objects

from huiyin.accounts import sealed
from huiyin.accounts.viewer import Viewer
from huiyin.cases import lit, numbers, selectors
from huiyin.cases.models import Case
from huiyin.cases.models.case import OPEN
from huiyin.cases.paging import Page, page
from huiyin.cases.several import Several
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.numerals import KEY, whole
from huiyin.domain.statement import normalise_phone
from huiyin.domain.vocabulary import Channel, Grade, Status

PAGE_SIZE: Final = 50
ORDER: Final = ("-registered_at", "-id")
ALL: Final = "all"
_NOT_LISTED: Final = ("content", "proposal")  # the long columns, which no row shows
_SALT = "cases.caller"
_CALLER_LASTS = timedelta(hours=1)
_FULL_NUMBER = 17


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is looked for; empty values narrow nothing."""

    number: str = ""
    caller: str = ""  # a token from `caller_token`: a phone number never stands in an address
    unit_id: int | None = None
    class_prefix: str = ""
    area_id: int | None = None
    status: str = ""  # a status, or "open", "finished", "all"
    grade: str = ""
    channel: str = ""
    first: date | None = None
    last: date | None = None
    closed: date | None = None
    light: str = ""  # "near_due" or "overdue": as the overview counts it (cases.lit)
    supervised: bool = False
    escalated: bool = False
    source: str = ""  # the other system that a case came from
    ids: tuple[int, int] | None = None  # from and to, both in: with the source it names one import's cases exactly


def find(viewer: Viewer, sought: Sought, now: datetime, *, cursor: str = "", size: int = PAGE_SIZE) -> Page[Case]:
    """Uses case_of_unit, case_of_street or case_of_requester where those are asked for, else case_newest."""
    seen = lit.with_pressing(selectors.cases_for(viewer)).defer(*_NOT_LISTED)
    seen = seen.filter(_condition(sought) & _lit(sought.light, now))
    found = page(_at_unit(seen, sought.unit_id), order=ORDER, cursor=cursor, size=size)
    prefetch_related_objects(list(found.rows), "clocks")
    return found


def exact(viewer: Viewer, number: str) -> Case | None:
    """The case of a number that was given in full."""
    digits = numbers.normalise(number)
    return selectors.cases_for(viewer).filter(case_no=digits).first() if len(digits) == _FULL_NUMBER else None


def caller_token(phone: str) -> str:
    """Stands for a phone number in the address of a page. InvalidData if it is no number."""
    return signing.dumps(sealed.fingerprint(normalise_phone(phone)).hex(), key=settings.SECRET_KEY, salt=_SALT)


def _caller(token: str) -> Q:
    try:
        found = signing.loads(token, key=settings.SECRET_KEY, salt=_SALT, max_age=_CALLER_LASTS)
    except signing.BadSignature:
        return Q(pk__in=[])
    return Q(requester__phone_print=bytes.fromhex(found))


def _condition(sought: Sought) -> Q:
    digits = numbers.normalise(sought.number)
    area = sought.area_id
    narrowing = (
        (digits, Q(case_no=digits) if len(digits) == _FULL_NUMBER else Q(case_no__startswith=digits)),
        (area, Q(district_id=area) | Q(street_id=area) | Q(community_id=area)),
        (sought.class_prefix, Q(class_code__startswith=sought.class_prefix)),
        (sought.grade, Q(grade=sought.grade)),
        (sought.channel, Q(channel=sought.channel)),
        (sought.supervised, Q(supervised=True)),
        (sought.escalated, Q(escalated=True)),
        (sought.source, Q(source=sought.source)),
        (sought.ids, Q(pk__range=sought.ids)),
    )
    found = _caller(sought.caller) if sought.caller else Q()
    for asked, condition in narrowing:
        if asked:
            found &= condition
    closing = Q(closed_at__gte=_start_of(sought.closed), closed_at__lt=_end_of(sought.closed)) if sought.closed else Q()
    return found & closing & _state(sought.status) & _between(sought.first, sought.last)


def _at_unit(rows: QuerySet[Case], unit_id: int | None) -> Any:
    """Led by the unit, or open and handed down to it: either part has an index, their union would have none."""
    if unit_id is None:
        return rows
    return Several(rows.filter(lead_unit_id=unit_id), rows.filter(OPEN, sub_unit_id=unit_id))


def _lit(light: str, now: datetime) -> Q:
    if light == "near_due":
        return OPEN & lit.near_due(now)
    return OPEN & lit.overdue(now) if light == "overdue" else Q()


def _state(status: str) -> Q:
    if status == "open":
        return OPEN
    if status == "finished":
        return ~OPEN
    return Q(status=status) if status not in ("", ALL) else Q()


def _between(first: date | None, last: date | None) -> Q:
    found = Q()
    if first:
        found &= Q(registered_at__gte=_start_of(first))
    if last:
        found &= Q(registered_at__lt=_end_of(last))
    return found


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=CITY_ZONE)


def _end_of(day: date) -> datetime:
    return _start_of(day + timedelta(days=1))


def sought_of(given: Mapping[str, str]) -> Sought:
    """From the address of a page; what makes no sense narrows nothing."""
    return Sought(
        number=given.get("number", "").strip()[:40],
        caller=given.get("caller", "")[:200],
        unit_id=whole(given.get("unit", "")),
        class_prefix=given.get("class", "") if given.get("class", "").isdecimal() else "",
        area_id=whole(given.get("area", "")),
        status=_one_of(given.get("status", ""), {ALL, "open", "finished", *(str(status) for status in Status)}),
        grade=_one_of(given.get("grade", ""), {str(grade) for grade in Grade}),
        channel=_one_of(given.get("channel", ""), {str(channel) for channel in Channel}),
        first=_day(given.get("first", "")),
        last=_day(given.get("last", "")),
        closed=_day(given.get("closed", "")),
        light=_one_of(given.get("light", ""), {"near_due", "overdue"}),
        supervised=given.get("supervised") == "1",
        escalated=given.get("escalated") == "1",
        source=given.get("source", "").strip()[:40],
        ids=_ids(given.get("ids", "")),
    )


def _one_of(value: str, known: set[str]) -> str:
    return value if value in known else ""


def _ids(text: str) -> tuple[int, int] | None:
    first, _dash, last = text.partition("-")
    lowest, highest = whole(first, digits=KEY), whole(last, digits=KEY)
    return None if lowest is None or highest is None else (lowest, highest)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def as_query(sought: Sought) -> dict[str, Any]:
    """The address of the same search."""
    plain = {
        "number": sought.number,
        "caller": sought.caller,
        "unit": sought.unit_id,
        "class": sought.class_prefix,
        "area": sought.area_id,
        "status": sought.status,
        "grade": sought.grade,
        "channel": sought.channel,
        "first": sought.first.isoformat() if sought.first else "",
        "last": sought.last.isoformat() if sought.last else "",
        "closed": sought.closed.isoformat() if sought.closed else "",
        "light": sought.light,
        "supervised": "1" if sought.supervised else "",
        "escalated": "1" if sought.escalated else "",
        "source": sought.source,
        "ids": "{}-{}".format(*sought.ids) if sought.ids else "",
    }
    return {name: value for name, value in plain.items() if value}
