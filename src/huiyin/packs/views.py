"""The pages of the room: a period's packs, one pack, its files and charts, the meeting's slides."""

import base64
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huiyin.accounts.permissions import require
from huiyin.accounts.reveals import address_of
from huiyin.accounts.viewer import Viewer
from huiyin.domain.numerals import whole
from huiyin.evaluation import selectors as evaluation
from huiyin.evaluation.models import Version
from huiyin.evaluation.vocabulary import Group
from huiyin.packs import access, looks, making, selectors, withheld
from huiyin.packs.contents import Contents
from huiyin.packs.models import Form, Pack
from huiyin.packs.selectors import PackNotFound
from huiyin.packs.standing import Key
from huiyin.registry import directory
from huiyin.ui.layout import layout_of
from huiyin.ui.responses import done

MEDIA_TYPES = {
    Form.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Form.PDF: "application/pdf",
    Form.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_PAGE = 50
# A picture's own style sheet may hold; nothing of it may run or load.
_OF_PICTURES = "default-src 'none'; style-src 'unsafe-inline'"


@never_cache
@require_GET
@require(*access.READERS)
def packs(request: HttpRequest) -> HttpResponse:
    """A period's units and their packs; renews itself while packs are being made."""
    viewer = _viewer(request)
    published = evaluation.published()
    version = _chosen(published, request.GET.get("period", ""))
    shown: dict[str, Any] = {"layout": layout_of(request), "now": timezone.now(), "published": published}
    if version is not None:
        shown |= _listed(request, viewer, version)
    return render(request, "packs/packs.html", shown)


@require_POST
@require(*access.MAKERS)
def make(request: HttpRequest) -> HttpResponse:
    """One unit, or all that the viewer may make; `again` makes anew what is ready."""
    viewer, now = _viewer(request), timezone.now()
    version = _chosen(evaluation.published(), request.POST.get("period", ""))
    if version is None:
        raise Http404
    keys = _asked(request, viewer)
    batch = making.ask(version, keys, by=viewer, now=now, again="again" in request.POST)
    text = _("已开始制作%(count)d份，可以离开本页") % {"count": batch.total}
    back = request.POST.get("back", "")
    query = f"?{back}" if back else f"?period={version.period.code}"
    return done(request, text, to=reverse("packs:packs") + query)


@require_POST
@require(*access.MAKERS)
def retry(request: HttpRequest, batch_id: int) -> HttpResponse:
    viewer = _viewer(request)
    batch = _found(selectors.find_batch, viewer, batch_id)
    count = making.retry(batch, by=viewer, now=timezone.now())
    code = batch.version.period.code
    return done(request, _("重新制作%(count)d份") % {"count": count}, to=f"{reverse('packs:packs')}?period={code}")


@never_cache
@require_GET
@require(*access.READERS)
def pack(request: HttpRequest, pack_id: int) -> HttpResponse:
    """The pack as a page; it prints as it stands."""
    viewer, now = _viewer(request), timezone.now()
    found = _found(selectors.find, viewer, pack_id)
    if not found.contents:
        return render(request, "packs/unmade.html", {"layout": layout_of(request), "pack": found, "now": now})
    kept = withheld.open_pack(found, now=now)
    looks.record(found, kept.contents, viewer=viewer, form=Form.PAGE, ip=address_of(request), now=now)
    shown = {
        "layout": layout_of(request),
        "pack": found,
        "contents": kept.contents,
        "hidden": kept.hidden,
        "renewing": kept.renewing,
        "files": [] if kept.hidden else list(making.FILES),
        "cases_url": _cases_url(found),
        "revised": _is_revised(found),
        "may_make": access.makes(viewer, making.key_of(found)),
        "now": now,
    }
    return render(request, "packs/pack.html", shown)


@never_cache
@require_GET
@require(*access.READERS)
def meeting(request: HttpRequest, pack_id: int) -> HttpResponse:
    """The slides of the wall. `?part` gives a neighbour's slides alone, loaded before the meeting turns there."""
    viewer, now = _viewer(request), timezone.now()
    found = _found(selectors.find, viewer, pack_id)
    contents = _opened(found, now).contents
    part = "part" in request.GET
    looks.record(found, contents, viewer=viewer, form=Form.MEETING, ip=address_of(request), now=now, ahead=part)
    shown = {
        "pack": found,
        "contents": contents,
        "cases_url": _cases_url(found),
        "slides": _slides(found, contents),
        "neighbours": [] if part else selectors.neighbours(viewer, found),
    }
    return render(request, "packs/slides.html" if part else "packs/meeting.html", shown)


@never_cache
@require_GET
@require(*access.READERS)
def download(request: HttpRequest, pack_id: int, form: str) -> HttpResponseBase:
    viewer, now = _viewer(request), timezone.now()
    found = _found(selectors.find, viewer, pack_id)
    if form not in MEDIA_TYPES:
        raise Http404
    wanted, contents = Form(form), _opened(found, now).whole()
    looks.record(found, contents, viewer=viewer, form=wanted, ip=address_of(request), now=now)
    return file_response(found, contents, wanted)


@never_cache
@require_GET
@require(*access.READERS)
def chart(request: HttpRequest, pack_id: int, chart: str) -> HttpResponse:
    found = _found(selectors.find, _viewer(request), pack_id)
    contents = _found(lambda _viewer, kept: selectors.contents_of(kept), _viewer(request), found)
    if chart not in {one.name for one in contents.charts}:
        raise Http404
    response = HttpResponse(_svg(found, chart), content_type="image/svg+xml")
    response["Content-Security-Policy"] = _OF_PICTURES
    return response


def file_response(found: Pack, contents: Contents, form: Form) -> FileResponse:
    """As an attachment with a name that tells what it is. Http404 where the storage has lost it."""
    try:
        file = default_storage.open(making.file_of(found, form))
    except FileNotFoundError as exc:
        raise Http404(_("文件已不在存储中，请重新制作。")) from exc
    name = f"{contents.title}_{contents.period_code}_v{contents.version_number}.{form}"
    response = FileResponse(file, content_type=MEDIA_TYPES[form])
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _listed(request: HttpRequest, viewer: Viewer, version: Version) -> dict[str, Any]:
    every = selectors.keys_for(viewer)
    groups = [group for group in Group if any(key[0] is group for key in every)]
    given = request.GET
    group = next((one for one in groups if one == given.get("group", "")), groups[0] if groups else None)
    district, words = given.get("district", ""), given.get("q", "").strip()
    keys = [key for key in every if key[0] is group and _matches(key, district, words)]
    page = _number(given.get("page", ""))
    on_page = keys[page * _PAGE : (page + 1) * _PAGE]
    query = given.copy()
    query.pop("page", None)
    base = query.urlencode()
    progress = selectors.latest_batch(viewer, version)
    return {
        "version": version,
        "groups": groups,
        "group": group,
        "district": district,
        "districts": directory.districts() if viewer.sees == "city" else (),
        "q": words,
        "lines": selectors.lines_of(viewer, version, on_page),
        "files": list(making.FILES),
        "total": len(keys),
        "every": len(every),
        "base": base,
        "previous_url": f"?{base}&page={page - 1}" if page else "",
        "next_url": f"?{base}&page={page + 1}" if len(keys) > (page + 1) * _PAGE else "",
        "progress": progress,
        "makes_several": sum(access.makes(viewer, key) for key in every) > 1,
    }


def _number(text: str) -> int:
    return whole(text, digits=4) or 0


def _matches(key: Key, district: str, words: str) -> bool:
    unit = directory.unit(key[1])
    if district.isdecimal() and key[0] in (Group.STREET, Group.DISTRICT) and str(unit.district_id) != district:
        return False
    return not words or words in unit.name or words in unit.short_name or words.lower() in unit.initials.lower()


def _asked(request: HttpRequest, viewer: Viewer) -> list[Key]:
    every = selectors.keys_for(viewer)
    if "all" in request.POST:
        return [key for key in every if access.makes(viewer, key)]
    return [key for key in every if f"{key[0]}-{key[1]}" == request.POST.get("line", "")]


def _chosen(published: list[Version], code: str) -> Version | None:
    return next((one for one in published if one.period.code == code), published[0] if published else None)


def _found(find: Any, viewer: Viewer, wanted: Any) -> Any:
    try:
        return find(viewer, wanted)
    except PackNotFound as exc:
        raise Http404(exc.message) from exc


def _opened(found: Pack, now: datetime) -> withheld.Shown:
    try:
        return withheld.open_pack(found, now=now)
    except PackNotFound as exc:
        raise Http404(exc.message) from exc


def _cases_url(found: Pack) -> str:
    """Where the cases behind a figure are listed; the figure's name is added to it."""
    version = found.version
    address = reverse("evaluation:cases", args=[version.period.code])
    return f"{address}?version={version.number}&group={found.group}&unit={found.unit_id}&figure="


def _is_revised(found: Pack) -> bool:
    newest = next((one for one in evaluation.published() if one.period_id == found.version.period_id), None)
    return newest is not None and newest.pk != found.version_id


def _slides(found: Pack, contents: Contents) -> list[dict[str, Any]]:
    """Each section with its chart inside, so that nothing more is loaded during a meeting; figures get keys 1 to 9."""
    slides = []
    for section in contents.sections:
        keys = iter("123456789")
        figures = [(one, next(keys, "") if one.opens else "") for one in section.figures]
        picture = ""
        if section.chart is not None:
            picture = "data:image/svg+xml;base64," + base64.b64encode(_svg(found, section.chart.name)).decode()
        slides.append({"section": section, "figures": figures, "picture": picture})
    return slides


def _svg(found: Pack, name: str) -> bytes:
    try:
        with default_storage.open(making.chart_of(found, name)) as file:
            content: bytes = file.read()
            return content
    except FileNotFoundError as exc:
        raise Http404(_("图表已不在存储中，请重新制作。")) from exc


def _viewer(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # set by require
    return viewer
