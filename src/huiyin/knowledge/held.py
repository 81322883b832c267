"""What this process keeps of the knowledge base: the entries that may be answered, and the index that finds them."""

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection

from huiyin.knowledge import meanings, revision
from huiyin.knowledge.models import Entry
from huiyin.nlp.retrieval import Index, Passage

log = logging.getLogger(__name__)

_LARGE = 2000  # entries from which a new index is built beside the old one: up to here it takes less than half a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerable:
    """An entry's version in force, as it is quoted."""

    id: int
    version: int
    title: str
    questions: tuple[str, ...]
    answer: str
    source: str
    issuer: str
    link: str
    area_id: int | None
    class_codes: tuple[str, ...]
    valid_from: date
    valid_until: date | None
    owner_id: int
    public: bool

    def stands_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    number: int
    entries: Mapping[int, Answerable]
    index: Index


_held: Held | None = None
_lock = threading.Lock()
_building = threading.Lock()


def held() -> Held:
    """At most some seconds old; the first call of a process reads all entries."""
    now = _held
    number = revision.current()
    if now is not None and now.number == number:
        return now
    if now is not None and len(now.entries) > _LARGE:
        _renew_beside(number)
        return now
    with _lock:
        if _held is None or _held.number != number:
            _put(_read(number))
        assert _held is not None
        return _held


def forget() -> None:
    """For tests, whose database is replaced beneath the process."""
    global _held
    revision.look_again()
    _held = None


def _put(fresh: Held) -> None:
    global _held
    _held = fresh


def _renew_beside(number: int) -> None:
    """One thread at a time; callers go on with what they have."""
    if not _building.acquire(blocking=False):
        return

    def build() -> None:
        try:
            _put(_read(number))
        finally:
            connection.close()
            _building.release()

    threading.Thread(target=build, name="knowledge-index", daemon=True).start()


def _read(number: int) -> Held:
    began = time.monotonic()
    rows = Entry.objects.filter(current__isnull=False).select_related("current").order_by("id")
    entries = {row.pk: _answerable(row) for row in rows.iterator(chunk_size=2000)}
    index = Index(
        (
            Passage(key=entry.id, text=entry.answer, title=entry.title, questions=entry.questions)
            for entry in entries.values()
        ),
        meanings=meanings.stored(),
    )
    log.info("knowledge index: %d entries in %.1f s", len(entries), time.monotonic() - began)
    return Held(number=number, entries=entries, index=index)


def _answerable(row: Entry) -> Answerable:
    version = row.current
    assert version is not None
    return Answerable(
        id=row.pk,
        version=version.number,
        title=version.title,
        questions=tuple(version.questions),
        answer=version.answer,
        source=version.source,
        issuer=version.issuer,
        link=version.link,
        area_id=version.area_id,
        class_codes=tuple(version.class_codes),
        valid_from=version.valid_from,
        valid_until=version.valid_until,
        owner_id=version.owner_id,
        public=version.public,
    )
