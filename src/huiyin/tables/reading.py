"""Opens a file of rows: CSV (also gzipped, UTF-8 or GB 18030) or Excel, one row at a time, however large."""

import csv
import gzip
import hashlib
import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, cast

_SAMPLE = 1 << 20
_LARGEST_FIELD = 4 << 20
_GZIP_RATIO = 5  # how much Chinese text a gzipped byte unfolds to, roughly: only for the progress bar and the plan


class BadFile(ValueError):
    """The file cannot be read; the message says why, in Chinese."""


class Rows:
    """The rows of one file. `heading` first, then iterate: (row number as Excel counts, cells) or a fault in words."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise BadFile(f"没有这个文件：{path}")
        self.path = path
        self.size = max(1, path.stat().st_size)
        self._raw: IO[bytes] = path.open("rb")
        self._text: io.TextIOWrapper | None = None
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        kind = _kind(self._raw)
        self._rows = self._excel() if kind == "xlsx" else self._csv(zipped=kind == "gzip")
        self.likely_bytes = self.size * (_GZIP_RATIO if kind == "gzip" else 1)
        try:
            _, first = next(self._rows)
        except StopIteration:
            raise BadFile("文件是空的") from None
        if isinstance(first, str):
            raise BadFile(first)
        self.heading = first

    def __iter__(self) -> Iterator[tuple[int, list[str] | str]]:
        return self._rows

    def position(self) -> int:
        """Bytes of the file read so far."""
        return self.size if self._raw.closed else self._raw.tell()

    def close(self) -> None:
        if self._text is not None:
            self._text.close()
        self._raw.close()

    def digest(self) -> str:
        """Names the file by its content, to number rows that bring no number of their own."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def _csv(self, *, zipped: bool) -> Iterator[tuple[int, list[str] | str]]:
        stream = cast(IO[bytes], gzip.GzipFile(fileobj=self._raw)) if zipped else self._raw
        csv.field_size_limit(_LARGEST_FIELD)
        # Bytes that fit no character become marks that the row's check finds, so one bad row does not end the file.
        self._text = io.TextIOWrapper(stream, encoding=_encoding(stream), errors="surrogateescape", newline="")
        reader = csv.reader(self._text)
        number = 0
        while True:
            number += 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as exc:
                yield number, f"这一行不是有效的 CSV：{exc}"
                continue
            except (EOFError, gzip.BadGzipFile) as exc:
                raise BadFile(f"文件不完整或已损坏（第 {number} 行之后）：{exc}") from exc
            if any(row):
                yield number, row

    def _excel(self) -> Iterator[tuple[int, list[str] | str]]:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException

        try:
            book = load_workbook(self._raw, read_only=True, data_only=True)
        except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as exc:
            raise BadFile("不是有效的 Excel 文件（.xlsx）") from exc
        sheet = book.worksheets[0]
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            cells = [_as_text(cell) for cell in row]
            if any(cells):
                yield number, cells


def _kind(raw: IO[bytes]) -> str:
    """By content, not by name."""
    head = raw.read(4)
    raw.seek(0)
    if head[:2] == b"\x1f\x8b":
        return "gzip"
    if head == b"PK\x03\x04":
        return "xlsx"
    if head == b"\xd0\xcf\x11\xe0":
        raise BadFile("这是旧版 Excel（.xls），请另存为 .xlsx 或 CSV")
    return "csv"


def _encoding(stream: IO[bytes]) -> str:
    sample = stream.read(_SAMPLE)
    stream.seek(0)
    try:
        sample.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        if exc.start < len(sample) - 4:  # not merely a character cut by the sample's end
            return _closer(sample)
    return "utf-8-sig"


def _closer(sample: bytes) -> str:
    """A UTF-8 file with a few broken bytes stays UTF-8; a GB 18030 file hardly ever decodes as UTF-8."""
    broken = sample.decode("utf-8", errors="replace").count("\ufffd")
    return "utf-8-sig" if broken < len(sample) / 200 else "gb18030"


def _as_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # Excel keeps phone numbers as floats
    return str(cell)
