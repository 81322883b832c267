"""What one unit's card says: the arithmetic of each rate, its trend, where points were lost, its streaks."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Any

from huiyin.domain.categories import Category, streak
from huiyin.domain.evaluation import Counts, Rates, Scheme, half_even, rates_of
from huiyin.evaluation import figuring, selectors
from huiyin.evaluation.models import UnitResult, Version
from huiyin.evaluation.selectors import Line
from huiyin.evaluation.vocabulary import Group
from huiyin.registry import rulebook

_WORST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLine:
    """One rate: how it comes about in numbers, what it weighs, what it gives, the group's median beside it."""

    name: str
    sum: str
    rate: Fraction | None
    weight: Decimal
    points: Fraction | None
    group_median: float | None
    figure: str  # the cases that were counted
    against: str  # those that were not


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Points of the score that the cases of one class cost: what the unit would gain if all of them had gone well."""

    class_code: str
    name: str
    points: Fraction
    counts: Counts
    rates: Rates | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    rates: Sequence[RateLine]
    losses: Sequence[Loss]
    trend: Sequence[tuple[str, str, UnitResult, Rates | None]]  # label, code, result, rates; newest first
    ranked: int
    group_score: float | None
    streaks: Sequence[str]
    mix: str

    def chart(self) -> dict[str, Any]:
        oldest_first = list(reversed(self.trend))
        return {
            "periods": [label for label, _, _, _ in oldest_first],
            "score": [None if one.score is None else float(one.score) for _, _, one, _ in oldest_first],
            "rank": [one.rank for _, _, one, _ in oldest_first],
            "rates": [
                [_float(rates.response), _float(rates.resolution), _float(rates.satisfaction)] if rates else [None] * 3
                for _, _, _, rates in oldest_first
            ],
        }


def card_of(version: Version, group: Group, line: Line) -> Card:
    """Five statements, however many cases the unit has."""
    scheme = selectors.scheme_of(version)
    others = selectors.board(version, group)
    trend = [
        (period.label, period.code, result, rates_of(selectors.counts_of(result), scheme))
        for period, _, result in selectors.trend(group, line.unit.id)
    ]
    return Card(
        rates=_rates(line, scheme, others),
        losses=losses_of(version, group, line, scheme)[:_WORST],
        trend=trend,
        ranked=sum(other.result.rank is not None for other in others),
        group_score=_median([_decimal(other.result.score) for other in others]),
        streaks=_streaks([result for _, _, result, _ in trend]),
        mix=_mix(line.result),
    )


def losses_of(version: Version, group: Group, line: Line, scheme: Scheme) -> list[Loss]:
    """By class, the dearest first. The losses of all classes add up to 100 minus the score."""
    total = line.counts
    units = set(figuring.leads_of(line.result))
    by_class: dict[str, Counts] = {}
    for (_unit, code), counts in selectors.class_counts(version, units).items():
        by_class[code] = by_class.get(code, Counts()) + counts
    names = rulebook.taxonomy(rulebook.current(version.period.begins_at).taxonomy_id)
    found = [
        Loss(
            class_code=code,
            name=names[code].name if code in names else code or "未分类",
            points=_lost(counts, total, scheme),
            counts=counts,
            rates=rates_of(counts, scheme),
        )
        for code, counts in by_class.items()
        if counts.valid
    ]
    return sorted((one for one in found if one.points > 0), key=lambda one: (-one.points, one.class_code))


def _lost(counts: Counts, total: Counts, scheme: Scheme) -> Fraction:
    unmet = Fraction(scheme.response_weight) * Fraction(counts.valid - counts.contacted, total.valid)
    if total.resolution_valid:
        unsolved = counts.resolution_valid - counts.solved
        unmet += Fraction(scheme.resolution_weight) * Fraction(unsolved, total.resolution_valid)
    pleased = counts.satisfied + Fraction(scheme.basically_counts) * counts.basically_satisfied
    unmet += Fraction(scheme.satisfaction_weight) * (counts.valid - pleased) / total.valid
    return 100 * unmet


def _rates(line: Line, scheme: Scheme, others: Sequence[Line]) -> list[RateLine]:
    counts, rates = line.counts, line.rates
    pleased = f"（{counts.satisfied} + {scheme.basically_counts.normalize():f} × {counts.basically_satisfied}）"
    rows = (
        (
            "response",
            "响应率",
            f"{counts.contacted} ÷ {counts.valid}",
            scheme.response_weight,
            "contacted",
            "not_contacted",
        ),
        (
            "resolution",
            "解决率",
            f"{counts.solved} ÷ {counts.resolution_valid}",
            scheme.resolution_weight,
            "solved",
            "not_solved",
        ),
        (
            "satisfaction",
            "满意率",
            f"{pleased} ÷ {counts.valid}",
            scheme.satisfaction_weight,
            "satisfied",
            "unsatisfied",
        ),
    )
    return [
        RateLine(
            name=name,
            sum=words if rates else "",
            rate=getattr(rates, key) if rates else None,
            weight=weight,
            points=100 * Fraction(weight) * getattr(rates, key) if rates and getattr(rates, key) is not None else None,
            group_median=_median([_float(getattr(other.rates, key)) if other.rates else None for other in others]),
            figure=figure,
            against=against,
        )
        for key, name, words, weight, figure, against in rows
    ]


def _streaks(newest_first: Sequence[UnitResult]) -> list[str]:
    found = []
    for category in Category:
        length = streak([str(category) in one.categories for one in newest_first])
        if length:
            found.append(f"{category.label}：连续 {length} 期")
    return found


def _mix(result: UnitResult) -> str:
    """The case mix in plain words; nothing where it cannot be said."""
    if result.ratio is None or result.expected is None:
        return ""
    verdict = "与同类单位相当"
    if result.ratio_low is not None and result.ratio_low > 1:
        verdict = "好于同类单位"
    elif result.ratio_high is not None and result.ratio_high < 1:
        verdict = "不如同类单位"
    return (
        f"按同样的诉求构成，同组单位平均会解决 {half_even(Fraction(result.expected), 1)} 件，"
        f"本单位解决 {result.solved} 件，是其 {half_even(Fraction(result.ratio), 2)} 倍，{verdict}。"
    )


def _median(values: Sequence[float | None]) -> float | None:
    known = [one for one in values if one is not None]
    return median(known) if known else None


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _decimal(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
