"""Writes trees: a draft is started from a version or a file, edited line by line, and published once it is whole."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Max

from huiyin.accounts.viewer import Viewer
from huiyin.domain.errors import DomainError, InvalidData, NotPermitted
from huiyin.domain.indicator_trees import faults_of
from huiyin.domain.indicators import Level, Node
from huiyin.domain.vocabulary import Role
from huiyin.indicators import trees
from huiyin.indicators.models import Tree, TreeNode

EDITORS = frozenset({Role.ANALYST, Role.EVALUATOR, Role.ADMINISTRATOR})


class TreePublished(DomainError):
    """这一版已经发布，不能再改；请从它新建草稿。"""

    code = "tree_published"


class NotWhole(DomainError):
    """指标树还有问题，改好后才能发布。"""

    code = "tree_not_whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    id: int | None
    name: str


SYSTEM = Editor(id=None, name="系统")


def editor_of(viewer: Viewer) -> Editor:
    """NotPermitted for anybody else: what is edited here is the measure of all districts."""
    if not may_edit(viewer):
        raise NotPermitted("只有热线中心的分析员、考评员和管理员可以维护指标树和填报数据。")
    return Editor(id=viewer.staff_id, name=viewer.name)


def may_edit(viewer: Viewer) -> bool:
    return viewer.sees == "city" and viewer.has(*EDITORS)


@transaction.atomic
def start(
    nodes: Iterable[Node], *, name: str, on: date, by: Editor, now: datetime, note: str = "", digest: str = ""
) -> Tree:
    """A new draft with these lines."""
    tree = Tree.objects.create(
        number=1 + (Tree.objects.aggregate(last=Max("number"))["last"] or 0),
        name=name,
        effective_from=on,
        note=note,
        digest=digest,
        author_id=by.id,
        author=by.name,
        created_at=now,
        changed_at=now,
    )
    TreeNode.objects.bulk_create([trees.row_of(node, tree=tree, position=at) for at, node in enumerate(nodes, start=1)])
    return tree


@transaction.atomic
def copy(base: Tree, *, on: date, by: Editor, now: datetime, note: str = "") -> Tree:
    """A draft that begins as another version stands."""
    tree = start(trees.nodes_of(base).nodes, name=base.name, on=on, by=by, now=now, note=note)
    tree.places, tree.min_covered, tree.years_back = base.places, base.min_covered, base.years_back
    tree.save(update_fields=["places", "min_covered", "years_back"])
    return tree


@transaction.atomic
def load(
    reading: trees.Reading, *, name: str, on: date, publish_it: bool, by: Editor, now: datetime
) -> tuple[Tree, bool]:
    """(the tree of this file, whether it is new): the same file again changes nothing."""
    if reading.faults:
        raise InvalidData({"file": "；".join(reading.faults[:3])})
    known = Tree.objects.filter(digest=reading.digest).order_by("-number").first()
    tree = known or start(reading.nodes, name=name, on=on, by=by, now=now, note="由文件载入", digest=reading.digest)
    if publish_it and tree.published_at is None:
        tree = publish(tree, by=by, now=now)
    return tree, known is None


@transaction.atomic
def save_head(tree: Tree, *, by: Editor, now: datetime, **values: object) -> Tree:
    locked = _draft(tree)
    for name, value in values.items():
        setattr(locked, name, value)
    return _changed(locked, by=by, now=now)


@transaction.atomic
def save_node(tree: Tree, node: Node, *, code: str, by: Editor, now: datetime) -> Tree:
    """Puts a line in place of the one with `code`; without a code it is added. InvalidData names what is wrong."""
    locked = _draft(tree)
    rows = list(TreeNode.objects.filter(tree=locked).order_by("position"))
    held = next((row for row in rows if row.code == code), None) if code else None
    if code and held is None:
        raise InvalidData({"code": f"没有“{code}”这一项"})
    before = [trees.node_of(row) for row in rows]
    place = rows.index(held) if held else len(rows)
    after = [*before[:place], node, *before[place + 1 :]]
    wrong = [fault for at, fault in faults_of(after) if at == place and fault not in dict(faults_of(before)).values()]
    if wrong:
        raise InvalidData({"code": "；".join(wrong)})
    position = held.position if held else 1 + max((row.position for row in rows), default=0)
    made = trees.row_of(node, tree=locked, position=position)
    made.pk = held.pk if held else None
    made.save()
    if held and held.code != node.code:
        TreeNode.objects.filter(tree=locked, parent=held.code).update(parent=node.code)
    return _changed(locked, by=by, now=now)


@transaction.atomic
def save_weights(tree: Tree, weights: dict[str, Decimal], *, by: Editor, now: datetime) -> int:
    """How many changed."""
    locked = _draft(tree)
    wrong = {code: f"“{code}”的权重不能为负数" for code, weight in weights.items() if weight < 0}
    if wrong:
        raise InvalidData(wrong)
    rows = [row for row in TreeNode.objects.filter(tree=locked, code__in=weights) if row.weight != weights[row.code]]
    for row in rows:
        row.weight = weights[row.code]
    TreeNode.objects.bulk_update(rows, ["weight"])
    if rows:
        _changed(locked, by=by, now=now)
    return len(rows)


@transaction.atomic
def remove_node(tree: Tree, code: str, *, by: Editor, now: datetime) -> None:
    """With all that lies under it. A dimension stays: there are twelve of them."""
    locked = _draft(tree)
    row = TreeNode.objects.filter(tree=locked, code=code).first()
    if row is None:
        raise InvalidData({"code": f"没有“{code}”这一项"})
    if row.level == Level.DIMENSION:
        raise InvalidData({"code": "七有五性的维度不能删除，可以把权重改为 0"})
    TreeNode.objects.filter(tree=locked, parent=code).delete()
    row.delete()
    _changed(locked, by=by, now=now)


@transaction.atomic
def publish(tree: Tree, *, by: Editor, now: datetime) -> Tree:
    """From then on no line of it changes."""
    locked = _draft(tree)
    wrong = [fault for _, fault in faults_of(trees.nodes_of(locked).nodes)]
    if wrong:
        raise NotWhole("；".join(wrong[:5]))
    locked.published_by_id, locked.published_by, locked.published_at = by.id, by.name, now
    try:
        with transaction.atomic():
            locked.save(update_fields=["published_by_id", "published_by", "published_at"])
    except IntegrityError as exc:
        day = f"{locked.effective_from:%Y-%m-%d}"
        raise NotWhole(f"已有一版自 {day} 起生效，请改生效日期") from exc
    return locked


@transaction.atomic
def discard(tree: Tree) -> None:
    _draft(tree).delete()


def _draft(tree: Tree) -> Tree:
    locked = Tree.objects.select_for_update().get(pk=tree.pk)
    if locked.published_at is not None:
        raise TreePublished
    return locked


def _changed(tree: Tree, *, by: Editor, now: datetime) -> Tree:
    tree.author_id, tree.author, tree.changed_at, tree.digest = by.id, by.name, now, ""
    tree.save()
    return tree
