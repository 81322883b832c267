"""Keeps a model's bytes in the file storage and gives them back only if they are the very same."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from huiyin.domain.errors import DomainError


class BytesDiffer(DomainError):
    """模型文件与登记的校验值不一致，已拒绝载入。"""

    code = "model_bytes_differ"


class BytesMissing(DomainError):
    """模型文件已不在存储中，无法载入。"""

    code = "model_bytes_missing"


def keep(content: bytes, *, number: int) -> tuple[str, str]:
    """Returns where it lies and its sha256."""
    digest = hashlib.sha256(content).hexdigest()
    name = default_storage.save(f"models/{number:05d}-{digest[:12]}.npz", ContentFile(content))
    return name, digest


def fetch(stored_as: str, *, sha256: str) -> bytes:
    """Raises BytesDiffer or BytesMissing; nothing unverified is ever parsed."""
    if not stored_as:
        raise BytesMissing
    try:
        with default_storage.open(stored_as) as file:
            content: bytes = file.read()
    except OSError as exc:
        raise BytesMissing from exc
    if hashlib.sha256(content).hexdigest() != sha256:
        raise BytesDiffer
    return content


def discard(stored_as: str) -> None:
    default_storage.delete(stored_as)
