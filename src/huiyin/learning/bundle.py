"""One file of several learned parts: a zip without compression; parts are npz or plain bits, never pickles."""

import io
import zipfile
from collections.abc import Mapping

_WHEN = (1980, 1, 1, 0, 0, 0)  # the same parts give the same bytes


def pack(parts: Mapping[str, bytes]) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(parts):
            archive.writestr(zipfile.ZipInfo(name, _WHEN), parts[name])
    return into.getvalue()


def unpack(content: bytes) -> dict[str, bytes]:
    """ValueError for what is no bundle."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except zipfile.BadZipFile as exc:
        raise ValueError("not a bundle of model parts") from exc
