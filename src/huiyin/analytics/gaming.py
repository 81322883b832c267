"""Units whose figures look managed rather than earned: signs with reasons, for a person to review (M23).

Every sign is a share: so many of so many. A unit is held against its group by the chance of a share at least as large
(beta-binomial, so ordinary differences between units count as ordinary); outliers do not set the measure, for it is
taken again without them. Signs are combined, and flagged are those that survive the control of false discoveries.
Nothing here is proof.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, chdtrc, gammaln

from huiyin.analytics.shrinkage import fit

Floats = NDArray[np.float64]

SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "called_again": "办结后同一诉求人就同一事项再次来电",
        "copied_replies": "答复与其他案件几乎相同",
        "at_the_limit": "临近时限才集中反馈",
        "own_numbers": "评价来自本单位的电话号码",
        "hasty_ratings": "反馈后数分钟内即收到评价",
        "excluded": "申请剔除的案件",
        "pleased_but_calling": "评价满意的诉求人又就同一事项来电",
    }
)
FALSE_DISCOVERIES = 0.2  # at most this share of the flagged, expected …
STRICTEST = 0.005  # … and at most this share of the innocent, however many cheat
FAINT = "（单看不算突出）"
_TELLING = 0.01  # a sign is given as a reason from this chance on …
_FAINT = 0.2  # … and of a flagged unit from this one, for many faint signs together may have flagged it
_OUTLYING, _ROUNDS = 0.002, 4
_LEAST_CASES = 10


@dataclass(frozen=True, slots=True)
class Shares:
    """One sign: per unit so many of so many."""

    hits: Floats
    trials: Floats


@dataclass(frozen=True, slots=True)
class Reason:
    sign: str
    chance: float
    words: str


@dataclass(frozen=True, slots=True)
class Suspicion:
    """`score` grows with how unlikely the signs are together: −log₁₀ of the chance."""

    score: float
    flagged: bool
    reasons: tuple[Reason, ...]


def judge(signs: Mapping[str, Shares]) -> list[Suspicion]:
    """One entry a unit of one group; the signs are those of SIGNS that could be counted."""
    if not signs:
        return []
    from scipy.stats import false_discovery_control  # a third of a second to load, for one page

    chance = {name: tail_chances(shares) for name, shares in signs.items()}
    together = _combined(np.array(list(chance.values())))
    kept = false_discovery_control(together) <= FALSE_DISCOVERIES
    flagged = kept & (together <= STRICTEST)
    return [
        Suspicion(
            score=float(-np.log10(together[at])),
            flagged=bool(flagged[at]),
            reasons=_reasons(signs, chance, at, faint=bool(flagged[at])),
        )
        for at in range(len(together))
    ]


def tail_chances(shares: Shares) -> Floats:
    """The chance of a share as large or larger in an ordinary unit of the group; 1 where too few cases tell nothing."""
    hits, trials = np.asarray(shares.hits, dtype=float), np.asarray(shares.trials, dtype=float)
    found = np.ones(len(trials))
    told = trials >= _LEAST_CASES
    ordinary = told.copy()
    for _ in range(_ROUNDS):
        if ordinary.sum() < 3:
            return found
        prior = fit(hits[ordinary], trials[ordinary])
        mean = float(prior.weights @ prior.means)
        strength = 1 / float(prior.weights @ (1 / (prior.strengths + 1))) - 1
        for at in np.flatnonzero(told):
            found[at] = _tail(hits[at], trials[at], mean * strength, (1 - mean) * strength)
        again = told & (found > _OUTLYING)
        if (again == ordinary).all():
            break
        ordinary = again
    return found


def _tail(hits: float, trials: float, a: float, b: float) -> float:
    """P(at least so many), half of "exactly so many" left out, so that the mean over the innocent is one half."""
    k = np.arange(hits, trials + 1)
    choose = gammaln(trials + 1) - gammaln(k + 1) - gammaln(trials - k + 1)
    mass = np.exp(choose + betaln(k + a, trials - k + b) - betaln(a, b))
    return float(np.clip(mass.sum() - mass[0] / 2, 1e-12, 1))


def _combined(chances: Floats) -> Floats:
    """Many faint signs (Fisher) or one strong one (Bonferroni), whichever says more, paid for looking twice."""
    count = len(chances)
    faint = chdtrc(2 * count, -2 * np.log(chances).sum(axis=0))
    strong = np.minimum(1, count * chances.min(axis=0))
    return np.clip(2 * np.minimum(faint, strong), 1e-15, 1)


def _reasons(signs: Mapping[str, Shares], chances: Mapping[str, Floats], at: int, *, faint: bool) -> tuple[Reason, ...]:
    """The most unlikely first; nobody is flagged without one."""
    found = []
    for name, chance in chances.items():
        if chance[at] > (_FAINT if faint else _TELLING):
            continue
        shares = signs[name]
        own, group = shares.hits[at] / shares.trials[at], shares.hits.sum() / shares.trials.sum()
        figures = f"{int(shares.hits[at])}/{int(shares.trials[at])} 件，占 {own:.1%}（同组 {group:.1%}）"
        alone = "" if chance[at] <= _TELLING else FAINT
        found.append(Reason(name, float(chance[at]), f"{SIGNS.get(name, name)}：{figures}{alone}"))
    return tuple(sorted(found, key=lambda one: one.chance))
