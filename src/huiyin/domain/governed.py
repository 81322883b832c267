"""治理类街乡镇: when a street comes under city-level governance and when it may leave (DOMAIN.md §3.6).

A verdict lists every condition with its figures, met or not, so a person can check it line by line. Figures are dated.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from huiyin.domain.evaluation import half_even

_PER_HEADS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class GovernedRule:
    entry_rank: int  # by volume, in the city
    entry_population: int  # at least so many residents, where there is ground to make up (需补短板)
    exit_rank: int  # outside the first so many by volume …
    exit_periods: int  # … for so many periods running
    exit_fall: Decimal  # volume per resident down by at least this share on the year before
    observation_periods: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A street's rate and the city's; None where nobody was asked."""

    name: str
    own: Fraction | None
    city: Fraction | None

    @property
    def reaches(self) -> bool:
        return self.own is not None and self.city is not None and self.own >= self.city

    @property
    def is_below(self) -> bool:
        """Not the opposite of `reaches`: what is not known is neither."""
        return self.own is not None and self.city is not None and self.own < self.city


@dataclass(frozen=True, slots=True, kw_only=True)
class Residents:
    """常住人口: `year` is that of the count, which may be older than the figures it stands beside."""

    count: int
    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFacts:
    volume: int
    volume_rank: int
    residents: Residents | None
    rates: Sequence[Rate]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitFacts:
    """`volume_ranks` newest first, without a gap; the volumes are of the last year of periods and of the one before."""

    volume_ranks: Sequence[int]
    volume: int | None
    volume_before: int | None
    residents: Residents | None
    residents_before: Residents | None
    rates: Sequence[Rate]
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
        facts.volume > 0 and facts.volume_rank <= rule.entry_rank,
        f"诉求量 {facts.volume} 件，排第 {facts.volume_rank} 位（标准：前 {rule.entry_rank} 位）",
    )
    large = facts.residents is not None and facts.residents.count >= rule.entry_population
    behind = any(rate.is_below for rate in facts.rates)
    by_size = Line(
        large and behind,
        f"常住人口{_people(facts.residents)}（标准：{rule.entry_population} 人以上，且解决率或满意率低于全市平均）："
        + "，".join(f"{rate.name} {_percent(rate.own)}（全市 {_percent(rate.city)}）" for rate in facts.rates),
    )
    return Verdict(met=by_volume.met or by_size.met, lines=(by_volume, by_size))


def exit_verdict(facts: ExitFacts, rule: GovernedRule) -> Verdict:
    """All conditions must be met; observation follows."""
    lines = (_outside(facts, rule), _fallen(facts, rule), *_rates(facts), _projects(facts))
    return Verdict(met=all(line.met for line in lines), lines=lines)


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
    now, then = _per_head(facts.volume, facts.residents), _per_head(facts.volume_before, facts.residents_before)
    need = f"标准：下降 {rule.exit_fall:.0%} 以上"
    if now is None or not then:
        return Line(False, f"每万人诉求量同比无法计算：缺人口，或已发布的考核期不满两年（{need}）")
    fall = 1 - now / then
    words = f"下降 {_percent(fall)}" if fall >= 0 else f"上升 {_percent(-fall)}"
    return Line(
        fall >= Fraction(rule.exit_fall),
        f"每万人诉求量同比{words}：上年 {half_even(then, 1)} 件，近一年 {half_even(now, 1)} 件（{need}）",
    )


def _rates(facts: ExitFacts) -> Iterable[Line]:
    for rate in facts.rates:
        words = f"{rate.name} {_percent(rate.own)}（标准：不低于全市平均 {_percent(rate.city)}）"
        yield Line(rate.reaches, words)


def _projects(facts: ExitFacts) -> Line:
    """A street that was governed without a single project has not been governed: nothing listed is not all done."""
    if not facts.projects:
        return Line(False, "治理项目：尚未列出（标准：列出的全部完成）")
    return Line(
        facts.projects_done >= facts.projects,
        f"治理项目完成 {facts.projects_done}/{facts.projects}（标准：列出的全部完成）",
    )


def _people(residents: Residents | None) -> str:
    return "未登记" if residents is None else f" {residents.count} 人（{residents.year}年）"


def _percent(rate: Fraction | None) -> str:
    return "—" if rate is None else f"{half_even(100 * rate, 2)}%"


def _per_head(volume: int | None, residents: Residents | None) -> Fraction | None:
    if volume is None or residents is None or not residents.count:
        return None
    return Fraction(volume * _PER_HEADS, residents.count)
