"""What those who did not answer could have said: the bounds of a rate that nothing but arithmetic gives.

Worst case every one of them says no, best case every one says yes (Manski's bounds). No model and no chance is in
them: they hold whatever kept people from answering, and they are as wide as the share of those who did not.
"""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    low: Fraction
    high: Fraction

    @property
    def width(self) -> Fraction:
        return self.high - self.low


def bounds(yes: Fraction | int, *, answered: int, silent: int) -> Bounds | None:
    """Of a rate over all who were asked; `yes` may hold parts (基本满意). None where nobody was asked."""
    if not 0 <= yes <= answered or silent < 0:
        raise ValueError("more yes than answers, or fewer than none silent")
    asked = answered + silent
    if asked == 0:
        return None
    return Bounds(low=Fraction(yes) / asked, high=(Fraction(yes) + silent) / asked)


def share(silent: int, asked: int) -> Fraction | None:
    return Fraction(silent, asked) if asked else None
