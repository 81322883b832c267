"""Reads entries for the editor's pages: lists with filters, one entry with its versions, what was used."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Count, F, Q, QuerySet

from huiyin.accounts.viewer import Viewer
from huiyin.cases.paging import Page, page
from huiyin.domain.numerals import KEY, whole
from huiyin.domain.vocabulary import Term
from huiyin.knowledge.held import held
from huiyin.knowledge.models import Entry, EntryVersion, Gap, State, Use, UseKind
from huiyin.knowledge.writing import may_publish

PAGE_SIZE: Final = 50
EXPIRING_WITHIN: Final = timedelta(days=30)
_FOUND = 200


class View(Term):
    """The lists that an editor works off."""

    IN_FORCE = "in_force", "有效"
    DRAFTS = "drafts", "待审"
    EXPIRING = "expiring", "30天内到期"
    EXPIRED = "expired", "已过期"
    REVIEW = "review", "到期复核"
    WITHDRAWN = "withdrawn", "停用"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    view: View = View.IN_FORCE
    q: str = ""
    owner_id: int | None = None
    area_id: int | None = None
    cursor: str = ""


def visible(viewer: Viewer) -> QuerySet[Entry]:
    """What is in force or was, for everyone at work; drafts for those who publish and for the unit that wrote them."""
    rows = Entry.objects.select_related("latest__owner", "latest__area", "current")
    if may_publish(viewer):
        return rows
    return rows.filter(~Q(latest__state=str(State.DRAFT), current=None) | Q(latest__owner_id__in=viewer.unit_ids))


def entries(viewer: Viewer, wanted: Wanted, *, today: date) -> Page[Entry]:
    rows = _of_view(visible(viewer), wanted.view, today)
    if wanted.owner_id:
        rows = rows.filter(latest__owner_id=wanted.owner_id)
    if wanted.area_id:
        rows = rows.filter(latest__area_id=wanted.area_id)
    if wanted.q:
        rows = rows.filter(_matching(wanted.q))
    return page(rows, order=("-id",), cursor=wanted.cursor, size=PAGE_SIZE)


def counts(viewer: Viewer, *, today: date) -> Mapping[View, int]:
    """One statement."""
    found = visible(viewer).aggregate(
        **{view.value: Count("pk", filter=_condition(view, today), distinct=True) for view in View}
    )
    return {view: found[view.value] for view in View}


def versions_of(entry: Entry) -> list[EntryVersion]:
    return list(entry.versions.select_related("area", "owner").order_by("-number")[:100])


def uses_of(entry: Entry) -> Mapping[str, int]:
    found = dict(Use.objects.filter(entry=entry).order_by().values_list("kind").annotate(Count("pk")))
    return {kind.label: found.get(kind.value, 0) for kind in UseKind}


def open_gaps(cursor: str = "") -> Page[Gap]:
    """Uses knowledge_open_gaps."""
    return page(
        Gap.objects.filter(solved_at__isnull=True), order=("-count", "-last_at", "-id"), cursor=cursor, size=PAGE_SIZE
    )


def closed_gaps() -> list[Gap]:
    return list(Gap.objects.filter(solved_at__isnull=False).select_related("solved_by").order_by("-solved_at")[:20])


def _of_view(rows: QuerySet[Entry], view: View, today: date) -> QuerySet[Entry]:
    return rows.filter(_condition(view, today))


def _condition(view: View, today: date) -> Q:
    holds = Q(current__isnull=False) & (Q(current__valid_until=None) | Q(current__valid_until__gte=today))
    match view:
        case View.IN_FORCE:
            return holds
        case View.DRAFTS:
            return Q(latest__state=str(State.DRAFT))
        case View.EXPIRING:
            return holds & Q(current__valid_until__lte=today + EXPIRING_WITHIN)
        case View.EXPIRED:
            return Q(current__valid_until__lt=today)
        case View.REVIEW:
            return holds & Q(current__review_date__lte=today)
    return Q(latest__state=str(State.WITHDRAWN))


def _matching(q: str) -> Q:
    """By number, by words of the title, or by what the index finds."""
    q = q.replace("\x00", "")
    number = whole(q.strip().upper().removeprefix("K"), digits=KEY)
    if number is not None:
        return Q(pk=number)
    found = [hit.key for hit in held().index.search(q, limit=_FOUND)][:_FOUND]
    return Q(latest__title__icontains=q.strip()) | Q(pk__in=found)


def differences(older: EntryVersion, newer: EntryVersion) -> list[tuple[str, str, str]]:
    """Label, before, after of each field that differs."""
    found = []
    for name, label in _LABELS.items():
        before, after = _shown(older, name), _shown(newer, name)
        if before != after:
            found.append((label, before, after))
    return found


_LABELS = {
    "state": "状态",
    "title": "标题",
    "questions": "问法",
    "answer": "答复",
    "source": "来源文件",
    "issuer": "发布单位",
    "link": "链接",
    "area": "适用区域",
    "class_codes": "类别",
    "valid_from": "生效日期",
    "valid_until": "有效期至",
    "review_date": "复核日期",
    "owner": "责任单位",
    "public": "对市民公开",
}


def _shown(version: EntryVersion, name: str) -> str:
    value = getattr(version, name)
    if name == "state":
        return State(value).label
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "；".join(value)
    return "" if value is None else str(value)


def gap_count() -> int:
    return Gap.objects.filter(solved_at__isnull=True).count()


def used_most(limit: int = 20) -> list[int]:
    """The entries that closed the most cases or were read the most by citizens."""
    rows = Use.objects.values("entry").annotate(n=Count("pk")).order_by("-n", F("entry"))[:limit]
    return [row["entry"] for row in rows]
