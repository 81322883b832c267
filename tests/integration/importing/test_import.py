"""Importing files: every row is accounted for, nothing comes in twice, what is wrong is named."""

import csv
import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Sum
from openpyxl import Workbook

from huiyin.accounts import sealed
from huiyin.cases import journal
from huiyin.cases.models import Case, CaseEvent, DayCount, Outbox, RunningClock
from huiyin.domain.vocabulary import Status
from huiyin.intake.importing.mapping import BadMapping, lay_over, read_mapping
from huiyin.intake.importing.moments import read_moment
from huiyin.intake.importing.running import ImportRefused, Plan, Totals, run_import
from huiyin.registry import directory
from huiyin.tables.reading import BadFile, Rows
from tests.builders_city import STREET, street_unit

pytestmark = pytest.mark.usefixtures("city")

NOW = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
HEADING = ["工单编号", "工单类型", "问题分类(一级->二级->三级)", "标题", "主要内容", "工单状态", "来电人",
           "来电人电话/账号", "被反映区",
           "被反映街乡镇", "办理结果", "主办单位", "来电时间", "办结时间", "是否解决", "是否满意", "标签"]  # fmt: skip
Write = Callable[..., Path]


def row(number: str, **changes: str) -> list[str]:
    street = directory.area_by_code(STREET)
    assert street is not None
    assert street.district_id is not None
    values = {
        "工单编号": number,
        "工单类型": "投诉",
        "问题分类(一级->二级->三级)": "住房->物业服务->保洁绿化不到位",
        "标题": "楼道无人打扫",
        "主要内容": "楼道一个月没有人打扫，垃圾成堆",
        "来电人": "王小明",
        "来电人电话/账号": "19900001234",
        "被反映区": directory.area(street.district_id).name,
        "被反映街乡镇": street.name,
        "来电时间": "2026-06-01 09:30:00",
    } | changes
    return [values.get(name, "") for name in HEADING]


def written(path: Path, rows: list[list[str]], heading: list[str] = HEADING) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heading, *rows])
    return path


def bring_in(path: Path, **changes: Any) -> Totals:
    return run_import(Plan(path=path, rejects=path.with_suffix(".rejects"), **changes), now=NOW)


def test_a_row_becomes_a_case_that_waits_for_dispatch(tmp_path: Path) -> None:
    totals = bring_in(written(tmp_path / "a.csv", [row("1001")]))

    case = Case.objects.get()
    assert (totals.imported, totals.rows) == (1, 1)
    assert (case.status, case.class_code, case.request_type) == (Status.RECEIVED, "010101", "complaint")
    assert (case.source, case.source_no, case.channel) == ("hotline", "1001", "file")
    assert case.registered_at == datetime(2026, 6, 1, 1, 30, tzinfo=UTC)
    assert case.street_id == directory.area_by_code(STREET).id  # type: ignore[union-attr]
    assert case.proposal["unit"]["unit_id"] == street_unit()
    assert sealed.unseal(case.requester.phone_sealed) == "19900001234"
    assert RunningClock.objects.get().started_at == NOW  # nobody could dispatch it before it was here
    assert not Outbox.objects.exists()
    assert DayCount.objects.get().received == 1


def test_a_row_that_names_somebody_vulnerable_is_more_urgent_unless_it_only_asks(tmp_path: Path) -> None:
    words = "独居老人卧床，楼道没有人打扫，垃圾成堆"
    rows = [row("1", 主要内容=words), row("2", 主要内容=words, 工单类型="咨询"), row("3")]
    bring_in(written(tmp_path / "a.csv", rows))

    assert dict(Case.objects.values_list("source_no", "grade")) == {"1": "urgent", "2": "normal", "3": "normal"}


