"""Turns a broken rule (DomainError) that a page did not handle itself into plain words: a toast or a page."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from huiyin.domain.errors import DomainError, InvalidData, NotPermitted
from huiyin.ui.responses import toast

_STATUS: dict[type[DomainError], int] = {NotPermitted: 403, InvalidData: 422}
_CONFLICT = 409
_PAGES = {403: "403.html"}


class Refusals:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        status = _STATUS.get(type(exception), _CONFLICT)
        if request.headers.get("HX-Request") == "true":
            # Nothing is swapped: what the person typed stays where it is.
            answer = HttpResponse(status=status, headers={"HX-Reswap": "none"})
            return toast(answer, exception.message, kind="error")
        shown = {"message": exception.message, "exception": exception.message, "back": _came_from(request)}
        return render(request, _PAGES.get(status, "409.html"), shown, status=status)


def _came_from(request: HttpRequest) -> str:
    """The page the form was on, if it was one of ours."""
    parts = urlsplit(request.headers.get("Referer", ""))
    return parts.path if parts.netloc == request.get_host() else ""
