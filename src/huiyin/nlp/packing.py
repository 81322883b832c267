"""Packs a model into bytes that can be loaded without trusting who made them: arrays and JSON, never a pickle."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

_HEADER = "header"


class BadModel(ValueError):
    """The bytes are no model of this kind and version, or not the ones that were expected."""


def pack(kind: str, version: int, facts: Mapping[str, object], arrays: Mapping[str, NDArray[np.generic]]) -> bytes:
    header = json.dumps({"kind": kind, "version": version, **facts}, ensure_ascii=False).encode()
    out = io.BytesIO()
    np.savez(out, **{_HEADER: np.frombuffer(header, dtype=np.uint8)}, **dict(arrays))  # type: ignore[arg-type]  # numpy's stub takes the names for its own flag
    return out.getvalue()


def unpack(
    data: bytes, kind: str, version: int, *, sha256: str = ""
) -> tuple[dict[str, object], dict[str, NDArray[np.generic]]]:
    """Facts and arrays; refuses bytes whose hash is not the one given."""
    if sha256 and digest(data) != sha256:
        raise BadModel("the model's sha256 is not the expected one")
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as found:
            arrays = {name: found[name] for name in found.files}
        facts = json.loads(arrays.pop(_HEADER).tobytes())
    except (ValueError, OSError, KeyError, EOFError, zipfile.BadZipFile) as exc:
        raise BadModel("the bytes are no model") from exc
    if (facts.get("kind"), facts.get("version")) != (kind, version):
        raise BadModel(f"wanted {kind} {version}, found {facts.get('kind')} {facts.get('version')}")
    return facts, arrays


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def as_array(words: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(words).encode(), dtype=np.uint8)


def as_words(array: NDArray[np.generic]) -> list[str]:
    text = array.tobytes().decode()
    return text.split("\n") if text else []