def test_the_sum_of_all_kinds_of_rows_is_the_rows_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", [row("1"), row("2", 来电时间="昨天"), row("3"), row("1"), row("")])
    bring_in(written(tmp_path / "b.csv", [row("3")]))

    totals = bring_in(path)

    assert (totals.imported, totals.skipped, totals.rejected, totals.rows) == (1, 1, 3, 5)
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"来电时间": ""}, "来电时间", "来电时间为空"),
        ({"来电时间": "2026-13-01"}, "来电时间", "不是有效的时间"),
        ({"来电时间": "2031-01-01 00:00:00"}, "来电时间", "在将来"),
        ({"主要内容": "短", "标题": ""}, "主要内容", "至少4个字"),
        ({"主要内容": "字" * 10_001}, "主要内容", "超过10000个字"),
        ({"来电人电话/账号": "12ab"}, "来电人电话", "联系电话格式不对"),
        ({"工单类型": "闲聊"}, "工单类型", "不认识：闲聊"),
        ({"来电人": "名" * 61}, "来电人", "超过60个字"),
        ({"工单状态": "已办结"}, "办结时间", "没有办结时间"),
        ({"工单状态": "已办结", "办结时间": "2026-05-01 00:00:00"}, "办结时间", "早于来电时间"),
        ({"工单状态": "已办结", "办结时间": "2026-06-05 00:00:00", "是否满意": "凑合"}, "是否满意", "不认识：凑合"),
        ({"工单状态": "已办结", "办结时间": "2026-06-05 00:00:00", "是否解决": "也许"}, "是否解决", "应为“是”或“否”"),
        ({"工单编号": "9" * 65}, "工单编号", "过长"),
    ],
)
def test_a_bad_row_is_reported_with_number_field_and_reason(
    tmp_path: Path, changes: dict[str, str], field: str, reason: str
) -> None:
    path = written(tmp_path / "a.csv", [row("1"), row("2", **changes)])

    totals = bring_in(path)

    with path.with_suffix(".rejects").open(encoding="utf-8-sig", newline="") as file:
        heading, rejected = csv.reader(file)
    assert totals.rejected == 1
    assert heading[:3] == ["行号", "字段", "原因"]
    assert rejected[:2] == ["3", field]
    assert reason in rejected[2]
    assert rejected[3:] == row("2", **changes)


def test_a_row_with_several_faults_is_told_all_of_them_in_one_line(tmp_path: Path) -> None:
    wrong = {
        "来电时间": "昨天",
        "来电人": "名" * 61,
        "来电人电话/账号": "12ab",
        "工单类型": "闲聊",
        "工单状态": "已办结",
        "是否解决": "也许",
        "是否满意": "凑合",
    }
    path = written(tmp_path / "a.csv", [row("1"), row("2", **wrong)])

    totals = bring_in(path)

    with path.with_suffix(".rejects").open(encoding="utf-8-sig", newline="") as file:
        [_heading, rejected] = csv.reader(file)
    assert (totals.imported, totals.rejected, totals.reasons) == (1, 1, {"at": 1})
    assert rejected[:2] == ["3", "来电时间"]
    assert rejected[2].split("；") == [
        "来电时间不是有效的时间：昨天",
        "来电人超过60个字",
        "联系电话格式不对：请填11位手机号，或带区号的固定电话",
        "工单类型不认识：闲聊",
        "已办结但没有办结时间",
        "是否解决应为“是”或“否”：也许",
        "是否满意不认识：凑合",
    ]


def test_the_field_of_a_row_with_several_faults_is_that_of_the_first_reason(tmp_path: Path) -> None:
    wrong = {"工单类型": "闲聊", "来电人电话/账号": "12ab", "工单状态": "已办结", "办结时间": "2026-05-01"}
    path = written(tmp_path / "a.csv", [row("2", **wrong)])

    totals = bring_in(path)

    with path.with_suffix(".rejects").open(encoding="utf-8-sig", newline="") as file:
        [_heading, rejected] = csv.reader(file)
    assert totals.reasons == {"type": 1}
    assert rejected[2].startswith("工单类型不认识：闲聊；")
    assert rejected[2].endswith("；办结时间早于来电时间")


