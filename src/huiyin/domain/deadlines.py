"""When things are due: limits by grade, the yellow and the red light, extensions, second handling, the next unit.

DOMAIN.md §2.1 and §2.3; every figure comes from the `Rules` passed in. All times are aware.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal

from huiyin.domain.rules import Duration, DurationUnit, Rules
from huiyin.domain.vocabulary import ClockKind, Grade, Light, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A running limit: yellow from `warn_at` (None: no reminder), red from `due_at`; each light fires once."""

    started_at: datetime
    due_at: datetime
    warn_at: datetime | None = None
    warned: bool = False
    escalated: bool = False

    @property
    def next_at(self) -> datetime | None:
        """When this clock next has something to say; None once it has said all."""
        if self.escalated:
            return None
        return self.due_at if self.warned or self.warn_at is None else self.warn_at


def start_clock(kind: ClockKind, *, at: datetime, grade: Grade, rules: Rules) -> Clock:
    return clock_until(due_at(kind, start=at, grade=grade, rules=rules), started_at=at, rules=rules)


def clock_until(due: datetime, *, started_at: datetime, rules: Rules) -> Clock:
    """A clock with a given end; the yellow light comes on at the share of its length that the rules name."""
    seconds = (due - started_at) * float(rules.yellow_fraction)
    return Clock(started_at=started_at, due_at=due, warn_at=started_at + seconds)


def due_at(kind: ClockKind | Span, *, start: datetime, grade: Grade, rules: Rules) -> datetime:
    return _after(start, rules.limits[(grade, kind)], rules)


def return_window_ends(*, dispatched_at: datetime, grade: Grade, rules: Rules) -> datetime:
    """退单时限: counted from the moment by which the unit had to sign."""
    sign_due = due_at(ClockKind.SIGN, start=dispatched_at, grade=grade, rules=rules)
    return due_at(Span.RETURN_WINDOW, start=sign_due, grade=grade, rules=rules)


def extended(clock: Clock, *, grade: Grade, rules: Rules) -> Clock:
    """延期: added to the end of the limit, not to the moment of asking."""
    due = due_at(Span.EXTENSION, start=clock.due_at, grade=grade, rules=rules)
    return clock_until(due, started_at=clock.started_at, rules=rules)


def may_extend(grade: Grade, rules: Rules) -> bool:
    return rules.max_extensions > 0 and (grade, Span.EXTENSION) in rules.limits


def handle_clock_of_next_unit(*, now: datetime, running: Clock, grade: Grade, rules: Rules) -> Clock:
    """The case's clock does not stop for a return; the next unit gets what remains, at least a share of the limit.

    The lights are lit anew: the next unit has not seen them.
    """
    due = max(running.due_at, _least_of_next_unit(now, grade, rules))
    return clock_until(due, started_at=running.started_at, rules=rules)


def handle_clock_of_rework(*, now: datetime, grade: Grade, rules: Rules) -> Clock:
    """重办: a share of the original limit, from now."""
    due = _after(now, _share(rules.limits[(grade, ClockKind.HANDLE)], rules.rework_fraction), rules)
    return clock_until(due, started_at=now, rules=rules)


def handle_clock_of_grade(
    *, started_at: datetime, dispatched_at: datetime, grade: Grade, rules: Rules, again: bool, longer: bool
) -> Clock:
    """The handling limit as it would stand had the case had this grade all along.

    It starts where the clock started; a unit that got the case later keeps its least share; a second handling (`again`)
    keeps its shorter limit, a granted extension (`longer`) is counted where the grade knows one.
    """
    if again:
        clock = handle_clock_of_rework(now=started_at, grade=grade, rules=rules)
    else:
        due = due_at(ClockKind.HANDLE, start=started_at, grade=grade, rules=rules)
        due = max(due, _least_of_next_unit(dispatched_at, grade, rules))
        clock = clock_until(due, started_at=started_at, rules=rules)
    return extended(clock, grade=grade, rules=rules) if longer and may_extend(grade, rules) else clock


def _least_of_next_unit(since: datetime, grade: Grade, rules: Rules) -> datetime:
    return _after(since, _share(rules.limits[(grade, ClockKind.HANDLE)], rules.next_unit_fraction), rules)


def light(*, now: datetime, warn_at: datetime | None, due: datetime) -> Light:
    if now >= due:
        return Light.RED
    return Light.YELLOW if warn_at is not None and now >= warn_at else Light.GREEN


def _after(start: datetime, duration: Duration, rules: Rules) -> datetime:
    fixed = duration.fixed()
    return rules.calendar.add_working_days(start, duration.amount) if fixed is None else start + fixed


def _share(duration: Duration, fraction: Decimal) -> Duration:
    """A share of a limit in whole minutes (working days: in whole days), never rounded down to nothing."""
    per_unit = {DurationUnit.MINUTE: 1, DurationUnit.HOUR: 60, DurationUnit.DAY: 1440}.get(duration.unit)
    if per_unit is None:
        return Duration(amount=_ceil(duration.amount * fraction), unit=DurationUnit.WORKING_DAY)
    return Duration(amount=_ceil(duration.amount * per_unit * fraction), unit=DurationUnit.MINUTE)


def _ceil(value: Decimal) -> int:
    return max(1, int(value.to_integral_value(ROUND_CEILING)))
