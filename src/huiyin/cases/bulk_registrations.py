"""Rows of plain registrations, many thousands a second: the rows that desk.register writes, without its detours.

A registration may bring its ending along (`Closing`): a case that another system closed. Its history then honestly has
two lines, the registration and the closing, and no invented steps between. A test proves the rows equal.
"""

import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings

from huiyin.cases.bulk_lives import CASE_FIELDS
from huiyin.cases.bulk_text import NULL, Document, document, field, integer, text
from huiyin.cases.models import Case
from huiyin.domain.actions import Action
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.case import Actor
from huiyin.domain.deadlines import start_clock
from huiyin.domain.rules import Rules
from huiyin.domain.statement import title_of
from huiyin.domain.vocabulary import ActorKind, ClockKind, Disposition, Grade, RequesterKind, Status
from huiyin.registry.rulebook import InForce


@dataclass(slots=True, kw_only=True)
class Closing:
    """How a case ended elsewhere; without a unit nobody here answers for it."""

    at: datetime
    reason: str
    unit_id: int | None = None
    contacted: bool | None = None
    solved: bool | None = None
    satisfaction: str | None = None


@dataclass(slots=True, kw_only=True)
class Registration:
    """Checked values: enum values as text, a normalised phone, areas and class that exist (see intake.importing)."""

    at: datetime
    content: str
    title: str = ""
    name: str = ""
    phone: str = ""
    requester_kind: str = str(RequesterKind.PERSON)
    anonymous: bool = False
    origin_line: str = ""
    channel: str
    request_type: str
    class_code: str
    grade: str
    district_id: int | None = None
    street_id: int | None = None
    community_id: int | None = None
    address: str = ""
    confidential: bool | None = None
    reason: str = ""
    proposal: dict[str, Any] | Document | None = None
    source: str = ""
    source_no: str = ""
    closing: Closing | None = None


_VARYING = (
    "id", "case_no", "requester_id", "channel", "origin_line", "title", "content", "address", "anonymous",
    "request_type", "class_code", "grade", "district_id", "street_id", "community_id", "confidential", "disposition",
    "status", "seq",
    "registered_at", "last_at", "lead_unit_id", "first_unit_id", "dispatched_at", "feedback_hotline_at", "closed_at",
    "callback_valid", "contacted", "solved", "satisfaction", "judged", "taxonomy_edition_id", "catalogue_edition_id",
    "limits_edition_id", "proposal", "source", "source_no",
)  # fmt: skip
# What no registration sets is the column's default: a column added later needs no change here.
# Those that stay NULL are not written at all: PostgreSQL reads a row the faster the fewer columns it has.
_CONSTANT = [name for name in CASE_FIELDS if name not in _VARYING and getattr(Case(), name) is not None]
COLUMNS = ", ".join([*_VARYING, *_CONSTANT])
_TAIL = "\t".join([field(getattr(Case(), name)) for name in _CONSTANT]) + "\n"


class Rows:
    """The COPY lines of one batch of registrations that are judged by the same editions."""

    def __init__(self, *, actor: Actor, editions: InForce, rules: Rules, clocks_from: datetime | None = None) -> None:
        """`clocks_from`: nobody could dispatch an imported case before it was here, so its clock starts then."""
        self._actor = "\t".join(
            [str(actor.kind), integer(actor.id if actor.kind is ActorKind.STAFF else None), text(actor.name),
             integer(actor.unit_id)]
        )  # fmt: skip
        self._editions = f"{editions.taxonomy_id}\t{editions.catalogue_id}\t{editions.limits_id}"
        self._rules = rules
        self._secret = settings.DATA_KEY
        self._clocks_from = clocks_from
        self._started_together: dict[str, _DispatchClock] = {}
        self._reasons: dict[str, _Reason] = {}
        self.cases: list[str] = []
        self.events: list[str] = []
        self.clocks: list[str] = []

    def add(self, given: Registration, *, case_id: int, requester_id: int) -> None:
        at = given.at.isoformat()
        clock = self._clock(given, at)
        place = _place(given.district_id, given.street_id, given.community_id)
        reason = self._reasons.get(given.reason) or self._reason(given.reason)
        request_type, class_code, grade = given.request_type, given.class_code, given.grade
        confidential = _CONFIDENTIAL[given.confidential]
        address = f',"address":{_quoted(given.address)}' if given.address else ""
        # What was entered is told without what was left empty (as lifecycle records it).
        entered_class = f',"class_code":"{class_code}"' if class_code else ""
        self.events.append(
            f"{case_id}\t1\t{at}\tregister\t\\N\treceived\t{self._actor}\t{reason.told}\t"
            f'{{"channel":"{given.channel}","request_type":"{request_type}","grade":"{grade}"{entered_class}'
            f"{place.entered}{address}{confidential.entered}{reason.entered}}}\t"
            f'{{"request_type":"{request_type}","class_code":"{class_code}","grade":"{grade}",{place.sets}'
            f"{address or _NO_ADDRESS}{confidential.sets}}}\t{clock.recorded}\n"
        )
        closing = given.closing
        if closing is None:
            self.clocks.append(f"{case_id}\t{clock.running}\n")
            ending = f"{_OPEN_ENDING}\t{at}\t{at}\t{_UNTOUCHED}"
        else:
            self.events.append(self._closing_line(case_id, closing))
            ending = _ending(closing, at)
        content = text(given.content)
        title = text(given.title) if given.title else text(title_of(given.content))
        proposal = NULL if given.proposal is None else document(given.proposal)
        self.cases.append(
            f"{case_id}\t{self._case_no(case_id, at)}\t{requester_id}\t{given.channel}\t"
            f"{given.origin_line and text(given.origin_line)}\t{title}\t{content}\t"
            f"{given.address and text(given.address)}\t{'t' if given.anonymous else 'f'}\t"
            f"{request_type}\t{class_code}\t{grade}\t{place.columns}\t{confidential.column}\t{ending}\t"
            f"{self._editions}\t{proposal}\t{text(given.source)}\t{text(given.source_no)}\t{_TAIL}"
        )

    def _reason(self, reason: str) -> "_Reason":
        """Batches have one reason, or some few."""
        entered = f',"reason":{_quoted(reason)}' if reason else ""
        known = self._reasons[reason] = _Reason(text(reason) or "登记受理", entered)
        return known

    def _case_no(self, case_id: int, at: str) -> str:
        """numbers.case_no in one digest call (the test compares the two); `at` as ISO writes it."""
        if not at.endswith("+08:00"):
            at = datetime.fromisoformat(at).astimezone(CITY_ZONE).isoformat()
        body = f"{at[2:4]}{at[5:7]}{at[8:10]}{case_id % 10_000_000:07d}"
        digest = hmac.digest(self._secret, b"case-no:" + body.encode(), "sha256")
        return f"{body}{int.from_bytes(digest[:8], 'big') % 10_000:04d}"

    def _clock(self, given: Registration, at: str) -> "_DispatchClock":
        """The same for all imported cases of a grade, for their clocks start together."""
        since = self._clocks_from
        if since is None or given.closing is not None or given.at > since:
            return _DispatchClock(given.at, at, Grade(given.grade), self._rules)
        known = self._started_together.get(given.grade)
        if known is None:
            known = _DispatchClock(since, since.isoformat(), Grade(given.grade), self._rules)
            self._started_together[given.grade] = known
        return known

    def _closing_line(self, case_id: int, closing: Closing) -> str:
        sets = {name: value for name, value in _closing_sets(closing).items() if value is not None}
        data = {"reason": closing.reason}
        return (
            f"{case_id}\t2\t{closing.at.isoformat()}\t{Action.CLOSE}\treceived\tclosed\t{self._actor}\t"
            f'{text(closing.reason)}\t{document(data)}\t{document(sets)}\t{{"dispatch":null}}\n'
        )


