"""Answers after something was done: a toast, a closed dialog, the next page; for htmx and for plain forms alike."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django_htmx.http import trigger_client_event

_LEVELS = {"success": messages.success, "info": messages.info, "warning": messages.warning, "error": messages.error}


def toast(response: HttpResponse, text: str, *, kind: str = "success") -> HttpResponse:
    """Let this htmx answer also show a toast."""
    return trigger_client_event(response, "toast", {"text": text, "kind": kind})


def done(request: HttpRequest, text: str, *, to: str, refresh: str = "", kind: str = "success") -> HttpResponse:
    """After a successful post. A plain form goes to `to`. From htmx: with `refresh` (an event name) the dialog closes,
    the toast shows and the event is fired on the page for lists to renew themselves; without it the browser goes to
    `to`."""
    if _is_htmx(request) and refresh:
        return HttpResponse(status=204, headers={"HX-Trigger": _events(text, kind, refresh)})
    _LEVELS[kind](request, text)
    if _is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    return HttpResponseRedirect(to)


def _events(text: str, kind: str, refresh: str) -> str:
    events: dict[str, Any] = {
        "toast": {"text": text, "kind": kind},
        "dialog:close": True,
        "draft:clear": True,
        refresh: True,
    }
    return json.dumps(events)


def _is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
