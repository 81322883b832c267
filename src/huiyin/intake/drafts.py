"""Keeps unfinished entries, sealed: written a second after each change, offered again when the console is opened."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from huiyin.accounts import sealed
from huiyin.domain import privacy
from huiyin.domain.statement import title_of
from huiyin.intake.entry import Entry
from huiyin.intake.models import Draft, Filing

KEPT_FOR = timedelta(days=7)  # [DESIGN] who has not come back to a call by then will not; personal data is not hoarded
_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A draft as the list names it."""

    key: UUID
    title: str
    updated_at: datetime


def keep(entry: Entry, *, staff_id: int, now: datetime) -> None:
    """One statement; what was filed already (a late save after the form was sent) is not kept again."""
    if Filing.objects.filter(staff_id=staff_id, key=entry.key).exists():
        return
    row = Draft(staff_id=staff_id, key=entry.key, data_sealed=_packed(entry), updated_at=now)
    Draft.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["staff", "key"],
        update_fields=["data_sealed", "updated_at"],
    )


def discard(key: UUID, *, staff_id: int) -> None:
    Draft.objects.filter(staff_id=staff_id, key=key).delete()


def settle(key: UUID, *, staff_id: int, now: datetime) -> None:
    """After filing: this draft goes, and with it, in the same statement, those that are too old."""
    Draft.objects.filter(Q(key=key) | Q(updated_at__lt=now - KEPT_FOR), staff_id=staff_id).delete()


def latest(staff_id: int, *, now: datetime) -> list[Draft]:
    """The newest first (intake_draft_latest)."""
    fresh = Draft.objects.filter(staff_id=staff_id, updated_at__gte=now - KEPT_FOR)
    return list(fresh.order_by("-updated_at")[:_SHOWN])


def unpacked(draft: Draft) -> Entry:
    held = json.loads(sealed.unseal(draft.data_sealed))
    return Entry(
        key=draft.key,
        values=held["values"],
        by_machine=frozenset(held["by_machine"]),
        left_empty=frozenset(held["left_empty"]),
    )


def listed(drafts: Iterable[Draft]) -> list[Kept]:
    return [Kept(key=draft.key, title=_title(unpacked(draft)), updated_at=draft.updated_at) for draft in drafts]


def _title(entry: Entry) -> str:
    said = entry.value("title") or entry.value("content")
    return title_of(said)[:14] if said.strip() else privacy.mask_phone(entry.value("phone")) or "未写内容"


def _packed(entry: Entry) -> bytes:
    held = {
        "values": dict(entry.values),
        "by_machine": sorted(entry.by_machine),
        "left_empty": sorted(entry.left_empty),
    }
    return sealed.seal(json.dumps(held, ensure_ascii=False))
