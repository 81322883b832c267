"""The dated rules that a case is judged by: lengths of time by grade and single parameters, as plain values.

Figures come from the registry's edition in force when the case was registered; nothing here is a figure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from huiyin.domain.calendar import WorkCalendar
from huiyin.domain.vocabulary import ClockKind, Grade, Span, Term


class DurationUnit(Term):
    MINUTE = "minute", "分钟"
    HOUR = "hour", "小时"
    DAY = "day", "天"
    WORKING_DAY = "working_day", "工作日"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """A length of time as written in the rules; only working days need a calendar."""

    amount: int
    unit: DurationUnit

    def fixed(self) -> timedelta | None:
        """The length as a timedelta, or None for working days."""
        match self.unit:
            case DurationUnit.MINUTE:
                return timedelta(minutes=self.amount)
            case DurationUnit.HOUR:
                return timedelta(hours=self.amount)
            case DurationUnit.DAY:
                return timedelta(days=self.amount)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """One edition of limits, with the calendar they are counted on (DOMAIN.md §2.1, §2.3, §2.7)."""

    edition_id: int
    limits: Mapping[tuple[Grade, ClockKind | Span], Duration]
    calendar: WorkCalendar
    yellow_fraction: Decimal  # the yellow light comes on at this share of the limit
    max_extensions: int
    max_reworks: int  # second handlings before the case is closed and supervised
    rework_fraction: Decimal  # a second handling gets this share of the original limit
    next_unit_fraction: Decimal  # the unit after a granted return gets at least this share of the limit
    escalate_after_refusals: int  # so many granted returns, or second handlings, raise the case (提级督办)
    callback_attempts: int  # unanswered attempts before the callback is invalid
    callback_at_due: bool  # True: ask when the limit ends; False: ask as soon as the unit has replied
    callback_retry_hours: int  # the next attempt comes this much later, in another part of the day
    auto_dispatch_confidence: Decimal  # at or above it a case goes to the unit without a dispatcher
    auto_dispatch_wrong_bound: Decimal  # above this share of wrong ones automatic dispatch stops by itself
    danger_words: tuple[str, ...]  # words that raise a case to 特急 (DOMAIN.md §4)
    vulnerable_words: tuple[str, ...]  # people whom a trouble hits harder: one step more urgent
    crowd_callers: int  # so many callers about one point …
    crowd_minutes: int  # … within so many minutes make it one step more urgent
