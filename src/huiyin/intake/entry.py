"""The console's form as values: what was typed, what the machine filled in, what was emptied on purpose."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import QueryDict

from huiyin.domain.numerals import whole
from huiyin.domain.vocabulary import Channel, RequestType, Term
from huiyin.intake.proposing import Known
from huiyin.registry import directory


class Settling(Term):
    """How an entry ends."""

    REGISTER = "register", "登记办理"
    DIRECT_ANSWER = "direct_answer", "直接答复"
    REFER_ELSEWHERE = "refer_elsewhere", "告知其他渠道"
    PERSUADE = "persuade", "劝导教育"
    MERGE = "merge", "并入已有工单"


TYPED = (
    "phone",
    "requester_name",
    "requester_kind",
    "content",
    "title",
    "address",
    "channel",
    "origin_line",
    "request_type",
    "class_code",
    "class_code_text",
    "place",
    "place_text",
    "grade",
    "confidential",
    "anonymous",
    "settling",
    "answer",
    "quoted",
    "into_id",
    "join_id",
    "files",
    "spent_ms",
)
_FILE_DIGITS = 18
FILLED_BY_MACHINE = ("requester_name", "request_type", "class_code", "place", "grade")
_AREAS = ("district_id", "street_id", "community_id")
_LONGEST = 20_000  # guards the draft store; the domain's own limits are lower and have their messages


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`by_machine` names fields that hold an unconfirmed proposal, `left_empty` those where it was refused."""

    key: uuid.UUID
    values: Mapping[str, str] = field(default_factory=dict)
    by_machine: frozenset[str] = frozenset()
    left_empty: frozenset[str] = frozenset()

    def value(self, name: str) -> str:
        return self.values.get(name, "")

    def by_person(self, name: str) -> str:
        return "" if name in self.by_machine else self.value(name)

    @property
    def settling(self) -> Settling:
        return Settling(found) if (found := self.value("settling")) in set(Settling) else Settling.REGISTER

    @property
    def areas(self) -> dict[str, int]:
        return areas_of(self.value("place"))

    @property
    def files(self) -> list[int]:
        """Attachments sent ahead, as the upload field holds them."""
        parts = self.value("files").split(",")
        return [number for part in parts if (number := whole(part, digits=_FILE_DIGITS)) is not None]

    @property
    def is_blank(self) -> bool:
        """Nothing that would be missed."""
        kept = ("phone", "content", "address", "answer", "title", "files")
        return not any(self.value(name).strip() for name in kept)

    @property
    def seconds(self) -> int | None:
        """From the first key to now, as the browser measured it."""
        spent = self.value("spent_ms")
        return round(int(spent) / 1000) if spent.isdecimal() and len(spent) < 10 and int(spent) else None

    def known(self) -> Known:
        """What people have said and set; proposals nobody confirmed are made anew."""
        areas = areas_of(self.by_person("place"))
        chosen = self.by_person("request_type")
        return Known(
            text=f"{self.value('title')} {self.value('content')}".strip(),
            address=self.value("address"),
            class_code=self.by_person("class_code"),
            request_type=RequestType(chosen) if chosen in set(RequestType) else None,
            district_id=areas.get("district_id"),
            street_id=areas.get("street_id"),
            community_id=areas.get("community_id"),
        )


def new(**values: str) -> Entry:
    return Entry(key=uuid.uuid4(), values={"channel": str(Channel.PHONE), **values})


def read(posted: QueryDict) -> Entry:
    """A value that is sent several times is joined by commas: files are."""
    values = {name: ",".join(posted.getlist(name))[:_LONGEST] for name in TYPED if posted.get(name)}
    return Entry(
        key=_uuid(posted.get("key", "")),
        values=values,
        by_machine=_names(posted.get("by_machine", "")),
        left_empty=_names(posted.get("left_empty", "")),
    )


def place_code(areas: Mapping[str, int | None]) -> str:
    """District, street and community as one value for a combobox: 3.120.4567, nothing said being 0."""
    ids = [areas.get(name) or 0 for name in _AREAS]
    return ".".join(map(str, ids)) if any(ids) else ""


def areas_of(code: str) -> dict[str, int]:
    """Wrong codes come out empty: then the place counts as not said."""
    ids = [whole(part) for part in code.split(".")]
    if len(ids) != len(_AREAS) or None in ids:
        return {}
    found = {name: area_id for name, area_id in zip(_AREAS, ids, strict=True) if area_id}
    return found if all(area_id in directory.areas() for area_id in found.values()) else {}


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split(",")) & frozenset(FILLED_BY_MACHINE)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()
