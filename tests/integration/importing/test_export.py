"""Exporting cases: masked by default, in full only for a reason on record, and readable by the import."""

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from huiyin.accounts.models import Post, RevealLog, Staff
from huiyin.cases.models import Case
from huiyin.domain.vocabulary import Role
from huiyin.intake.importing.running import Plan, run_import
from huiyin.ops.export import HEADING, export
from huiyin.registry import directory
from tests.builders_city import NOW, People, registered, replied, street_unit

pytestmark = pytest.mark.usefixtures("city")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(export, [str(argument) for argument in arguments])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def administrator() -> Staff:
    staff = Staff.objects.create(username="boss", name="高远航", staff_no="A1")
    hotline = directory.hotline()
    assert hotline is not None
    Post.objects.create(
        staff=staff, role=str(Role.ADMINISTRATOR), unit_id=hotline.id, is_main=True, valid_from=NOW.date()
    )
    return staff


def test_names_numbers_and_doors_are_masked(people: People, tmp_path: Path) -> None:
    replied(people)

    assert run(tmp_path / "a.csv").exit_code == 0

    (row,) = rows(tmp_path / "a.csv")
    assert list(row) == list(HEADING)
    assert row["来电人电话/账号"] == "199****1234"
    assert "王小明" not in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert "3号楼" not in row["详细地址"]
    assert row["办理结果"].startswith("物业已更换楼道灯具")
    assert (tmp_path / "a.csv").stat().st_mode & 0o077 == 0


def test_of_a_confidential_case_nothing_personal_is_told(people: People, tmp_path: Path) -> None:
    registered(people, confidential=True)

    run(tmp_path / "a.csv")

    (row,) = rows(tmp_path / "a.csv")
    assert {row[name] for name in ("标题", "主要内容", "来电人", "来电人电话/账号", "详细地址")} == {"（保密）"}


def test_an_open_export_names_an_administrator_and_is_logged_case_by_case(
    people: People, tmp_path: Path, administrator: Staff
) -> None:
    case = registered(people)

    refused = run(tmp_path / "a.csv", "--open", "--by", "boss")
    nobody = run(tmp_path / "a.csv", "--open", "--by", "huawu", "--reason", "年度审计抽查")
    done = run(tmp_path / "b.csv", "--open", "--by", "boss", "--reason", "年度审计抽查")

    assert refused.exit_code == nobody.exit_code == 2
    assert not (tmp_path / "a.csv").exists()
    assert done.exit_code == 0
    assert rows(tmp_path / "b.csv")[0]["来电人电话/账号"] == "19900001234"
    log = RevealLog.objects.get()
    assert (log.case_id, log.staff_id, log.reason) == (case.pk, administrator.pk, "年度审计抽查")


def test_what_citizens_write_is_no_formula(people: People, tmp_path: Path) -> None:
    registered(people, content='=HYPERLINK("http://x","点我")，楼道灯坏了', title="+1")

    run(tmp_path / "a.csv")

    (row,) = rows(tmp_path / "a.csv")
    assert row["标题"] == "'+1"
    assert row["主要内容"].startswith("'=")


def test_only_what_was_asked_for_is_written(people: People, tmp_path: Path) -> None:
    registered(people)
    replied(people, phone="19900005678")
    unit = directory.unit(street_unit())

    run(tmp_path / "unit.csv", "--unit", unit.code)
    run(tmp_path / "status.csv", "--status", "received")
    run(tmp_path / "days.csv", "--from", "2027-01-01")
    wrong = run(tmp_path / "x.csv", "--status", "lost")

    assert [row["工单状态"] for row in rows(tmp_path / "unit.csv")] == ["已反馈"]
    assert [row["工单状态"] for row in rows(tmp_path / "status.csv")] == ["待派单"]
    assert rows(tmp_path / "days.csv") == []
    assert wrong.exit_code == 2


def test_an_excel_export_holds_the_same(people: People, tmp_path: Path) -> None:
    registered(people)

    run(tmp_path / "a.xlsx")
    run(tmp_path / "a.csv")

    heading, cells = load_workbook(tmp_path / "a.xlsx").worksheets[0].iter_rows(values_only=True)
    assert {name: cell or "" for name, cell in zip(heading, cells, strict=True)} == rows(tmp_path / "a.csv")[0]


def test_an_open_export_can_be_imported_elsewhere(people: People, tmp_path: Path, administrator: Staff) -> None:
    case = registered(people)
    run(tmp_path / "a.csv", "--open", "--by", "boss", "--reason", "迁移到新系统")
    Case.objects.filter(pk=case.pk).update(case_no="-")  # as if it were another house

    totals = run_import(Plan(path=tmp_path / "a.csv", source="旧系统"), now=NOW)

    copy = Case.objects.exclude(pk=case.pk).get()
    assert (totals.imported, totals.rejected) == (1, 0)
    for name in ("content", "title", "address", "class_code", "grade", "request_type", "street_id", "channel"):
        assert getattr(copy, name) == getattr(case, name)
    assert copy.requester_id == case.requester_id
