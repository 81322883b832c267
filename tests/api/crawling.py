"""Every address of the platform with values that name somebody else's case: what the permission test crawls."""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern

from huiyin.domain.actions import FIELDS, Action
from huiyin.domain.fields import Field, FieldKind

# allauth's own pages (signing in and out, passwords, second factor): they know people, not cases. Explicit, and short.
ALLOWED = ("accounts/",)
METHODS = ("GET", "POST")


@dataclass(frozen=True)
class Target:
    """A case as addresses and forms may name it, and words that only who may read it ever sees."""

    case_id: int
    case_no: str
    file_id: int
    phone: str
    marks: tuple[str, ...]


@dataclass(frozen=True)
class Leak:
    method: str
    address: str
    status: int
    mark: str


@dataclass
class Crawl:
    """One person's walk over all addresses."""

    client: Client
    target: Target
    own_unit_id: int
    visited: int = 0
    leaks: list[Leak] = field(default_factory=list)

    def walk(self, routes: Sequence[str]) -> None:
        for route in routes:
            for address in addresses(route, self.target):
                for method in (*METHODS, "DELETE") if route.startswith("api/") else METHODS:
                    self._try(method, address)
            if "{" not in route:  # a list, or what is looked up by words
                self._try("GET", f"/{route}?{self._query()}", echoes=True)

    def _try(self, method: str, address: str, *, echoes: bool = False) -> None:
        sent = self._body(address)
        if method == "POST" and address.startswith("/api/"):
            answer = self.client.post(address, json.dumps(_json_body(address, self)), content_type="application/json")
        elif method == "POST":
            answer = self.client.post(address, sent)
        else:
            answer = self.client.generic(method, address)
        self.visited += 1
        assert answer.status_code < 500, (method, address, answer.status_code)
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        known = () if echoes or method == "POST" else (self.target.case_no,)  # what was asked may be repeated
        in_address = self.target.case_no in address
        for mark in (*self.target.marks, *(() if in_address else known)):
            if mark in text.decode("utf-8", "replace"):
                self.leaks.append(Leak(method, address, answer.status_code, mark))

    def _query(self) -> str:
        given = self.target
        return f"q={given.case_no}&case={given.case_id}&for={given.case_no}&phone={given.phone}&kind=case&size=200"

    def _body(self, address: str) -> dict[str, Any]:
        """Everything that any form of ours asks for, naming the target wherever a case can be named."""
        values: dict[str, Any] = {}
        for fields in FIELDS.values():
            values |= {one.name: value_for(one, self) for one in fields}
        given = self.target
        return {
            **values,
            "case": [str(given.case_id)],
            "phone": given.phone,
            "purpose": "contact",
            "reason": "查阅他人案件的尝试",
            "content": "查阅他人案件的尝试",
        }


def routes() -> list[str]:
    """Every route of the URL configuration, API operations among them."""
    found = sorted(set(_routes(get_resolver(), "")))
    return [route for route in found if not route.startswith(ALLOWED)]


def addresses(route: str, target: Target) -> Iterator[str]:
    """The route with every combination of values for its parts. KeyError for a part that nobody taught the crawl."""
    names = _parts(route)
    for chosen in product(*(_values(name, route, target) for name in names)):
        address = route
        for name, value in zip(names, chosen, strict=True):
            address = address.replace("{" + name + "}", value)
        yield "/" + address


def names_a_case(route: str) -> bool:
    return any(name in ("number", "case_no", "file_id", "action", "pk") for name in _parts(route))


def value_for(one: Field, crawl: Crawl) -> Any:
    choice = str(next(iter(one.choices))) if one.choices else ""
    given: Mapping[FieldKind, Any] = {
        FieldKind.TEXT: "查阅他人案件的尝试",
        FieldKind.LONG_TEXT: "查阅他人案件的尝试，写得足够长一些",
        FieldKind.CHOICE: choice,
        FieldKind.YES_NO: "true",
        FieldKind.TIME: "2026-11-01T08:00:00+08:00",
        FieldKind.UNIT: str(crawl.own_unit_id),
        FieldKind.UNITS: str(crawl.own_unit_id),
        FieldKind.STAFF: "1",
        FieldKind.AREA: "",
        FieldKind.CLASS: "010101",
        FieldKind.CASE: str(crawl.target.case_id),
        FieldKind.FILES: str(crawl.target.file_id),
    }
    return given[one.kind]


