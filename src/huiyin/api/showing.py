"""Cases, events and registry entries as plain JSON values, in the shapes of `shapes`."""

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse

from huiyin.accounts.viewer import Viewer
from huiyin.cases import disclosure, numbers, selectors
from huiyin.cases.models import Attachment, Case, CaseEvent, RunningClock
from huiyin.domain.actions import Action
from huiyin.domain.deadlines import light
from huiyin.domain.vocabulary import Status
from huiyin.registry import directory, rulebook

Json = dict[str, Any]

_NOT_COUNTING = frozenset({Status.SUSPENDED, Status.CLOSED, Status.MERGED, Status.CANCELLED})


def answer(body: Any, *, status: int = 200) -> HttpResponse:
    """JSON as it is: a value built here needs no second check on its way out."""
    return HttpResponse(as_text(body), content_type="application/json; charset=utf-8", status=status)


def as_text(body: Any) -> str:
    return json.dumps(body, ensure_ascii=False, default=_moment, separators=(",", ":"))


def brief(row: Case, viewer: Viewer, now: datetime) -> Json:
    """Free words are masked for those who only look on."""
    said = disclosure.words_for(viewer, row)
    return {
        "id": row.pk,
        "case_no": row.case_no,
        "seq": row.seq,
        "status": row.status,
        "title": said(row.title),
        "channel": row.channel,
        "request_type": row.request_type,
        "grade": row.grade,
        "case_class": class_ref(row),
        "place": {
            "district": area_ref(row.district_id),
            "street": area_ref(row.street_id),
            "community": area_ref(row.community_id),
            "address": said(row.address),
        },
        "confidential": row.confidential,
        "lead_unit": unit_ref(row.lead_unit_id),
        "sub_unit": unit_ref(row.sub_unit_id),
        "registered_at": row.registered_at,
        "last_at": row.last_at,
        "due_at": row.due_at,
        "light": _light(row, now),
        "closed_at": row.closed_at,
    }


def full(row: Case, viewer: Viewer, *, clocks: Iterable[RunningClock], now: datetime) -> Json:
    shown = brief(row, viewer, now)
    shown["content"] = disclosure.words_for(viewer, row)(row.content)
    names = (
        "origin_line anonymous disposition dispatched_at signed_at contacted_at feedback_requester_at "
        "feedback_hotline_at extension suspension supervised escalated urge_count supplement_count round contacted "
        "solved satisfaction callback_valid"
    )
    shown |= {name: getattr(row, name) for name in names.split()}
    shown["requester"] = _identity(row, viewer)
    shown["first_unit"] = unit_ref(row.first_unit_id)
    shown["co_units"] = [unit_ref(unit_id) for unit_id in row.co_unit_ids]
    shown["clocks"] = [clock_out(clock) for clock in sorted(clocks, key=lambda clock: clock.due_at)]
    return shown


def registered(row: Case, clocks: Iterable[RunningClock], viewer: Viewer) -> Json:
    return {
        "id": row.pk,
        "case_no": row.case_no,
        "case_no_spoken": numbers.grouped(row.case_no),
        "access_code": disclosure.access_code_for(viewer, row) or None,
        "seq": row.seq,
        "status": row.status,
        "grade": row.grade,
        "case_class": class_ref(row),
        "lead_unit": unit_ref(row.lead_unit_id),
        "registered_at": row.registered_at,
        "due_at": row.due_at,
        "clocks": [clock_out(clock) for clock in sorted(clocks, key=lambda clock: clock.due_at)],
        "proposal": row.proposal,
    }


def event(row: CaseEvent, said: Callable[[str], str]) -> Json:
    return {
        "seq": row.seq,
        "at": row.at,
        "action": row.action,
        "action_label": Action(row.action).label,
        "from_status": row.from_status,
        "to_status": row.to_status,
        "actor_kind": row.actor_kind,
        "actor_name": row.actor_name,
        "unit": unit_ref(row.unit_id),
        "reason": said(row.reason),
        "data": {name: said(value) if isinstance(value, str) else value for name, value in row.data.items()},
    }


def clock_out(clock: RunningClock) -> Json:
    return {
        "kind": str(clock.kind),
        "started_at": clock.started_at,
        "warn_at": clock.warn_at,
        "due_at": clock.due_at,
    }


def file_out(row: Attachment) -> Json:
    return {name: getattr(row, name) for name in ("id", "name", "media_type", "size", "sha256", "uploaded_at")}


def area_ref(area_id: int | None) -> Json | None:
    info = directory.find_area(area_id) if area_id else None
    return {"id": info.id, "code": info.code, "name": info.name} if info else None


def unit_ref(unit_id: int | None) -> Json | None:
    info = directory.find_unit(unit_id) if unit_id else None
    return {"id": info.id, "code": info.code, "name": info.name} if info else None


def class_ref(row: Case) -> Json:
    info = rulebook.taxonomy(row.taxonomy_edition_id).get(row.class_code)
    return {"code": row.class_code, "path": info.path if info else ""}


def _identity(row: Case, viewer: Viewer) -> Json | None:
    """Masked; nothing at all of somebody who asked to stay unknown to the units."""
    if row.anonymous and viewer.sees != "city":
        return None
    identity = selectors.masked_identity(row.requester)
    return {"name": identity.name, "phone": identity.phone}


def _light(row: Case, now: datetime) -> str | None:
    """None where no handling limit runs: not dispatched, suspended, answered, closed."""
    if row.due_at is None or row.status in _NOT_COUNTING or row.feedback_hotline_at is not None:
        return None
    return str(light(now=now, warn_at=row.warn_at, due=row.due_at))


def _moment(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
