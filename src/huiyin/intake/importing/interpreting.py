"""Makes a checked registration of one row, or says which field is wrong and why. Nothing is guessed or dropped.

What a row names that the registry does not know (a class of another city, a unit that is gone) is no fault: the case
comes in without it, waits for the dispatcher, and the words of the file are kept beside the proposal.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from huiyin.cases.bulk import Closing, Registration
from huiyin.domain.errors import InvalidData
from huiyin.domain.statement import normalise_phone
from huiyin.domain.vocabulary import Channel, Grade, RequesterKind, RequestType, Satisfaction
from huiyin.intake.importing.mapping import TARGETS, Layout
from huiyin.intake.importing.moments import read_moment
from huiyin.intake.importing.names import AreaNames, ClassNames, UnitNames
from huiyin.intake.importing.proposals import Proposer
from huiyin.registry import rulebook

_SHORTEST, _LONGEST = 4, 10_000
_TITLE, _ADDRESS, _NAME, _LINE = 100, 200, 60, 40
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_PLAIN_MOBILE = re.compile(r"1\d{10}")
_AHEAD = timedelta(days=1)  # clocks of two systems differ; a date of next year is a slip

_CLOSED = frozenset(
    ("已办结", "办结", "已结案", "结案", "已归档", "归档", "已完成", "完成", "已关闭", "关闭", "已回复", "已答复")
)
_CLOSED_BY_REPLY = frozenset(("", *_CLOSED))
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


class BadRow(Exception):
    """One row that cannot become a case: the fault of one field."""

    def __init__(self, target: str, reason: str) -> None:
        self.target, self.reason = target, reason
        super().__init__(reason)


@dataclass(slots=True)
class Interpreter:
    """Reads the rows of one file; holds what is looked up again and again."""

    layout: Layout
    source: str
    now: datetime
    usual_time: datetime | None = None
    _classes: dict[int, ClassNames] = field(default_factory=dict)
    _areas: AreaNames = field(default_factory=AreaNames)
    _units: UnitNames = field(default_factory=UnitNames)
    _proposer: Proposer = field(default_factory=Proposer)

    def read(self, cells: Sequence[str], *, number: str) -> Registration:
        """Raises BadRow. `number` is the row's own number in the source system, or one made for it."""
        row = _Row(cells, self.layout)
        at = self._moment(row, "at") or self.usual_time
        if at is None:
            raise BadRow("at", "来电时间为空")
        title, content = _words(row)
        district_id, street_id, community_id, place_words = self._place(row)
        class_words = row.get("class")
        code = self._class(class_words, at) if class_words else ""
        kept = [] if code or not class_words else [(TARGETS["class"], class_words)]
        unit_words = row.get("unit")
        unit_id = self._units.find(unit_words, district_id) if unit_words else None
        if unit_words and unit_id is None:
            kept.append((TARGETS["unit"], unit_words))
        found = Registration(
            at=at,
            content=content,
            title=title,
            name=row.short("requester", _NAME),
            phone=_phone(row.get("phone")),
            requester_kind=str(row.choice("requester_kind", _KINDS) or RequesterKind.PERSON),
            origin_line=row.short("line", _LINE),
            channel=str(row.choice("channel", _CHANNELS) or Channel.FILE),
            request_type=str(row.choice("type", _TYPES) or ""),
            class_code=code,
            grade=str(row.choice("grade", _GRADES) or ""),
            district_id=district_id,
            street_id=street_id,
            community_id=community_id,
            address=_address(row, place_words),
            confidential=True if row.yes_no("confidential") else None,
            reason="批量导入",
            source=self.source,
            source_no=number,
            closing=self._closing(row, at, unit_id),
        )
        others = [(name, cells[place].strip()) for place, name in self.layout.others if cells[place].strip()]
        self._proposer.complete(found, named_unit=unit_id, kept=kept + others)
        return found

    def _class(self, words: str, at: datetime) -> str:
        edition = self._proposer.editions(at).taxonomy_id
        names = self._classes.get(edition)
        if names is None:
            names = self._classes[edition] = ClassNames(rulebook.taxonomy(edition))
        return names.find(words)

    def _moment(self, row: "_Row", target: str) -> datetime | None:
        text = row.get(target)
        if not text:
            return None
        moment = read_moment(text)
        if moment is None or moment.year < 1990:
            raise BadRow(target, f"{TARGETS[target]}不是有效的时间：{text[:30]}")
        if moment > self.now + _AHEAD:
            raise BadRow(target, f"{TARGETS[target]}在将来：{text[:30]}")
        return moment

    def _place(self, row: "_Row") -> tuple[int | None, int | None, int | None, str]:
        """(district, street, community, what of the names the registry does not know)."""
        district, street, community = row.get("district"), row.get("street"), row.get("community")
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
        return district_id, info.id if info else None, community_id, unknown

    def _closing(self, row: "_Row", at: datetime, unit_id: int | None) -> Closing | None:
        status, reply = row.get("status"), row.get("reply")
        result = row.get("result")
        ended = self._moment(row, "closed_at")
        by_reply = bool(reply) and status in _CLOSED_BY_REPLY
        if not (status in _CLOSED or by_reply or (ended is not None and not status)):
            return None
        if ended is None:
            raise BadRow("closed_at", "已办结但没有办结时间")
        if ended < at:
            raise BadRow("closed_at", "办结时间早于来电时间")
        told = "；".join(text for text in (result, reply) if text)
        judged = row.choice("satisfaction", _JUDGED)
        return Closing(
            at=ended,
            reason=f"导入：{told or '原系统已办结'}",
            unit_id=unit_id,
            contacted=row.yes_no("contacted"),
            solved=row.yes_no("solved"),
            satisfaction=None if judged is None else str(judged),
        )


