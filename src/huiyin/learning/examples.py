"""What a model learns from: labelled cases with their text, and the cases kept apart to judge it by."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from huiyin.domain.errors import DomainError
from huiyin.domain.vocabulary import RequestType
from huiyin.learning.models import FrozenTest, Kind, LabelledCase, Source
from huiyin.nlp import classes
from huiyin.registry import rulebook

MOST: Final = 200_000
LEAST: Final = 200  # labelled cases without which training would be guessing
_SAID = ("case__title", "case__content", "case__request_type")
_TESTED_SHARE = 0.2
_TESTED_MOST = 4_000
_TOLD = 2  # what a person decided against the machine is told so many times over


class TooFewExamples(DomainError):
    """已标注的案件太少，还不能训练。"""

    code = "too_few_examples"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """`key` is the case's id; of a file's rows, their number negated."""

    key: int
    text: str
    label: str
    request_type: RequestType
    at: datetime | None = None
    source: str = Source.IMPORT
    against: bool = False  # the machine had proposed another class


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """`kept` come later in time than all of `learned`; a file's order is taken for time."""

    learned: Sequence[Example]
    kept: Sequence[Example]


def collect(*, now: datetime, limit: int = MOST) -> list[Example]:
    """The newest labelled cases, oldest first; uses learning_label_newest. Classes of former editions are left out."""
    codes = rulebook.taxonomy(rulebook.current(now).taxonomy_id)
    rows = (
        LabelledCase.objects.filter(kind=Kind.CLASS)
        .order_by("-registered_at", "-id")
        .values("case_id", "proposed", "final", "source", "registered_at", *_SAID)[:limit]
    )
    found = [
        Example(
            key=row["case_id"],
            text=text_of(row["case__title"], row["case__content"]),
            label=row["final"],
            request_type=RequestType(row["case__request_type"]),
            at=row["registered_at"],
            source=row["source"],
            against=row["proposed"] not in ("", row["final"]),
        )
        for row in rows
        if row["final"] in codes
    ]
    found.reverse()
    return found


def told(learned: Sequence[Example]) -> Iterator[classes.Example]:
    """As the model takes them."""
    for example in learned:
        for _ in range(_TOLD if example.against else 1):
            yield classes.Example(
                id=str(example.key),
                text=example.text,
                leaf_code=example.label,
                request_type=example.request_type,
                group="",
            )


def text_of(title: str, content: str) -> str:
    """As the machine reads it when a matter comes in; a title made from the content would say its words twice."""
    return content if content.startswith(title.rstrip("…")) else f"{title} {content}"


def split(examples: Sequence[Example], *, least: int = LEAST) -> Split:
    """The last fifth is kept apart; of very many, evenly so many as tell one percent from two."""
    if len(examples) < least:
        raise TooFewExamples(f"已标注的案件只有{len(examples)}件，至少需要{least}件才能训练")
    cut = len(examples) - max(1, int(len(examples) * _TESTED_SHARE))
    first = examples[cut].at
    learned = [example for example in examples[:cut] if first is None or example.at is None or example.at < first]
    kept = examples[cut:]
    step = max(1, -(-len(kept) // _TESTED_MOST))
    return Split(learned=learned, kept=kept[::step])


def freeze(kept: Sequence[Example], *, now: datetime) -> FrozenTest | None:
    """Keeps the numbers and classes, so that the same test can be held again; None for rows of a file."""
    moments = [example.at for example in kept if example.at is not None]
    if len(moments) < len(kept):
        return None
    return FrozenTest.objects.create(
        made_at=now,
        first_at=min(moments),
        last_at=max(moments),
        case_ids=[example.key for example in kept],
        labels=[example.label for example in kept],
        sha256=digest(kept),
    )


def digest(examples: Sequence[Example]) -> str:
    lines = (f"{example.key}\t{example.label}\n" for example in examples)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def shares(examples: Sequence[Example]) -> Counter[str]:
    return Counter(example.label for example in examples)
