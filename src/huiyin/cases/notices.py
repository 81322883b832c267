"""Tells units what happened to their cases: a subscriber of the event stream that writes one notice an event."""

from collections.abc import Sequence

from huiyin.cases.models import Case, CaseEvent, Notice
from huiyin.domain.actions import Action
from huiyin.domain.vocabulary import ClockKind

# Events that the owning unit did not cause and has to know of; True: at once, loudly.
_TOLD = {
    Action.DISPATCH: False,
    Action.REDISPATCH: False,
    Action.RULE_RETURN: False,
    Action.DECIDE_EXTENSION: False,
    Action.DECIDE_SUSPENSION: False,
    Action.SUPPLEMENT: False,
    Action.URGE: True,
    Action.SUPERVISE: True,
    Action.REWORK: True,
    Action.REOPEN: True,
    Action.WARN: False,
    Action.ESCALATE: True,
    Action.CORRECT: False,
}
_UNITS_CLOCKS = frozenset({ClockKind.SIGN, ClockKind.CONTACT, ClockKind.HANDLE, ClockKind.REVIEW})


def notify_units(events: Sequence[CaseEvent]) -> None:
    told = [event for event in events if Action(event.action) in _TOLD and _concerns_unit(event)]
    cases = Case.objects.in_bulk({event.case_id for event in told})
    notices = [
        Notice(
            unit_id=unit_id,
            case_id=event.case_id,
            event_id=event.pk,
            action=event.action,
            text=f"{Action(event.action).label}：{event.reason}"[:200],
            urgent=_TOLD[Action(event.action)] or case.grade == "critical",
            at=event.at,
        )
        for event in told
        for case in [cases[event.case_id]]
        for unit_id in {case.lead_unit_id, case.sub_unit_id} - {None}
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)


def _concerns_unit(event: CaseEvent) -> bool:
    clock = event.data.get("clock")
    return clock is None or clock in _UNITS_CLOCKS