class _Row:
    """One row's words by target; of a target's columns the first that is filled counts."""

    __slots__ = ("_words",)

    def __init__(self, cells: Sequence[str], layout: Layout) -> None:
        words: dict[str, str] = {}
        for target, places in layout.places.items():
            text = cells[places[0]].strip()
            if not text and len(places) > 1:
                text = next((cells[place].strip() for place in places if cells[place].strip()), "")
            if text:
                words[target] = text
        self._words = words

    def get(self, target: str) -> str:
        return self._words.get(target, "")

    def short(self, target: str, longest: int) -> str:
        text = self.get(target)
        if len(text) > longest:
            raise BadRow(target, f"{TARGETS[target]}超过{longest}个字")
        return text

    def choice(self, target: str, known: dict[str, Any]) -> Any:
        text = self.get(target)
        if not text:
            return None
        found = known.get(text)
        if found is None:
            raise BadRow(target, f"{TARGETS[target]}不认识：{text[:30]}")
        return found

    def yes_no(self, target: str) -> bool | None:
        text = self.get(target)
        if not text:
            return None
        found = _YES_NO.get(text.lower())
        if found is None:
            raise BadRow(target, f"{TARGETS[target]}应为“是”或“否”：{text[:30]}")
        return found


def _words(row: _Row) -> tuple[str, str]:
    title, content = row.get("title"), row.get("content") or row.get("title")
    if len(content) < _SHORTEST:
        raise BadRow("content", f"主要内容至少{_SHORTEST}个字")
    if len(content) > _LONGEST:
        raise BadRow("content", f"主要内容超过{_LONGEST}个字")
    if _UNSTORABLE.search(content) or _UNSTORABLE.search(title):
        raise BadRow("content", "含有无法识别的字符，请检查文件编码")
    if len(title) > _TITLE:  # nothing is lost: the whole title goes before the content
        title, content = f"{title[: _TITLE - 1]}…", f"{title}\n{content}"
    return title, content


def _phone(text: str) -> str:
    if not text or _PLAIN_MOBILE.fullmatch(text):
        return text
    try:
        return normalise_phone(text)
    except InvalidData as wrong:
        raise BadRow("phone", wrong.errors["phone"]) from wrong


def _address(row: _Row, unknown_place: str) -> str:
    parts = (unknown_place, row.get("spot"), row.get("address"))
    address = "".join(dict.fromkeys(part for part in parts if part))
    if len(address) > _ADDRESS:
        raise BadRow("address", f"地址超过{_ADDRESS}个字")
    return address
