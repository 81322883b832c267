"""分级: how urgent a matter is at least; raised on danger, the vulnerable and a crowd, never lowered (DOMAIN.md §4)."""

import re
from dataclasses import dataclass
from functools import cache

from huiyin.domain.rules import Rules
from huiyin.domain.vocabulary import Grade, RequestType

_ORDER = tuple(Grade)
# A trouble that presses on somebody; a question or a wish that mentions an old person is not more urgent for it.
_PRESSING = frozenset({RequestType.HELP, RequestType.COMPLAINT, RequestType.REPORT})


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeProposal:
    grade: Grade
    reasons: tuple[str, ...]


def propose_grade(
    *, usual: Grade | None, text: str, rules: Rules, request_type: RequestType | None = None, callers: int = 0
) -> GradeProposal:
    """The class's usual grade (一般 where no class is known), raised to 特急 where the text names a danger, and by one
    step where it names somebody vulnerable or where many call about one point.

    `callers` counts who called about this point within the time that the rules set, this one included.
    """
    base = usual or Grade.NORMAL
    danger = _said(rules.danger_words, text)
    if danger and base is not Grade.CRITICAL:
        return GradeProposal(grade=Grade.CRITICAL, reasons=(f"内容提到“{'”“'.join(danger)}”，可能危及安全",))
    pressing = _why_pressing(text, rules, callers) if request_type in _PRESSING else ()
    if pressing and base is not Grade.CRITICAL:
        return GradeProposal(grade=_one_step_up(base), reasons=pressing)
    return GradeProposal(grade=base, reasons=("按问题分类确定",) if usual else ("分类未定，暂按一般",))


def speaks_of_urgency(rules: Rules, text: str) -> bool:
    """Whether a word of the text can raise a grade; where none does, the class alone decides."""
    return _any_of(rules.danger_words + rules.vulnerable_words).search(text) is not None


def more_urgent(one: Grade, other: Grade) -> Grade:
    return min(one, other, key=_ORDER.index)


def _why_pressing(text: str, rules: Rules, callers: int) -> tuple[str, ...]:
    reasons = []
    vulnerable = _said(rules.vulnerable_words, text)
    if vulnerable:
        reasons.append(f"涉及“{'”“'.join(vulnerable)}”，升一级")
    if callers >= rules.crowd_callers > 0:
        reasons.append(f"{rules.crowd_minutes} 分钟内同一地点已有 {callers} 人反映，升一级")
    return tuple(reasons)


def _one_step_up(grade: Grade) -> Grade:
    """疑难 becomes 紧急 like 一般: what presses cannot wait for its longer limit."""
    return Grade.CRITICAL if grade is Grade.URGENT else Grade.URGENT


def _said(words: tuple[str, ...], text: str) -> tuple[str, ...]:
    if not _any_of(words).search(text):
        return ()
    return tuple(word for word in words if word in text)[:3]


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """One search for all of them; nearly no text says any."""
    return re.compile("|".join(map(re.escape, words)) or r"(?!)")
