"""Pinyin of a name, full and as initials, so that it can be found by typing letters."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin


@lru_cache(maxsize=50_000)
def spell(name: str) -> tuple[str, str]:
    """望京街道 → ("wangjingjiedao", "wjjd"); letters and digits are kept, everything else is left out."""
    syllables = [syllable.lower() for syllable in lazy_pinyin(name, style=Style.NORMAL, errors=_letters)]
    full = "".join(syllables)
    initials = "".join(s if s.isdigit() else s[:1] for s in syllables)
    return full, initials


def _letters(chars: str) -> list[str]:
    return [char for char in chars if char.isascii() and char.isalnum()]