def test_a_closed_case_keeps_its_answer_its_unit_and_what_the_citizen_said(tmp_path: Path) -> None:
    unit = directory.unit(street_unit())
    ended = {
        "工单状态": "已办结",
        "办结时间": "2026-06-05 18:00:00",
        "办理结果": "已清扫并加派保洁",
        "主办单位": unit.name,
    }

    bring_in(written(tmp_path / "a.csv", [row("1", **ended, 是否解决="是", 是否满意="基本满意")]))

    case = Case.objects.get()
    register, close = journal.of_case(case.pk)
    assert (case.status, case.lead_unit_id, case.disposition) == (Status.CLOSED, unit.id, "dispatch")
    assert (case.solved, case.satisfaction, case.callback_valid) == (True, "basically_satisfied", True)
    assert case.judged
    assert (register.action, close.action) == ("register", "close")
    assert close.reason == "导入：已清扫并加派保洁"
    assert not RunningClock.objects.exists()


def test_days_are_counted_as_the_city_counts_them(tmp_path: Path) -> None:
    moments = ["2026-05-31 23:59:59", "2026-06-01 00:00:00", "2026-06-01 23:59:59"]
    path = written(tmp_path / "a.csv", [row(str(at), 来电时间=moment) for at, moment in enumerate(moments)])

    bring_in(path)

    counted = DayCount.objects.values("day").annotate(received=Sum("received")).order_by("day")
    assert [(str(one["day"]), one["received"]) for one in counted] == [("2026-05-31", 1), ("2026-06-01", 2)]


def test_a_class_that_nobody_knows_among_known_ones_is_proposed_by_the_words(tmp_path: Path) -> None:
    unknown = {"问题分类(一级->二级->三级)": "别市的类别->没有->这个", "主要内容": "小区路灯不亮已经三天了"}
    path = written(tmp_path / "a.csv", [row("1"), row("2", **unknown), row("3")])

    bring_in(path)

    known = Case.objects.get(source_no="1")
    assert Case.objects.get(source_no="3").class_code == known.class_code
    other = Case.objects.get(source_no="2")
    assert other.proposal is not None
    assert other.proposal["classes"]
    assert list(other.proposal["imported"].values()) == ["别市的类别->没有->这个"]


def test_without_a_class_the_words_propose_one_and_the_file_is_quoted(tmp_path: Path) -> None:
    bring_in(written(tmp_path / "a.csv", [row("1", **{"问题分类(一级->二级->三级)": "外市分类->甲->乙"}, 标签="重点")]))

    case = Case.objects.get()
    assert case.class_code == case.proposal["classes"][0]["code"]
    assert case.proposal["automatic"] is False
    assert case.proposal["imported"] == {"问题分类（一级->二级->三级）或六位代码": "外市分类->甲->乙", "标签": "重点"}


def test_places_that_the_registry_does_not_know_are_kept_in_the_address(tmp_path: Path) -> None:
    bring_in(written(tmp_path / "a.csv", [row("1", 被反映区="A3区", 被反映街乡镇="某某街道")]))

    assert Case.objects.get().address == "A3区某某街道"


def test_a_second_run_brings_in_nothing_twice(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", [row(str(number)) for number in range(20)])
    bring_in(path)
    before = list(CaseEvent.objects.values_list("id", flat=True))

    totals = bring_in(path, resume=True)

    assert (totals.imported, totals.skipped) == (0, 20)
    assert list(CaseEvent.objects.values_list("id", flat=True)) == before


def test_rows_without_numbers_are_known_by_the_files_content(tmp_path: Path) -> None:
    heading = ["主要内容", "来电时间"]
    rows = [["路灯不亮已经三天了", "2026-06-01 08:00:00"]] * 2
    bring_in(written(tmp_path / "a.csv", rows, heading))

    totals = bring_in(written(tmp_path / "renamed.csv", rows, heading))

    assert (totals.imported, totals.skipped) == (0, 2)
    assert Case.objects.count() == 2


def test_resuming_a_source_that_was_never_seen_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="还没有导入过"):
        bring_in(written(tmp_path / "a.csv", [row("1")]), resume=True)


