"""Values as PostgreSQL's COPY reads them: one line a row, fields between tabs, NULL as \\N."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

NULL = "\\N"


class Document(str):
    """A JSON object already written out on one line, for values of which most parts repeat from row to row."""

    __slots__ = ()


_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def text(value: str) -> str:
    """Escaped for COPY. Four plain replacements: on Chinese text five times as fast as one translation table."""
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def binary(value: bytes) -> str:
    return f"\\\\x{value.hex()}"


def document(value: object) -> str:
    # JSON writes tabs and line breaks with a backslash, so that nothing else is left to escape.
    return (value if isinstance(value, Document) else _as_json(value)).replace("\\", "\\\\")


def integer(value: int | None) -> str:
    return NULL if value is None else str(value)


def field(value: Any) -> str:
    """Any value that a row of ours holds."""
    return NULL if value is None else _FIELDS[type(value)](value)


def line(values: Iterable[Any]) -> str:
    return "\t".join([field(value) for value in values]) + "\n"


def array(values: Iterable[str]) -> str:
    """An array of numbers, times and words that need no quotes, as PostgreSQL reads it."""
    return "{" + ",".join(values) + "}"


def binaries(values: Iterable[bytes]) -> str:
    """An array of bytea: joining hexadecimal text is far cheaper than making arrays of Python objects binary."""
    return '{"' + '","'.join(["\\\\x" + value.hex() for value in values]) + '"}'


def copy(table: str, columns: str, lines: list[str]) -> None:
    """Writes the lines through Django's connection, inside its transaction."""
    if not lines:
        return
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as target:
        target.write("".join(lines))


_FIELDS: dict[type, Callable[[Any], str]] = {
    str: text,
    int: str,
    float: repr,
    bool: lambda value: "t" if value else "f",
    datetime: datetime.isoformat,
    bytes: binary,
    list: lambda value: "{" + ",".join(map(str, value)) + "}",  # numbers only
    dict: document,
    Jsonb: lambda value: document(value.obj),
}
