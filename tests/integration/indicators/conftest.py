"""The sample tree published, a published June with two judged cases, and files to report values with."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from huiyin.domain.indicators import Level, Node
from huiyin.evaluation.models import Version
from huiyin.indicators import editing, trees
from huiyin.indicators.models import Tree
from tests import builders_evaluation as evaluation
from tests.builders_city import People

EDITOR = editing.Editor(id=1, name="分析员")


@pytest.fixture
def tree(city: None) -> Tree:
    """The sample with fewer items: all of 幼有所育, elsewhere what counts cases and one item a category."""
    nodes = [node for node in trees.read(trees.SHIPPED / "beijing_sample.csv").nodes if _kept(node)]
    made = editing.start(nodes, name="七有五性", on=date(2026, 1, 1), by=EDITOR, now=evaluation.AFTER)
    return editing.publish(made, by=EDITOR, now=evaluation.AFTER)


def _kept(node: Node) -> bool:
    branch = node.branch != ""
    return not branch and (node.level is not Level.ITEM or node.code[:2] in ("A1", "B2") or node.code.endswith("1"))


@pytest.fixture
def june(city: None) -> Version:
    """Two cases of one street's district about its dimension 宜居性, one solved."""
    people = People()
    evaluation.judged(people, answers=evaluation.GOOD, class_code="010101", phone="19900000001")
    evaluation.judged(people, answers=evaluation.BAD, class_code="010101", phone="19900000002")
    return evaluation.published()


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    def written(*lines: str, heading: str = "区,细项代码,期间,数值,说明") -> Path:
        path = tmp_path / "values.csv"
        path.write_text("\n".join((heading, *lines)), encoding="utf-8")
        return path

    return written