class _Place(NamedTuple):
    """A place as the case keeps it, as it was entered and as the event sets it."""

    columns: str
    entered: str
    sets: str


@lru_cache(maxsize=20_000)
def _place(district_id: int | None, street_id: int | None, community_id: int | None) -> _Place:
    named = {"district_id": district_id, "street_id": street_id, "community_id": community_id}
    return _Place(
        columns="\t".join([integer(value) for value in named.values()]),
        entered="".join([f',"{name}":{value}' for name, value in named.items() if value is not None]),
        sets=",".join([f'"{name}":{_number(value)}' for name, value in named.items()]),
    )


class _DispatchClock:
    """The dispatch clock as the event records it and as it runs."""

    __slots__ = ("recorded", "running")

    def __init__(self, started: datetime, start: str, grade: Grade, rules: Rules) -> None:
        clock = start_clock(ClockKind.DISPATCH, at=started, grade=grade, rules=rules)
        due = clock.due_at.isoformat()
        warn = clock.warn_at.isoformat() if clock.warn_at else None
        light = f'"{warn}"' if warn else "null"
        self.recorded = f'{{"dispatch":["{start}",{light},"{due}",false,false]}}'
        self.running = f"dispatch\t{start}\t{warn or NULL}\t{due}\tf\tf\t{warn or due}"


class _Reason(NamedTuple):
    told: str
    entered: str


class _Confidential(NamedTuple):
    column: str
    entered: str
    sets: str


_NO_ADDRESS = ',"address":""'
_CONFIDENTIAL = {
    None: _Confidential("f", "", ',"confidential":false'),
    True: _Confidential("t", ',"confidential":true', ',"confidential":true'),
    False: _Confidential("f", ',"confidential":false', ',"confidential":false'),
}
_OPEN_ENDING = "\t".join([NULL, str(Status.RECEIVED), "1"])
_UNTOUCHED = "\t".join([NULL] * 9 + ["f"])


def _ending(closing: Closing, at: str) -> str:
    """The columns from `disposition` to `judged`, in the order of _VARYING."""
    sets = _closing_sets(closing)
    names = ("lead_unit_id", "first_unit_id", "dispatched_at", "feedback_hotline_at", "closed_at", "callback_valid",
             "contacted", "solved", "satisfaction")  # fmt: skip
    ended = "\t".join([field(sets[name]) for name in names])
    judged = field(sets["callback_valid"] is True)
    return f"{field(sets['disposition'])}\tclosed\t2\t{at}\t{closing.at.isoformat()}\t{ended}\t{judged}"


def _closing_sets(closing: Closing) -> dict[str, Any]:
    """What a closing elsewhere tells: who answered, when it ended, what the citizen said."""
    asked = closing.satisfaction is not None or closing.solved is not None
    return {
        "status": str(Status.CLOSED),
        "closed_at": closing.at.isoformat(),
        "disposition": str(Disposition.DISPATCH) if closing.unit_id else None,
        "lead_unit_id": closing.unit_id,
        "first_unit_id": closing.unit_id,
        "dispatched_at": None,
        "feedback_hotline_at": closing.at.isoformat() if closing.unit_id else None,
        "callback_valid": True if asked else None,
        "contacted": closing.contacted,
        "solved": closing.solved,
        "satisfaction": closing.satisfaction,
    }


def _quoted(value: str) -> str:
    """As a JSON string inside a COPY field."""
    plain = value.isprintable() and '"' not in value and "\\" not in value
    return f'"{value}"' if plain else text(json.dumps(value, ensure_ascii=False))


def _number(value: int | None) -> str:
    return "null" if value is None else str(value)
