"""The command that recomputes a draw: its refusals, and the figures of the options where the file has none."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from huiyin.ops.callbacks import callbacks


def run(tmp_path: Path, text: str, *options: str) -> tuple[int, str]:
    file = tmp_path / "frame.csv"
    file.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(callbacks, ["draw", "--seed", "s", "--cases", str(file), *options])
    return result.exit_code, result.output


def test_without_other_columns_the_file_is_the_whole_frame(tmp_path: Path) -> None:
    rows = "".join(f"{number:04d},A,\n" for number in range(1000))

    code, output = run(tmp_path, f"case_no,unit,stratum\n{rows}", "--width", "0.05")

    assert code == 0
    assert "共 1000 件，抽中 278 件" in output


def test_the_width_given_goes_before_the_files(tmp_path: Path) -> None:
    rows = "".join(f"{number:04d},A,,0.3\n" for number in range(1000))

    _, output = run(tmp_path, f"case_no,unit,stratum,half_width\n{rows}", "--width", "0.05")

    assert "抽中 278 件" in output


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("case_no,unit\n1,A\n", ("--width", "0.05"), "缺少列：stratum"),
        ("case_no,unit,stratum\n1,A,\n", (), "--width"),
        ("case_no,unit,stratum\n1,A,\n", ("--width", "wide"), "应为数字"),
        ("case_no,unit,stratum\n1,A,\n", ("--width", "0.9"), "误差应为"),
        ("case_no,unit,stratum,expected\n1,A,,many\n", ("--width", "0.05"), "应为整数"),
        ("case_no,unit,stratum\n1,A,\n1,A,\n", ("--width", "0.05"), "两次"),
    ],
)
def test_a_file_that_cannot_be_drawn_from_is_refused(
    tmp_path: Path, text: str, options: tuple[str, ...], words: str
) -> None:
    code, output = run(tmp_path, text, *options)

    assert code == 1
    assert words in output


def test_a_case_that_was_taken_against_the_draw_is_named(tmp_path: Path) -> None:
    code, output = run(tmp_path, "case_no,unit,stratum,drawn\n1,A,,0\n", "--width", "0.05", "--check")

    assert (code, "1 与文件不符" in output) == (1, True)
