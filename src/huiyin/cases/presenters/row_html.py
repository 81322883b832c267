"""The rows of long lists as HTML, written by Python: Django's templates take ten times as long for fifty of them.

Everything that is not written here is escaped here. The words around the rows stay in the templates.
"""

from collections.abc import Iterable
from datetime import datetime
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from huiyin.cases.presenters.rows import Flag, Row
from huiyin.ui.templatetags.ui import due_mark, grade_badge, icon, past_mark, status_badge

_PLACE = 22  # letters of a place that fit beside the rest


def desk_rows(rows: Iterable[Row], now: datetime, *, below: bool) -> SafeString:
    """The unit's desk: each row with its clock, badges, and what can be done at once."""
    words = _DeskWords()
    return SafeString("".join([_desk_row(row, now, below, words) for row in rows]))


def search_rows(rows: Iterable[Row], now: datetime) -> SafeString:
    """The lines of the search's table; cards on a phone, so every cell says what it is."""
    labels = [escape(_(label)) for label in ("编号", "诉求", "地点", "承办", "状态", "时限", "受理")]
    return SafeString("".join([_search_row(row, now, labels) for row in rows]))


class _DeskWords:
    """What stands in many rows, translated once a list."""

    def __init__(self) -> None:
        self.callback = f'<span class="hy-quiet hy-small">{escape(_("等待回访"))}</span>'
        self.no_limit = f'<span class="hy-quiet hy-small">{escape(_("无时限"))}</span>'
        self.choose = escape(_("选择"))
        sign = escape(_("签收"))
        self.sign = f'data-hotkey="s" data-hotkey-label="{sign}">{icon("check")}{sign}</button>'
        self.contact = (
            ("reveal/phone/", " data-dialog", "btn btn-sm hy-only-phone", f"{icon('phone')}{escape(_('拨打'))}"),
            ("do/note_contact/", "", "btn btn-sm hy-only-phone", f"{icon('notes')}{escape(_('记录联系'))}"),
            ("do/reply/", "", "btn btn-sm btn-primary hy-only-phone", f"{icon('send')}{escape(_('反馈'))}"),
        )


def _desk_row(row: Row, now: datetime, below: bool, words: _DeskWords) -> str:
    case, clock, href = row.case, row.clock, escape(row.href)
    tick = '<span class="case-row-tick"></span>'
    do = ""
    if row.may_sign:
        tick = (
            f'<input type="checkbox" class="form-check-input case-row-tick" name="case" value="{case.pk}"'
            f' aria-label="{words.choose} {row.number}">'
        )
        do = (
            f'<button type="button" class="btn btn-sm btn-primary" hx-post="{href}do/sign/" hx-swap="none"'
            f' hx-vals=\'{{"place": "row", "seq": "{case.seq}"}}\' hx-params="place,seq" {words.sign}'
        )
    if row.may_contact:
        do += "".join(
            [f'<a class="{css}" href="{href}{path}"{mark}>{label}</a>' for path, mark, css, label in words.contact]
        )
    if clock:
        limit = f'<span class="case-row-clock">{clock.label}</span>{due_mark(clock.due_at, clock.light, now)}'
    else:
        limit = words.callback if case.feedback_hotline_at else words.no_limit
    place = case.address or row.place
    place = place if len(place) <= _PLACE else f"{place[: _PLACE - 1]}…"
    facts = [f'<span class="hy-caseno">{row.number}</span>', f"<span>{escape(row.class_name)}</span>"]
    if below:
        facts.append(f"<span>{escape(row.unit)}</span>")
    if row.sub_unit:
        facts.append(f"<span>→ {escape(row.sub_unit)}</span>")
    if row.handler:
        facts.append(f"<span>{icon('user')}{escape(row.handler)}</span>")
    facts.append(f"<span>{escape(place)}</span>")
    light = f' data-light="{clock.light}"' if clock else ""
    return (
        f'<li class="case-row" data-row="{case.case_no}" data-seq="{case.seq}"{light}>\n{tick}'
        f'<div class="case-row-main"><div class="case-row-head">{limit}{grade_badge(case)}{_flags(row.flags)}'
        f'<span class="case-row-status">{status_badge(case)}</span></div>'
        f'<a class="case-row-title hy-clip-1" href="{href}" data-open data-panel="{href}?place=case-panel">'
        f'{escape(row.title)}</a><div class="case-row-foot">{"".join(facts)}</div></div>'
        f'<div class="case-row-do">{do}</div></li>\n'
    )


def _search_row(row: Row, now: datetime, labels: list[str]) -> str:
    case, clock = row.case, row.clock
    number, matter, place, unit, status, limit, received = labels
    due = due_mark(clock.due_at, clock.light, now) if clock else "—"
    sub_unit = f'<span class="hy-quiet"> → {escape(row.sub_unit)}</span>' if row.sub_unit else ""
    return (
        f'<tr data-row="{case.case_no}"><td data-label="{number}" class="fit">'
        f'<a class="hy-caseno" href="{escape(row.href)}" data-open>{row.number}</a></td>\n'
        f'<td data-label="{matter}"><div><div class="hy-clip">{escape(row.title)}</div>'
        f'<div class="hy-quiet hy-small">{escape(row.class_name)}{_flags(row.flags, before=" ")}</div></div></td>'
        f'<td data-label="{place}">{escape(row.place)}</td><td data-label="{unit}">{escape(row.unit)}{sub_unit}</td>'
        f'<td data-label="{status}" class="fit"><span class="case-badges">{status_badge(case)}{grade_badge(case)}'
        f'</span></td><td data-label="{limit}" class="fit">{due}</td>'
        f'<td data-label="{received}" class="fit">{past_mark(case.registered_at, now)}</td></tr>\n'
    )


def _flags(flags: Iterable[Flag], *, before: str = "") -> str:
    return "".join([f"{before}<span {_tone(flag)}>{escape(flag.label)}</span>" for flag in flags])


def _tone(flag: Flag) -> str:
    return f'class="hy-badge" data-tone="{flag.tone}"' if flag.tone else 'class="hy-badge"'
