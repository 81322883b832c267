"""Writes down who saw whose personal data; the caller shows the data only after this returned."""

from datetime import datetime

from axes.helpers import get_client_ip_address
from django.http import HttpRequest
from django.utils import timezone

from huiyin.accounts.models import AccessLog, RevealLog
from huiyin.accounts.models.looks import Purpose, RevealedField
from huiyin.accounts.viewer import Viewer
from huiyin.domain.errors import InvalidData

LEAST_REASON = 4
MOST_REASON = 200


def record(
    *,
    case_id: int,
    viewer: Viewer,
    field: str,
    purpose: str,
    reason: str,
    ip: str | None = None,
    at: datetime | None = None,
) -> RevealLog:
    """One field of a case was asked for in full, and why."""
    errors = _errors(field=field, purpose=purpose, reason=reason.strip())
    if errors:
        raise InvalidData(errors)
    return RevealLog.objects.create(
        case_id=case_id,
        staff_id=viewer.staff_id,
        unit_id=viewer.unit_id,
        field=field,
        purpose=purpose,
        reason=reason.strip(),
        at=at or timezone.now(),
        ip=ip,
    )


def record_look(
    *, case_id: int, viewer: Viewer, page: str, ip: str | None = None, at: datetime | None = None
) -> AccessLog:
    """A page with a case's identity data was opened."""
    return AccessLog.objects.create(
        case_id=case_id, staff_id=viewer.staff_id, unit_id=viewer.unit_id, page=page, at=at or timezone.now(), ip=ip
    )


def address_of(request: HttpRequest) -> str | None:
    """Where the request came from, by the same rules as the lock-out counts it."""
    return get_client_ip_address(request)


def _errors(*, field: str, purpose: str, reason: str) -> dict[str, str]:
    errors = {}
    if field not in RevealedField.values:
        errors["field"] = "不能查看这项内容。"
    if purpose not in Purpose.values:
        errors["purpose"] = "请选择用途。"
    if not LEAST_REASON <= len(reason) <= MOST_REASON:
        errors["reason"] = f"请写明查看事由（{LEAST_REASON}–{MOST_REASON}个字）。"
    return errors
