"""Words that people write in this room: without what PostgreSQL cannot hold, neither too short nor cut off unsaid."""

from huiyin.domain.exclusions import reason_given
from huiyin.domain.fields import UNSTORABLE

LONGEST = 2000


def clean(text: str) -> str:
    return UNSTORABLE.sub("", text).strip()


def reason(text: str, field: str = "reason") -> str:
    """A reason that others can follow."""
    return reason_given(clean(text), field, most=LONGEST)


def fault(text: str, *, least: int, most: int, what: str) -> str:
    """What is wrong with a text that was written, or nothing."""
    length = len(clean(text))
    if length > most:
        return f"{what}不超过 {most} 个字"
    return "" if length >= least else f"请写明{what}，至少 {least} 个字"
