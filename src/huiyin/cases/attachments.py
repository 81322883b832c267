"""Takes in a file: told by its content, cleaned, stored under a drawn name; a bad one is refused and leaves nothing."""

import contextlib
import hashlib
import logging
import secrets
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import IO, Final

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet

from huiyin.accounts.viewer import Viewer
from huiyin.cases import file_types, pictures, recordings
from huiyin.cases.file_types import Family, FileRefused, FileType
from huiyin.cases.models import Attachment, Case
from huiyin.cases.visibility import visible_to
from huiyin.domain.case import Actor
from huiyin.domain.vocabulary import ActorKind

log = logging.getLogger(__name__)

MOST_AT_ONCE: Final = 9
_MOST_WAITING = 60  # uploaded and not yet used: guards the store against being filled
_KEPT_UNUSED = timedelta(days=2)
_LONGEST_NAME = 100
_MB = 1024 * 1024
_MOST_TEXT = 2 * _MB


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cleaned:
    """What is stored: not what was sent."""

    content: IO[bytes]
    media_type: str
    extension: str
    thumbnail: bytes = b""


def receive(upload: UploadedFile, *, actor: Actor, now: datetime, claim: str = "") -> Attachment:
    """Stores one file for the actor, to be bound to a case by the next action. FileRefused says what to do instead.

    `claim` marks whose upload it is where there is no account yet (a citizen's session).
    """
    name = _plain_name(upload.name or "")
    size = upload.size or 0
    _check_waiting(actor, claim)
    if size == 0:
        raise FileRefused(f"“{name}”是空文件，请检查后重新上传。")
    _check_size(name, size, _limit_mb(Family.VIDEO))
    found = file_types.recognise(upload, name=name, size=size)
    _check_size(name, size, _limit_mb(found.family))
    with contextlib.ExitStack() as open_files:
        cleaned = _clean(upload, found, name=name, size=size, open_files=open_files)
        return _store(cleaned, name=name, actor=actor, now=now, claim=claim)


def receive_all(uploads: Iterable[UploadedFile], *, actor: Actor, now: datetime, claim: str = "") -> list[Attachment]:
    files = list(uploads)
    if len(files) > MOST_AT_ONCE:
        raise FileRefused(f"一次最多上传{MOST_AT_ONCE}个文件。")
    return [receive(file, actor=actor, now=now, claim=claim) for file in files]


def visible_files(viewer: Viewer) -> QuerySet[Attachment]:
    """Files of the cases that the viewer may see, and the viewer's own that no case has yet."""
    own = Q(case__isnull=True, uploader_kind=str(ActorKind.STAFF), uploader_id=viewer.staff_id)
    return Attachment.objects.filter(own | Q(case__in=Case.objects.filter(visible_to(viewer))))


def withdraw(attachment_id: int, *, actor: Actor) -> None:
    """Takes back a file that no case has yet; nothing happens to one that is already evidence."""
    free = Attachment.objects.filter(
        pk=attachment_id, case__isnull=True, uploader_kind=str(actor.kind), uploader_id=actor.id
    )
    _discard(free)


def discard_unused(now: datetime) -> int:
    """Removes what was uploaded and never used; called daily."""
    return _discard(Attachment.objects.filter(case__isnull=True, uploaded_at__lt=now - _KEPT_UNUSED)[:500])


def _discard(rows: QuerySet[Attachment]) -> int:
    found = list(rows)
    # The row goes first, and only while it is still free: a file without a row harms nobody, a row without a file does.
    gone = [row for row in found if Attachment.objects.filter(pk=row.pk, case__isnull=True).delete()[0]]
    _remove([name for row in gone for name in (row.stored_as, row.thumbnail_as) if name])
    return len(gone)


def _remove(names: Iterable[str]) -> None:
    for name in names:
        try:
            default_storage.delete(name)
        except OSError:
            log.warning("stored file %s could not be removed", name)


