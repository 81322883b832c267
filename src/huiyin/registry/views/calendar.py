"""The working calendar by year, and the entry of the yearly notice."""

from calendar import Calendar
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.registry import editing
from huiyin.registry.forms import DayForm, NoticeForm
from huiyin.registry.guard import editor_of, for_keepers, for_readers, may_edit
from huiyin.registry.models import CalendarDay
from huiyin.registry.notices import NoticeDay
from huiyin.ui.layout import layout_of
from huiyin.ui.responses import done

_FIRST, _LAST = 2000, 2100


@require_GET
@for_readers
def year(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("year", "")
    shown_year = int(asked) if asked.isascii() and asked.isdigit() else timezone.localdate().year
    if not _FIRST <= shown_year <= _LAST:
        raise Http404
    days = {row.day: row for row in CalendarDay.objects.filter(day__year=shown_year)}
    context = {
        "year": shown_year,
        "known": bool(days),
        "months": [_month(shown_year, month, days) for month in range(1, 13)],
        "worked": sum(row.worked for row in days.values()),
        "off": sum(not row.worked for row in days.values()),
        "editable": may_edit(request),
        "here": "calendar",
    }
    return render(request, "registry/calendar.html", context)


@require_http_methods(["GET", "POST"])
@for_keepers
def notice(request: HttpRequest) -> HttpResponse:
    """Read first, show what was read, then enter it: the second post carries `sure`."""
    asked = request.GET.get("year", "")
    initial = {"year": int(asked) if asked.isascii() and asked.isdigit() else timezone.localdate().year + 1}
    form = NoticeForm(request.POST or None, initial=initial)
    good = request.method == "POST" and form.is_valid()
    if good and request.POST.get("sure"):
        changed = editing.set_days(form.days, by=editor_of(request), now=timezone.now())
        to = f"{reverse('registry:calendar')}?year={form.cleaned_data['year']}"
        return done(request, _("已录入 %s 天的安排。") % changed, to=to)
    context = {"form": form, "days": form.days if good else [], "here": "calendar"}
    return render(request, "registry/notice.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_keepers
def day(request: HttpRequest) -> HttpResponse:
    given = request.GET.get("day", "")
    stored = CalendarDay.objects.filter(day=given).first() if _is_day(given) else None
    initial: dict[str, Any] = {"day": given} if _is_day(given) else {}
    if stored:
        initial |= {"worked": str(int(stored.worked)), "name": stored.name}
    form = DayForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        entered = NoticeDay(form.cleaned_data["day"], form.cleaned_data["worked"] == "1", form.cleaned_data["name"])
        editing.set_days([entered], by=editor_of(request), now=timezone.now())
        return done(request, _("已保存。"), to=f"{reverse('registry:calendar')}?year={entered.day.year}")
    context = {"layout": layout_of(request), "form": form, "stored": stored}
    return render(request, "registry/day_form.html", context, status=422 if form.errors else 200)


@require_POST
@for_keepers
def remove(request: HttpRequest, day: str) -> HttpResponse:
    if not _is_day(day) or not CalendarDay.objects.filter(day=day).exists():
        raise Http404
    parsed = date.fromisoformat(day)
    editing.remove_day(parsed, by=editor_of(request), now=timezone.now())
    return done(request, _("已恢复为平常周。"), to=f"{reverse('registry:calendar')}?year={parsed.year}")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _month(year: int, month: int, days: dict[date, CalendarDay]) -> dict[str, Any]:
    weeks = Calendar().monthdatescalendar(year, month)
    return {"number": month, "weeks": [[_cell(day, month, days.get(day)) for day in week] for week in weeks]}


def _cell(day: date, month: int, row: CalendarDay | None) -> dict[str, Any]:
    weekend = day.weekday() >= 5  # Saturday and Sunday
    worked = not weekend if row is None else row.worked
    name = row.name if row else ""
    return {"day": day if day.month == month else None, "worked": worked, "special": row is not None, "name": name}
