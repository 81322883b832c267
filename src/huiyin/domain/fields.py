"""What an action needs to be told: field descriptions from which forms, API schemas and checks are made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, cast

from huiyin.domain.errors import InvalidData
from huiyin.domain.vocabulary import Term


class FieldKind(Enum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    YES_NO = "yes_no"
    TIME = "time"
    UNIT = "unit"
    UNITS = "units"
    STAFF = "staff"
    AREA = "area"
    CLASS = "class"
    CASE = "case"
    FILES = "files"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    name: str
    kind: FieldKind
    label: str
    required: bool = True
    help: str = ""
    choices: type[Term] | None = None
    reasons: str = ""  # kind of registry reasons offered beside free words
    min_length: int = 0
    max_length: int = 4000


Values = Mapping[str, Any]  # the parsed values: their types follow each field's kind


def parse(fields: tuple[Field, ...], data: Mapping[str, object]) -> dict[str, Any]:
    """Typed values by field name (None where left empty), or InvalidData with a message for each wrong field."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field in fields:
        raw = data.get(field.name)
        if _is_empty(raw):
            values[field.name] = () if field.kind in _MANY else None
            if field.required:
                errors[field.name] = f"请填写{field.label}"
            continue
        try:
            values[field.name] = _PARSERS[field.kind](field, raw)
        except ValueError as wrong:
            errors[field.name] = str(wrong)
    for name in sorted(set(data) - {field.name for field in fields}):
        errors[name] = f"不认识的字段：{name}"
    if errors:
        raise InvalidData(errors)
    return values


def as_json(value: object) -> object:
    """The value as it is written into the event: primitives only."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Term):
        return str(value)
    if isinstance(value, tuple | list | frozenset):
        return [as_json(item) for item in value]
    return value


def _is_empty(raw: object) -> bool:
    return raw is None or (isinstance(raw, str) and not raw.strip()) or (isinstance(raw, list | tuple) and not raw)


def _text(field: Field, raw: object) -> str:
    if not isinstance(raw, str):
        raise ValueError(f"{field.label}应为文字")
    text = raw.replace("\x00", "").strip()
    if len(text) < field.min_length:
        raise ValueError(f"{field.label}至少写{field.min_length}个字，请写清楚")
    if len(text) > field.max_length:
        raise ValueError(f"{field.label}不能超过{field.max_length}个字")
    return text


def _choice(field: Field, raw: object) -> Term:
    assert field.choices is not None
    try:
        return field.choices(cast("Any", raw))
    except ValueError:
        offered = "、".join(term.label for term in field.choices)
        raise ValueError(f"{field.label}应为其中之一：{offered}") from None


def _yes_no(field: Field, raw: object) -> bool:
    known = {"yes": True, "true": True, "1": True, "是": True, "no": False, "false": False, "0": False, "否": False}
    answer = raw if isinstance(raw, bool) else known.get(str(raw).strip().lower())
    if answer is None:
        raise ValueError(f"{field.label}应为“是”或“否”")
    return answer


def _time(field: Field, raw: object) -> datetime:
    try:
        moment = raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw))
    except ValueError:
        raise ValueError(f"{field.label}不是有效的时间") from None
    if moment.tzinfo is None:
        raise ValueError(f"{field.label}须带时区")
    return moment


def _identifier(field: Field, raw: object) -> int:
    if isinstance(raw, bool) or not str(raw).strip().isascii() or not str(raw).strip().isdecimal():
        raise ValueError(f"请从列表中选择{field.label}")
    number = int(str(raw))
    if not 0 < number < 2**63:
        raise ValueError(f"请从列表中选择{field.label}")
    return number


def _identifiers(field: Field, raw: object) -> tuple[int, ...]:
    items = raw.split(",") if isinstance(raw, str) else raw if isinstance(raw, list | tuple) else [raw]
    return tuple(dict.fromkeys(_identifier(field, item) for item in items if not _is_empty(item)))


_MANY = frozenset({FieldKind.UNITS, FieldKind.FILES})
_PARSERS: Mapping[FieldKind, Callable[[Field, object], object]] = {
    FieldKind.TEXT: _text,
    FieldKind.LONG_TEXT: _text,
    FieldKind.CLASS: _text,
    FieldKind.CHOICE: _choice,
    FieldKind.YES_NO: _yes_no,
    FieldKind.TIME: _time,
    FieldKind.UNIT: _identifier,
    FieldKind.STAFF: _identifier,
    FieldKind.AREA: _identifier,
    FieldKind.CASE: _identifier,
    FieldKind.UNITS: _identifiers,
    FieldKind.FILES: _identifiers,
}
