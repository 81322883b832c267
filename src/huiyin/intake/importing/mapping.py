"""Which column of a file holds what: built-in mappings found by their headings, or one written by hand."""

import csv
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# What a column may hold, as the manual names it (docs/import.md).
TARGETS: Mapping[str, str] = {
    "number": "工单编号",
    "type": "工单类型",
    "class": "问题分类（一级->二级->三级）或六位代码",
    "title": "标题",
    "content": "主要内容",
    "status": "工单状态",
    "requester": "来电人",
    "phone": "来电人电话",
    "requester_kind": "诉求人类别",
    "district": "被反映区",
    "street": "被反映街乡镇",
    "community": "村/社区",
    "spot": "小区点位",
    "address": "详细地址",
    "channel": "受理渠道",
    "line": "来源热线",
    "grade": "分级",
    "confidential": "是否保密",
    "unit": "主办单位",
    "result": "办理结果",
    "reply": "回复内容",
    "at": "来电时间",
    "closed_at": "办结时间",
    "contacted": "是否联系",
    "solved": "是否解决",
    "satisfaction": "是否满意",
}
NEEDED = ("content", "at")


class BadMapping(ValueError):
    """The mapping does not fit the file; the message says how, in Chinese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """A mapping as written: the possible headings of each target, the best first."""

    name: str
    columns: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A mapping laid over one file's heading: the columns of each target (the first that is filled in a row counts),
    and the columns that nothing asks for."""

    name: str
    places: Mapping[str, tuple[int, ...]]
    others: tuple[tuple[int, str], ...]
    width: int


# The export columns met in practice (DOMAIN.md §10), with the spellings of other systems behind.
PRACTICE = ColumnMapping(
    name="hotline",
    columns={
        "number": ("工单编号", "工单号", "案件编号", "编号"),
        "type": ("工单类型", "诉求类型"),
        "class": ("问题分类(一级->二级->三级)", "问题分类（一级->二级->三级）", "问题分类", "分类编码"),
        "title": ("标题", "工单标题"),
        "content": ("主要内容", "诉求内容", "内容"),
        "status": ("工单状态", "状态"),
        "requester": ("来电人", "诉求人", "姓名"),
        "phone": ("来电人电话/账号", "来电人电话", "联系电话", "电话"),
        "requester_kind": ("诉求人类别",),
        "district": ("被反映区", "区"),
        "street": ("被反映街乡镇", "街道", "街乡镇"),
        "community": ("村/社区", "社区"),
        "spot": ("小区点位", "点位"),
        "address": ("详细地址", "地址"),
        "channel": ("受理渠道", "来源渠道"),
        "line": ("来源热线",),
        "grade": ("分级", "紧急程度"),
        "confidential": ("是否保密",),
        "unit": ("主办单位", "承办单位"),
        "result": ("办理结果",),
        "reply": ("回复内容", "答复内容"),
        "at": ("来电时间", "创建时间", "登记时间"),
        "closed_at": ("办结时间", "归档时间"),
        "contacted": ("是否联系",),
        "solved": ("是否解决",),
        "satisfaction": ("是否满意", "满意度"),
    },
)
# Messages of a public letter box: no phone, no class of ours, perhaps a reply.
LETTERS = ColumnMapping(
    name="teddy",
    columns={
        "number": ("row_id", "msg_id", "留言编号"),
        "title": ("title", "留言主题"),
        "content": ("detail", "留言详情", "text_seg"),
        "requester": ("user_id", "留言用户"),
        "at": ("created_at", "留言时间"),
        "reply": ("reply", "答复意见"),
        "closed_at": ("replied_at", "答复时间"),
    },
)
BUILT_IN = {mapping.name: mapping for mapping in (PRACTICE, LETTERS)}


def read_mapping(name: str) -> ColumnMapping:
    """A built-in one by its name, or a file: TOML (target = "column" or ["column", …]) or CSV (target,column)."""
    if name in BUILT_IN:
        return BUILT_IN[name]
    path = Path(name)
    if not path.is_file():
        raise BadMapping(f"没有这个映射：{name}（内置：{'、'.join(BUILT_IN)}，或给出 .toml、.csv 文件）")
    pairs = _from_toml(path) if path.suffix == ".toml" else _from_csv(path)
    if unknown := sorted(set(pairs) - set(TARGETS)):
        raise BadMapping(f"映射文件中有不认识的项目：{'、'.join(unknown)}（可用：{'、'.join(TARGETS)}）")
    return ColumnMapping(name=path.stem, columns=pairs)


def lay_over(heading: Sequence[str], mapping: ColumnMapping | None) -> Layout:
    """Without a mapping the built-in one that knows most of the headings is taken."""
    names = [name.strip().lstrip("\ufeff") for name in heading]
    chosen = mapping or max(BUILT_IN.values(), key=lambda known: len(_places(names, known)))
    places = _places(names, chosen)
    if mapping is not None and mapping.name not in BUILT_IN:
        missing = [target for target, columns in mapping.columns.items() if target not in places and columns]
        if missing:
            raise BadMapping("文件中没有映射所说的列：" + "、".join("/".join(mapping.columns[one]) for one in missing))
    if lacking := [TARGETS[target] for target in NEEDED if target not in places]:
        raise BadMapping(f"缺少必需的列：{'、'.join(lacking)}。文件的列为：{'、'.join(names)}")
    used = {place for columns in places.values() for place in columns}
    others = tuple((place, name) for place, name in enumerate(names) if place not in used and name)
    return Layout(name=chosen.name, places=places, others=others, width=len(names))


def _places(names: Sequence[str], mapping: ColumnMapping) -> dict[str, tuple[int, ...]]:
    where = {name: place for place, name in reversed(list(enumerate(names)))}
    found = {
        target: tuple(where[column] for column in columns if column in where)
        for target, columns in mapping.columns.items()
    }
    return {target: places for target, places in found.items() if places}


def _from_toml(path: Path) -> dict[str, tuple[str, ...]]:
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise BadMapping(f"映射文件不是有效的 TOML：{exc}") from exc
    return {target: (value,) if isinstance(value, str) else tuple(map(str, value)) for target, value in written.items()}


def _from_csv(path: Path) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            if len(row) >= 2 and row[0].strip() and row[0].strip() != "target":
                found[row[0].strip()] = (*found.get(row[0].strip(), ()), row[1].strip())
    return found
