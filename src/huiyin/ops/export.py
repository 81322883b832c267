"""The command `huiyin export`: cases as CSV or Excel, row by row, masked unless an administrator says why not."""

import csv
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from huiyin.ops.manage import set_up_django

if TYPE_CHECKING:
    from huiyin.accounts.viewer import Viewer
    from huiyin.cases.models import Case

HEADING = (
    "工单编号", "工单类型", "问题分类(一级->二级->三级)", "标题", "主要内容", "工单状态", "来电人", "来电人电话/账号",
    "被反映区", "被反映街乡镇", "村/社区", "详细地址", "受理渠道", "分级", "是否保密", "主办单位", "二级承办单位",
    "处理受理方式",
    "来电时间", "派单时间", "办理时限", "反馈时间", "办结时间", "办理结果", "是否联系", "是否解决", "是否满意",
)  # fmt: skip
_CHUNK = 1000
_HIDDEN = "（保密）"
# A cell that begins so is run as a formula when the file is opened in a spreadsheet; what citizens write must not be.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LOCAL = "%Y-%m-%d %H:%M:%S"

Write = Callable[[Sequence[str]], None]


@click.command("export")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="Registered on this day or later.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="Registered on this day or before.")
@click.option("--unit", "unit_code", help="Code of a unit: its cases and those of the units below.")
@click.option("--status", "statuses", multiple=True, help="received, handling, closed …; may be repeated.")
@click.option("--format", "kind", type=click.Choice(["csv", "xlsx"]), help="[default: by OUT's ending]")
@click.option("--open", "in_full", is_flag=True, help="Names, numbers and addresses in full; needs --by and --reason.")
@click.option("--by", help="User name of the administrator who answers for an open export.")
@click.option("--reason", default="", help="Why; kept in the log of reveals, once a case.")
def export(
    out: Path,
    first: datetime | None,
    last: datetime | None,
    unit_code: str | None,
    statuses: tuple[str, ...],
    kind: str | None,
    in_full: bool,
    by: str | None,
    reason: str,
) -> None:
    """Write cases to OUT (.csv or .xlsx), oldest first."""
    set_up_django()
    viewer = _administrator(by, reason) if in_full else None
    chosen = _chosen(first, last, unit_code, statuses)
    began, count = time.monotonic(), 0
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with _writer(draft, kind or ("xlsx" if out.suffix == ".xlsx" else "csv")) as write:
            write(HEADING)
            for chunk in _chunks(chosen):
                if viewer is not None:
                    _log(chunk, viewer, reason)
                for row in rows_of(chunk, in_full=in_full):
                    write(row)
                count += len(chunk)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
    seconds = time.monotonic() - began
    click.echo(f"已导出 {count:,} 件到 {out}，用时 {seconds:.1f} 秒，{count / max(seconds, 0.001):,.0f} 件/秒")


def rows_of(cases: "Sequence[Case]", *, in_full: bool) -> Iterator[list[str]]:
    """The cells of each case, in the order of HEADING; two queries a chunk."""
    results = _results(cases)
    for case in cases:
        yield _cells(case, results.get(case.pk, ""), in_full=in_full)


def _cells(case: "Case", result: str, *, in_full: bool) -> list[str]:
    from huiyin.cases.presenters.names import area_name, unit_name
    from huiyin.domain.vocabulary import Channel, Disposition, Grade, RequestType, Satisfaction, Status

    name, phone, title, content, address, result = _personal(case, result, in_full=in_full)
    return [
        case.case_no,
        RequestType(case.request_type).label,
        _class_path(case),
        title,
        content,
        Status(case.status).label,
        name,
        phone,
        area_name(case.district_id),
        area_name(case.street_id),
        area_name(case.community_id),
        address,
        Channel(case.channel).label,
        Grade(case.grade).label,
        "是" if case.confidential else "否",
        unit_name(case.lead_unit_id),
        unit_name(case.sub_unit_id),
        Disposition(case.disposition).label if case.disposition else "",
        _time(case.registered_at),
        _time(case.dispatched_at),
        _time(case.due_at),
        _time(case.feedback_hotline_at),
        _time(case.closed_at),
        result,
        _yes_no(case.contacted),
        _yes_no(case.solved),
        Satisfaction(case.satisfaction).label if case.satisfaction else "",
    ]


