"""Keeps what was asked and not found: alike questions counted together, masked, until an entry answers them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from rapidfuzz import fuzz, process

from huiyin.domain.errors import InvalidData
from huiyin.domain.privacy import mask_text
from huiyin.knowledge.models import Entry, Gap

_LONGEST = 300
_LEAST = 4
_ALIKE = 88  # of 100: the same question in other punctuation, or with a word more
_COMPARED = 1000  # of the open ones, the most asked


@transaction.atomic
def note(text: str, *, class_code: str = "", now: datetime) -> Gap:
    """One more who asked this in vain."""
    masked = mask_text(" ".join(text.replace("\x00", " ").split()))[:_LONGEST]
    if len(masked) < _LEAST:
        raise InvalidData({"content": "请先写下对方问的是什么"})
    open_ones = dict(Gap.objects.filter(solved_at__isnull=True).values_list("pk", "text")[:_COMPARED])
    near = process.extractOne(masked, open_ones, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    if near is None:
        return Gap.objects.create(text=masked, class_code=class_code, first_at=now, last_at=now)
    gap = Gap.objects.select_for_update().get(pk=near[2])
    gap.count, gap.last_at = gap.count + 1, max(now, gap.last_at)
    gap.class_code = gap.class_code or class_code
    gap.save(update_fields=["count", "last_at", "class_code"])
    return gap


def solve(gap_id: int, entry: Entry, *, now: datetime) -> None:
    Gap.objects.filter(pk=gap_id, solved_at__isnull=True).update(solved_by=entry, solved_at=now)


def dismiss(gap_id: int, *, now: datetime) -> None:
    """Nothing that an entry could answer: a private matter, a nonsense."""
    Gap.objects.filter(pk=gap_id, solved_at__isnull=True).update(dismissed=True, solved_at=now)


def look_again_at(entry: Entry, questions: Sequence[str], *, now: datetime) -> None:
    """An entry that takes up a gap's very words as a question form closes it."""
    Gap.objects.filter(solved_at__isnull=True, text__in=[question[:_LONGEST] for question in questions]).update(
        solved_by=entry, solved_at=now
    )
