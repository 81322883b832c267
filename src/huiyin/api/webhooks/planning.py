"""Decides which webhooks are told of which events, and what they are told: numbers and states, no personal data."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings

from huiyin.api.models import Delivery, Webhook
from huiyin.api.webhooks import jobs_to_come
from huiyin.cases import disclosure
from huiyin.cases.models import Case, CaseEvent
from huiyin.domain.actions import Action
from huiyin.registry import directory


def plan(events: Sequence[CaseEvent]) -> None:
    """A reader of the event stream: the rows and jobs stand in the transaction that marks the events as read."""
    webhooks = list(Webhook.objects.all())
    if not webhooks:
        return
    cases = Case.objects.in_bulk({event.case_id for event in events})
    deliveries = [
        _delivery(webhook, event, cases[event.case_id])
        for event in events
        for webhook in webhooks
        if _is_told(webhook, event, cases[event.case_id])
    ]
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True, batch_size=500)
    active = {webhook.pk for webhook in webhooks if webhook.active}
    for webhook_id in sorted({delivery.webhook_id for delivery in deliveries} & active):
        jobs_to_come.send(webhook_id)


def payload_of(event: CaseEvent, case: Case) -> dict[str, Any]:
    """What was said and by whom is fetched through the API, by who may see it."""
    return {
        "event_id": event.pk,
        "event": f"case.{event.action}",
        "event_label": Action(event.action).label,
        "at": event.at.isoformat(),
        "seq": event.seq,
        "from_status": event.from_status,
        "to_status": event.to_status,
        "case": {
            "id": case.pk,
            "case_no": case.case_no,
            "class_code": case.class_code,
            "grade": case.grade,
            "district_code": _area(case.district_id),
            "street_code": _area(case.street_id),
            "lead_unit_code": _unit(case.lead_unit_id),
            "due_at": case.due_at.isoformat() if case.due_at else None,
            "confidential": case.confidential,
            "url": f"{settings.PUBLIC_URL}/api/v1/cases/{case.case_no}",
        },
    }


def _is_told(webhook: Webhook, event: CaseEvent, case: Case) -> bool:
    """A webhook that is switched off still collects, so that nothing is missing once it is on again within a day."""
    if webhook.events and event.action not in webhook.events:
        return False
    if case.confidential and not webhook.confidential:
        return False
    if not disclosure.events_told([event], case, whole_city=webhook.unit_id is None):
        return False
    return webhook.unit_id is None or not _involved(case).isdisjoint(directory.subtree_unit_ids(webhook.unit_id))


def _involved(case: Case) -> set[int | None]:
    return {case.lead_unit_id, case.sub_unit_id, case.first_unit_id, *case.co_unit_ids}


def _delivery(webhook: Webhook, event: CaseEvent, case: Case) -> Delivery:
    return Delivery(
        webhook=webhook,
        event_id=event.pk,
        action=event.action,
        case_no=case.case_no,
        payload=payload_of(event, case),
        created_at=event.at,
        next_at=event.at,
        give_up_at=event.at + jobs_to_come.TRIED_FOR,
    )


def _area(area_id: int | None) -> str | None:
    info = directory.find_area(area_id) if area_id else None
    return info.code if info else None


def _unit(unit_id: int | None) -> str | None:
    info = directory.find_unit(unit_id) if unit_id else None
    return info.code if info else None


def action_labels(actions: Iterable[str]) -> list[str]:
    return [Action(action).label for action in actions]
