"""Keeps a sketch of every case, by which same cases are found: a reader of events, and a sweep for what came past them.

Registering itself is not slowed: the sketch follows within a second, in the scheduler.
"""

import hashlib
from collections.abc import Iterable, Sequence

from django.db import transaction

from huiyin.cases.models import Case, CaseEvent
from huiyin.matching.models import Progress, Sketch
from huiyin.nlp.sameness_words import Rarity, pairs, spots

_PLACED = frozenset({"class_code", "street_id", "community_id", "district_id"})
_FIELDS = ["requester_id", "street_id", "community_id", "branch", "registered_at", "spot_mark", "words_mark"]
_CASE = (
    "id",
    "requester_id",
    "street_id",
    "community_id",
    "class_code",
    "registered_at",
    "title",
    "content",
    "address",
)
_AT_ONCE = 1000
_LATE = 20_000  # numbers are drawn before an import writes its cases: so far back a sweep looks again
_FEW_WORDS = 8

RARITY = Rarity()  # of the language, not of the day: every process weighs alike


def read_events(events: Sequence[CaseEvent]) -> None:
    """A subscriber: cases that are new, or were given another class or place."""
    changed = {event.case_id for event in events if event.seq == 1 or not _PLACED.isdisjoint(event.sets)}
    if changed:
        write(Case.objects.filter(pk__in=changed).values(*_CASE))


def write(cases: Iterable[dict[str, object]]) -> int:
    made = [_sketch(case) for case in cases]
    Sketch.objects.bulk_create(made, update_conflicts=True, unique_fields=["case_id"], update_fields=_FIELDS)
    return len(made)


def catch_up(*, at_most: int = 50_000) -> int:
    """Sketches cases that were written without events (imports, history), oldest first; returns how many."""
    done = 0
    while done < at_most:
        with transaction.atomic():
            progress, _ = Progress.objects.select_for_update().get_or_create(pk=1)
            since = max(0, progress.up_to - _LATE)
            known = Sketch.objects.filter(case_id__gt=since).values("case_id")
            missing = Case.objects.filter(pk__gt=since).exclude(pk__in=known).order_by("pk").values(*_CASE)[:_AT_ONCE]
            written = list(missing)
            if not written:
                return done
            done += write(written)
            Progress.objects.filter(pk=1).update(up_to=max(progress.up_to, int(str(written[-1]["id"]))))
    return done


def spot_mark(text: str) -> int | None:
    """Of the rarest spot; of equally rare ones the longest name."""
    named = spots(text)
    rarest = max(named, key=lambda spot: (RARITY.of_spot(spot), len(spot), spot), default="")
    return _hash(rarest) if rarest else None


def words_mark(text: str) -> int | None:
    """The least hash of the pairs: two texts share it with the probability of what they have in common."""
    found = pairs(text)
    return min(map(_hash, found)) if len(found) >= _FEW_WORDS else None


def _sketch(case: dict[str, object]) -> Sketch:
    text = f"{case['title']} {case['content']}"
    return Sketch(
        case_id=case["id"],
        requester_id=case["requester_id"],
        street_id=case["street_id"],
        community_id=case["community_id"],
        branch=str(case["class_code"])[:4],
        registered_at=case["registered_at"],
        spot_mark=spot_mark(f"{text} {case['address']}"),
        words_mark=words_mark(text),
    )


def _hash(word: str) -> int:
    """The same in every process, as PostgreSQL's bigint."""
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big", signed=True)
