"""Reads trees: from a file, every fault by its line, and from the tables, as values that can be scored."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from huiyin.domain import indicators as domain
from huiyin.domain.indicator_trees import faults_of
from huiyin.domain.indicators import Direction, Level, Measure, Node, Scale
from huiyin.domain.vocabulary import Term
from huiyin.indicators.models import Tree, TreeNode
from huiyin.tables.reading import BadFile, Rows

SHIPPED = Path(__file__).parent / "trees"
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "level": ("level", "层级"),
    "code": ("code", "代码"),
    "parent": ("parent", "上级"),
    "name": ("name", "名称"),
    "weight": ("weight", "权重"),
    "unit": ("unit", "单位"),
    "direction": ("direction", "方向"),
    "scale": ("scale", "评分办法"),
    "floor": ("floor", "底线"),
    "target": ("target", "目标"),
    "measure": ("measure", "数据来源"),
    "branch": ("branch", "分类前缀"),
    "sample": ("sample", "样例"),
    "note": ("note", "说明"),
}
_NEEDED = ("level", "code", "parent", "name", "weight")
_LENGTHS = {"name": 60, "unit": 20, "note": 200}
_LARGEST = Decimal(10) ** 11
_YES = frozenset({"1", "是", "yes", "true", "y", "样例"})
_MOST = 2000

T = TypeVar("T", bound=Term)


@dataclass(slots=True)
class Reading:
    """Of one file: the nodes, or what is wrong with it. `digest` names the content."""

    digest: str
    nodes: list[Node] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def read(path: Path) -> Reading:
    """BadFile where it is no file of rows, or a column is missing."""
    rows = Rows(path)
    try:
        places = _places(rows.heading)
        found, lines = Reading(hashlib.sha256(path.read_bytes()).hexdigest()), []
        for number, row in rows:
            if isinstance(row, str):
                found.faults.append(f"第 {number} 行：{row}")
                continue
            if len(lines) >= _MOST:
                raise BadFile(f"一棵指标树最多 {_MOST} 行")
            faults: list[str] = []
            node = _node({name: row[at].strip() if at < len(row) else "" for name, at in places.items()}, faults)
            found.faults += [f"第 {number} 行：{fault}" for fault in faults]
            if node is not None:
                found.nodes.append(node)
                lines.append(number)
        if not lines and not found.faults:
            raise BadFile(f"{path.name} 只有表头，没有数据")
        if not found.faults:
            found.faults = [f"第 {lines[at]} 行：{fault}" for at, fault in faults_of(found.nodes)]
        return found
    finally:
        rows.close()


def in_force(on: date) -> Tree | None:
    """The published tree of a day; before the first, the first."""
    published = Tree.objects.filter(published_at__isnull=False)
    return (
        published.filter(effective_from__lte=on).order_by("-effective_from").first()
        or published.order_by("effective_from").first()
    )


def nodes_of(tree: Tree) -> domain.Tree:
    """The tree as the domain scores it; published ones are kept, they never change."""
    return _published(tree.pk) if tree.published_at else _read(tree.pk)


def row_of(node: Node, *, tree: Tree, position: int) -> TreeNode:
    return TreeNode(tree=tree, position=position, **{name: getattr(node, name) for name in Node.__dataclass_fields__})


def node_of(row: TreeNode) -> Node:
    values = {name: getattr(row, name) for name in Node.__dataclass_fields__}
    kinds = {"level": Level, "direction": Direction, "scale": Scale, "measure": Measure}
    return Node(**{**values, **{name: kind(values[name]) for name, kind in kinds.items()}})


@lru_cache(maxsize=16)
def _published(tree_id: int) -> domain.Tree:
    return _read(tree_id)


def _read(tree_id: int) -> domain.Tree:
    return domain.Tree(tuple(node_of(row) for row in TreeNode.objects.filter(tree_id=tree_id).order_by("position")))


def _places(heading: list[str]) -> dict[str, int]:
    names = [name.strip().lower() for name in heading]
    found = {
        wanted: names.index(alias) for wanted, aliases in _COLUMNS.items() for alias in aliases[::-1] if alias in names
    }
    missing = [_COLUMNS[name][1] for name in _NEEDED if name not in found]
    if missing:
        raise BadFile(f"缺少列：{'、'.join(missing)}（文件中有：{'、'.join(heading[:20])}）")
    return found


def _node(cells: Mapping[str, str], faults: list[str]) -> Node | None:
    level = _word(Level, cells, "level", None, faults)
    weight = _number(cells, "weight", faults)
    read: dict[str, object] = {
        "direction": _word(Direction, cells, "direction", Direction.HIGHER, faults),
        "scale": _word(Scale, cells, "scale", Scale.LINEAR, faults),
        "measure": _word(Measure, cells, "measure", Measure.UPLOAD, faults),
        "floor": _number(cells, "floor", faults),
        "target": _number(cells, "target", faults),
    }
    for name, most in _LENGTHS.items():
        if len(cells.get(name, "")) > most:
            faults.append(f"{_COLUMNS[name][1]}不超过 {most} 字")
    if weight is None and not cells["weight"]:
        faults.append("请填写权重")
    if faults or level is None or weight is None:
        return None
    texts = {name: cells.get(name, "") for name in ("code", "parent", "name", "unit", "branch", "note")}
    sample = cells.get("sample", "").lower() in _YES
    return Node(level=level, weight=weight, sample=sample, **texts, **read)  # type: ignore[arg-type]  # read above


def _word(kind: type[T], cells: Mapping[str, str], name: str, default: T | None, faults: list[str]) -> T | None:
    text = cells.get(name, "")
    found = next((term for term in kind if text in (term.value, term.label)), None if text else default)
    if found is None:
        words = "、".join(f"{term.value}（{term.label}）" for term in kind)
        faults.append(f"{_COLUMNS[name][1]}应为：{words}")
    return found


def _number(cells: Mapping[str, str], name: str, faults: list[str]) -> Decimal | None:
    text = cells.get(name, "")
    if not text:
        return None
    number = number_from(text)
    if number is None:
        faults.append(f"{_COLUMNS[name][1]}应为数字，最多四位小数：{text}")
    return number


def number_from(text: str) -> Decimal | None:
    """A plain number of at most four decimals; a share may be written 85%. None for anything else."""
    plain = text.strip().replace(",", "").replace("，", "").removesuffix("%")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) >= _LARGEST or number != round(number, 4):
        return None
    return number
