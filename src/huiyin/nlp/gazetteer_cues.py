"""Weighs each mention by the words around it: is this where the matter is, or only spoken of?"""

from collections.abc import Sequence
from dataclasses import replace

from huiyin.nlp.gazetteer_names import DISTRICT, STREET
from huiyin.nlp.gazetteer_search import Mention
from huiyin.nlp.gazetteer_slips import own_part
from huiyin.nlp.gazetteer_words import (
    AT,
    COMPANY_AFTER,
    FAR_AFTER,
    GENERIC,
    LEFT_AFTER,
    NEAR_AFTER,
    NOT_AN_ENDING,
    NOT_HERE_AFTER,
    NOT_HERE_BEFORE,
    ORGAN_AFTER,
    PLAIN_BEFORE,
    PLAIN_WORD_BEFORE,
    SITE,
)

_BELIEVABLE = 0.7  # a name less sure than this becomes no surer by standing where an address stands
_LOOK = 12  # characters looked at on either side
_JOINED_BEFORE = frozenset("东西南北中前后大小上下新老内外")  # 东太平庄 is not 太平庄


def weigh_mentions(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    return [replace(one, weight=_weight(text, one, mentions)) for one in mentions]


def _weight(text: str, mention: Mention, others: Sequence[Mention]) -> float:
    before = text[max(0, mention.start - _LOOK) : mention.start]
    after = text[mention.end : mention.end + _LOOK]
    if spoken_of := _only_spoken_of(mention, before, after):
        return mention.weight * spoken_of
    weight = mention.weight
    if ORGAN_AFTER.match(after) or NEAR_AFTER.match(after):
        weight *= 0.95
    if mention.meaning.kind == DISTRICT or (mention.meaning.kind == STREET and mention.said == mention.name):
        return weight
    if before and not any(other.end == mention.start for other in others):
        free = _standing_free(mention, before)
        if free < 1:
            return weight * free
    if weight < _BELIEVABLE:
        return weight
    if SITE.search(before):
        return 1 - (1 - weight) / 5
    return 1 - (1 - weight) / 1.5 if AT.search(before) else weight


def _only_spoken_of(mention: Mention, before: str, after: str) -> float:
    """How much is left of a mention whose neighbours say that it is not the place; 0 where they do not."""
    if NOT_HERE_BEFORE.search(before) or NOT_HERE_AFTER.match(after):
        return 0.3
    if before.endswith("从") and LEFT_AFTER.match(after):
        return 0.3
    if mention.said[-1:] in "路街站桥" and NOT_AN_ENDING.match(mention.said[-1:] + after):
        return 0.6
    if COMPANY_AFTER.match(after):
        return 0.2 if mention.meaning.kind == DISTRICT else 0.4
    return 0.6 if FAR_AFTER.match(after) else 0.0


def _standing_free(mention: Mention, before: str) -> float:
    """A name may be the tail of a longer one that nobody has listed, or of one that is misspelt."""
    char = before[-1]
    if PLAIN_WORD_BEFORE.search(before):
        return 1.0
    if char in _JOINED_BEFORE:
        return 0.7
    if not "\u4e00" <= char <= "\u9fff" or char in PLAIN_BEFORE:
        return 1.0
    own = own_part(mention.name)
    if GENERIC.fullmatch(own):
        return 0.3
    outright = mention.said.startswith(mention.name)
    return 0.95 if outright and len(own) > 3 else 0.75
