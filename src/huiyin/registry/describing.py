"""Says rows and changes in Chinese words: labels for fields, names for ids, the words of choices."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from huiyin.registry import directory
from huiyin.registry.models import Area, CaseClass, CatalogueRule, Limit, Parameter, PlaceName, Reason, Unit

MODEL_LABELS = {
    "unit": "单位",
    "area": "区域",
    "placename": "地名",
    "calendarday": "日历",
    "edition": "规则版本",
    "caseclass": "问题分类",
    "cataloguerule": "派单目录",
    "limit": "时限",
    "parameter": "参数",
    "reason": "理由",
}
_EDITION_WORDS = {"draft": "编制草稿", "publish": "发布", "withdraw": "撤回", "discard": "删除草稿"}
# What tells the rows of an edition apart; two rows of two editions with the same key are the same rule.
_KEYS: Mapping[type[models.Model], tuple[str, ...]] = {
    CaseClass: ("code",),
    CatalogueRule: ("class_prefix", "area_id", "request_type", "word"),
    Limit: ("grade", "clock"),
    Parameter: ("key",),
    Reason: ("kind", "code"),
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowDifference:
    """`kind` is added, removed or changed."""

    kind: str
    title: str
    fields: tuple[FieldChange, ...]


def changes_of(model: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[FieldChange]:
    """The fields of one line of history, said in words."""
    if model == "edition":
        return _of_edition(before, after)
    names = dict.fromkeys([*(before or {}), *(after or {})])
    found = []
    for name in names:
        old = _said(model, name, (before or {}).get(name)) if before else ""
        new = _said(model, name, (after or {}).get(name)) if after else ""
        if old or new:
            found.append(FieldChange(label_of(model, name), old, new))
    return found


def name_of_key(model: str, key: str) -> str:
    """The name behind a code in the history; empty where the key says enough."""
    if model == "placename":
        place = PlaceName.objects.filter(pk=int(key)).first() if key.isdigit() else None
        return place.name if place else ""
    found = {"unit": directory.unit_by_code, "area": directory.area_by_code}.get(model, lambda code: None)(key)
    return found.name if found else ""


def label_of(model: str, name: str) -> str:
    field = _field(model, name)
    return str(field.verbose_name) if field is not None else name


def differences(model: type[models.Model], old: Iterable[Any], new: Iterable[Any]) -> list[RowDifference]:
    """What a newer edition's rows add, drop and change, in the newer edition's order."""
    before, after = {_key(row): row for row in old}, {_key(row): row for row in new}
    found = [_added_or_changed(model, before.get(key), row) for key, row in after.items()]
    gone = [RowDifference("removed", title_of(row), ()) for key, row in before.items() if key not in after]
    return [difference for difference in found if difference] + gone


def title_of(row: models.Model) -> str:
    match row:
        case CaseClass():
            return f"{row.code} {row.level1} › {row.level2} › {row.level3}"
        case CatalogueRule():
            conditions = [row.class_prefix or _("全部分类"), _said("cataloguerule", "area_id", row.area_id), row.word]
            return " · ".join(word for word in conditions if word)
        case Limit():
            return f"{row.get_clock_display()} · {row.get_grade_display()}"
        case Parameter():
            return row.label
        case Reason():
            return f"{row.get_kind_display()} {row.code} {row.label}"
    return str(row)


def _added_or_changed(model: type[models.Model], old: Any, new: Any) -> RowDifference | None:
    if old is None:
        return RowDifference("added", title_of(new), ())
    name = model._meta.model_name or ""
    skipped = {"id", "edition", "pinyin", "initials"}
    attributes = [f.attname for f in model._meta.concrete_fields if f.name not in skipped]
    fields = tuple(
        FieldChange(label_of(name, a), _said(name, a, getattr(old, a)), _said(name, a, getattr(new, a)))
        for a in attributes
        if getattr(old, a) != getattr(new, a)
    )
    return RowDifference("changed", title_of(new), fields) if fields else None


def _key(row: models.Model) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in _KEYS[type(row)])


def _of_edition(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[FieldChange]:
    given = after or {}
    found = [FieldChange(_("操作"), "", _EDITION_WORDS.get(given.get("what", ""), ""))]
    if given.get("base"):
        found.append(FieldChange(_("取自"), "", given["base"]))
    if given.get("effective_from"):
        old = (before or {}).get("effective_from", "")
        found.append(
            FieldChange(_("生效时间"), old[:16].replace("T", " "), given["effective_from"][:16].replace("T", " "))
        )
    return found


def _field(model: str, name: str) -> "models.Field[Any, Any] | None":
    meta = apps.get_model("registry", model)._meta
    return next((field for field in meta.concrete_fields if name in (field.name, field.attname)), None)


def _said(model: str, name: str, value: Any) -> str:
    if value in (None, "", [], ()):
        return ""
    field = _field(model, name)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list | tuple):
        choices = dict(getattr(getattr(field, "base_field", None), "flatchoices", None) or ())
        return "、".join(str(choices.get(item, item)) for item in value)
    if isinstance(field, models.ForeignKey):
        found = {Area: directory.find_area, Unit: directory.find_unit}[field.related_model](int(value))
        return found.name if found else str(value)
    choices = dict(getattr(field, "flatchoices", None) or ())
    return str(choices.get(value, value))
