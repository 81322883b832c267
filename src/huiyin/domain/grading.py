"""分级: how urgent a matter is at least; raised on danger, never lowered (DOMAIN.md §4)."""

from dataclasses import dataclass

from huiyin.domain.rules import Rules
from huiyin.domain.vocabulary import Grade

_ORDER = tuple(Grade)


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeProposal:
    grade: Grade
    reasons: tuple[str, ...]


def propose_grade(*, usual: Grade | None, text: str, rules: Rules) -> GradeProposal:
    """The class's usual grade (一般 where no class is known), raised to 特急 where the text names a danger."""
    base = usual or Grade.NORMAL
    found = tuple(word for word in rules.danger_words if word in text)
    if found and base is not Grade.CRITICAL:
        return GradeProposal(grade=Grade.CRITICAL, reasons=(f"内容提到“{'”“'.join(found[:3])}”，可能危及安全",))
    return GradeProposal(grade=base, reasons=("按问题分类确定",) if usual else ("分类未定，暂按一般",))


def more_urgent(one: Grade, other: Grade) -> Grade:
    return min(one, other, key=_ORDER.index)
