"""What an action needs to be told: field descriptions from which forms, API schemas and checks are made."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from huiyin.domain.errors import InvalidData
from huiyin.domain.vocabulary import Term

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL refuses NUL and lone surrogates


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
        try:
            values[field.name] = _parse_one(field, data.get(field.name))
        except ValueError as wrong:
            errors[field.name] = str(wrong)
    for name in sorted(set(data) - {field.name for field in fields}):
        errors[name] = f"不认识的字段：{name[:40]}"
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


def _parse_one(field: Field, raw: object) -> object:
    value = None if _is_empty(raw) else _PARSERS[field.kind](field, raw)
    if value is None or value == ():
        if field.required:
            raise ValueError(_asked_for(field))
        return () if field.kind in _MANY else None
    return value


def _asked_for(field: Field) -> str:
    if field.kind is FieldKind.YES_NO:
        return f"请选择是否{field.label.removeprefix('是否')}"
    verb = "请填写" if field.kind in _WRITTEN else "请添加" if field.kind is FieldKind.FILES else "请选择"
    return f"{verb}{field.label}"


def _is_empty(raw: object) -> bool:
    """Nothing, or a text without one visible character."""
    if isinstance(raw, str):
        return not any(sign.isprintable() and not sign.isspace() for sign in raw)
    return raw is None or (isinstance(raw, list | tuple) and not raw)


def _text(field: Field, raw: object) -> str:
    if not isinstance(raw, str):
        raise ValueError(f"{field.label}应为文字")
    text = UNSTORABLE.sub("", raw).strip()
    if len(text) < field.min_length:
        raise ValueError(f"{field.label}至少写{field.min_length}个字，请写清楚")
    if len(text) > field.max_length:
        raise ValueError(f"{field.label}不能超过{field.max_length}个字")
    return text


def _choice(field: Field, raw: object) -> Term:
    assert field.choices is not None
    for term in field.choices:
        if term.value == raw:
            return term
    offered = "、".join(term.label for term in field.choices)
    raise ValueError(f"{field.label}应为其中之一：{offered}")


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
    if not _YEARS[0] <= moment.year < _YEARS[1]:
        raise ValueError(f"{field.label}不是有效的时间")
    return moment


def _identifier(field: Field, raw: object) -> int:
    digits = str(raw).strip() if isinstance(raw, int | str) and not isinstance(raw, bool) else ""
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= _DIGITS):
        raise ValueError(f"请从列表中选择{field.label}")
    number = int(digits)
    if not 0 < number < (2**63 if field.kind in _BIG else 2**31):
        raise ValueError(f"请从列表中选择{field.label}")
    return number


def _identifiers(field: Field, raw: object) -> tuple[int, ...]:
    items = raw.split(",") if isinstance(raw, str) else raw if isinstance(raw, list | tuple) else [raw]
    if len(items) > _MOST:
        raise ValueError(f"{field.label}最多选{_MOST}项")
    return tuple(dict.fromkeys(_identifier(field, item) for item in items if not _is_empty(item)))


_WRITTEN = frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.TIME})
_MANY = frozenset({FieldKind.UNITS, FieldKind.FILES})
_MOST = 50  # items in one field: guards the store, no rule of the hotline
_BIG = frozenset({FieldKind.CASE, FieldKind.FILES})  # stored as 64-bit numbers, all others as 32-bit
_DIGITS = 19
_YEARS = (1900, 2200)  # beyond, a time cannot be stored and read back in every zone
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
