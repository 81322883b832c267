"""From what a matter may be about to the unit that must act: which one, how surely, and because of which classes.

A class leads to a unit by the catalogue and the place, so many doubts about the class are none about the unit:
their probabilities add up. A second opinion, learned from where such words really went, may weigh in.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_FLOOR = 1e-4  # what the other opinion says at least of a unit that it does not know
_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitChoice:
    """`share` is what speaks for the unit, 0 to 1: raw, to be calibrated. `others` are the next best with theirs."""

    unit_id: int | None
    share: float
    codes: tuple[str, ...]  # classes that lead to the unit, the likeliest first
    others: tuple[tuple[int, float], ...] = ()


NOBODY = UnitChoice(unit_id=None, share=0.0, codes=())


def choose_unit(
    classes: Mapping[str, float],
    *,
    unit_of: Callable[[str], int | None],
    second: Mapping[int, float] | None = None,
    second_weighs: float = 0.5,
) -> UnitChoice:
    """The likeliest unit. `classes` gives probabilities by class code, `second` by unit, each about summing to 1.

    Both opinions are pooled as logarithms, so that one that is sure against a unit counts.
    """
    by_class: dict[int, float] = defaultdict(float)
    codes: dict[int, list[tuple[float, str]]] = defaultdict(list)
    for code, share in classes.items():
        unit_id = unit_of(code)
        if unit_id is not None:
            by_class[unit_id] += share
            codes[unit_id].append((share, code))
    pooled = _pooled(by_class, second, second_weighs) if second else dict(by_class)
    if not pooled:
        return NOBODY
    ranked = sorted(pooled, key=lambda unit_id: (-pooled[unit_id], unit_id))
    best = ranked[0]
    return UnitChoice(
        unit_id=best,
        share=min(1.0, pooled[best]),
        codes=tuple(code for _, code in sorted(codes[best], reverse=True)[:_SHOWN]),
        others=tuple((unit_id, pooled[unit_id]) for unit_id in ranked[1 : 1 + _SHOWN]),
    )


def _pooled(one: Mapping[int, float], other: Mapping[int, float], weighs: float) -> dict[int, float]:
    """Geometric mean with weights, brought to the sum 1."""
    raw = {
        unit_id: max(one.get(unit_id, 0.0), _FLOOR) ** (1 - weighs) * max(other.get(unit_id, 0.0), _FLOOR) ** weighs
        for unit_id in {*one, *other}
    }
    total = sum(raw.values())
    return {unit_id: value / total for unit_id, value in raw.items()}
