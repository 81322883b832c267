"""What makes a tree of indicators whole: every fault of its lines in words, and what differs between two trees."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields
from decimal import Decimal

from huiyin.domain.indicators import DIMENSIONS, TOTAL, Direction, Level, Measure, Node, Scale, Tree

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,23}")
_PARENTS = {Level.CATEGORY: Level.DIMENSION, Level.ITEM: Level.CATEGORY}
LABELS = {
    "parent": "上级",
    "name": "名称",
    "weight": "权重",
    "unit": "单位",
    "direction": "方向",
    "scale": "评分办法",
    "floor": "底线",
    "target": "目标",
    "measure": "数据来源",
    "branch": "分类前缀",
    "sample": "样例",
    "note": "说明",
}


def faults_of(nodes: Sequence[Node]) -> Iterator[tuple[int, str]]:
    """(place in the sequence, what is wrong in Chinese)."""
    first = {node.code: at for at, node in reversed(list(enumerate(nodes)))}
    for at, node in enumerate(nodes):
        if first[node.code] != at:
            yield at, f"代码“{node.code}”重复"
        parent = nodes[first[node.parent]] if node.parent in first else None
        for fault in _faults(node, parent):
            yield at, fault
    yield from _whole(nodes)


def differences(older: Tree, newer: Tree) -> list[tuple[Node, str, str, str]]:
    """(node, what, before, after) in the order of the newer tree; nodes that went come last."""
    found: list[tuple[Node, str, str, str]] = []
    for node in newer.nodes:
        before = older.by_code.get(node.code)
        if before is None:
            found.append((node, "新增", "", node.name))
        else:
            found += [(node, label, was, now) for label, was, now in _changes(before, node)]
    gone = [node for node in older.nodes if node.code not in newer.by_code]
    return [*found, *((node, "删除", node.name, "") for node in gone)]


def _faults(node: Node, parent: Node | None) -> Iterator[str]:
    if not _CODE.fullmatch(node.code):
        yield f"代码“{node.code}”应为 1 至 24 位字母、数字、点、横线"
    if not node.name:
        yield "请填写名称"
    if node.weight < 0:
        yield "权重不能为负数"
    wanted = _PARENTS.get(node.level)
    if wanted is None and node.parent != TOTAL:
        yield f"{node.level.label}没有上级，请留空"
    elif wanted is not None and (parent is None or parent.level is not wanted):
        yield f"{node.level.label}的上级应是一个{wanted.label}，没有“{node.parent}”"
    if node.level is Level.DIMENSION and node.name not in DIMENSIONS:
        yield f"维度应是七有五性之一：{'、'.join(DIMENSIONS)}"
    if node.level is Level.ITEM:
        yield from _item_faults(node)


def _item_faults(node: Node) -> Iterator[str]:
    if node.scale is Scale.LINEAR:
        if node.floor is None or node.target is None or node.floor == node.target:
            yield "按底线与目标评分的，应填写底线和目标，且二者不同"
        elif (node.target > node.floor) is not (node.direction is Direction.HIGHER):
            yield f"方向是“{node.direction.label}”，底线 {node.floor} 与目标 {node.target} 的次序相反"
    if node.branch and (node.measure is Measure.UPLOAD or not re.fullmatch(r"([0-9]{2}){1,3}", node.branch)):
        yield "分类前缀只用于来自案件的细项，为 2、4 或 6 位数字"
    if node.measure is Measure.PER_HEAD and node.direction is not Direction.LOWER:
        yield "每万人诉求量的方向应是“越低越好”"


def _whole(nodes: Sequence[Node]) -> Iterator[tuple[int, str]]:
    """Each of the twelve dimensions once, and none whose weights are all 0."""
    names = Counter(node.name for node in nodes if node.level is Level.DIMENSION)
    last = len(nodes) - 1
    for name in DIMENSIONS:
        if names[name] != 1:
            yield max(last, 0), f"维度“{name}”应有且只有一个，现有 {names[name]} 个"
    tree = Tree(tuple(nodes))
    for at, node in enumerate(nodes):
        if node.level in (Level.DIMENSION, Level.CATEGORY) and not any(one.weight > 0 for one in tree.under(node.code)):
            yield at, f"“{node.name}”下没有权重大于 0 的项目"


def _changes(before: Node, after: Node) -> Iterator[tuple[str, str, str]]:
    for one in fields(Node):
        was, now = getattr(before, one.name), getattr(after, one.name)
        if one.name in LABELS and was != now:
            yield LABELS[one.name], _told(was), _told(now)


def _told(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return getattr(value, "label", None) or ("" if value is None else str(value))
