"""Decides what a text is to a classifier of few classes: words, characters, and once more what stands at its beginning.

The text may be whole or cut into words and stripped of stop words; both come out as the same features as far as can be.
"""

import re
from collections import Counter
from collections.abc import Container
from itertools import pairwise

from huiyin.nlp.features import READ, chinese_words

# How much each kind weighs: words and pairs of words; runs of one to four characters; the first six and fifteen words
# once more, for a message begins with its title.
SHARES = {"w": 0.8, "c": 0.8, "h": 0.3, "i": 0.4}
_FIRST, _EARLY = 6, 15
_RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z]+")
_CHARACTERS = (1, 2, 3, 4)
_LONGEST_WORD = 2.6  # mean length of the pieces between spaces, up to which a text counts as cut into words


def tokens_of(text: str) -> list[str]:
    """The words, taken as they are where the text comes cut into words."""
    found = _RUNS.findall(text[:READ].lower())
    if is_cut(text):
        return found
    return [word for run in found for word in (chinese_words(run) if run[0] > "z" else (run[:12],))]


def is_cut(text: str) -> bool:
    """Whether spaces part the words of the text, as no one writes Chinese."""
    pieces = text[:READ].split()
    return len(pieces) > 3 and sum(map(len, pieces)) / len(pieces) <= _LONGEST_WORD


def count_text_features(tokens: list[str], *, known: Container[str] | None = None) -> Counter[str]:
    """Words that are not `known` are left out before neighbours are formed: they were stripped where it was learned."""
    words = tokens if known is None else [token for token in tokens if "w" + token in known]
    found = ["w" + word for word in words]
    found.extend([f"w{first} {second}" for first, second in pairwise(words)])
    found.extend([f"w{first}_{third}" for first, third in zip(words, words[2:], strict=False)])
    found.extend(_characters(words, "c", _CHARACTERS))
    for mark, size in (("h", _FIRST), ("i", _EARLY)):
        early = words[:size]
        found.extend([mark + word for word in early])
        found.extend([f"{mark}{first} {second}" for first, second in pairwise(early)])
        found.extend(_characters(early, mark, (1, 2)))
    return Counter(found)


def _characters(words: list[str], mark: str, sizes: tuple[int, ...]) -> list[str]:
    run = "".join(words)
    return [f"{mark}{run[start : start + size]}" for size in sizes for start in range(len(run) - size + 1)]
