"""What the room's pages share: who looks, the tabs, a form shown as a dialog whose refusal stands at its field."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.accounts.viewer import Viewer
from huiyin.domain.errors import DomainError
from huiyin.governance import access, selectors, talk_lists
from huiyin.governance.vocabulary import Stage
from huiyin.ui.layout import layout_of
from huiyin.ui.responses import done


def viewer_of(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined,no-any-return]  # set by require


def sent(request: HttpRequest) -> Any:
    """What binds a form: also a post that says nothing is one, and is told what is missing."""
    return request.POST if request.method == "POST" else None


def page_context(request: HttpRequest) -> dict[str, Any]:
    return {
        "layout": layout_of(request),
        "now": timezone.now(),
        "today": timezone.localdate(),
        "decides": access.decides(viewer_of(request)),
    }


def tabs(viewer: Viewer, here: str, named: int) -> list[dict[str, Any]]:
    """治理中, 观察中, 已退出, 规则提示 (for who decides), 约谈; two statements."""
    home, counts = reverse("governance:governed"), selectors.counts_of(viewer)
    found = [(str(stage), stage.label, f"{home}?tab={stage}", counts[stage]) for stage in Stage]
    if access.decides(viewer):
        found.append(("named", _("规则提示"), f"{home}?tab=named", named))
    open_talks = talk_lists.counts_of(viewer, timezone.localdate())[talk_lists.Shown.OPEN]
    found.append(("talks", _("约谈"), reverse("governance:talks"), open_talks))
    return [
        {"name": name, "label": label, "href": href, "count": count, "here": name == here}
        for name, label, href, count in found
    ]


def asked(
    request: HttpRequest,
    form: Any,
    act: Callable[[], str],
    *,
    heading: str,
    told: str,
    verbs: tuple[str, str] | None = None,
    verdict: Any = None,
    words: str = "",
) -> HttpResponse:
    """Shows the form; sent, it takes the act and leads to the address that the act gives."""
    status = 200
    if request.method == "POST":
        try:
            to = act()
        except DomainError as refusal:
            form.refuse(refusal)
            status = 422
        else:
            return done(request, told, to=to)
    context = page_context(request) | {
        "form": form,
        "heading": heading,
        "verbs": verbs,
        "verdict": verdict,
        "words": words,
    }
    return render(request, "governance/form.html", context, status=status)
