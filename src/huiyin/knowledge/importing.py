"""Reads a file of entries: every line is checked before anything is written, and each fault named by its line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from huiyin.knowledge import writing
from huiyin.knowledge.models import Entry
from huiyin.knowledge.writing import Content, Editor
from huiyin.registry import directory
from huiyin.tables.reading import BadFile, Rows

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "编号"),
    "title": ("title", "标题"),
    "questions": ("questions", "question", "问法"),
    "answer": ("answer", "text", "答复", "内容"),
    "source": ("source", "来源", "来源文件"),
    "issuer": ("issuer", "发布单位"),
    "link": ("link", "链接"),
    "area": ("area", "适用区域", "区域代码"),
    "classes": ("classes", "类别", "类别代码"),
    "valid_from": ("valid_from", "生效日期"),
    "valid_until": ("valid_until", "有效期至"),
    "review_date": ("review_date", "复核日期"),
    "owner": ("owner", "责任单位"),
    "public": ("public", "公开"),
}
NEEDED = ("title", "answer", "source")
_YES = frozenset({"1", "是", "yes", "true", "y", "公开"})
_MOST = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    number: int
    code: str
    content: Content


@dataclass(slots=True)
class Reading:
    lines: list[Line] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    added: int
    changed: int
    same: int


def read(path: Path, *, today: date, owner_id: int | None = None, public: bool = False, source: str = "") -> Reading:
    """`owner_id`, `public` and `source` are for lines that do not say. BadFile where it is no file of rows at all."""
    rows = Rows(path)
    try:
        places = _places(rows.heading, source=source)
        found = Reading()
        seen: dict[str, int] = {}
        for number, row in rows:
            if isinstance(row, str):
                found.faults.append(f"第 {number} 行：{row}")
                continue
            if len(found.lines) >= _MOST:
                raise BadFile(f"一次最多导入 {_MOST} 条")
            cells = {name: row[at].strip() if at < len(row) else "" for name, at in places.items()}
            faults: list[str] = []
            line = _line(number, cells, faults, today=today, owner_id=owner_id, public=public, source=source)
            if line and line.code:
                if line.code in seen:
                    faults.append(f"编号“{line.code}”与第 {seen[line.code]} 行重复")
                seen[line.code] = number
            found.faults += [f"第 {number} 行：{fault}" for fault in faults]
            if line and not faults:
                found.lines.append(line)
        if not found.lines and not found.faults:
            raise BadFile(f"{path.name} 只有表头，没有数据")
        return found
    finally:
        rows.close()


@transaction.atomic
def write(lines: list[Line], *, by: Editor, now: datetime) -> Imported:
    """Known codes get a new version where something changed; the file may be imported again and again."""
    known = {
        entry.code: entry
        for entry in Entry.objects.filter(code__in=[line.code for line in lines if line.code]).select_related("latest")
    }
    added = changed = same = 0
    for line in lines:
        entry = known.get(line.code)
        if entry is None:
            writing.create(line.content, by=by, now=now, code=line.code or None)
            added += 1
            continue
        try:
            writing.change(entry.pk, line.content, by=by, now=now)
            changed += 1
        except writing.NothingToDo:
            same += 1
    return Imported(added=added, changed=changed, same=same)


def _places(heading: list[str], *, source: str) -> dict[str, int]:
    names = [name.strip().lower() for name in heading]
    found = {
        wanted: names.index(alias) for wanted, aliases in _COLUMNS.items() for alias in aliases[::-1] if alias in names
    }
    missing = [_COLUMNS[name][1] for name in NEEDED if name not in found and not (name == "source" and source)]
    if missing:
        raise BadFile(f"缺少列：{'、'.join(missing)}（文件中有：{'、'.join(heading[:20])}）")
    return found


def _line(
    number: int,
    cells: Mapping[str, str],
    faults: list[str],
    *,
    today: date,
    owner_id: int | None,
    public: bool,
    source: str,
) -> Line | None:
    owner = _owner(cells.get("owner", ""), owner_id, faults)
    area = _area(cells.get("area", ""), faults)
    days = {name: _day(cells.get(name, ""), name, faults) for name in ("valid_from", "valid_until", "review_date")}
    content = Content(
        title=cells["title"],
        questions=tuple(dict.fromkeys(_split(cells.get("questions", "")))),
        answer=cells["answer"],
        source=cells.get("source") or source,
        issuer=cells.get("issuer", ""),
        link=cells.get("link", ""),
        area_id=area,
        class_codes=tuple(_split(cells.get("classes", ""))),
        valid_from=days["valid_from"] or today,
        valid_until=days["valid_until"],
        review_date=days["review_date"],
        owner_id=owner or 0,
        public=cells["public"].lower() in _YES if cells.get("public") else public,
        note="批量导入",
    )
    faults += writing.checked(content).values()
    faults += _too_long(content)
    if content.link and not content.link.startswith(("http://", "https://")):
        faults.append("链接应以 http:// 或 https:// 开头")
    return None if faults else Line(number=number, code=cells.get("code", "")[:40], content=content)


def _too_long(content: Content) -> Iterator[str]:
    for name, label, most in (("title", "标题", 120), ("source", "来源文件", 200), ("issuer", "发布单位", 80)):
        if len(getattr(content, name)) > most:
            yield f"{label}不超过 {most} 字"
    if any(len(question) > 120 for question in content.questions):
        yield "每种问法不超过 120 字"
    if len(content.link) > 400:
        yield "链接不超过 400 字"
    if any(len(code) > 12 for code in content.class_codes):
        yield "类别代码不超过 12 位"


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\n", "|").replace("｜", "|").split("|") if part.strip()]


def _owner(text: str, default: int | None, faults: list[str]) -> int | None:
    if not text:
        if default is None:
            faults.append("请填写责任单位")
        return default
    found = directory.unit_by_code(text) or next(
        (unit for unit in directory.units().values() if text in (unit.name, unit.short_name)), None
    )
    if found is None:
        faults.append(f"没有这个责任单位：{text}")
    return found.id if found else None


def _area(text: str, faults: list[str]) -> int | None:
    if not text:
        return None
    found = directory.area_by_code(text) or next(
        (area for area in directory.districts() if text in (area.name, area.short_name)), None
    )
    if found is None:
        faults.append(f"没有这个区域：{text}（填区域代码，或区的名称）")
    return found.id if found else None


def _day(text: str, name: str, faults: list[str]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10].replace("/", "-").replace(".", "-"))
    except ValueError:
        faults.append(f"{_COLUMNS[name][1]}应写成 2026-01-31：{text}")
        return None
