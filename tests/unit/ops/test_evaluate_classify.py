"""`huiyin nlp evaluate classify`: one JSON object last; several columns; clear faults."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from huiyin.ops.nlp.evaluate_classify import classify

ROWS = [
    ("暖气不热", "家里冷", "供热", "1"),
    ("供暖不足", "温度低", "供热", "2"),
    ("暖气冰凉", "", "供热", "3"),
    ("公交太慢", "等半天", "交通", "4"),
    ("红绿灯坏了", "路口堵", "交通", "5"),
    ("公交不来", "站台冷清", "交通", "6"),
    ("", "", "交通", "7"),
    ("没有类别的行", "", "", "8"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rows.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("title", "detail", "label", "group"), *ROWS])
    return path


def test_it_prints_one_object_with_the_agreed_keys(file: Path) -> None:
    given = ["--train", str(file), "--test", str(file), "--text", "title,detail", "--label", "label"]

    found = CliRunner().invoke(classify, [*given, "--group", "group"])

    assert found.exit_code == 0, found.output
    result = json.loads(found.stdout.strip().splitlines()[-1])
    assert result["test_rows"] == result["train_rows"] == 7
    assert set(result["per_class"]) == {"供热", "交通"}
    assert result["macro_f1"] > 0.8
    assert {"accuracy", "top3", "ece", "us_per_text", "p95_ms", "train_seconds", "model_mb"} <= set(result)


def test_a_test_column_may_have_another_name(file: Path) -> None:
    given = ["--train", str(file), "--test", str(file), "--text", "title", "--test-text", "detail", "--label", "label"]

    assert CliRunner().invoke(classify, given).exit_code == 0


@pytest.mark.parametrize(("text", "label"), [("body", "label"), ("title", "class")])
def test_a_missing_column_is_named(file: Path, text: str, label: str) -> None:
    found = CliRunner().invoke(classify, ["--train", str(file), "--test", str(file), "--text", text, "--label", label])

    assert found.exit_code == 1
    assert "缺少列" in found.output
