"""Files what an operator entered: registers it, settles it where it is settled at once, and keeps how long it took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from huiyin.accounts.viewer import Viewer
from huiyin.cases import desk, selectors
from huiyin.cases.models import Case
from huiyin.domain.actions import FIELDS, Action
from huiyin.domain.errors import CannotMerge, InvalidData
from huiyin.domain.fields import parse
from huiyin.domain.numerals import KEY, whole
from huiyin.domain.statement import STATEMENT, needs_phone
from huiyin.domain.vocabulary import Channel
from huiyin.intake import drafts
from huiyin.intake.crowds import propose_with_crowd
from huiyin.intake.entry import Entry, Settling, place_code
from huiyin.intake.models import Filing
from huiyin.intake.registering import register_matter
from huiyin.knowledge import using
from huiyin.matching.joining import put_together

_ANSWERS = {
    Settling.DIRECT_ANSWER: Action.DIRECT_ANSWER,
    Settling.REFER_ELSEWHERE: Action.REFER_ELSEWHERE,
    Settling.PERSUADE: Action.PERSUADE,
}
_CALLED_BACK_BY_NUMBER = frozenset({str(Channel.PHONE), str(Channel.SMS)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    case: Case
    into: Case | None = None  # the case that this one was merged into


def file_entry(entry: Entry, *, viewer: Viewer, now: datetime) -> Filed:
    """One case for one form, however often the form is sent. InvalidData names each wrong field of the form."""
    before = _filed_before(entry, viewer)
    if before is not None:
        return before
    into = _merge_target(entry, viewer)
    data = _stated(entry, now)
    try:
        with transaction.atomic():
            case = register_matter(
                actor=viewer.actor(),
                data=data,
                now=now,
                then=_steps(entry, into),
                left_empty=_left_empty(entry),
            )
            if entry.value("join_id"):
                put_together([case.pk, _to_join(entry)], viewer=viewer, why="受理时合为同一问题", now=now)
            seconds = entry.seconds
            Filing.objects.create(staff_id=viewer.staff_id, key=entry.key, case=case, at=now, seconds=seconds)
            drafts.settle(entry.key, staff_id=viewer.staff_id, now=now)
            if entry.settling is Settling.DIRECT_ANSWER and entry.value("quoted"):
                using.note_closed(entry.value("quoted"), case=case, staff_id=viewer.staff_id, now=now)
    except InvalidData as wrong:
        raise InvalidData(_at_the_form(wrong.errors)) from wrong
    except IntegrityError:
        filed = _filed_before(entry, viewer)  # sent twice at the same moment: the other one was first
        if filed is None:
            raise
        return filed
    return Filed(case=case, into=into)


def _filed_before(entry: Entry, viewer: Viewer) -> Filed | None:
    filing = Filing.objects.select_related("case").filter(staff_id=viewer.staff_id, key=entry.key).first()
    if filing is None:
        return None
    into = Case.objects.filter(pk=filing.case.merged_into_id).first() if filing.case.merged_into_id else None
    return Filed(case=filing.case, into=into)


def _merge_target(entry: Entry, viewer: Viewer) -> Case | None:
    if entry.settling is not Settling.MERGE:
        return None
    number = entry.value("into_id")
    found = selectors.cases_for(viewer).filter(pk=number).first() if number.isdecimal() else None
    if found is None or found.closed_at is not None:
        raise CannotMerge(field="into_id")
    return found


def _to_join(entry: Entry) -> int:
    return whole(entry.value("join_id"), digits=KEY) or 0


def _stated(entry: Entry, now: datetime) -> dict[str, object]:
    """As `register_matter` wants it. A shown proposal that the machine would make again is left to it, so that the
    case keeps how sure the machine was; any other that was on the screen when the form was sent is taken as set."""
    plain = ("phone", "requester_name", "requester_kind", "content", "title", "address", "origin_line")
    data: dict[str, object] = {name: entry.value(name) for name in plain}
    data |= {name: bool(entry.value(name)) for name in ("confidential", "anonymous")}
    data["channel"] = entry.value("channel") or str(Channel.PHONE)
    data["files"] = entry.files
    again = _proposed_again(entry, now)
    for name in ("request_type", "class_code", "grade"):
        shown = entry.value(name)
        data[name] = "" if name in entry.by_machine and shown == again[name] else shown
    if not ("place" in entry.by_machine and entry.value("place") == again["place"]):
        data |= entry.areas
    _check(entry, data)
    return data


def _proposed_again(entry: Entry, now: datetime) -> Mapping[str, str]:
    if not entry.by_machine:
        return {}
    made = propose_with_crowd(entry.known(), at=now)
    place = {"district_id": made.place.district_id, "street_id": made.place.street_id}
    return {
        "request_type": str(made.request_type),
        "class_code": made.class_code,
        "grade": str(made.grade.grade),
        "place": place_code({**place, "community_id": made.place.community_id}),
    }


def _check(entry: Entry, data: Mapping[str, object]) -> None:
    """What only the console can know: words in a type-ahead that name nothing, an answer that is due, a number."""
    errors: dict[str, str] = {}
    for name, what in (("class_code", "类别"), ("place", "地点")):
        if entry.value(f"{name}_text") and not entry.value(name):
            errors[name] = f"请从列表中选择{what}，或清空此项"
    if entry.value("place") and not entry.areas:
        errors["place"] = "没有这个地点，请从列表中选择"
    action = _ANSWERS.get(entry.settling)
    try:
        if action is not None:
            parse(FIELDS[action], {"answer": entry.value("answer")})
        elif entry.settling is Settling.REGISTER:
            needs_phone(data, callback_possible=str(data["channel"]) not in _CALLED_BACK_BY_NUMBER)
    except InvalidData as wrong:
        errors |= wrong.errors
    if errors:
        raise InvalidData({**_errors_of_statement(data), **errors})


def _errors_of_statement(data: Mapping[str, Any]) -> dict[str, str]:
    """The first errors of what was said, so that a person sees all of them at once."""
    said = {field.name: data.get(field.name) for field in STATEMENT if field.name in data}
    try:
        parse(STATEMENT, said)
    except InvalidData as wrong:
        return wrong.errors
    return {}


def _steps(entry: Entry, into: Case | None) -> Sequence[desk.Step]:
    if into is not None:
        reason = "与已有工单反映同一问题，受理时并单"
        return (desk.Step(action=Action.MERGE, data={"into_id": into.pk, "reason": reason}),)
    action = _ANSWERS.get(entry.settling)
    return () if action is None else (desk.Step(action=action, data={"answer": entry.value("answer")}),)


def _left_empty(entry: Entry) -> frozenset[str]:
    empty = {name for name in entry.left_empty if not entry.value(name)}
    if "place" in empty:
        empty |= {"district_id", "street_id", "community_id"}
    return frozenset(empty - {"place", "requester_name"})


def _at_the_form(errors: Mapping[str, str]) -> dict[str, str]:
    """The form has one field for the three areas."""
    areas = ("district_id", "street_id", "community_id")
    return {("place" if name in areas else name): message for name, message in errors.items()}
