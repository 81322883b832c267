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
    NEAR_AFTER,
    NOT_HERE_AFTER,
    NOT_HERE_BEFORE,
    ORGAN_AFTER,
    SITE,
)

_LOOK = 12  # characters looked at on either side
_PLAIN_BEFORE = frozenset(
    "在住于到是去来的和与及跟同把被让我们您你他她区县市镇乡道街里号报诉询映议助望扬谢问求管查从经过离给找走进出回由靠"
    "家咱那这个有因年月天时日路内处点即叫说请沿向往等连后将对为了称之，。、；：！？,.;:!? /（(“\"'…-~\n"
)
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
    if mention.meaning.kind in (DISTRICT, STREET):
        return weight
    if before and not any(other.end == mention.start for other in others):
        weight *= _standing_free(mention, before[-1])
    if SITE.search(before):
        return 1 - (1 - weight) / 5
    return 1 - (1 - weight) / 1.5 if AT.search(before) else weight


def _only_spoken_of(mention: Mention, before: str, after: str) -> float:
    """How much is left of a mention whose neighbours say that it is not the place; 0 where they do not."""
    if NOT_HERE_BEFORE.search(before) or NOT_HERE_AFTER.match(after):
        return 0.3
    if COMPANY_AFTER.match(after):
        return 0.2 if mention.meaning.kind == DISTRICT else 0.4
    return 0.6 if FAR_AFTER.match(after) else 0.0


def _standing_free(mention: Mention, char: str) -> float:
    """A name may be the tail of a longer one that nobody has listed, or of one that is misspelt."""
    if char in _JOINED_BEFORE:
        return 0.7
    if not "\u4e00" <= char <= "\u9fff" or char in _PLAIN_BEFORE:
        return 1.0
    own = own_part(mention.name)
    return 0.3 if GENERIC.fullmatch(own) else 0.75 if len(own) <= 3 else 0.95
