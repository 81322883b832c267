"""Notes what an entry was used for; checks that what is quoted may still be quoted."""

from datetime import datetime

from huiyin.cases.models import Case
from huiyin.domain.errors import InvalidData
from huiyin.knowledge import answering
from huiyin.knowledge.models import Use, UseKind

STALE = "引用的知识条目已修改、停用或过期，请核对后重新引用"


def note_opened(entry_id: int, version: int, *, staff_id: int, now: datetime) -> None:
    Use.objects.create(entry_id=entry_id, version=version, kind=str(UseKind.OPENED), at=now, staff_id=staff_id)


def note_read(entry_id: int, version: int, *, now: datetime) -> None:
    """By a citizen, who is not known and not noted."""
    Use.objects.create(entry_id=entry_id, version=version, kind=str(UseKind.PUBLIC), at=now)


def note_closed(reference: str, *, case: Case, staff_id: int, now: datetime) -> None:
    """The case was closed by quoting this entry and version. In the transaction that closes it: a quotation that no
    longer holds takes the whole answer back."""
    entry_id, version = _parts(reference)
    entry = answering.get(entry_id, at=now, anywhere=True)
    if entry is None or entry.version != version:
        raise InvalidData({"answer": STALE})
    Use.objects.create(
        entry_id=entry_id, version=version, kind=str(UseKind.CLOSED), at=now, staff_id=staff_id, case=case
    )


def _parts(reference: str) -> tuple[int, int]:
    entry, _, version = reference.partition(".")
    if not (entry.isascii() and entry.isdecimal() and version.isascii() and version.isdecimal() and len(entry) < 18):
        raise InvalidData({"answer": STALE})
    return int(entry), int(version[:9])
