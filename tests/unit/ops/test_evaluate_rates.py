"""`huiyin evaluate rates`: figures by hand, the order of the input, and nothing written on a fault."""

import csv
import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from huiyin.ops.evaluate.command import evaluate

UNITS = """unit,group,volume,valid,contacted,solved,satisfied,basically_satisfied
丙,街道,300,120,118,97,90,11
甲,街道,200,100,100,90,88,4
少,街道,29,29,29,29,29,0
无,街道,5,0,0,0,0,0
乙,部门,400,100,100,90,88,4
"""
CASES = """case_no,unit,group,valid,contacted,solved,satisfaction,excluded,suspended
1,甲,街道,1,1,1,satisfied,0,0
2,甲,街道,是,是,否,不满意,否,否
3,甲,街道,true,true,true,basically_satisfied,false,false
4,甲,街道,0,,,,0,0
5,甲,街道,1,1,0,dissatisfied,1,0
6,甲,街道,1,1,0,dissatisfied,0,1
7,乙,街道,1,0,1,基本满意,0,0
"""


def _run(path: Path, text: str, *options: str, given: str = "--units") -> tuple[Result, list[dict[str, str]]]:
    if not path.exists():
        path.write_text(text, encoding="utf-8")
    out = path.with_name("out.csv")
    result = CliRunner().invoke(evaluate, ["rates", given, str(path), "--out", str(out), *options])
    if not out.exists():
        return result, []
    with out.open(encoding="utf-8", newline="") as file:
        return result, list(csv.DictReader(file))


def test_units_come_out_in_their_order_with_figures_worked_by_hand(tmp_path: Path) -> None:
    result, rows = _run(tmp_path / "units.csv", UNITS)

    assert result.exit_code == 0, result.output
    assert [(row["unit"], row["score"], row["rank"]) for row in rows] == [
        ("丙", "83.6", "2"), ("甲", "91.6", "1"), ("少", "100.0", ""), ("无", "", ""), ("乙", "91.6", "1"),
    ]  # fmt: skip
    assert rows[0]["response_rate"] == "0.983333"
    assert rows[0]["satisfaction_rate"] == "0.832500"
    assert rows[0]["resolution_low"] < rows[0]["resolution_rate"] < rows[0]["resolution_high"]
    assert (rows[4]["rank_low"], rows[4]["rank_high"]) == ("1", "1")
    assert rows[3] == {**dict.fromkeys(rows[3], ""), "unit": "无", "group": "街道", "volume": "5", "valid": "0"}


def test_the_minimum_and_the_preset_can_be_chosen(tmp_path: Path) -> None:
    _, rows = _run(tmp_path / "units.csv", UNITS, "--min-valid", "10", "--preset", "zhungeer")

    assert [(row["score"], row["rank"]) for row in rows[:3]] == [("86.9", "3"), ("93.6", "2"), ("100.0", "1")]


def test_cases_are_counted_by_what_enters(tmp_path: Path) -> None:
    result, [first, second] = _run(tmp_path / "cases.csv", CASES, "--min-valid", "1", given="--cases")

    assert result.exit_code == 0, result.output
    assert (first["volume"], first["valid"]) == ("4", "3")
    assert (first["response_rate"], first["resolution_rate"], first["satisfaction_rate"]) == (
        "1.000000",
        "0.666667",
        "0.633333",
    )
    assert (first["score"], first["rank"]) == ("68.7", "2")  # 10 + 33.333 + 25.333
    assert (second["score"], second["rank"]) == ("86.0", "1")  # 0 + 50 + 36


def test_a_suggestion_is_not_asked_to_be_solved(tmp_path: Path) -> None:
    text = "\n".join(
        line + ("," + kind if kind else "")
        for line, kind in zip(CASES.splitlines(), ["request_type", "", "建议", "", "", "", "", ""], strict=True)
    )

    _, rows = _run(tmp_path / "cases.csv", text, given="--cases")

    assert rows[0]["resolution_rate"] == "1.000000"


@pytest.mark.parametrize(
    ("given", "text", "words"),
    [
        ("--units", UNITS.replace("丙,街道,300", "丙,街道,-1"), "第 2 行：volume 的值“-1”不是非负整数"),
        ("--units", UNITS.replace("120,118", "120,121"), "第 2 行：contacted 不能大于有效回访数"),
        ("--units", UNITS.replace("乙,部门", "甲,街道"), "第 6 行：单位“甲”在组“街道”中重复"),
        ("--units", UNITS.replace("solved", "done"), "缺少列：solved"),
        ("--cases", CASES.replace("7,乙", "1,乙"), "第 8 行：案件编号“1”重复"),
        ("--cases", CASES.replace("不满意", "还行"), "第 3 行：satisfaction 的值“还行”无效"),
        ("--cases", CASES.replace("7,乙,街道,1,0", "7,乙,街道,1,"), "第 8 行：contacted 的值“”应为"),
    ],
)
def test_a_fault_is_told_with_its_line_and_nothing_is_written(
    tmp_path: Path, given: str, text: str, words: str
) -> None:
    result, rows = _run(tmp_path / "f.csv", text, given=given)

    assert result.exit_code == 1
    assert words in result.output
    assert not rows


def test_an_unknown_preset_names_those_that_exist(tmp_path: Path) -> None:
    result, _ = _run(tmp_path / "units.csv", UNITS, "--preset", "atlantis")

    assert "beijing_district_2025" in result.output


def test_gzipped_files_and_excel_say_the_same(tmp_path: Path) -> None:
    zipped, book, sheet = tmp_path / "u.csv.gz", tmp_path / "u.xlsx", Workbook()
    with gzip.open(zipped, "wt", encoding="utf-8") as file:
        file.write(UNITS)
    for line in UNITS.splitlines():
        assert sheet.active is not None
        sheet.active.append([int(cell) if cell.isdigit() else cell for cell in line.split(",")])
    sheet.save(book)

    _, plain = _run(tmp_path / "u.csv", UNITS)

    assert [_run(path, "")[1] for path in (zipped, book)] == [plain, plain]


def test_the_study_renews_only_the_table_between_the_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- study -->\nstale line\n<!-- /study -->\nafter\n", encoding="utf-8")

    result = CliRunner().invoke(evaluate, ["study", "--cities", "1", "--out", str(page)])

    found = json.loads(result.stdout.splitlines()[-1])
    assert 0.84 <= found["rank_coverage_cases"] <= 0.95
    assert found["swap_change_adjusted"] < found["swap_change_raw"] / 3
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n<!-- study -->\n1 simulated")
    assert text.endswith("<!-- /study -->\nafter\n")
    assert "stale line" not in text