def _json_body(address: str, crawl: Crawl) -> dict[str, Any]:
    last = address.rstrip("/").rsplit("/", 1)[-1]
    if last in set(map(str, Action)):
        return {one.name: value for one in FIELDS[Action(last)] if (value := value_for(one, crawl)) != ""}
    if last == "reveal":
        return {"field": "phone", "purpose": "contact", "reason": "查阅他人案件的尝试"}
    return {"content": "查阅他人案件的尝试", "phone": "19911112222", "files": [crawl.target.file_id]}


def _values(name: str, route: str, target: Target) -> Sequence[str]:
    if name == "pk":
        return [str(_pk(route, target))]
    return {
        "number": [target.case_no],
        "case_no": [target.case_no],
        "action": [str(action) for action in Action],
        "field": ["phone", "name", "identity", "address"],
        "file_id": [str(target.file_id)],
        "kind": ["case", "unit", "staff", "taxonomy", "place", "class"],
        "what": ["classes", "limits"],
        "day": ["2026-01-01"],
        "key": [str(uuid.UUID(int=7))],
        "rest": ["v1/nothing"],
        "post_pk": ["0"],
        "row_pk": ["0"],
        "token_id": ["0"],
        "import_id": ["0"],
        "webhook_id": ["0"],
        "delivery_id": ["0"],
        "version_number": ["1"],
        "entry_id": ["0", "1"],
        "gap_id": ["0"],
        "matter_id": ["0", "1"],
        "code": ["2026-11"],
        "group": ["street"],
        "unit_id": ["1"],
        "step": ["draft", "publish"],
        "work_id": ["0"],
        "period": ["2026-11"],
        "area_id": ["0", "1"],
        "node_code": ["A1"],
        "tree_number": ["1"],
        "pack_id": ["0", "1"],
        "batch_id": ["0"],
        "exclusion_id": ["0", "1"],
        "appeal_id": ["0", "1"],
        "suspicion_id": ["0", "1"],
        "sign": ["copied_replies"],
        "street_id": ["0", "1"],
        "measure_id": ["0", "1"],
        "talk_id": ["0", "1"],
        "move": ["exit"],
        "plan_id": ["0", "1"],
        "frame_id": ["0", "1"],
        "form": ["docx"],
        "chart": ["trend"],
        "token": ["guess"],
    }[name]


def _pk(route: str, target: Target) -> int:
    if route.startswith("cases/files/"):
        return target.file_id
    return target.case_id if "cases/" in route else 0


def _routes(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = prefix + _template(pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, route)
        else:
            yield route


def _template(pattern: URLPattern | URLResolver) -> str:
    """`<int:pk>` and `(?P<number>…)` alike as {name}."""
    kind = pattern.pattern
    if isinstance(kind, RoutePattern):
        text = str(kind)
        for name in kind.converters:
            begin, end = text.rindex("<", 0, text.index(f"{name}>")), text.index(f"{name}>") + len(name) + 1
            text = text[:begin] + "{" + name + "}" + text[end:]
        return text
    assert isinstance(kind, RegexPattern), f"teach the crawl this kind of address: {kind!r}"
    text = str(kind).strip("^$")
    for name in kind.regex.groupindex:
        begin = text.index(f"(?P<{name}>")
        text = text[:begin] + "{" + name + "}" + text[_closing(text, begin) + 1 :]
    return text


def _closing(text: str, begin: int) -> int:
    depth = 0
    for place in range(begin, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return place
    raise AssertionError(text)


def _parts(route: str) -> list[str]:
    return [part.split("}", 1)[0] for part in route.split("{")[1:]]
