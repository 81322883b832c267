"""常见问题: the public entries that hold today, searched in the citizen's own words."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from huiyin.knowledge import answering, using
from huiyin.knowledge.held import Answerable, held
from huiyin.registry import directory

_SHOWN = 8
_AT_FIRST = 12
_LONGEST = 100


@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    asked = request.GET.get("q", "").strip()[:_LONGEST]
    area = _district(request.GET.get("district", ""))
    found = answering.find(asked, at=now, area=area, limit=_SHOWN, public_only=True, least=0.1) if asked else []
    context = {
        "asked": asked,
        "found": found,
        "first": [] if asked else _some(now.date().toordinal()),
        "districts": directory.districts(),
        "district": area,
    }
    return render(request, "portal/answers.html", context)


@require_safe
def one_answer(request: HttpRequest, entry_id: int) -> HttpResponse:
    now = timezone.now()
    entry = answering.get(entry_id, at=now, anywhere=True)
    if entry is None or not entry.public:
        raise Http404
    if request.method == "GET":
        using.note_read(entry.id, entry.version, now=now)
    return render(request, "portal/one_answer.html", {"entry": entry, "where": answering.areas_named(entry)})


def _some(day: int) -> list[Answerable]:
    """Other ones every day, until enough were read to know what is asked most."""
    today = timezone.localdate()
    every = [
        entry for entry in held().entries.values() if entry.public and entry.area_id is None and entry.stands_on(today)
    ]
    start = day * _AT_FIRST % len(every) if every else 0
    return (every[start:] + every[:start])[:_AT_FIRST]


def _district(text: str) -> int | None:
    known = {str(area.id): area.id for area in directory.districts()}
    return known.get(text)
