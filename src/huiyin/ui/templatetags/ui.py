"""The page parts: icons, badges, times, navigation, form fields, dialogs; templates/ui/guide.html shows them all."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select, Textarea
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from huiyin.domain.vocabulary import Grade, Light, Status
from huiyin.ui import wording
from huiyin.ui.navigation import Place, address_of, bar_of, places_for

register = template.Library()

_TONES: Mapping[Status, str] = {
    Status.RECEIVED: "violet",
    Status.DISPATCHED: "blue",
    Status.SIGNED: "teal",
    Status.HANDLING: "teal",
    Status.RETURN_REQUESTED: "amber",
    Status.SUSPENDED: "amber",
    Status.REPLIED: "blue",
    Status.CALLBACK_PENDING: "violet",
    Status.CALLED_BACK: "violet",
    Status.CLOSED: "green",
}
_DOCK_PLACES = 3


@register.simple_tag
@lru_cache(maxsize=1024)  # a list of fifty rows shows some two hundred, all alike
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """An icon of static/ui/icons.svg; with a label it speaks, without one it is decoration."""
    css = f"hy-icon hy-icon-{size}" if size else "hy-icon"
    told = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html('<svg class="{}" {}><use href="{}#{}"></use></svg>', css, told, static("ui/icons.svg"), name)


@register.simple_tag
def status_badge(case: Any) -> SafeString:
    """A case, a Status or its value → the badge with the Chinese word."""
    return _status_badge(Status(getattr(case, "status", case)))


@lru_cache(maxsize=64)
def _status_badge(status: Status) -> SafeString:
    return format_html('<span class="hy-badge" data-tone="{}">{}</span>', _TONES.get(status, ""), status.label)


@register.simple_tag
def grade_badge(case: Any) -> SafeString:
    return _grade_badge(Grade(getattr(case, "grade", case)))


@lru_cache(maxsize=16)
def _grade_badge(grade: Grade) -> SafeString:
    return format_html('<span class="hy-grade" data-grade="{}">{}</span>', grade.value, grade.label)


@register.simple_tag
def light(value: Any, text: str = "") -> SafeString:
    """A Light or its value (or nothing) → a mark that differs in shape, colour and word."""
    if not value:
        return format_html('<span class="hy-light" data-light="none">{}</span>', text or "无时限")
    lamp = Light(value)
    return format_html('<span class="hy-light" data-light="{}">{}</span>', lamp.value, text or lamp.label)


@register.simple_tag(takes_context=True)
def when(context: Context, moment: datetime | None) -> SafeString | str:
    """A past moment: 5分钟前, 今天 14:03, 3月4日 09:00; the full time on hover."""
    return "—" if moment is None else past_mark(moment, _now(context))


@register.simple_tag(takes_context=True)
def due(context: Context, moment: datetime | None, lamp: Any = None) -> SafeString | str:
    """A due time: 剩3小时20分 / 超期1天. Give the stored light if there is one; else red after it, green before."""
    return light(None) if moment is None else due_mark(moment, lamp, _now(context))


def past_mark(moment: datetime, now: datetime) -> SafeString:
    words = wording.relative(moment, now)
    # Times and our own words hold nothing to escape; lists show hundreds of them.
    return SafeString(f'<time datetime="{moment.isoformat()}" title="{wording.full(moment)}">{words}</time>')


def due_mark(moment: datetime, lamp: Any, now: datetime) -> SafeString:
    shown = Light(lamp) if lamp else (Light.RED if moment < now else Light.GREEN)
    return SafeString(
        f'<time class="hy-light" data-light="{shown.value}" datetime="{moment.isoformat()}"'
        f' title="{wording.full(moment)}前（{shown.label}）">{wording.remaining(moment, now)}</time>'
    )


@register.filter
def span(length: Any) -> str:
    return wording.span(length)


@register.inclusion_tag("ui/components/navigation.html", takes_context=True)
def navigation(context: Context) -> dict[str, Any]:
    return _navigation(context)


@register.inclusion_tag("ui/components/dock.html", takes_context=True)
def dock(context: Context) -> dict[str, Any]:
    shown = _navigation(context)
    every: list[Place] = shown["places"]
    return {**shown, "front": every[:_DOCK_PLACES], "rest": every[_DOCK_PLACES:]}


def _navigation(context: Context) -> dict[str, Any]:
    request = context["request"]
    viewer = getattr(getattr(request, "user", None), "viewer", None)
    places = places_for(viewer.roles) if viewer else []
    return {
        "viewer": viewer,
        "here": _here(places, request.path),
        "search_url": next((place.href for place in places if place.entry.url_name == "cases:search"), ""),
        "places": places,
        "bar": bar_of(places),
        "notices_url": address_of("cases:notices") if viewer else None,
        "unread_url": address_of("cases:unread") if viewer else None,
        "csrf_token": context.get("csrf_token"),
    }


def _here(places: Iterable[Place], path: str) -> str:
    """The address of the place the page belongs to: the longest one that the path starts with."""
    return max((place.href for place in places if path.startswith(place.href)), key=len, default="")


@register.inclusion_tag("ui/components/field.html")
def field(
    bound: BoundField,
    label: str = "",
    help: str = "",  # noqa: A002  # the word that templates use
    hotkey: str = "",
    optional: bool = False,
) -> dict[str, Any]:
    """A form field with label, mark, help and error, tied together for screen readers."""
    widget = bound.field.widget
    grouped = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    attrs: dict[str, Any] = {"class": _css_of(widget)}
    described = [f"{bound.auto_id}_help"] if (help or bound.help_text) else []
    if bound.errors:
        attrs["aria-invalid"] = "true"
        described.append(f"{bound.auto_id}_error")
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if hotkey:
        attrs["data-hotkey"] = hotkey
    return {
        "field": bound,
        "control": bound.as_widget(attrs={**attrs, **_own_class(widget, attrs)}),
        "label": label or bound.label,
        "help": help or bound.help_text,
        "kind": "check" if isinstance(widget, CheckboxInput) else "group" if grouped else "plain",
        "optional": optional,
        "hotkey": hotkey,
    }


@register.inclusion_tag("ui/components/form_errors.html")
def form_errors(form: Any) -> dict[str, Any]:
    """What stops a form, above it: each line leads to its field."""
    wrong = [(bound, bound.errors) for bound in form.visible_fields() if bound.errors]
    return {"form": form, "wrong": wrong}


@register.inclusion_tag("ui/components/combobox.html")
def combobox(name: str, **given: Any) -> dict[str, Any]:
    """A type-ahead outside a Django form: label, url, value, text; if wanted placeholder, help, error, required, free,
    min, include="param=element_id", hotkey, text_name, id, autofocus."""
    shown = {"id": f"id_{name}", "min": 1, "labelled": True, **given, "name": name}
    return {"box": shown}


@register.simple_block_tag(takes_context=True)
def dialog(context: Context, content: str, id: str, title: str, wide: bool = False) -> SafeString:  # noqa: A002
    """A dialog of the page, opened by <button data-dialog-open="id">."""
    shown = {"id": id, "title": title, "content": content, "wide": wide}
    return render_to_string("ui/components/dialog_inline.html", shown)


@register.simple_block_tag
def keys(content: str, hotkey: str) -> SafeString:
    """Keycaps behind a label: {% keys "mod+Enter" %}提交{% endkeys %}."""
    return format_html('{} <kbd aria-hidden="true">{}</kbd>', content, keycap(hotkey))


@register.filter
def keycap(hotkey: str) -> str:
    """'mod+Enter' → Ctrl+Enter, "g d" → G D."""
    words = {"mod": "Ctrl", "alt": "Alt", "shift": "Shift"}
    steps = (
        "+".join(words.get(part, part.upper() if len(part) == 1 else part) for part in step.split("+"))
        for step in hotkey.split(" ")
    )
    return " ".join(steps)


def _now(context: Context) -> datetime:
    """The page's own clock if the view gave one, so that all times of a page agree."""
    now = context.get("now")
    return now if isinstance(now, datetime) else timezone.now()


def _css_of(widget: Any) -> str:
    if isinstance(widget, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        return "form-check-input"
    return "form-select" if isinstance(widget, Select) else "form-control"


def _own_class(widget: Any, attrs: dict[str, Any]) -> dict[str, str]:
    own = widget.attrs.get("class")
    # Django's own default of ten rows is more than most answers need.
    rows = {"rows": 4} if isinstance(widget, Textarea) and str(widget.attrs.get("rows")) == "10" else {}
    return {**rows, **({"class": f"{attrs['class']} {own}"} if own else {})}
