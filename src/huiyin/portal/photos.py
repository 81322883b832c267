"""The citizen's photos: taken in one by one, shown only to the browser that sent them or that has the case open."""

from collections.abc import Iterable
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from huiyin.cases import attachments, file_types
from huiyin.cases.file_types import Family, FileRefused
from huiyin.cases.models import Attachment
from huiyin.domain.case import Actor
from huiyin.domain.vocabulary import ActorKind
from huiyin.portal import access, limits

MOST = attachments.MOST_AT_ONCE
# Without HEIC in the list an iPhone sends JPEG by itself.
ACCEPT = "image/jpeg,image/png,image/webp,image/gif"
_CITIZEN = Actor(kind=ActorKind.CITIZEN)


def take_in(request: HttpRequest, upload: UploadedFile, now: datetime) -> Attachment:
    """One photo, stored and waiting for the form. FileRefused or TooOften says why not."""
    limits.spend(limits.PHOTOS, limits.who_asks(request), now)
    if not upload.size:
        raise FileRefused("这张照片是空的，请重新拍一张或另选一张。")
    found = file_types.recognise(upload, name=(upload.name or "")[:100], size=upload.size)
    if found.family is not Family.IMAGE:
        raise FileRefused("这里只能上传照片（JPG、PNG）。视频、录音请拨打12345后按提示提交。")
    return attachments.receive(upload, actor=_CITIZEN, now=now, claim=access.photo_claim(request))


def waiting(request: HttpRequest, ids: Iterable[str]) -> list[Attachment]:
    """Of these, the photos that this browser sent and no case has yet, in the order given."""
    wanted = [int(one) for one in ids if one.isascii() and one.isdecimal() and len(one) < 19][:MOST]
    if not wanted:
        return []
    found = {photo.pk: photo for photo in _own(request).filter(pk__in=wanted)}
    return [found[pk] for pk in dict.fromkeys(wanted) if pk in found]


def visible(request: HttpRequest) -> QuerySet[Attachment]:
    """This browser's waiting photos, and what the citizen sent to the case that is open here."""
    mine = Attachment.objects.filter(uploader_kind=str(ActorKind.CITIZEN))
    case_id = access.opened_id(request)
    of_case = Q(case_id=case_id) if case_id is not None else Q(pk__in=())
    return mine.filter(of_case | Q(pk__in=_own(request).values("pk")))


def withdraw(request: HttpRequest, photo_id: int) -> None:
    if _own(request).filter(pk=photo_id).exists():
        attachments.withdraw(photo_id, actor=_CITIZEN)


def _own(request: HttpRequest) -> QuerySet[Attachment]:
    claim = access.known_claim(request)
    if not claim:
        return Attachment.objects.none()
    return Attachment.objects.filter(case__isnull=True, uploader_kind=str(ActorKind.CITIZEN), claim=claim)
