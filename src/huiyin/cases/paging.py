"""Keyset paging: the next page starts after the last row seen, so page 1,000 costs as much as page 1."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

from huiyin.domain.errors import InvalidData

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows of one page; `next` and `previous` are cursors for the address, empty at either end."""

    rows: Sequence[Row]
    next: str
    previous: str


def page(rows: QuerySet[Row], *, order: tuple[str, ...], cursor: str = "", size: int = 50) -> Page[Row]:
    """One page in the given order (field names, '-' for descending; the last one unique; none may be null).

    A cursor is what an earlier page gave; a damaged one raises InvalidData.
    """
    backwards, after = _decode(cursor, order)
    names = [name.lstrip("-") for name in order]
    effective = [_turned(name) for name in order] if backwards else list(order)
    selected = rows.order_by(*effective)
    if after is not None:
        selected = selected.filter(_beyond(effective, after))
    found = list(selected[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    here = bool(found)
    return Page(
        rows=found,
        next=_encode("n", found[-1], names) if here and (more or backwards) else "",
        previous=_encode("p", found[0], names) if here and (more if backwards else after is not None) else "",
    )


def cursor_after(row: Model, order: tuple[str, ...]) -> str:
    """The cursor of the page that begins behind this row, for a jump far into a list."""
    return _encode("n", row, [name.lstrip("-") for name in order])


def _beyond(order: Sequence[str], after: Sequence[Any]) -> Q:
    """(a, b) beyond (x, y): a beyond x, or a = x and b beyond y. The first bound is repeated plainly for the index."""
    condition, equal = Q(), Q()
    for name, value in zip(order, after, strict=True):
        field, op = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
        condition |= equal & Q(**{f"{field}__{op}": value})
        equal &= Q(**{field: value})
    first, op = order[0].lstrip("-"), "lte" if order[0].startswith("-") else "gte"
    return Q(**{f"{first}__{op}": after[0]}) & condition


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _encode(direction: str, row: Model, names: Sequence[str]) -> str:
    values = [getattr(row, name) for name in names]
    plain = [{"t": value.isoformat()} if isinstance(value, datetime) else value for value in values]
    return urlsafe_b64encode(json.dumps([direction, *plain]).encode()).decode().rstrip("=")


def _decode(cursor: str, order: Sequence[str]) -> tuple[bool, list[Any] | None]:
    if not cursor:
        return False, None
    try:
        direction, *plain = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        values = [datetime.fromisoformat(value["t"]) if isinstance(value, dict) else value for value in plain]
    except (ValueError, TypeError, KeyError) as exc:
        raise InvalidData({"cursor": "翻页标记无效，请从第一页重新查看"}) from exc
    known = all(isinstance(value, str | int) or _is_aware(value) for value in values)
    if direction not in ("n", "p") or len(values) != len(order) or not known:
        raise InvalidData({"cursor": "翻页标记无效，请从第一页重新查看"})
    return direction == "p", values


def _is_aware(value: object) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None
