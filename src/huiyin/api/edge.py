"""The outermost layer of every API address: a number for each request, headers, and no answer that is not a problem."""

import re
import secrets
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from huiyin.api import problems

_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")

View = Callable[..., HttpResponseBase]


def guarded(view: View) -> View:
    def at_the_edge(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        given = request.headers.get("X-Request-Id", "")
        request.request_id = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)  # type: ignore[attr-defined]
        response = view(request, *args, **kwargs)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = response["Allow"]
            response = problems.of_status(request, HTTPStatus.METHOD_NOT_ALLOWED)
            response["Allow"] = allowed
        response._has_been_logged = True  # type: ignore[attr-defined]  # a refusal is no news; a bug is logged with its trace
        response["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        standing = getattr(request, "rate_standing", None)
        for name, value in standing.headers().items() if standing else ():
            response[name] = value
        response.setdefault("Cache-Control", "no-store")
        return response

    at_the_edge.csrf_exempt = True  # type: ignore[attr-defined]  # sessions are checked in callers.SessionAuth
    return at_the_edge


@guarded
def nothing_here(request: HttpRequest, **_rest: Any) -> HttpResponse:
    return problems.of_status(request, HTTPStatus.NOT_FOUND)