def _personal(case: "Case", result: str, *, in_full: bool) -> tuple[str, ...]:
    """(name, phone, title, content, address, result) as this export may show them."""
    from huiyin.accounts import sealed
    from huiyin.domain import privacy

    if case.confidential and not in_full:
        return (_HIDDEN,) * 6
    name = sealed.unseal(case.requester.name_sealed)
    phone = sealed.unseal(case.requester.phone_sealed)
    words = (case.title, case.content, case.address, result)
    if not in_full:
        name, phone = privacy.mask_name(name), privacy.mask_phone(phone)
        title, content, address, result = words
        words = (
            privacy.mask_text(title),
            privacy.mask_text(content),
            privacy.mask_address(address),
            privacy.mask_text(result),
        )
    title, content, address, result = (_harmless(text) for text in words)
    return _harmless(name), phone, title, content, address, result


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _class_path(case: "Case") -> str:
    from huiyin.registry import rulebook

    info = rulebook.taxonomy(case.taxonomy_edition_id).get(case.class_code)
    return f"{info.level1}->{info.level2}->{info.level3}" if info else case.class_code


def _results(cases: "Sequence[Case]") -> dict[int, str]:
    """What the unit last told the hotline, or how the hotline settled it itself; uses case_event_of_case."""
    from huiyin.cases.models import CaseEvent

    events = CaseEvent.objects.filter(
        case_id__in=[case.pk for case in cases],
        action__in=("reply", "direct_answer", "refer_elsewhere", "persuade", "close"),
        at__gte=min(case.registered_at for case in cases) - timedelta(days=1),
    ).order_by("case_id", "seq")
    found: dict[int, str] = {}
    for case_id, action, data in events.values_list("case_id", "action", "data"):
        text = data.get("result") or data.get("answer") or (data.get("reason") if action == "close" else "")
        if text and not (action == "close" and case_id in found):
            found[case_id] = text
    return found


def _chosen(first: datetime | None, last: datetime | None, unit_code: str | None, statuses: Sequence[str]) -> Any:
    """Oldest first by id (the primary key), through a cursor in the server: memory does not grow with the city."""
    from huiyin.cases.models import Case
    from huiyin.domain.calendar import CITY_ZONE
    from huiyin.domain.vocabulary import Status
    from huiyin.registry import directory

    if unknown := set(statuses) - set(Status):
        raise click.BadParameter(f"没有这个状态：{'、'.join(sorted(unknown))}（可用：{'、'.join(Status)}）")
    cases = Case.objects.select_related("requester").order_by("id")
    if first is not None:
        cases = cases.filter(registered_at__gte=first.replace(tzinfo=CITY_ZONE))
    if last is not None:
        cases = cases.filter(registered_at__lt=last.replace(tzinfo=CITY_ZONE) + timedelta(days=1))
    if statuses:
        cases = cases.filter(status__in=statuses)
    if unit_code is not None:
        unit = directory.unit_by_code(unit_code)
        if unit is None:
            raise click.BadParameter(f"没有这个单位代码：{unit_code}", param_hint="--unit")
        cases = cases.filter(lead_unit_id__in=directory.subtree_unit_ids(unit.id))
    return cases


def _chunks(cases: Any) -> "Iterator[list[Case]]":
    rows = cases.iterator(chunk_size=_CHUNK)
    while chunk := list(islice(rows, _CHUNK)):
        yield chunk


def _administrator(by: str | None, reason: str) -> "Viewer":
    from huiyin.accounts import reveals
    from huiyin.accounts.models import Staff
    from huiyin.domain.vocabulary import Role

    if not reveals.LEAST_REASON <= len(reason.strip()) <= reveals.MOST_REASON:
        raise click.BadParameter("请写明理由（4–200 个字）", param_hint="--reason")
    staff = Staff.objects.filter(username=by or "", is_active=True).first()
    if staff is None or not staff.viewer.has(Role.ADMINISTRATOR):
        raise click.BadParameter("须是在岗的系统管理员", param_hint="--by")
    return staff.viewer


def _log(cases: "Sequence[Case]", viewer: "Viewer", reason: str) -> None:
    """Before anything is written: who saw whose data, and why, once a case."""
    from huiyin.accounts.models import RevealLog
    from huiyin.accounts.models.looks import Purpose, RevealedField

    now = datetime.now(UTC)
    RevealLog.objects.bulk_create(
        [
            RevealLog(
                case_id=case.pk,
                staff_id=viewer.staff_id,
                unit_id=viewer.unit_id,
                field=RevealedField.IDENTITY,
                purpose=Purpose.OTHER,
                reason=reason.strip(),
                at=now,
            )
            for case in cases
        ]
    )


@contextmanager
def _writer(path: Path, kind: str) -> Iterator[Write]:
    path.touch(mode=0o600)  # before anything is in it
    if kind == "csv":
        # With a byte order mark: Excel takes a CSV without one for GB 18030.
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            yield csv.writer(file).writerow
        return
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet("工单")
    yield lambda row: sheet.append([ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in row])
    book.save(path)


def _time(moment: datetime | None) -> str:
    from huiyin.domain.calendar import CITY_ZONE

    return "" if moment is None else moment.astimezone(CITY_ZONE).strftime(_LOCAL)


def _yes_no(answer: bool | None) -> str:
    return "" if answer is None else "是" if answer else "否"
