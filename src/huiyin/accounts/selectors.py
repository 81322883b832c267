"""Reads about people and about who looked at what; lists use keyset paging."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from huiyin.accounts.models import AccessLog, Post, RevealLog, Staff
from huiyin.accounts.viewer import Viewer

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some rows and where the next ones begin (None: that was all)."""

    rows: list[Any]
    after: str | None


def staff_page(
    viewer: Viewer,
    *,
    words: str = "",
    role: str = "",
    unit_ids: frozenset[int] | None = None,
    state: str = "",
    after: str = "",
) -> Page:
    """People in the viewer's reach by staff number (unique index); two queries."""
    today = timezone.localdate()
    posts = Post.objects.valid_on(today).select_related("unit")
    people = Staff.objects.prefetch_related(Prefetch("posts", queryset=posts, to_attr="valid_posts"))
    held = posts
    if viewer.sees != "city":
        held = held.filter(unit_id__in=viewer.unit_ids)
    if unit_ids is not None:
        held = held.filter(unit_id__in=unit_ids)
    if role:
        held = held.filter(role=role)
    if viewer.sees != "city" or unit_ids is not None or role:
        people = people.filter(pk__in=held.values("staff_id"))
    for word in words.split():
        people = people.filter(Q(name__icontains=word) | Q(staff_no__icontains=word) | Q(username__icontains=word))
    if state:
        people = people.filter(is_active=state == "active")
    if after:
        people = people.filter(staff_no__gt=after)
    rows = list(people.order_by("staff_no")[: PAGE + 1])
    return Page(rows=rows[:PAGE], after=rows[PAGE - 1].staff_no if len(rows) > PAGE else None)


def look_page(
    viewer: Viewer,
    *,
    kind: str,
    staff_ids: list[int] | None = None,
    case_id: int | None = None,
    field: str = "",
    since: date | None = None,
    until: date | None = None,
    before: int | None = None,
) -> Page:
    """Looks and reveals, newest first by primary key; one query. Outside the hotline: those of the own units only."""
    rows: QuerySet[Any] = (RevealLog if kind == "reveals" else AccessLog).objects.select_related("staff")
    if viewer.sees != "city":
        rows = rows.filter(unit_id__in=viewer.unit_ids)
    if staff_ids is not None:
        rows = rows.filter(staff_id__in=staff_ids)
    if case_id:
        rows = rows.filter(case_id=case_id)
    if field and kind == "reveals":
        rows = rows.filter(field=field)
    if since:
        rows = rows.filter(at__gte=_start_of(since))
    if until:
        rows = rows.filter(at__lt=_start_of(until + timedelta(days=1)))
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-id")[: PAGE + 1])
    return Page(rows=found[:PAGE], after=str(found[PAGE - 1].pk) if len(found) > PAGE else None)


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
