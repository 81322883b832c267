"""Trees of indicators: loaded whole or not at all, edited as drafts, published for good."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from huiyin.domain.errors import InvalidData, NotPermitted
from huiyin.domain.indicators import DIMENSIONS, Level
from huiyin.domain.indicators import Tree as DomainTree
from huiyin.indicators import editing, trees
from huiyin.indicators.models import Tree, TreeNode
from huiyin.tables.reading import BadFile
from tests.builders_evaluation import AFTER, staff, street_staff
from tests.integration.indicators.conftest import EDITOR


def draft_of(tree: Tree) -> Tree:
    return editing.copy(tree, on=date(2026, 7, 1), by=EDITOR, now=AFTER)


@pytest.fixture(scope="module")
def sample() -> trees.Reading:
    return trees.read(trees.SHIPPED / "beijing_sample.csv")


def test_the_sample_tree_has_the_published_shape_and_says_what_is_a_sample(sample: trees.Reading) -> None:
    nodes = DomainTree(tuple(sample.nodes))

    assert sample.faults == []
    assert tuple(node.name for node in nodes.of(Level.DIMENSION)) == DIMENSIONS
    assert len(nodes.of(Level.CATEGORY)) == 80
    assert len(nodes.of(Level.ITEM)) == 350
    assert sum(node.sample for node in nodes.of(Level.ITEM)) == 214
    assert all("非官方" in node.note for node in nodes.nodes if node.sample)


def test_each_dimension_of_the_sample_weighs_rates_volume_and_supply_as_5_3_2(sample: trees.Reading) -> None:
    nodes = DomainTree(tuple(sample.nodes))
    for dimension in nodes.of(Level.DIMENSION):
        rates, volume, *supply = (node.weight for node in nodes.under(dimension.code))
        assert (rates, volume, sum(supply)) == (50, 30, 20)


def test_the_same_file_again_changes_nothing(city: None, sample: trees.Reading) -> None:
    first, new = editing.load(sample, name="树", on=date(2026, 1, 1), publish_it=True, by=EDITOR, now=AFTER)
    later = AFTER + timedelta(days=1)

    again = editing.load(sample, name="又一次", on=date(2026, 9, 1), publish_it=True, by=EDITOR, now=later)

    assert (new, again) == (True, (first, False))
    assert Tree.objects.count() == 1


def test_every_fault_of_a_file_is_told_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "tree.csv"
    path.write_text(
        "level,code,parent,name,weight,floor,target\n"
        "dimension,A,,幼有所育,很多,,\n"
        "层,B,A,托育,1,,\n"
        "item,C,B,托位,1,5,5.00001\n",
        encoding="utf-8",
    )

    faults = trees.read(path).faults

    assert [fault.split("：")[0] for fault in faults] == ["第 2 行", "第 3 行", "第 4 行"]
    path.write_text("层级,代码\n维度,A\n", encoding="utf-8")
    with pytest.raises(BadFile, match="缺少列：上级、名称、权重"):
        trees.read(path)


def test_a_published_tree_refuses_every_change_and_so_does_the_database(tree: Tree) -> None:
    with pytest.raises(editing.TreePublished):
        editing.save_weights(tree, {"A1": Decimal(3)}, by=EDITOR, now=AFTER)
    for change in (
        lambda: TreeNode.objects.filter(tree=tree, code="A1").update(weight=3),
        lambda: TreeNode.objects.filter(tree=tree, code="A1").delete(),
        lambda: Tree.objects.filter(pk=tree.pk).update(name="另一个名字"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_draft_is_edited_and_published_only_when_it_is_whole(tree: Tree) -> None:
    draft = draft_of(tree)
    assert editing.save_weights(draft, {"A1": Decimal("2.5"), "A2": Decimal(1)}, by=EDITOR, now=AFTER) == 1
    node = trees.nodes_of(draft).by_code["A1.1.1"]
    with pytest.raises(InvalidData, match="底线和目标"):
        editing.save_node(draft, replace(node, target=node.floor), code=node.code, by=EDITOR, now=AFTER)
    editing.save_node(draft, replace(node, target=Decimal(98)), code=node.code, by=EDITOR, now=AFTER)
    editing.save_node(draft, replace(node, code="A1.1.9", name="新细项"), code="", by=EDITOR, now=AFTER)
    editing.remove_node(draft, "A1.2", by=EDITOR, now=AFTER)

    nodes = trees.nodes_of(draft)
    assert nodes.by_code["A1.1.9"].name == "新细项"
    assert not any(code.startswith("A1.2") for code in nodes.by_code)
    editing.save_weights(draft, {"A1": Decimal(0)}, by=EDITOR, now=AFTER)
    editing.save_weights(draft, {code.code: Decimal(0) for code in nodes.under("A2")}, by=EDITOR, now=AFTER)
    with pytest.raises(editing.NotWhole, match="没有权重大于 0"):
        editing.publish(draft, by=EDITOR, now=AFTER)
    editing.save_weights(draft, {"A2.R": Decimal(1)}, by=EDITOR, now=AFTER)
    editing.publish(draft, by=EDITOR, now=AFTER)
    assert trees.in_force(date(2026, 6, 30)) == tree
    assert trees.in_force(date(2026, 7, 1)) == draft


def test_two_versions_do_not_begin_on_one_day_and_a_draft_can_be_thrown_away(tree: Tree) -> None:
    draft = editing.copy(tree, on=tree.effective_from, by=EDITOR, now=AFTER)
    with pytest.raises(editing.NotWhole, match="请改生效日期"):
        editing.publish(draft, by=EDITOR, now=AFTER)
    editing.discard(draft)
    assert Tree.objects.count() == 1


def test_only_the_hotlines_analysts_evaluators_and_administrators_edit(city: None) -> None:
    assert editing.editor_of(staff(3)).id == 3
    with pytest.raises(NotPermitted):
        editing.editor_of(street_staff())
