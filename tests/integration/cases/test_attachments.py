"""Files: told by their content, drawn anew, kept apart; a bad one is refused with words and leaves nothing behind."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from huiyin.cases import attachments
from huiyin.cases.file_types import FileRefused
from huiyin.cases.models import Attachment
from huiyin.domain.case import Actor
from huiyin.domain.vocabulary import ActorKind
from tests.builders_city import NOW

pytestmark = pytest.mark.django_db

STAFF = Actor(kind=ActorKind.STAFF, id=7, name="承办人")


def photo(*, size: tuple[int, int] = (640, 480), form: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, form, **options)
    return out.getvalue()


def taken_on_a_phone() -> bytes:
    exif = Image.Exif()
    exif[Base.Make] = "SomePhone"
    exif[Base.Orientation] = 6
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (39.0, 54.0, 20.0)
    return photo(exif=exif)


def box(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body


def film(*, brand: bytes = b"isom", place: bytes = b"+39.9042+116.4074/") -> bytes:
    moov = box(b"moov", box(b"mvhd", bytes(100)) + box(b"udta", box(b"\xa9xyz", place)))
    return box(b"ftyp", brand + bytes(4) + b"isommp42") + moov + box(b"mdat", b"\x11" * 500)


def office(main: str, *extra: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(main, "<document>情况说明</document>")
        for name, content in extra:
            archive.writestr(name, content)
    return out.getvalue()


def huge_png(side: int = 30_000) -> bytes:
    """A few kilobytes that would unpack to gigabytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(10_000)))
        + chunk(b"IEND", b"")
    )


WAV = b"RIFF" + struct.pack("<I", 136) + b"WAVEfmt " + bytes(128)
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
DOCX, XLSX = office("word/document.xml"), office("xl/workbook.xml")


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def receive(name: str, content: bytes) -> Attachment:
    return attachments.receive(upload(name, content), actor=STAFF, now=NOW)


def stored(attachment: Attachment) -> bytes:
    with default_storage.open(attachment.stored_as) as file:
        return file.read()


