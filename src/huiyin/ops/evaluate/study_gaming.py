"""Cities with planted cheats: how well they are told from the innocent, and how many innocents are flagged."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from huiyin.analytics.gaming import SIGNS, Shares, judge

Floats = NDArray[np.float64]

_STREETS = 343
_CHEATS = 0.05
# For each sign: the ordinary share, how alike streets are in it (beta strength), and what cheating multiplies it by.
_ORDINARY: Mapping[str, tuple[float, float, float]] = {
    "called_again": (0.06, 60, 2.5),
    "copied_replies": (0.08, 20, 4.0),
    "at_the_limit": (0.10, 15, 4.0),
    "own_numbers": (0.002, 200, 10.0),
    "hasty_ratings": (0.02, 40, 4.0),
    "excluded": (0.02, 40, 3.5),
    "pleased_but_calling": (0.02, 60, 4.0),
}


def study_gaming(random: np.random.Generator, months: int) -> dict[str, float]:
    """AUC of the score over all months, innocents flagged per 100 units a month, cheats flagged."""
    curves, innocents, caught, cheats, units = [], 0, 0, 0, 0
    for _ in range(months):
        cheating = random.random(_STREETS) < _CHEATS
        found = judge(_signs(random, cheating))
        score = np.array([one.score for one in found])
        flagged = np.array([one.flagged for one in found])
        curves.append(_auc(score, cheating))
        innocents += int((flagged & ~cheating).sum())
        caught += int((flagged & cheating).sum())
        cheats += int(cheating.sum())
        units += _STREETS
    clean = sum(one.flagged for _ in range(months) for one in judge(_signs(random, np.zeros(_STREETS, dtype=bool))))
    return {
        "gaming_auc": float(np.mean(curves)),
        "gaming_innocents_per_100": 100 * innocents / units,
        "gaming_innocents_per_100_nobody_cheats": 100 * clean / units,
        "gaming_cheats_flagged": caught / cheats,
    }


def _signs(random: np.random.Generator, cheating: NDArray[np.bool_]) -> dict[str, Shares]:
    """A cheat shows one to three signs, more or less strongly."""
    cases = np.maximum(random.lognormal(np.log(350), 0.7, _STREETS).astype(int), 30)
    signs = list(SIGNS)
    shown = np.zeros((_STREETS, len(signs)), dtype=bool)
    for street in np.flatnonzero(cheating):
        shown[street, random.choice(len(signs), random.integers(1, 4), replace=False)] = True
    found = {}
    for at, name in enumerate(signs):
        share, strength, times = _ORDINARY[name]
        own = random.beta(share * strength, (1 - share) * strength, _STREETS)
        strong = 1 + (times - 1) * random.uniform(0.6, 1.4, _STREETS)
        own = np.where(shown[:, at], np.clip(np.maximum(own, share) * strong, 0, 0.95), own)
        found[name] = Shares(random.binomial(cases, own).astype(float), cases.astype(float))
    return found


def _auc(score: Floats, positive: NDArray[np.bool_]) -> float:
    ranks = rankdata(score)
    yes, no = int(positive.sum()), int((~positive).sum())
    return float((ranks[positive].sum() - yes * (yes + 1) / 2) / (yes * no)) if yes and no else 1.0
