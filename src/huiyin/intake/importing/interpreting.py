"""Makes a checked registration of one row, or says which field is wrong and why. Nothing is guessed or dropped.

What a row names that the registry does not know (a class of another city, a unit that is gone) is no fault: the case
comes in without it, waits for the dispatcher, and the words of the file are kept beside the proposal.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, cast

from huiyin.cases.bulk import Closing, Registration
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.errors import InvalidData
from huiyin.domain.statement import normalise_phone
from huiyin.domain.vocabulary import Channel, Grade, RequesterKind, RequestType, Satisfaction
from huiyin.intake.importing.mapping import TARGETS, Layout
from huiyin.intake.importing.moments import read_moment
from huiyin.intake.importing.names import AreaNames, ClassNames, UnitNames
from huiyin.intake.importing.proposals import Book, Proposer

_SHORTEST, _LONGEST = 4, 10_000
_TITLE, _ADDRESS, _NAME, _LINE = 100, 200, 60, 40
_REMEMBERED = 100_000
_PLAIN_MOBILE = re.compile(r"1\d{10}")
_AHEAD = timedelta(days=1)  # clocks of two systems differ; a date of next year is a slip

_CLOSED = frozenset(
    ("已办结", "办结", "已结案", "结案", "已归档", "归档", "已完成", "完成", "已关闭", "关闭", "已回复", "已答复")
)
_CLOSED_BY_REPLY = frozenset(("", *_CLOSED))
# What rows say in words of their own, and what is said again and again and so is understood once.
_OWN = ("at", "title", "content", "requester", "phone", "class", "unit", "spot", "address", "status", "reply",
        "closed_at")  # fmt: skip
_PLACE = ("district", "street", "community")
_TERMS = ("requester_kind", "line", "channel", "type", "grade", "confidential")
_ENDING = ("result", "contacted", "solved", "satisfaction")
_YES = {"是": True, "已解决": True, "解决": True, "已联系": True, "1": True, "true": True, "yes": True, "y": True}
_NO = {
    "否": False,
    "未解决": False,
    "没解决": False,
    "未联系": False,
    "0": False,
    "false": False,
    "no": False,
    "n": False,
}
_YES_NO = _YES | _NO
_TYPES = {kind.label: kind for kind in RequestType} | {str(kind): kind for kind in RequestType} | {
    "投诉举报": RequestType.COMPLAINT, "感谢": RequestType.PRAISE, "诉求": RequestType.HELP,
}  # fmt: skip
_GRADES = {grade.label: grade for grade in Grade} | {str(grade): grade for grade in Grade}
_CHANNELS = {kind.label: kind for kind in Channel} | {str(kind): kind for kind in Channel}
_KINDS = {kind.label: kind for kind in RequesterKind} | {str(kind): kind for kind in RequesterKind} | {
    "个人": RequesterKind.PERSON, "企业": RequesterKind.LEGAL_PERSON, "单位": RequesterKind.LEGAL_PERSON,
}  # fmt: skip
_JUDGED = {kind.label: kind for kind in Satisfaction} | {str(kind): kind for kind in Satisfaction} | {
    "非常满意": Satisfaction.SATISFIED, "非常不满意": Satisfaction.UNSATISFIED,
}  # fmt: skip
_KNOWN: Mapping[str, Mapping[str, Any]] = {
    "requester_kind": _KINDS, "channel": _CHANNELS, "type": _TYPES, "grade": _GRADES, "satisfaction": _JUDGED,
}  # fmt: skip

Picker = Callable[[Sequence[str]], tuple[str, ...]]


class BadRow(Exception):
    """One row that cannot become a case: the field at fault, the first of several, and what is wrong."""

    def __init__(self, target: str, reason: str) -> None:
        self.target, self.reason = target, reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class _Place:
    district_id: int | None
    street_id: int | None
    community_id: int | None
    unknown: str  # what of the names the registry does not know


@dataclass(frozen=True, slots=True)
class _Terms:
    requester_kind: str
    line: str
    channel: str
    request_type: str
    grade: str
    confidential: bool | None


class Interpreter:
    """Reads the rows of one file; what is said again and again is looked up once."""

    def __init__(self, *, layout: Layout, source: str, now: datetime, usual_time: datetime | None = None) -> None:
        self.source, self.now, self.usual_time = source, now, usual_time
        self._today = f"{now.astimezone(CITY_ZONE):%Y-%m-%d}"
        self._columns = _Columns(layout)
        self._classes: dict[int, ClassNames] = {}
        self._areas = AreaNames()
        self._units = UnitNames()
        self._proposer = Proposer()
        self._places: dict[tuple[str, ...], _Place] = {}
        self._terms: dict[tuple[str, ...], _Terms] = {}

    def read_all(self, rows: Sequence[tuple[int, str, list[str]]]) -> Iterator[Registration | BadRow]:
        """Of each row (place in the file, number, cells) what it says, or what is wrong with it."""
        sound = storable("".join([cell for _place, _number, cells in rows for cell in cells]))
        for _place, number, cells in rows:
            if not sound and not storable("".join(cells)):
                yield BadRow("content", "含有无法识别的字符，请检查文件编码")
                continue
            try:
                yield self._read(cells, number)
            except BadRow as bad:
                yield self._in_full(cells, bad)

    def _read(self, cells: Sequence[str], number: str) -> Registration:
        """Raises BadRow. `number` is the row's own number in the source system, or one made for it."""
        row = self._columns.laid_out(cells)
        (at_text, title, content, name, phone, class_words, unit_words, spot, address, status, reply,
         ended) = self._columns.own(row)  # fmt: skip
        at = self._at(at_text)
        title, content = _words(title, content)
        place = self._place(self._columns.place(row))
        book = self._proposer.editions(at)
        kept: list[tuple[str, str]] = []
        code = self._class(class_words, book) if class_words else ""
        if class_words and not code:
            kept.append((TARGETS["class"], class_words))
        unit_id = self._units.find(unit_words, place.district_id) if unit_words else None
        if unit_words and unit_id is None:
            kept.append((TARGETS["unit"], unit_words))
        if len(name) > _NAME:
            raise _too_long("requester", _NAME)
        terms = self._understood(self._columns.terms(row))
        closes = bool(status or reply or ended)
        found = Registration(
            at=at,
            content=content,
            title=title,
            name=name,
            phone=phone if not phone or _PLAIN_MOBILE.fullmatch(phone) else _phone(phone),
            requester_kind=terms.requester_kind,
            origin_line=terms.line,
            channel=terms.channel,
            request_type=terms.request_type,
            class_code=code,
            grade=terms.grade,
            district_id=place.district_id,
            street_id=place.street_id,
            community_id=place.community_id,
            address=_address(place.unknown, spot, address) if spot or address else place.unknown,
            confidential=terms.confidential,
            reason="批量导入",
            source=self.source,
            source_no=number,
            closing=self._closing(row, at, unit_id, status=status, reply=reply, ended=ended) if closes else None,
        )
        if self._columns.others:
            kept += [(name, row[place]) for place, name in self._columns.others if row[place]]
        self._proposer.complete(found, book=book, named_unit=unit_id, kept=kept)
        return found

    def _in_full(self, cells: Sequence[str], first: BadRow) -> BadRow:
        """Reads a bad row once more, field by field: whoever corrects it is to learn all that is wrong at once."""
        row = self._columns.laid_out(cells)
        (at_text, title, content, name, phone, _class, _unit, spot, address, status, reply,
         ended) = self._columns.own(row)  # fmt: skip
        faults = _Faults([first])
        at = faults.of(self._at, at_text)
        faults.of(_words, title, content)
        if len(name) > _NAME:
            faults.append(_too_long("requester", _NAME))
        if phone:
            faults.of(_phone, phone)
        place = faults.of(self._place, self._columns.place(row))
        faults.of(_address, place.unknown if place else "", spot, address)
        for target, text in zip(_TERMS, self._columns.terms(row), strict=True):
            faults.of(_term, target, text)
        ended_at = faults.of(self._moment, "closed_at", ended) if ended else None
        if _closes(status, reply, ended):
            if not ended or (at and ended_at):
                faults.of(_ending_after, at, ended_at)
            for target, text in zip(_ENDING[1:], self._columns.ending(row)[1:], strict=True):
                faults.of(_term, target, text)
        return BadRow(first.target, "；".join(dict.fromkeys(fault.reason for fault in faults)))

    def _at(self, text: str) -> datetime:
        at = self._moment("at", text) if text else self.usual_time
        if at is None:
            raise BadRow("at", "来电时间为空")
        return at

    def _class(self, words: str, book: Book) -> str:
        names = self._classes.get(book.taxonomy_id)
        if names is None:
            names = self._classes[book.taxonomy_id] = ClassNames(book.taxonomy)
        return names.find(words)

    def _moment(self, target: str, text: str) -> datetime:
        moment = read_moment(text)
        if moment is None or moment.year < 1990:
            raise BadRow(target, f"{TARGETS[target]}不是有效的时间：{text[:30]}")
        # Of nearly all the first ten characters show that they lie behind us; whatever else stands there is compared.
        if text[:10] >= self._today and moment > self.now + _AHEAD:
            raise BadRow(target, f"{TARGETS[target]}在将来：{text[:30]}")
        return moment

    def _place(self, names: tuple[str, ...]) -> _Place:
        known = self._places.get(names)
        if known is None:
            known = self._find_place(*names)
            if len(known.unknown) > _ADDRESS:
                raise BadRow("address", f"地址超过{_ADDRESS}个字")
            if len(self._places) < _REMEMBERED:
                self._places[names] = known
        return known

    def _find_place(self, district: str, street: str, community: str) -> _Place:
        unknown = ""
        district_id = self._areas.district(district) if district else None
        if district and district_id is None:
            unknown += district
        info = self._areas.street(street, district_id) if street else None
        if street and info is None:
            unknown += street
        if info is not None:
            district_id = info.district_id
        community_id = self._areas.community(community, info.id) if community and info else None
        if community and community_id is None:
            unknown += community
        return _Place(district_id, info.id if info else None, community_id, unknown)

    def _understood(self, words: tuple[str, ...]) -> _Terms:
        known = self._terms.get(words)
        if known is None:
            kind, line, channel, request_type, grade, confidential = map(_term, _TERMS, words)
            known = _Terms(
                requester_kind=str(kind or RequesterKind.PERSON),
                line=line,
                channel=str(channel or Channel.FILE),
                request_type=str(request_type or ""),
                grade=str(grade or ""),
                confidential=True if confidential else None,
            )
            if len(self._terms) < _REMEMBERED:
                self._terms[words] = known
        return known

    def _closing(
        self, row: Sequence[str], at: datetime, unit_id: int | None, *, status: str, reply: str, ended: str
    ) -> Closing | None:
        ended_at = self._moment("closed_at", ended) if ended else None
        if not _closes(status, reply, ended):
            return None
        ended_at = _ending_after(at, ended_at)
        result, contacted, solved, satisfaction = self._columns.ending(row)
        told = "；".join([text for text in (result, reply) if text])
        judged = _term("satisfaction", satisfaction)
        return Closing(
            at=ended_at,
            reason=f"导入：{told or '原系统已办结'}",
            unit_id=unit_id,
            contacted=_yes_no("contacted", contacted),
            solved=_yes_no("solved", solved),
            satisfaction=None if judged is None else str(judged),
        )


