"""The single parameters of the rules: which keys there are and how their text is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any


class BadParameter(ValueError):
    """The text is not a value of this parameter; the message says what is expected."""


@dataclass(frozen=True, slots=True)
class ParameterKind:
    parse: Callable[[str], Any]
    expected: str


def _fraction(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as exc:
        raise BadParameter("应为 0 到 1 之间的小数") from exc
    if not (value.is_finite() and 0 < value <= 1):
        raise BadParameter("应为 0 到 1 之间的小数")
    return value


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 1000):
        raise BadParameter("应为 0 到 1000 的整数")
    return int(text)


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise BadParameter("应为 true（是）或 false（否）")
    return text == "true"


def _words(text: str) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(word.strip() for word in text.split("|") if word.strip()))
    if not words or any(len(word) < 2 for word in words):
        raise BadParameter("应为用竖线隔开的词，每个至少两个字")
    return words


FRACTION = ParameterKind(_fraction, "0 到 1 之间的小数")
COUNT = ParameterKind(_count, "整数")
FLAG = ParameterKind(_flag, "true 或 false")
WORDS = ParameterKind(_words, "用竖线隔开的词")

# The keys are the fields of domain.rules.Rules that are not lengths of time.
PARAMETERS: Mapping[str, ParameterKind] = {
    "yellow_fraction": FRACTION,
    "max_extensions": COUNT,
    "max_reworks": COUNT,
    "rework_fraction": FRACTION,
    "next_unit_fraction": FRACTION,
    "escalate_after_refusals": COUNT,
    "callback_attempts": COUNT,
    "callback_at_due": FLAG,
    "callback_retry_hours": COUNT,
    "auto_dispatch_confidence": FRACTION,
    "auto_dispatch_wrong_bound": FRACTION,
    "danger_words": WORDS,
    "vulnerable_words": WORDS,
    "crowd_callers": COUNT,
    "crowd_minutes": COUNT,
}


def parse_parameter(key: str, text: str) -> Any:
    if key not in PARAMETERS:
        raise BadParameter(f"没有“{key}”这个参数")
    return PARAMETERS[key].parse(text)
