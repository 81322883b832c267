"""Request bodies made from the domain's field lists: what the schema shows, how codes become the ids the desk takes.

The schema only describes; every value is checked by the domain, so that the API and the forms say the same in Chinese.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from huiyin.accounts.models import Staff
from huiyin.accounts.viewer import Viewer
from huiyin.cases.selectors import cases_for
from huiyin.domain.errors import InvalidData
from huiyin.domain.fields import Field, FieldKind
from huiyin.registry import directory

Json = dict[str, Any]
_LONGEST_LIST = 50


class Body(BaseModel):
    """A JSON object whose fields the domain knows; `fields` is set by `body_of`."""

    model_config = ConfigDict(extra="allow")


def body_of(
    name: str, fields: Sequence[Field], *, optional: Sequence[str] = (), extra: Json | None = None
) -> type[Body]:
    """A body with these fields; `optional` ones are filled by defaults, `extra` are properties of the API's own."""
    schema = _object_schema(name, fields, optional, extra or {})

    def __get_pydantic_json_schema__(cls: type[Body], core_schema: Any, handler: Any) -> Json:  # noqa: N807
        return schema

    return type(name, (Body,), {"__get_pydantic_json_schema__": classmethod(__get_pydantic_json_schema__)})


def resolved(fields: Sequence[Field], given: Mapping[str, Any], *, viewer: Viewer) -> dict[str, Any]:
    """The data for the desk: each code replaced by its id. InvalidData names every code that is nobody's."""
    data = dict(given)
    errors: dict[str, str] = {}
    for field in fields:
        code = _CODES.get(field.kind)
        if code is None or (name := code.name_for(field)) not in data:
            continue
        raw = data.pop(name)
        if raw in (None, "", []):
            continue
        if data.get(field.name) not in (None, "", []):
            errors[name] = f"{field.name} 与 {name} 只填一个"
            continue
        try:
            data[field.name] = code.find(raw, viewer)
        except LookupError:
            errors[name] = f"没有这个{field.label}：请核对代码"
    if errors:
        raise InvalidData(errors)
    return data


def code_name(field: Field) -> str | None:
    """The name under which a code may be given instead of an id."""
    code = _CODES.get(field.kind)
    return code.name_for(field) if code else None


def property_of(field: Field) -> Json:
    """The JSON schema of one field, with its Chinese name and help."""
    schema: Json = {"title": field.label, **_KINDS[field.kind](field)}
    told = [field.label]
    if field.help:
        told.append(field.help)
    if field.choices:
        told.append("；".join(f"{term.value} {term.label}" for term in field.choices))
    if field.reasons:
        told.append(f"常用理由见 GET /reasons?kind={field.reasons}")
    return {**schema, "description": "。".join(told)}


@dataclass(frozen=True, slots=True)
class _Code:
    """The second name of a field under which a code may be given instead of an id."""

    suffix: str  # replaces _id or _ids
    schema: Json
    find: Callable[[Any, Viewer], Any]

    def name_for(self, field: Field) -> str:
        return field.name.removesuffix("_ids").removesuffix("_id") + self.suffix


def _object_schema(name: str, fields: Sequence[Field], optional: Sequence[str], extra: Json) -> Json:
    properties: Json = {}
    required: list[str] = []
    either: list[Json] = []
    for field in fields:
        wanted = field.required and field.name not in optional
        code = _CODES.get(field.kind)
        properties[field.name] = property_of(field) if wanted and code is None else _or_null(property_of(field))
        if code is not None:
            shown = {"title": field.label, "description": f"{field.label}（代码，与 {field.name} 二选一）"}
            properties[code.name_for(field)] = _or_null({**code.schema, **shown})
            if wanted:
                either.append({"anyOf": [{"required": [field.name]}, {"required": [code.name_for(field)]}]})
        elif wanted:
            required.append(field.name)
    schema: Json = {
        "title": name,
        "type": "object",
        "properties": {**properties, **extra},
        "additionalProperties": False,
    }
    if required:
        schema["required"] = required
    if either:
        schema["allOf"] = either
    return schema


def _or_null(schema: Json) -> Json:
    """An optional field may be left out, or be null."""
    if "enum" in schema:
        return {**schema, "type": ["string", "null"], "enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]}


def _text(field: Field) -> Json:
    return {"type": "string", "minLength": field.min_length, "maxLength": field.max_length}


def _id(_field: Field) -> Json:
    return {"type": "integer", "minimum": 1}


def _ids(_field: Field) -> Json:
    return {"type": "array", "items": {"type": "integer", "minimum": 1}, "maxItems": _LONGEST_LIST}


def _choice(field: Field) -> Json:
    return {"type": "string", "enum": [str(term) for term in field.choices or ()]}


_KINDS: Mapping[FieldKind, Callable[[Field], Json]] = {
    FieldKind.TEXT: _text,
    FieldKind.LONG_TEXT: _text,
    FieldKind.CHOICE: _choice,
    FieldKind.YES_NO: lambda _field: {"type": "boolean"},
    FieldKind.TIME: lambda _field: {"type": "string", "format": "date-time"},
    FieldKind.CLASS: lambda _field: {"type": "string", "pattern": "^[0-9]{6}$"},
    FieldKind.UNIT: _id,
    FieldKind.AREA: _id,
    FieldKind.STAFF: _id,
    FieldKind.CASE: _id,
    FieldKind.UNITS: _ids,
    FieldKind.FILES: _ids,
}


def _unit(code: Any, _viewer: Viewer) -> int:
    found = directory.unit_by_code(code) if isinstance(code, str) else None
    if found is None:
        raise LookupError
    return found.id


def _area(code: Any, _viewer: Viewer) -> int:
    found = directory.area_by_code(code) if isinstance(code, str) else None
    if found is None:
        raise LookupError
    return found.id


def _units(codes: Any, viewer: Viewer) -> list[int]:
    if not isinstance(codes, list):
        raise LookupError
    return [_unit(code, viewer) for code in codes]


def _staff(number: Any, _viewer: Viewer) -> int:
    found = Staff.objects.filter(staff_no=number).values_list("pk", flat=True).first() if _plain(number) else None
    if found is None:
        raise LookupError
    return int(found)


def _case(number: Any, viewer: Viewer) -> int:
    found = cases_for(viewer).filter(case_no=number).values_list("pk", flat=True).first() if _plain(number) else None
    if found is None:
        raise LookupError
    return int(found)


def _plain(text: Any) -> bool:
    return isinstance(text, str) and text.isascii() and text.isprintable()


_A_CODE: Json = {"type": "string", "maxLength": 24}
_CODES: Mapping[FieldKind, _Code] = {
    FieldKind.UNIT: _Code("_code", _A_CODE, _unit),
    FieldKind.AREA: _Code("_code", _A_CODE, _area),
    FieldKind.UNITS: _Code("_codes", {"type": "array", "items": _A_CODE, "maxItems": _LONGEST_LIST}, _units),
    FieldKind.STAFF: _Code("_staff_no", {"type": "string", "maxLength": 32}, _staff),
    FieldKind.CASE: _Code("_case_no", {"type": "string", "maxLength": 24}, _case),
}
