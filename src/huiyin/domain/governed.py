"""治理类街乡镇: when a street comes under city-level governance and when it may leave (DOMAIN.md §3.6).

A verdict lists every condition with its figures, met or not, so a person can check it line by line. Figures are dated.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class GovernedRule:
    entry_rank: int  # by volume, in the city
    entry_population: int  # at least so many residents, where there is ground to make up (需补短板)
    exit_rank: int  # outside the first so many by volume …
    exit_periods: int  # … for so many periods running
    exit_fall: Decimal  # volume per resident down by at least this share on the year before
    observation_periods: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFacts:
    volume_rank: int
    population: int | None
    resolution: Fraction | None
    satisfaction: Fraction | None
    city_resolution: Fraction
    city_satisfaction: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitFacts:
    """`volume_ranks` newest first; the volumes are those of the last twelve periods and of the twelve before."""

    volume_ranks: Sequence[int]
    volume: int
    volume_before: int
    population: int | None
    population_before: int | None
    resolution: Fraction | None
    satisfaction: Fraction | None
    city_resolution: Fraction
    city_satisfaction: Fraction
    projects: int
    projects_done: int


@dataclass(frozen=True, slots=True)
class Line:
    met: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    met: bool
    lines: tuple[Line, ...]


def entry_verdict(facts: EntryFacts, rule: GovernedRule) -> Verdict:
    """Comes under governance by volume, or by size with ground to make up."""
    by_volume = Line(
        facts.volume_rank <= rule.entry_rank, f"诉求量排第 {facts.volume_rank} 位（标准：前 {rule.entry_rank} 位）"
    )
    behind = not (
        _reaches(facts.resolution, facts.city_resolution) and _reaches(facts.satisfaction, facts.city_satisfaction)
    )
    large = facts.population is not None and facts.population >= rule.entry_population
    people = "未登记" if facts.population is None else f"{facts.population} 人"
    by_size = Line(
        large and behind,
        f"常住人口 {people}（标准：{rule.entry_population} 人以上）且"
        f"解决率或满意率{'低于' if behind else '不低于'}全市平均",
    )
    return Verdict(met=by_volume.met or by_size.met, lines=(by_volume, by_size))


def exit_verdict(facts: ExitFacts, rule: GovernedRule) -> Verdict:
    """All conditions must be met; observation follows."""
    return _all_of((_outside(facts, rule), _fallen(facts, rule), *_rates(facts), _projects(facts)))


def observation_over(periods_since_exit: int, rule: GovernedRule) -> bool:
    return periods_since_exit >= rule.observation_periods


def _outside(facts: ExitFacts, rule: GovernedRule) -> Line:
    running = 0
    for rank in facts.volume_ranks:
        if rank <= rule.exit_rank:
            break
        running += 1
    return Line(
        running >= rule.exit_periods,
        f"诉求量连续 {running} 期在前 {rule.exit_rank} 位之外（标准：{rule.exit_periods} 期）",
    )


def _fallen(facts: ExitFacts, rule: GovernedRule) -> Line:
    now, then = _per_head(facts.volume, facts.population), _per_head(facts.volume_before, facts.population_before)
    need = f"标准：下降 {rule.exit_fall:.0%} 以上"
    if now is None or not then:
        return Line(False, f"万人诉求量同比无法计算：缺人口或上年数据（{need}）")
    fall = 1 - now / then
    return Line(fall >= Fraction(rule.exit_fall), f"万人诉求量同比下降 {float(fall):.1%}（{need}）")


def _rates(facts: ExitFacts) -> Iterable[Line]:
    for name, own, city in (
        ("解决率", facts.resolution, facts.city_resolution),
        ("满意率", facts.satisfaction, facts.city_satisfaction),
    ):
        shown = "—" if own is None else f"{float(own):.2%}"
        yield Line(_reaches(own, city), f"{name} {shown}（标准：不低于全市平均 {float(city):.2%}）")


def _projects(facts: ExitFacts) -> Line:
    return Line(facts.projects_done >= facts.projects, f"治理项目完成 {facts.projects_done}/{facts.projects}")


def _per_head(volume: int, population: int | None) -> Fraction | None:
    return Fraction(volume, population) if population else None


def _reaches(own: Fraction | None, city: Fraction) -> bool:
    return own is not None and own >= city


def _all_of(lines: tuple[Line, ...]) -> Verdict:
    return Verdict(met=all(line.met for line in lines), lines=lines)
