"""Reads the named columns of a file of rows for a measurement: all rows or a clear fault, never half."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import rich.progress

from huiyin.tables.reading import BadFile, Rows

_EVERY = 500  # rows between two moves of the bar
_SHOWN = 20  # column names listed where a wanted one is missing


def read_columns(path: Path, columns: Sequence[str], *, optional: Sequence[str] = ()) -> list[dict[str, str]]:
    """One dict a row with the wanted columns, and of the optional ones those that the file has.

    Cells are stripped; a short row's missing cells are empty. Progress goes to standard error.
    Raises BadFile with a Chinese message for a file that cannot be read, a missing column, or a row that is no CSV.
    """
    rows = Rows(path)
    try:
        places = _places(rows.heading, columns, optional)
        found = []
        with rich.progress.Progress(console=rich.console.Console(stderr=True), transient=True) as progress:
            task = progress.add_task(path.name, total=rows.size)
            for number, row in rows:
                if isinstance(row, str):
                    raise BadFile(f"{path.name} 第 {number} 行：{row}")
                found.append({name: row[place].strip() if place < len(row) else "" for name, place in places.items()})
                if len(found) % _EVERY == 0:
                    progress.update(task, completed=rows.position())
        if not found:
            raise BadFile(f"{path.name} 只有表头，没有数据")
        return found
    finally:
        rows.close()


def _places(heading: Sequence[str], columns: Sequence[str], optional: Sequence[str]) -> Mapping[str, int]:
    names = [name.strip() for name in heading]
    missing = [name for name in columns if name not in names]
    if missing:
        has = "、".join(names[:_SHOWN])
        raise BadFile(f"缺少列：{'、'.join(missing)}（文件中有：{has}）")
    return {name: names.index(name) for name in (*columns, *optional) if name in names}
