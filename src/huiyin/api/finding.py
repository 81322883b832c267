"""Which cases a list shows: the filters, the two orders, and the addresses of the pages around."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from pydantic import AwareDatetime, BaseModel, Field

from huiyin.accounts.viewer import Viewer
from huiyin.api.shapes import words
from huiyin.cases import paging
from huiyin.cases.models import Case, RunningClock
from huiyin.cases.paging import Page
from huiyin.cases.selectors import cases_for
from huiyin.domain.errors import InvalidData
from huiyin.domain.vocabulary import Channel, ClockKind, Grade, RequestType, Status
from huiyin.registry import directory

# Newest first uses case_newest, case_of_unit or case_of_street; due first uses case_open_lead or case_open_district.
_ORDERS = {"newest": ("-registered_at", "-id"), "due": ("due_at", "id")}
_CODE = r"^[0-9A-Za-z_.-]*$"


class Filters(BaseModel):
    status: Annotated[list[words(Status)], Field([], max_length=12, description="状态，可重复")]
    grade: Annotated[list[words(Grade)], Field([], max_length=4, description="分级，可重复")]
    request_type: Annotated[list[words(RequestType)], Field([], max_length=7, description="诉求类型，可重复")]
    channel: Annotated[words(Channel) | None, Field(None)]
    class_code: Annotated[str, Field("", pattern="^([0-9]{2}){0,3}$", description="分类代码或其前两位、四位")]
    district: Annotated[str, Field("", max_length=12, pattern=_CODE, description="区的代码")]
    street: Annotated[str, Field("", max_length=12, pattern=_CODE, description="街乡镇的代码")]
    unit: Annotated[str, Field("", max_length=24, pattern=_CODE, description="主办单位的代码，含其下级单位")]
    open: Annotated[bool | None, Field(None, description="true 只要未办结；false 只要已办结")]
    overdue: Annotated[bool, Field(False, description="只要办理时限已过而未反馈的")]
    overdue_step: Annotated[
        words(ClockKind) | None, Field(None, description="只要这一步时限已过的：签收、首次联系、办理等")
    ]
    registered_from: Annotated[AwareDatetime | None, Field(None, description="登记时间不早于")]
    registered_before: Annotated[AwareDatetime | None, Field(None, description="登记时间早于")]
    source_no: Annotated[str, Field("", max_length=64, pattern=r"^[^\x00]*$", description="来源系统中的编号")]
    sort: Annotated[Literal["newest", "due"], Field("newest", description="due：按办理时限，只列已派单的")]
    cursor: Annotated[str, Field("", max_length=300, description="翻页标记，取自上一次回答")]
    size: Annotated[int, Field(50, ge=1, le=200, description="每页件数")]


def page_of(viewer: Viewer, filters: Filters, now: datetime) -> Page[Case]:
    """One page in one query."""
    rows = cases_for(viewer).filter(_wanted(filters, now))
    if filters.sort == "due":
        rows = rows.filter(due_at__isnull=False)
    try:
        return paging.page(rows, order=_ORDERS[filters.sort], cursor=filters.cursor, size=filters.size)
    except (ValidationError, ValueError, TypeError) as exc:  # a forged cursor: of the right form, with other values
        raise InvalidData({"cursor": "翻页标记无效，请从第一页重新查看"}) from exc


def links(request: HttpRequest, page: Page[Case]) -> tuple[str | None, str | None]:
    def address(cursor: str) -> str | None:
        if not cursor:
            return None
        query = request.GET.copy()
        query["cursor"] = cursor
        return f"{request.path}?{query.urlencode()}"

    return address(page.next), address(page.previous)


def _wanted(filters: Filters, now: datetime) -> Q:
    wanted = Q()
    for name, value in _plain(filters).items():
        wanted &= Q(**{name: value})
    if filters.open is not None:
        wanted &= Q(closed_at__isnull=filters.open)
    if filters.overdue:
        wanted &= Q(closed_at__isnull=True, due_at__lte=now, feedback_hotline_at__isnull=True)
        wanted &= ~Q(status=Status.SUSPENDED)
    if filters.overdue_step is not None:
        late = RunningClock.objects.filter(kind=str(filters.overdue_step), due_at__lte=now)
        wanted &= Q(closed_at__isnull=True, pk__in=late.values("case_id"))
    if filters.unit:
        unit = directory.unit_by_code(filters.unit)
        if unit is None:
            raise InvalidData({"unit": "没有这个单位代码"})
        wanted &= Q(lead_unit_id__in=sorted(directory.subtree_unit_ids(unit.id)))
    return wanted


def _plain(filters: Filters) -> dict[str, Any]:
    """Conditions that are one comparison each."""
    given = {
        "status__in": filters.status,
        "grade__in": filters.grade,
        "request_type__in": filters.request_type,
        "channel": filters.channel,
        "class_code__startswith": filters.class_code,
        "district_id": _area_id("district", filters.district),
        "street_id": _area_id("street", filters.street),
        "registered_at__gte": filters.registered_from,
        "registered_at__lt": filters.registered_before,
        "source_no": filters.source_no,
    }
    return {name: value for name, value in given.items() if value not in (None, "", [])}


def _area_id(name: str, code: str) -> int | None:
    if not code:
        return None
    area = directory.area_by_code(code)
    if area is None:
        raise InvalidData({name: "没有这个区域代码"})
    return area.id