def test_a_dry_run_checks_every_row_and_writes_nothing(tmp_path: Path) -> None:
    totals = bring_in(written(tmp_path / "a.csv", [row("1"), row("2", 来电时间="")]), dry_run=True)

    assert (totals.imported, totals.rejected) == (1, 1)
    assert not Case.objects.exists()


def test_a_gzipped_gb18030_file_and_an_excel_file_say_the_same(tmp_path: Path) -> None:
    lines = "\r\n".join(",".join(cells) for cells in (HEADING, row("1")))
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(lines.encode("gb18030")))
    book = Workbook()
    for cells in (HEADING, row("2", 来电时间="")):
        book.active.append(cells)  # type: ignore[union-attr]
    book.active.cell(2, HEADING.index("来电时间") + 1, datetime(2026, 6, 1, 9, 30))  # type: ignore[union-attr]  # noqa: DTZ001
    book.save(tmp_path / "b.xlsx")

    bring_in(tmp_path / "a.csv.gz")
    bring_in(tmp_path / "b.xlsx")

    first, second = Case.objects.order_by("source_no")
    assert (first.content, first.registered_at, first.street_id) == (
        second.content,
        second.registered_at,
        second.street_id,
    )


def test_bytes_that_fit_no_encoding_spoil_one_row_only(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", [row("1"), row("2", 主要内容="坏字节XX在这里"), row("3")])
    path.write_bytes(path.read_bytes().replace(b"XX", b"\xff\xfe"))

    totals = bring_in(path)

    assert (totals.imported, totals.rejected) == (2, 1)


def test_a_mapping_file_names_the_columns_of_another_system(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text('content = "what"\nat = ["when", "date"]\nnumber = "no"\n', encoding="utf-8")
    path = written(tmp_path / "a.csv", [["7", "路灯不亮已经三天了", "2026/6/1 8:05"]], ["no", "what", "date"])

    bring_in(path, mapping=read_mapping(str(tmp_path / "other.toml")), source="区平台")

    case = Case.objects.get()
    assert (case.source, case.source_no, case.content) == ("区平台", "7", "路灯不亮已经三天了")


def test_a_mapping_that_does_not_fit_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "wrong.toml").write_text('content = "what"\ncolour = "x"\n', encoding="utf-8")

    with pytest.raises(BadMapping, match="colour"):
        read_mapping(str(tmp_path / "wrong.toml"))
    with pytest.raises(BadMapping, match="缺少必需的列：来电时间"):
        lay_over(["主要内容"], None)


@pytest.mark.parametrize(
    ("content", "why"), [(b"", "空的"), (b"PK\x03\x04rubbish", "Excel"), (b"\xd0\xcf\x11\xe0", "旧版")]
)
def test_a_file_that_is_none_says_so(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)

    with pytest.raises(BadFile, match=why):
        Rows(tmp_path / "a.csv")


@pytest.mark.parametrize(
    "text",
    ["2026-06-01 09:30:00", "2026/6/1 9:30", "2026年6月1日 9时30分", "2026-06-01T09:30:00", "2026.06.01 09:30:00"],
)
def test_the_usual_spellings_of_a_time_mean_the_same(text: str) -> None:
    moment = read_moment(text)

    assert moment is not None
    assert moment.astimezone(UTC) == datetime(2026, 6, 1, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(("name", "closed"), [("messages_with_replies_half", 1408), ("hotspot_messages_half", 0)])
def test_real_messages_flow_in_by_the_built_in_mapping(
    shared_data: Path, tmp_path: Path, name: str, closed: int
) -> None:
    with gzip.open(shared_data / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    path = written(tmp_path / "real.csv", rows[1:201], rows[0])

    totals = bring_in(path)

    assert totals.imported == 200
    assert totals.closed == (200 if closed else 0)
    assert Case.objects.filter(source="teddy").count() == 200
