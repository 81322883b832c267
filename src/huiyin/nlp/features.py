"""Decides what a text is to a linear model: its words and runs of characters, each a feature."""

import re
from collections import Counter

READ = 2000  # characters read of a text; what matters is said early
_RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z]+")
_LONGEST_LATIN = 12


_CHARACTERS = (1, 2)  # with many classes and few ways of speech seen, what is small is shared
# Words that say nothing of the matter; the lists of stop words that people strip texts with agree on these.
_STOP_WORDS = """
的 了 是 在 我 我们 你 您 你们 他 她 它 他们 也 都 就 又 和 与 及 或 着 过 得 地 这 那 这个 那个 这些 那些 这样 那样
一个 有 没 不 很 太 还 再 把 被 给 让 对 对于 从 到 向 由 于 为 为了 因为 所以 但 但是 而 而且 如果 要 会 能 可以
啊 吧 吗 呢 呀 哦 嗯 请 请问 谢谢 您好 你好 上 下 里 中 后 前 来 去 说 等 之 其 此 该 并 以 及其 各 每 什么 怎么
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


def words_of(text: str) -> list[list[str]]:
    """The words of each unbroken stretch of Chinese or Latin letters; numbers and marks part the stretches."""
    return [_cut(run) for run in _RUNS.findall(text[:READ].lower())]


def chinese_words(run: str) -> list[str]:
    import rjieba  # reads its dictionary as it loads: a quarter of a second, for those alone that cut texts

    return list(rjieba.cut(run))


def count_features(text: str) -> Counter[str]:
    """How often each occurs: `w…` words, `c…` single characters and pairs of them."""
    found: list[str] = []
    for words in words_of(text):
        kept = [word for word in words if word not in STOP_WORDS]
        found.extend(["w" + word for word in kept])
        run = "".join(words)
        if run[0] > "z":
            for size in _CHARACTERS:
                found.extend(["c" + run[start : start + size] for start in range(len(run) - size + 1)])
    return Counter(found)


def shown(feature: str) -> str:
    """The feature as people read it."""
    return feature[1:].replace(" ", "").replace("_", "…")


def readable(gains: list[tuple[float, str]], *, limit: int) -> list[str]:
    """The words of the features that speak most, heaviest first; what lies inside a word shown already is left out."""
    found: list[str] = []
    for _, feature in sorted([(-gain, feature) for gain, feature in gains if gain > 0]):
        if len(found) == limit:
            break
        word = shown(feature)
        if len(word) > 1 and not any(word in other or other in word for other in found):
            found.append(word)
    return found


def _cut(run: str) -> list[str]:
    return [run[:_LONGEST_LATIN]] if run[0] <= "z" else chinese_words(run)
