"""The measurement of places counts a silent wrong answer apart from a question asked."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from huiyin.ops.nlp.evaluate_locate import locate

AREAS = """code,name,short_name,kind,parent_code,district_code
99,某市,某市,city,,
9901,东山区,东山区,district,99,9901
990101,霍营街道,霍营街道,street,9901,9901
990102,双井街道,双井街道,street,9901,9901
"""
COMMUNITIES = """code,name,short_name,parent_code
99010101,霍营小区社区居委会,霍营小区,990101
99010102,向阳社区居委会,向阳,990101
99010201,向阳社区居委会,向阳,990102
99010202,广和里社区居委会,广和里,990102
"""


@pytest.fixture
def preset(tmp_path: Path) -> Path:
    (tmp_path / "areas.csv").write_text(AREAS, encoding="utf-8")
    (tmp_path / "communities.csv").write_text(COMMUNITIES, encoding="utf-8")
    return tmp_path


def test_right_asked_and_silently_wrong_are_counted(preset: Path) -> None:
    test = preset / "test.csv"
    test.write_text(
        "text,street_code,community_code\n"
        "霍营小区停水,990101,99010101\n"
        "广和里社区停水,990101,99010101\n"  # labelled wrong on purpose
        "向阳社区停水,,\n"
        "双井街道向阳社区停水,990102,99010201\n",
        encoding="utf-8",
    )

    outcome = CliRunner().invoke(locate, ["--test", str(test), "--preset", str(preset)])

    assert outcome.exit_code == 0, outcome.output
    found = json.loads(outcome.stdout.splitlines()[-1])
    assert (found["rows"], found["answered"], found["asked"], found["silent_wrong"]) == (4, 3, 1, 1)
    assert found["right"] == pytest.approx(2 / 3, abs=1e-5)
    assert found["right_all"] == 0.75
    assert found["asked_rightly_share"] == 1
    assert found["community_right"] == 1


def test_a_missing_column_or_preset_is_said_in_words(preset: Path) -> None:
    test = preset / "test.csv"
    test.write_text("内容\n没有列\n", encoding="utf-8")

    outcome = CliRunner().invoke(locate, ["--test", str(test)])
    assert outcome.exit_code == 1
    assert "缺少列" in outcome.output

    test.write_text("text,street_code\n霍营,\n", encoding="utf-8")
    outcome = CliRunner().invoke(locate, ["--test", str(test), "--preset", str(preset / "nowhere")])
    assert outcome.exit_code == 1
    assert "没有这个预置城市" in outcome.output
