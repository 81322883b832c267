"""七有五性: what holds of every tree, every value and every gap."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.domain.indicator_trees import differences, faults_of
from huiyin.domain.indicators import (
    DIMENSIONS,
    TOTAL,
    Direction,
    Level,
    Measure,
    Node,
    Scale,
    Tree,
    item_scores,
    ranks,
    roll_up,
    shown,
)

weights = st.integers(0, 20).map(Decimal)
scores = st.fractions(0, 100, max_denominator=50)
values = st.fractions(-50, 150, max_denominator=20)


def item(code: str, parent: str, weight: Decimal = Decimal(1), **more: object) -> Node:
    more = {"floor": Decimal(0), "target": Decimal(100), **more}
    return Node(code=code, parent=parent, level=Level.ITEM, name=code, weight=weight, **more)  # type: ignore[arg-type]


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    nodes = []
    for d, name in enumerate(DIMENSIONS[: draw(st.integers(1, 3))]):
        top = f"D{d}"
        nodes.append(Node(code=top, parent=TOTAL, level=Level.DIMENSION, name=name, weight=draw(weights)))
        for c in range(draw(st.integers(1, 2))):
            code = f"{top}.{c}"
            nodes.append(Node(code=code, parent=top, level=Level.CATEGORY, name=code, weight=draw(weights)))
            nodes += [item(f"{code}.{i}", code, draw(weights)) for i in range(draw(st.integers(1, 3)))]
    return Tree(tuple(nodes))


@st.composite
def scored(draw: st.DrawFn) -> tuple[Tree, dict[str, Fraction]]:
    tree = draw(trees())
    found = {one.code: draw(st.none() | scores) for one in tree.of(Level.ITEM)}
    return tree, {code: score for code, score in found.items() if score is not None}


@given(scored())
def test_every_score_lies_between_the_bounds_that_missing_values_leave(given: tuple[Tree, dict[str, Fraction]]) -> None:
    for result in roll_up(*given).values():
        assert 0 <= result.low <= result.high <= 100
        assert 0 <= result.covered <= 1
        if result.score is not None:
            assert result.low <= result.score <= result.high


@given(scored(), st.data())
def test_a_better_item_never_lowers_any_score(given: tuple[Tree, dict[str, Fraction]], data: st.DataObject) -> None:
    tree, found = given
    if not found:
        return
    code = data.draw(st.sampled_from(sorted(found)))
    better = {**found, code: data.draw(st.fractions(found[code], 100, max_denominator=50))}
    before, after = roll_up(tree, found), roll_up(tree, better)
    for name, result in before.items():
        assert (after[name].score or 0) >= (result.score or 0)


@given(scored(), st.integers(1, 9))
def test_weights_count_only_against_their_siblings(given: tuple[Tree, dict[str, Fraction]], times: int) -> None:
    tree, found = given
    under_first = {node.code for node in tree.under("D0")}
    scaled = Tree(
        tuple(replace(one, weight=one.weight * times) if one.code in under_first else one for one in tree.nodes)
    )
    assert roll_up(tree, found) == roll_up(scaled, found)


@given(scored(), st.data())
def test_a_value_that_comes_moves_the_bounds_inwards_only(
    given: tuple[Tree, dict[str, Fraction]], data: st.DataObject
) -> None:
    tree, found = given
    missing = [one.code for one in tree.of(Level.ITEM) if one.code not in found]
    if not missing:
        return
    before = roll_up(tree, found)[TOTAL]
    after = roll_up(tree, {**found, data.draw(st.sampled_from(missing)): data.draw(scores)})[TOTAL]
    assert before.low <= after.low <= after.high <= before.high
    assert after.covered >= before.covered


@given(st.dictionaries(st.integers(1, 17), values, min_size=1), st.sampled_from(Scale), st.sampled_from(Direction))
def test_item_scores_stay_within_0_to_100_and_follow_the_direction(
    given: dict[int, Fraction], scale: Scale, direction: Direction
) -> None:
    floor, target = (Decimal(10), Decimal(90)) if direction is Direction.HIGHER else (Decimal(90), Decimal(10))
    found = item_scores(item("x", "", scale=scale, direction=direction, floor=floor, target=target), given)
    assert found.keys() == given.keys()
    assert all(0 <= score <= 100 for score in found.values())
    best_first = sorted(given, key=given.__getitem__, reverse=direction is Direction.HIGHER)
    in_order = [found[place] for place in best_first]
    assert in_order == sorted(in_order, reverse=True)


@given(st.dictionaries(st.integers(1, 17), values, min_size=2), st.sampled_from([Scale.LINEAR, Scale.AS_IS]))
def test_a_gap_of_one_district_changes_no_other(given: dict[int, Fraction], scale: Scale) -> None:
    one = item("x", "", scale=scale)
    gone = min(given)
    without = item_scores(one, {place: value for place, value in given.items() if place != gone})
    assert without == {place: score for place, score in item_scores(one, given).items() if place != gone}


def test_the_preset_is_half_the_rates_three_tenths_the_volume_and_two_tenths_supply() -> None:
    parts = (("R", "50", 80), ("V", "30", 60), ("S", "20", 90))
    nodes = [Node(code="A", parent=TOTAL, level=Level.DIMENSION, name="幼有所育")]
    for code, weight, _ in parts:
        nodes.append(Node(code=code, parent="A", level=Level.CATEGORY, name=code, weight=Decimal(weight)))
        nodes += [item(f"{code}1", code), item(f"{code}2", code, Decimal(0))]
    result = roll_up(Tree(tuple(nodes)), {f"{code}1": Fraction(score) for code, _, score in parts})
    assert result["A"].score == Fraction("0.5") * 80 + Fraction("0.3") * 60 + Fraction("0.2") * 90
    assert result[TOTAL].covered == 1  # what has no weight is not missed


def test_a_tie_of_the_last_digit_goes_to_the_even_one_and_equal_scores_share_a_rank() -> None:
    assert shown(Fraction("79.005"), 2) == Decimal("79.00")
    assert shown(Fraction("79.015"), 2) == Decimal("79.02")
    assert ranks({1: Decimal("80.1"), 2: Decimal("90"), 3: Decimal("80.1"), 4: None, 5: Decimal("7")}) == {
        2: 1,
        1: 2,
        3: 2,
        5: 4,
    }


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"floor": None}, "应填写底线和目标"),
        ({"floor": Decimal(100), "target": Decimal(0)}, "次序相反"),
        ({"branch": "0801"}, "分类前缀只用于来自案件的细项"),
        ({"parent": "A"}, "上级应是一个分类"),
        ({"measure": Measure.PER_HEAD, "scale": Scale.SPREAD}, "越低越好"),
        ({"code": "错"}, "1 至 24 位"),
    ],
)
def test_each_fault_of_a_line_is_told_in_words(changes: dict[str, object], words: str) -> None:
    nodes = [Node(code="A", parent=TOTAL, level=Level.DIMENSION, name="幼有所育")]
    nodes.append(Node(code="C", parent="A", level=Level.CATEGORY, name="托育"))
    nodes.append(replace(item("I", "C"), **changes))  # type: ignore[arg-type]
    assert any(at == 2 and words in fault for at, fault in faults_of(nodes))


def test_two_trees_differ_where_a_line_was_changed_added_or_removed() -> None:
    old = Tree((item("a", "C"), item("b", "C")))
    new = Tree((item("a", "C", Decimal("2.5")), item("c", "C")))
    found = [(node.code, what, before, after) for node, what, before, after in differences(old, new)]
    assert found == [("a", "权重", "1", "2.5"), ("c", "新增", "", "c"), ("b", "删除", "b", "")]
