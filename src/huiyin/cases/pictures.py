"""Draws every picture anew: what is stored holds pixels only, no place, no time, no device, nothing hidden."""

import io
import struct
import threading
from dataclasses import dataclass
from typing import IO, Final

from PIL import Image, ImageOps

from huiyin.cases.file_types import FileRefused, broken

LONGEST_SIDE: Final = 4096
THUMBNAIL_SIDE: Final = 320
_MOST_PIXELS = 64_000_000
_MOST_PIXELS_IN_JPEG = 110_000_000  # the largest phone cameras; a JPEG can be read at a fraction of its size
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")  # a phone's MPO opens as JPEG
_QUALITY = 88

# Pillow's own guard stands at a figure that today's phones exceed; ours is checked before any pixel is read.
Image.MAX_IMAGE_PIXELS = _MOST_PIXELS_IN_JPEG
# One picture may take some 200 MB while it is drawn; more at once would starve the process.
_AT_ONCE = threading.BoundedSemaphore(2)

# What Pillow raises on files made to confuse it.
_CONFUSED = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    ArithmeticError,
    struct.error,
)
_TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    content: bytes
    media_type: str
    extension: str
    thumbnail: bytes  # JPEG


def redraw(file: IO[bytes], *, name: str) -> Picture:
    """The picture upright, at most 4096 px long, with its thumbnail; FileRefused for broken and for enormous ones."""
    file.seek(0)
    with _AT_ONCE:
        try:
            with Image.open(file, formats=_FORMATS) as image:
                return _draw(image, name)
        except _TOO_LARGE as exc:
            raise _enormous(name) from exc
        except _CONFUSED as exc:
            raise broken(name) from exc


def _draw(image: Image.Image, name: str) -> Picture:
    width, height = image.size
    jpeg = image.format in ("JPEG", "MPO")
    if width * height > (_MOST_PIXELS_IN_JPEG if jpeg else _MOST_PIXELS):
        raise _enormous(name)
    line_art = image.mode in ("1", "L", "P") and not jpeg
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(image)
    clear = upright.has_transparency_data
    drawn = upright.convert("RGBA" if clear else "RGB")
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
    drawn.info.clear()  # Pillow would write profile, comment and EXIF back from here
    lossless = clear or line_art
    small = _on_white(drawn) if clear else drawn.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), reducing_gap=2.0)
    return Picture(
        content=_as_png(drawn) if lossless else _as_jpeg(drawn, _QUALITY),
        media_type="image/png" if lossless else "image/jpeg",
        extension="png" if lossless else "jpg",
        thumbnail=_as_jpeg(small, 80),
    )


def _on_white(image: Image.Image) -> Image.Image:
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _as_jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def _as_png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _enormous(name: str) -> FileRefused:
    return FileRefused(f"“{name}”的画面尺寸过大，请缩小后再上传。")