class _Faults(list[BadRow]):
    """What is wrong with one row; goes on after each fault."""

    def of(self, read: Callable[..., Any], *given: Any) -> Any:
        """What is read, or None where it is at fault."""
        try:
            return read(*given)
        except BadRow as bad:
            self.append(bad)
            return None


class _Columns:
    """Takes a row's words by target; of a target's columns the first that is filled counts, none is empty."""

    def __init__(self, layout: Layout) -> None:
        self.others = layout.others
        self._several = tuple(places for places in layout.places.values() if len(places) > 1)
        # A target without a column reads the empty cell that is put behind every row.
        places = {target: layout.places.get(target, (layout.width,))[0] for target in TARGETS}
        self.own, self.place, self.terms, self.ending = (
            _picker([places[target] for target in targets]) for targets in (_OWN, _PLACE, _TERMS, _ENDING)
        )

    def laid_out(self, cells: Sequence[str]) -> list[str]:
        row = [cell.strip() for cell in cells]
        row.append("")
        for places in self._several:
            if not row[places[0]]:
                row[places[0]] = next((row[place] for place in places if row[place]), "")
        return row


def _picker(places: list[int]) -> Picker:
    return cast(Picker, itemgetter(*places))


def storable(text: str) -> bool:
    """Not what no database can hold: bytes that fitted no encoding (read as surrogates), and the character nought."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _closes(status: str, reply: str, ended: str) -> bool:
    by_reply = bool(reply) and status in _CLOSED_BY_REPLY
    return status in _CLOSED or by_reply or (bool(ended) and not status)


def _ending_after(at: datetime, ended_at: datetime | None) -> datetime:
    if ended_at is None:
        raise BadRow("closed_at", "已办结但没有办结时间")
    if ended_at < at:
        raise BadRow("closed_at", "办结时间早于来电时间")
    return ended_at


def _term(target: str, text: str) -> Any:
    """What one of a few known words stands for; a line is called whatever it is called."""
    if target == "line":
        if len(text) > _LINE:
            raise _too_long(target, _LINE)
        return text
    known = _KNOWN.get(target)
    return _choice(target, text, known) if known else _yes_no(target, text)


def _too_long(target: str, most: int) -> BadRow:
    return BadRow(target, f"{TARGETS[target]}超过{most}个字")


def _choice(target: str, text: str, known: Mapping[str, Any]) -> Any:
    if not text:
        return None
    found = known.get(text)
    if found is None:
        raise BadRow(target, f"{TARGETS[target]}不认识：{text[:30]}")
    return found


def _yes_no(target: str, text: str) -> bool | None:
    if not text:
        return None
    found = _YES_NO.get(text.lower())
    if found is None:
        raise BadRow(target, f"{TARGETS[target]}应为“是”或“否”：{text[:30]}")
    return found


def _words(title: str, content: str) -> tuple[str, str]:
    content = content or title
    if len(content) < _SHORTEST:
        raise BadRow("content", f"主要内容至少{_SHORTEST}个字")
    if len(content) > _LONGEST:
        raise BadRow("content", f"主要内容超过{_LONGEST}个字")
    if len(title) > _TITLE:  # nothing is lost: the whole title goes before the content
        title, content = f"{title[: _TITLE - 1]}…", f"{title}\n{content}"
    return title, content


def _phone(text: str) -> str:
    try:
        return normalise_phone(text)
    except InvalidData as wrong:
        raise BadRow("phone", wrong.errors["phone"]) from wrong


def _address(*parts: str) -> str:
    address = "".join(dict.fromkeys(part for part in parts if part))
    if len(address) > _ADDRESS:
        raise BadRow("address", f"地址超过{_ADDRESS}个字")
    return address
