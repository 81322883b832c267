"""Checks that an MP4, MOV, 3GP or M4A is whole, and blanks what phones write beside the film: place, tags, covers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from huiyin.cases.file_types import broken

_LARGEST_INDEX = 64 * 1024 * 1024
_TELLING = frozenset({b"udta", b"meta", b"uuid"})
_FOLDERS = frozenset({b"moov", b"trak"})


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int
    body: int
    end: int


def blank_private_boxes(file: IO[bytes], *, name: str, size: int) -> None:
    """Changes the file in place. Boxes keep their length, so nothing in the film moves."""
    boxes = list(_boxes(file, 0, size))
    kinds = {box.kind for box in boxes}
    if boxes[:1] == [] or boxes[0].kind != b"ftyp" or b"moov" not in kinds or boxes[-1].end < size - 16:
        raise broken(name)
    if any(box.end > size or (box.kind == b"moov" and box.end - box.start > _LARGEST_INDEX) for box in boxes):
        raise broken(name)
    for box in boxes:
        _blank(file, box)


def _blank(file: IO[bytes], box: _Box) -> None:
    if box.kind in _TELLING:
        file.seek(box.start + 4)
        file.write(b"free")
        file.seek(box.body)
        file.write(bytes(box.end - box.body))
    elif box.kind in _FOLDERS:
        for inner in list(_boxes(file, box.body, box.end)):
            if inner.end <= box.end:
                _blank(file, inner)


def _boxes(file: IO[bytes], start: int, end: int) -> Iterator[_Box]:
    """The boxes side by side in a stretch of the file; the last one may claim more than there is."""
    at = start
    while at + 8 <= end:
        file.seek(at)
        header = file.read(16)
        length, kind, head = int.from_bytes(header[:4], "big"), header[4:8], 8
        if length == 1:
            length, head = int.from_bytes(header[8:16], "big"), 16
        elif length == 0:
            length = end - at
        if length < head:
            return
        yield _Box(kind, at, at + head, at + length)
        at += length