def _store(cleaned: _Cleaned, *, name: str, actor: Actor, now: datetime, claim: str) -> Attachment:
    folder = f"cases/{now:%Y/%m}"
    drawn = secrets.token_hex(16)
    digest, stored_size = _digest(cleaned.content)
    stored: list[str] = []
    try:
        stored.append(default_storage.save(f"{folder}/{drawn}.{cleaned.extension}", File(cleaned.content)))
        if cleaned.thumbnail:
            stored.append(default_storage.save(f"{folder}/{drawn}-t.jpg", ContentFile(cleaned.thumbnail)))
        return Attachment.objects.create(
            stored_as=stored[0],
            thumbnail_as=stored[1] if cleaned.thumbnail else "",
            name=f"{PurePosixPath(name).stem[:_LONGEST_NAME]}.{cleaned.extension}",
            media_type=cleaned.media_type,
            size=stored_size,
            sha256=digest,
            uploaded_at=now,
            uploader_kind=str(actor.kind),
            uploader_id=actor.requester_id if actor.kind is ActorKind.CITIZEN else actor.id,
            claim=claim,
        )
    except BaseException:
        _remove(stored)
        raise


def _check_waiting(actor: Actor, claim: str) -> None:
    waiting = Attachment.objects.filter(case__isnull=True, uploader_kind=str(actor.kind), claim=claim)
    if actor.kind is ActorKind.STAFF:
        waiting = waiting.filter(uploader_id=actor.id)
    if waiting[:_MOST_WAITING].count() >= _MOST_WAITING:
        raise FileRefused("已上传而没有使用的文件太多，请先提交或删除后再上传。")


def _limit_mb(family: Family) -> int:
    return settings.ATTACHMENT_VIDEO_MAX_MB if family is Family.VIDEO else settings.ATTACHMENT_MAX_MB


def _check_size(name: str, size: int, limit_mb: int) -> None:
    if size > limit_mb * _MB:
        raise FileRefused(f"“{name}”超过{limit_mb} MB，请压缩或截取后再上传。")


def _clean(
    upload: UploadedFile, found: FileType, *, name: str, size: int, open_files: contextlib.ExitStack
) -> _Cleaned:
    if found.family is Family.IMAGE:
        picture = pictures.redraw(upload, name=name)
        return _Cleaned(
            content=ContentFile(picture.content),
            media_type=picture.media_type,
            extension=picture.extension,
            thumbnail=picture.thumbnail,
        )
    if found is file_types.TXT:
        _check_size(name, size, _MOST_TEXT // _MB)
        upload.seek(0)
        words = file_types.as_words(upload.read(), name)
        return _Cleaned(content=ContentFile(words.encode()), media_type=found.media_type, extension=found.extension)
    copy = open_files.enter_context(_scratch())
    upload.seek(0)
    for chunk in upload.chunks():
        copy.write(chunk)
    if found.extension in ("mp4", "mov", "3gp", "m4a"):
        recordings.blank_private_boxes(copy, name=name, size=size)
    return _Cleaned(content=copy, media_type=found.media_type, extension=found.extension)


@contextlib.contextmanager
def _scratch() -> Iterator[IO[bytes]]:
    with tempfile.SpooledTemporaryFile(2 * _MB) as file:
        yield file  # type: ignore[misc]  # typeshed: a spooled file is no IO subclass


def _digest(content: IO[bytes]) -> tuple[str, int]:
    content.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := content.read(_MB):
        digest.update(chunk)
        size += len(chunk)
    content.seek(0)
    return digest.hexdigest(), size


def _plain_name(given: str) -> str:
    """The last part of the path, without what could fool an eye or a header."""
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(sign for sign in last if sign.isprintable() and sign not in '"<>|:*?').strip(" .")
    stem, dot, suffix = kept.rpartition(".")
    return f"{stem[:_LONGEST_NAME]}.{suffix[:10]}" if dot and stem else kept[:_LONGEST_NAME] or "未命名"