@pytest.fixture
def in_store(tmp_path: Path) -> Callable[[], list[Path]]:
    return lambda: [path for path in (tmp_path / "media").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("现场.jpg", photo(), "image/jpeg"),
        ("截图.png", photo(form="PNG"), "image/jpeg"),
        ("现场.webp", photo(form="WEBP"), "image/jpeg"),
        ("动图.gif", photo(form="GIF"), "image/png"),
        ("现场.mp4", film(), "video/mp4"),
        ("现场.mov", film(brand=b"qt  "), "video/quicktime"),
        ("现场.3gp", film(brand=b"3gp5"), "video/3gpp"),
        ("通话.m4a", film(brand=b"M4A "), "audio/mp4"),
        ("通话.mp3", b"ID3\x04" + bytes(500), "audio/mpeg"),
        ("通话.wav", WAV, "audio/wav"),
        ("通话.amr", b"#!AMR\n" + bytes(200), "audio/amr"),
        ("答复.pdf", PDF, "application/pdf"),
        ("说明.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("台账.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("说明.txt", "已整改".encode("gb18030"), "text/plain; charset=utf-8"),
    ],
)
def test_the_types_that_people_send_are_taken(name: str, content: bytes, media_type: str) -> None:
    attachment = receive(name, content)

    assert attachment.media_type == media_type
    assert attachment.case_id is None
    assert (attachment.uploader_kind, attachment.uploader_id) == ("staff", 7)
    assert len(stored(attachment)) == attachment.size


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("图.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "不是可以上传的文件"),
        ("页.html", b"<!doctype html><script>alert(1)</script>", "不是可以上传的文件"),
        ("页.txt", b"<html><script>alert(1)</script></html>", "不是可以上传的文件"),
        ("脚本.js", b"alert(1)", "不是可以上传的文件"),
        ("程序.jpg", b"MZ" + bytes(500), "不是可以上传的文件"),
        ("程序.txt", b"\x7fELF" + bytes(500), "不是可以上传的文件"),
        ("压缩.zip", office("a.txt"), "不是可以上传的文件"),
        ("压缩.docx", office("a.txt"), "不是可以上传的文件"),
        ("宏.docx", office("word/document.xml", ("word/vbaProject.bin", b"x")), "含有宏"),
        ("炸弹.xlsx", office("xl/workbook.xml", ("xl/big.xml", bytes(40_000_000))), "内容异常"),
        ("断.docx", DOCX[: len(DOCX) // 2], "已损坏"),
        ("断.jpg", taken_on_a_phone()[:2000], "已损坏"),
        ("断.png", photo(form="PNG")[:400], "已损坏"),
        ("断.mp4", film()[:-300], "已损坏"),
        ("断.pdf", PDF[:20], "已损坏"),
        ("断.wav", WAV[:60], "已损坏"),
        ("空.jpg", b"", "空文件"),
        ("巨幅.png", huge_png(), "尺寸过大"),
        ("巨幅.gif", b"GIF89a" + struct.pack("<HH", 65535, 65535) + photo(form="GIF")[10:], "尺寸过大"),
        ("苹果.heic", box(b"ftyp", b"heic" + bytes(4) + b"mif1heic") + bytes(300), "HEIC"),
    ],
)
def test_a_bad_file_is_refused_with_words_and_leaves_nothing(
    name: str, content: bytes, told: str, in_store: Callable[[], list[Path]]
) -> None:
    with pytest.raises(FileRefused, match=told) as refusal:
        receive(name, content)

    assert refusal.value.field == "files"
    assert not Attachment.objects.exists()
    assert in_store() == []


def test_a_picture_loses_its_place_and_device_and_stands_upright() -> None:
    attachment = receive("现场.jpg", taken_on_a_phone())

    with Image.open(io.BytesIO(stored(attachment))) as image:
        assert image.size == (480, 640)
        assert not image.getexif()
        assert "exif" not in image.info


def test_a_film_loses_its_place_but_not_its_length() -> None:
    sent = film()

    kept = stored(receive("现场.mp4", sent))

    assert len(kept) == len(sent)
    assert b"39.9042" in sent
    assert b"39.9042" not in kept
    assert b"mdat" + b"\x11" * 500 in kept


def test_what_hides_behind_a_picture_is_not_stored() -> None:
    page = b"<script>alert(document.cookie)</script>"

    kept = stored(receive("现场.jpg", photo() + page + office("a.txt") + page))

    assert page not in kept
    assert b"PK\x03\x04" not in kept
    assert kept.startswith(b"\xff\xd8")


def test_the_extension_follows_the_content_and_the_path_is_dropped() -> None:
    attachment = receive('C:\\temp\\..\\楼道"<照片>.pdf', photo())

    assert attachment.name == "楼道照片.jpg"
    assert attachment.stored_as.startswith("cases/2026/06/")
    assert "楼道" not in attachment.stored_as


def test_a_wide_picture_is_scaled_down_and_gets_a_thumbnail() -> None:
    attachment = receive("全景.jpg", photo(size=(6000, 1500)))

    with Image.open(io.BytesIO(stored(attachment))) as image:
        assert max(image.size) <= 4096
    with default_storage.open(attachment.thumbnail_as) as file, Image.open(file) as small:
        assert max(small.size) <= 320


def test_a_transparent_picture_stays_transparent() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(out, "PNG")

    with Image.open(io.BytesIO(stored(receive("章.png", out.getvalue())))) as image:
        assert image.getpixel((5, 5)) == (255, 0, 0, 0)


def test_a_file_over_the_limit_is_refused_and_a_film_may_be_larger(settings: Any) -> None:
    settings.ATTACHMENT_MAX_MB, settings.ATTACHMENT_VIDEO_MAX_MB = 1, 2
    large = 1_300_000

    with pytest.raises(FileRefused, match="超过1 MB"):
        receive("答复.pdf", b"%PDF-1.7\n" + bytes(large) + b"%%EOF")
    with pytest.raises(FileRefused, match="超过2 MB"):
        receive("现场.mp4", film() + bytes(2_200_000))
    assert receive("现场.mp4", film() + box(b"mdat", bytes(large))).size > large


def test_more_than_nine_files_at_once_are_refused() -> None:
    files = [upload(f"{number}.jpg", photo(size=(8, 8))) for number in range(10)]

    with pytest.raises(FileRefused, match="最多上传9个"):
        attachments.receive_all(files, actor=STAFF, now=NOW)


def test_the_store_cannot_be_filled_with_files_that_nobody_uses() -> None:
    waiting = Attachment(
        stored_as="x",
        name="x",
        media_type="x",
        size=1,
        sha256="",
        uploaded_at=NOW,
        uploader_kind="staff",
        uploader_id=7,
    )
    Attachment.objects.bulk_create([waiting.__class__(**_values(waiting)) for _ in range(60)])

    with pytest.raises(FileRefused, match="太多"):
        receive("现场.jpg", photo())


def _values(row: Attachment) -> dict[str, Any]:
    return {
        field.name: getattr(row, field.name) for field in row._meta.concrete_fields if field.name not in ("id", "case")
    }


def test_only_the_uploader_takes_a_free_file_back(in_store: Callable[[], list[Path]]) -> None:
    attachment = receive("现场.jpg", photo())

    attachments.withdraw(attachment.pk, actor=Actor(kind=ActorKind.STAFF, id=8))
    assert Attachment.objects.filter(pk=attachment.pk).exists()

    attachments.withdraw(attachment.pk, actor=STAFF)
    assert not Attachment.objects.filter(pk=attachment.pk).exists()
    assert in_store() == []


def test_files_that_were_never_used_go_after_two_days(in_store: Callable[[], list[Path]]) -> None:
    receive("现场.jpg", photo())

    assert attachments.discard_unused(NOW) == 0
    assert attachments.discard_unused(NOW.replace(day=NOW.day + 3)) == 1
    assert in_store() == []
