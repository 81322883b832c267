"""Reads a preset folder's CSV files, row by row, by a table of columns; every fault is kept with its file and line."""

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from huiyin.domain.vocabulary import Term

_TRUE = {"true", "1", "是", "班", "yes"}
_FALSE = {"false", "0", "否", "休", "no"}


class BadCell(ValueError):
    """A cell's text cannot be taken; the message says what is expected."""


@dataclass(frozen=True, slots=True)
class Problem:
    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class PresetError(Exception):
    """The folder has faults; nothing was written."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


@dataclass(frozen=True, slots=True)
class Column:
    parse: Callable[[str], Any]
    required: bool = True
    default: Any = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSpec:
    columns: Mapping[str, Column]
    key: tuple[str, ...]
    required: bool = True


@dataclass(slots=True)
class Row:
    file: str
    line: int
    values: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass(slots=True)
class Reader:
    """Collects problems over all files, so that one run shows everything that is wrong."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)

    def note(self, row: Row, message: str) -> None:
        self.problems.append(Problem(row.file, row.line, message))

    def read(self, name: str, spec: FileSpec) -> list[Row]:
        path = self.folder / name
        if not path.is_file():
            if spec.required:
                self.problems.append(Problem(name, 0, "缺少这个文件"))
            return []
        try:
            with path.open(encoding="utf-8-sig", newline="") as lines:
                return self._rows(name, spec, csv.DictReader(lines))
        except UnicodeDecodeError:
            self.problems.append(Problem(name, 0, "不是 UTF-8 编码，请另存为“CSV UTF-8”"))
            return []

    def _rows(self, name: str, spec: FileSpec, table: "csv.DictReader[str]") -> list[Row]:
        header = table.fieldnames or []
        missing = [column for column, rule in spec.columns.items() if rule.required and column not in header]
        if missing:
            self.problems.append(Problem(name, 1, f"缺少列：{'、'.join(missing)}"))
            return []
        rows: list[Row] = []
        seen: dict[tuple[Any, ...], int] = {}
        for cells in table:
            row = self._row(name, spec, table.line_num, cells)
            if row is None:
                continue
            key = tuple(row[column] for column in spec.key)
            if key in seen:
                self.note(row, f"与第 {seen[key]} 行重复：{' '.join(map(str, key))}")
                continue
            seen[key] = row.line
            rows.append(row)
        return rows

    def _row(self, name: str, spec: FileSpec, line: int, cells: Mapping[str, Any]) -> Row | None:
        values: dict[str, Any] = {}
        faults = []
        if cells.get(None):  # type: ignore[call-overload]  # csv keeps surplus cells under the key None
            faults.append("列数多于表头，文字中的逗号须加引号")
        for column, rule in spec.columns.items():
            text = (cells.get(column) or "").strip()
            if not text:
                values[column] = rule.default
                if rule.required:
                    faults.append(f"“{column}”不能为空")
                continue
            try:
                values[column] = rule.parse(text)
            except BadCell as exc:
                faults.append(f"“{column}”{exc}")
        self.problems.extend(Problem(name, line, fault) for fault in faults)
        return None if faults else Row(name, line, values)


def text(longest: int) -> Callable[[str], str]:
    def parse(cell: str) -> str:
        if len(cell) > longest:
            raise BadCell(f"过长（{len(cell)} 字），最多 {longest} 字")
        return cell

    return parse


def pattern(expression: str, expected: str) -> Callable[[str], str]:
    compiled = re.compile(expression)

    def parse(cell: str) -> str:
        if not compiled.fullmatch(cell):
            raise BadCell(f"应为{expected}，现为“{cell}”")
        return cell

    return parse


def term(*kinds: type[Term]) -> Callable[[str], Any]:
    """A code word or its Chinese label."""
    words = {word: member for kind in kinds for member in kind for word in (str(member.value), member.label)}

    def parse(cell: str) -> Any:
        if cell not in words:
            known = "、".join(str(member.value) for kind in kinds for member in kind)
            raise BadCell(f"不认识“{cell}”，可用：{known}")
        return words[cell]

    return parse


def several(parse: Callable[[str], Any]) -> Callable[[str], list[Any]]:
    return lambda cell: [parse(part.strip()) for part in cell.split("|") if part.strip()]


def whole(least: int = 0) -> Callable[[str], int]:
    def parse(cell: str) -> int:
        if not cell.isdigit() or int(cell) < least:
            raise BadCell(f"应为不小于 {least} 的整数，现为“{cell}”")
        return int(cell)

    return parse


def yes_no(cell: str) -> bool:
    if cell.lower() in _TRUE:
        return True
    if cell.lower() in _FALSE:
        return False
    raise BadCell(f"应为 是/否（班/休、true/false），现为“{cell}”")


def day(cell: str) -> date:
    try:
        return date.fromisoformat(cell)
    except ValueError as exc:
        raise BadCell(f"应为日期 YYYY-MM-DD，现为“{cell}”") from exc


def degrees(cell: str) -> float:
    try:
        return float(cell)
    except ValueError as exc:
        raise BadCell(f"应为经纬度数字，现为“{cell}”") from exc
