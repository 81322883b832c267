"""A case's events as lines that a person reads: what was done, by whom, why, what was entered, what it changed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from huiyin.cases import numbers
from huiyin.cases.models import Attachment, Case, CaseEvent
from huiyin.cases.presenters import names
from huiyin.domain.actions import FIELDS, Action
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.fields import Field, FieldKind
from huiyin.domain.vocabulary import ActorKind, Grade, RequestType, Status

_TONES: Mapping[Action, str] = {
    Action.ESCALATE: "red",
    Action.SUPERVISE: "red",
    Action.REWORK: "red",
    Action.CANCEL: "red",
    Action.REOPEN: "red",
    Action.WARN: "amber",
    Action.URGE: "amber",
    Action.REQUEST_RETURN: "amber",
    Action.REQUEST_EXTENSION: "amber",
    Action.REQUEST_SUSPENSION: "amber",
    Action.REPLY: "green",
    Action.CLOSE: "green",
    Action.RELEASE: "green",
}
_ICONS: Mapping[Action, str] = {
    Action.REGISTER: "headset",
    Action.DISPATCH: "route",
    Action.REDISPATCH: "route",
    Action.SIGN: "check",
    Action.NOTE_CONTACT: "phone",
    Action.ASSIGN_HANDLER: "user-check",
    Action.HAND_DOWN: "hierarchy-2",
    Action.ADD_NOTE: "notes",
    Action.REPLY: "send",
    Action.RECORD_CALLBACK: "phone-call",
    Action.START_CALLBACK: "phone-call",
    Action.CLOSE_UNASKED: "phone",
    Action.WARN: "clock-exclamation",
    Action.ESCALATE: "flame",
    Action.SUPPLEMENT: "message",
    Action.URGE: "bell-ringing",
    Action.SUPERVISE: "urgent",
}
# What the case took from an action and people want to see, in this order.
_TOLD = (
    Field(name="lead_unit_id", kind=FieldKind.UNIT, label="主办单位"),
    Field(name="sub_unit_id", kind=FieldKind.UNIT, label="二级承办单位"),
    Field(name="handler_id", kind=FieldKind.STAFF, label="承办人"),
    Field(name="request_type", kind=FieldKind.CHOICE, label="诉求类型", choices=RequestType),
    Field(name="class_code", kind=FieldKind.CLASS, label="问题分类"),
    Field(name="grade", kind=FieldKind.CHOICE, label="分级", choices=Grade),
    Field(name="district_id", kind=FieldKind.AREA, label="被反映区"),
    Field(name="street_id", kind=FieldKind.AREA, label="被反映街乡镇"),
    Field(name="community_id", kind=FieldKind.AREA, label="社区（村）"),
    Field(name="address", kind=FieldKind.TEXT, label="详细地址"),
    Field(name="due_at", kind=FieldKind.TIME, label="办理时限"),
    Field(name="confidential", kind=FieldKind.YES_NO, label="保密"),
)

_ONE_LINE = 24
_UNTOLD = frozenset({"clock", "reason"})  # the reason is the line itself, and names the clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    label: str
    text: str

    @property
    def is_long(self) -> bool:
        return len(self.text) > _ONE_LINE or "\n" in self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    seq: int
    at: datetime
    action: Action
    actor_name: str
    unit_name: str
    by_machine: bool
    reason: str
    status: Status | None  # the status that the case came to, if it changed
    facts: Sequence[Fact] = ()
    differences: Sequence[Difference] = ()
    files: Sequence[Attachment] = ()

    @property
    def label(self) -> str:
        return self.action.label

    @property
    def tone(self) -> str:
        return "quiet" if self.by_machine and self.action not in _TONES else _TONES.get(self.action, "")

    @property
    def icon(self) -> str:
        return _ICONS.get(self.action, "point")


@dataclass
class Reader:
    """Turns the events of one case into lines. `masked` goes over all free words: what the viewer may read of them."""

    case: Case
    masked: Callable[[str], str]
    files: Sequence[Attachment] = ()
    people: Mapping[int, str] = field(default_factory=dict)
    cases: Mapping[int, str] = field(default_factory=dict)

    def lines(self, events: Iterable[CaseEvent]) -> list[Line]:
        """Oldest first; the differences are against what earlier events set, so give the history from its beginning."""
        history = list(events)
        self._look_up(history)
        known: dict[str, Any] = {}
        lines = []
        for event in history:
            lines.append(self._line(event, known))
            known |= event.sets
        return lines

    def _look_up(self, events: Sequence[CaseEvent]) -> None:
        """All names at once: one query for people, one for cases, none where nobody is named."""
        people = [event.sets.get("handler_id") for event in events]
        self.people = {**self.people, **names.staff_names(people)}
        merged = [event.data["into_id"] for event in events if "into_id" in event.data]
        if merged:
            self.cases = dict(Case.objects.filter(pk__in=merged).values_list("pk", "case_no"))

    def _line(self, event: CaseEvent, known: Mapping[str, Any]) -> Line:
        action = Action(event.action)
        reason = self.masked(event.reason)
        facts = [fact for spec in FIELDS[action] if (fact := self._fact(spec, event)) is not None]
        return Line(
            seq=event.seq,
            at=event.at,
            action=action,
            actor_name=event.actor_name or ActorKind(event.actor_kind).label,
            unit_name=names.unit_name(event.unit_id),
            by_machine=event.actor_kind == ActorKind.SYSTEM,
            reason=reason,
            status=Status(event.to_status) if event.to_status != event.from_status else None,
            facts=[fact for fact in facts if fact.text != reason],
            differences=[] if action is Action.REGISTER else self._differences(event, known),
            files=[file for file in self.files if file.event_seq == event.seq],
        )

    def _fact(self, spec: Field, event: CaseEvent) -> Fact | None:
        value = event.data.get(spec.name)
        if value in (None, "", []) or spec.kind is FieldKind.FILES or spec.name in _UNTOLD:
            return None
        # What the case took is told as a difference.
        if event.action == Action.REGISTER:
            return None if value is False else self._as_fact(spec, value)
        if spec.name in event.sets and spec.kind is not FieldKind.YES_NO:
            return None
        if spec.name in ("unit_id", "sub_unit_id") and ({"lead_unit_id", "sub_unit_id"} & set(event.sets)):
            return None
        return self._as_fact(spec, value)

    def _as_fact(self, spec: Field, value: Any) -> Fact | None:
        text = self._text(spec, value)
        return Fact(label=spec.label, text=text) if text else None

    def _text(self, spec: Field, value: Any) -> str:
        if spec.choices is not None:
            return spec.choices(value).label
        say = _SAID.get(spec.kind)
        return say(self, value) if say else self.masked(str(value))

    def _differences(self, event: CaseEvent, known: Mapping[str, Any]) -> list[Difference]:
        found = []
        for spec in _TOLD:
            if spec.name not in event.sets or event.sets[spec.name] == known.get(spec.name):
                continue
            before, after = (self._named(spec, sets.get(spec.name)) for sets in (known, event.sets))
            if before != after:
                found.append(Difference(label=spec.label, before=before, after=after or "无"))
        return found

    def _named(self, spec: Field, value: Any) -> str:
        return "" if value in (None, "") else self._text(spec, value)


def _moment(value: str) -> str:
    local = datetime.fromisoformat(value).astimezone(CITY_ZONE)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


_SAID: Mapping[FieldKind, Callable[[Reader, Any], str]] = {
    FieldKind.YES_NO: lambda reader, value: "是" if value else "否",
    FieldKind.TIME: lambda reader, value: _moment(value),
    FieldKind.UNIT: lambda reader, value: names.unit_name(value),
    FieldKind.UNITS: lambda reader, value: "、".join(names.unit_name(one) for one in value),
    FieldKind.AREA: lambda reader, value: names.area_name(value),
    FieldKind.CLASS: lambda reader, value: names.class_path(reader.case.taxonomy_edition_id, value),
    FieldKind.STAFF: lambda reader, value: reader.people.get(value, ""),
    FieldKind.CASE: lambda reader, value: numbers.grouped(reader.cases.get(value, "")),
}
