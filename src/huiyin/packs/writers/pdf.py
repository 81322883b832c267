"""The pack as a PDF to read and to keep: typst with the machine's Chinese font, the words of the contents as data."""

import json
import tempfile
import threading
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from huiyin.packs import palette
from huiyin.packs.charts import Picture
from huiyin.packs.contents import Contents, to_json
from huiyin.packs.fonts import chinese_font

_TEMPLATE = "pack.typ"
_COLOURS = ("INK", "INK_2", "INK_3", "LINE", "GROUND", "BRAND", "BRAND_DEEP", "BRAND_TINT", "RED", "GREEN")


def write(contents: Contents, pictures: Mapping[str, Picture]) -> bytes:
    """Raises NoChineseFont. The words never become markup: they come in as JSON."""
    font = chinese_font()
    data: dict[str, Any] = {
        "pack": to_json(contents),
        "font": font.family,
        "colours": {name.lower(): getattr(palette, name) for name in _COLOURS},
        "wide": {name: picture.width > picture.height * 1.2 for name, picture in pictures.items()},
    }
    with tempfile.TemporaryDirectory(prefix="huiyin-pack-") as folder:
        root = Path(folder)
        (root / _TEMPLATE).write_bytes(_template())
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        for name, picture in pictures.items():
            (root / f"{name}.svg").write_bytes(picture.svg)
        made: bytes = typst.compile(root / _TEMPLATE, root=root, font_paths=_fonts(font.folders))
        return made


@cache
def _template() -> bytes:
    return files("huiyin.packs.writers").joinpath(_TEMPLATE).read_bytes()


_kept = threading.local()


def _fonts(folders: tuple[Path, ...]) -> typst.Fonts:
    """Read once a thread: the files are of twenty megabytes and more."""
    if not hasattr(_kept, "fonts"):
        _kept.fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(folder) for folder in folders])
    found: typst.Fonts = _kept.fonts
    return found
