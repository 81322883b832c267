"""Which frame a page gets: the whole page, a dialog's inside, the bare fragment; templates say {% extends layout %}."""

from django.http import HttpRequest


def layout_of(request: HttpRequest, *, page: str = "ui/base.html") -> str:
    if request.headers.get("HX-Request") != "true" or request.headers.get("HX-History-Restore-Request") == "true":
        return page
    return "ui/dialog.html" if request.headers.get("HX-Target") == "dialog-body" else "ui/fragment.html"
