"""Which type a file really is, told by its content and never by its name; everything not on the list is refused."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePosixPath
from typing import IO, Final

import filetype

from huiyin.domain.errors import DomainError

ACCEPT: Final = (
    "image/jpeg,image/png,image/webp,image/gif,video/mp4,video/quicktime,video/3gpp,"
    "audio/mpeg,audio/mp4,audio/wav,audio/amr,.amr,.m4a,.pdf,.docx,.xlsx,.txt"
)
OFFERED: Final = "照片（JPG、PNG、WebP、GIF）、视频（MP4、MOV、3GP）、录音（MP3、M4A、WAV、AMR）、PDF、Word、Excel、TXT"

_HEAD = 8192
_TAIL = 4096
_MB = 1024 * 1024
# An Office file is a zip of small parts; more than this, or packed denser, is made to harm whoever opens it.
_MOST_PARTS = 5000
_MOST_UNPACKED = 300 * _MB
_DENSEST = 150


class FileRefused(DomainError):
    """文件不能上传，请换一个文件。"""

    code = "file_refused"

    def __init__(self, message: str) -> None:
        super().__init__(message, field="files")


class Family(Enum):
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileType:
    media_type: str
    extension: str
    family: Family


def _known(media_type: str, extension: str, family: Family) -> FileType:
    return FileType(media_type=media_type, extension=extension, family=family)


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = _known(_WORD, "docx", Family.DOCUMENT)
XLSX = _known(_EXCEL, "xlsx", Family.DOCUMENT)
TXT = _known("text/plain; charset=utf-8", "txt", Family.DOCUMENT)
# By what the library `filetype` calls them.
_BY_MAGIC: Mapping[str, FileType] = {
    "image/jpeg": _known("image/jpeg", "jpg", Family.IMAGE),
    "image/png": _known("image/png", "png", Family.IMAGE),
    "image/webp": _known("image/webp", "webp", Family.IMAGE),
    "image/gif": _known("image/gif", "gif", Family.IMAGE),
    "audio/mpeg": _known("audio/mpeg", "mp3", Family.AUDIO),
    "audio/x-wav": _known("audio/wav", "wav", Family.AUDIO),
    "audio/amr": _known("audio/amr", "amr", Family.AUDIO),
    "application/pdf": _known("application/pdf", "pdf", Family.DOCUMENT),
}
_FILM = _known("video/mp4", "mp4", Family.VIDEO)
# MP4 and its relatives by the brand that they name first; the library mistakes 3GP and takes relatives for one another.
_BY_BRAND: Mapping[bytes, FileType] = {
    b"qt  ": _known("video/quicktime", "mov", Family.VIDEO),
    b"3gp": _known("video/3gpp", "3gp", Family.VIDEO),
    b"3g2": _known("video/3gpp", "3gp", Family.VIDEO),
    b"M4A ": _known("audio/mp4", "m4a", Family.AUDIO),
    b"iso": _FILM,
    b"mp4": _FILM,
    b"mmp4": _FILM,
    b"avc1": _FILM,
    b"M4V": _FILM,
    b"dash": _FILM,
}
_STILLS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis")
_NOT_TEXT = bytes(set(range(32)) - {9, 10, 12, 13}) + b"\x7f"
_MARKUP = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<head", b"<body")


def recognise(file: IO[bytes], *, name: str, size: int) -> FileType:
    """The type of the content, checked as far as a glance can tell; FileRefused for all that is not on the list."""
    file.seek(0)
    head = file.read(_HEAD)
    if head.startswith(b"PK\x03\x04"):
        return _office(file, name)
    if head[4:8] == b"ftyp":
        return _by_brand(head[8:12], name)
    guess = filetype.guess(head)
    if guess is None:
        return _text(file, head, name)
    found = _BY_MAGIC.get(guess.mime)
    if found is None:
        raise _unknown(name)
    if found.extension == "pdf":
        _check_pdf(file, name, size)
    if found.extension == "wav" and int.from_bytes(head[4:8], "little") + 8 > size + 1:
        raise broken(name)
    return found


def broken(name: str) -> FileRefused:
    return FileRefused(f"“{name}”已损坏或没有传完整，请检查后重新上传。")


def _unknown(name: str) -> FileRefused:
    return FileRefused(f"“{name}”不是可以上传的文件。可以上传：{OFFERED}。")


def _by_brand(brand: bytes, name: str) -> FileType:
    if brand in _STILLS:
        raise FileRefused(f"“{name}”是 HEIC 格式，暂不能查看。请在手机相机设置中选“兼容性最佳”，或截图后上传。")
    found = _BY_BRAND.get(brand) or _BY_BRAND.get(brand[:3])
    if found is None:
        raise _unknown(name)
    return found


def _check_pdf(file: IO[bytes], name: str, size: int) -> None:
    file.seek(max(0, size - _TAIL))
    if b"%%EOF" not in file.read(_TAIL):
        raise broken(name)


def _office(file: IO[bytes], name: str) -> FileType:
    """Word or Excel by its parts; macros, bombs and any other archive are refused. Nothing is unpacked."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as exc:
        raise broken(name) from exc
    names = {part.filename for part in parts}
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    if len(parts) > _MOST_PARTS or unpacked > _MOST_UNPACKED or unpacked > packed * _DENSEST:
        raise FileRefused(f"“{name}”的内容异常，不能上传。")
    if any(part.endswith("vbaProject.bin") for part in names):
        raise FileRefused(f"“{name}”含有宏，不能上传。请另存为不含宏的文件。")
    if "[Content_Types].xml" in names:
        for main, kind in (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX)):
            if main in names:
                return kind
    raise _unknown(name)


def _text(file: IO[bytes], head: bytes, name: str) -> FileType:
    """Plain words in a file called .txt; markup is refused although it is text."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if PurePosixPath(name).suffix.lower() != ".txt" or any(mark in start[:1024] for mark in _MARKUP):
        raise _unknown(name)
    file.seek(0)
    content = file.read()
    if content.translate(None, _NOT_TEXT) != content:
        raise _unknown(name)
    as_words(content, name)
    return TXT


def as_words(content: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unknown(name)
