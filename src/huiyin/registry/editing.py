"""Writes dated registry rows (units, areas, places, calendar days), each edit with its before and after on record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models, transaction

from huiyin.domain.vocabulary import AreaKind, UnitKind
from huiyin.registry import revision
from huiyin.registry.models import Area, CalendarDay, PlaceName, RegistryChange, Unit
from huiyin.registry.notices import NoticeDay
from huiyin.registry.spelling import spell


@dataclass(frozen=True, slots=True)
class Editor:
    """Who makes an edit, as it is written into the history."""

    id: int | None
    name: str


_KEYS = {Area: "code", Unit: "code", PlaceName: "pk", CalendarDay: "pk"}


@transaction.atomic
def save(row: models.Model, *, by: Editor, now: datetime) -> bool:
    """Save an area, a unit or a place as a form left it; False if nothing differs from what is stored."""
    if isinstance(row, Area | Unit):
        row.pinyin, row.initials = spell(row.short_name)
    if isinstance(row, PlaceName):
        row.pinyin, row.initials = spell(row.name)
    stored = type(row)._default_manager.select_for_update().filter(pk=row.pk).first() if row.pk else None
    before, after = (plain_values(stored) if stored else None), plain_values(row)
    if before == after:
        return False
    row.save()
    after = plain_values(row)
    record(row, before=_differing(before, after), after=_differing(after, before), by=by, now=now)
    if isinstance(row, Area) and before and before["district_id"] != after["district_id"]:
        _follow(row, by=by, now=now)
    return True


def _follow(street: Area, *, by: Editor, now: datetime) -> None:
    """A street that another district administers takes its communities and all their units along."""
    if street.kind != AreaKind.STREET.value:
        return
    government = Unit.objects.filter(kind=UnitKind.DISTRICT_GOV.value, area_id=street.district_id).first()
    Area.objects.filter(parent=street).update(district_id=street.district_id)
    Unit.objects.filter(area__parent=street).update(district_id=street.district_id)
    for unit in Unit.objects.filter(area=street, kind=UnitKind.STREET.value):
        before = plain_values(unit)
        unit.district_id = street.district_id
        unit.parent_id = government.pk if government else unit.parent_id
        unit.save(update_fields=["district", "parent"])
        after = plain_values(unit)
        record(unit, before=_differing(before, after), after=_differing(after, before), by=by, now=now)


@transaction.atomic
def set_days(days: Iterable[NoticeDay], *, by: Editor, now: datetime) -> int:
    """Enter the days of a notice; returns how many were new or different."""
    changed = 0
    for day in days:
        stored = CalendarDay.objects.select_for_update().filter(day=day.day).first()
        row = CalendarDay(day=day.day, worked=day.worked, name=day.name)
        before = plain_values(stored) if stored else None
        if before == plain_values(row):
            continue
        row.save(force_insert=stored is None, force_update=stored is not None)
        after = plain_values(row)
        record(row, before=_differing(before, after), after=_differing(after, before), by=by, now=now)
        changed += 1
    return changed


@transaction.atomic
def remove_day(day: date, *, by: Editor, now: datetime) -> None:
    """Back to the plain week."""
    row = CalendarDay.objects.select_for_update().get(day=day)
    before = plain_values(row)
    key = str(row.pk)
    row.delete()
    _note("calendarday", key, before=before, after=None, by=by, now=now)


def record(
    row: models.Model,
    *,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    by: Editor,
    now: datetime,
    key: str = "",
) -> None:
    """One line of history; `before` is empty for an added row, `after` for a removed one."""
    key = key or str(getattr(row, _KEYS[type(row)]))
    _note(row._meta.model_name or "", key, before=before, after=after, by=by, now=now)


def plain_values(row: models.Model) -> dict[str, Any]:
    """The row's own fields as JSON can hold them; what is derived from them is left out."""
    skipped = ("id", "pinyin", "initials", "edition")
    fields = (field for field in row._meta.concrete_fields if field.name not in skipped)
    return {field.attname: _plain(getattr(row, field.attname)) for field in fields}


def _note(
    model: str,
    key: str,
    *,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    by: Editor,
    now: datetime,
) -> None:
    RegistryChange.objects.create(
        at=now, staff_id=by.id, staff_name=by.name, model=model, key=key, before=before, after=after
    )
    revision.renew()


def _differing(values: dict[str, Any] | None, other: dict[str, Any] | None) -> dict[str, Any] | None:
    if values is None or other is None:
        return values
    return {name: value for name, value in values.items() if other[name] != value}


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value.normalize())
    return list(value) if isinstance(value, list | tuple) else value
