"""Decides above which confidence the machine may act alone, so that its mistakes stay under a bound.

The threshold is tested, not tuned: from the strictest to the laxest, each is a hypothesis "at least `bound` of what
passes is wrong", rejected by an exact binomial test, and the walk ends at the first that cannot be rejected. Fixed
sequence testing keeps the chance of a threshold whose true wrong share exceeds the bound under `doubt`
(Angelopoulos, Bates, Candès, Jordan, Lei: Learn then Test, 2021; for selective prediction Geifman and El-Yaniv, 2017).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special  # scipy.stats says the same and takes a third of a second to load

NEVER = 1.01  # no confidence reaches it
_FIRST = (0.05, 0.4)  # the share of the cases that the first threshold of each walk lets pass
_STEPS = 60  # thresholds of a walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """`at_least` is NEVER where no threshold keeps the bound. `passed` and `wrong` count the cases it rests on."""

    at_least: float
    passed: int
    wrong: int
    of: int

    @property
    def share(self) -> float:
        """Of the cases it was chosen on, the share that would have gone out alone."""
        return self.passed / self.of if self.of else 0.0


def choose_threshold(
    confidences: Sequence[float], right: Sequence[bool], *, bound: float, doubt: float = 0.1
) -> Threshold:
    """The laxest threshold whose wrong share is below `bound`, but for a chance of `doubt`.

    Two walks share the doubt: one begins strict, for a machine that is good at little; one begins lax, where a few
    mistakes among the first cases cannot end it.
    """
    order = np.argsort(-np.asarray(confidences, dtype=float), kind="stable")
    descending = np.asarray(confidences, dtype=float)[order]
    wrong = np.cumsum(~np.asarray(right, dtype=bool)[order])
    walks = [_walk(descending, wrong, first=first, bound=bound, doubt=doubt / len(_FIRST)) for first in _FIRST]
    passed = max(walks)
    if not passed:
        return Threshold(at_least=NEVER, passed=0, wrong=0, of=len(order))
    return Threshold(at_least=float(descending[passed - 1]), passed=passed, wrong=int(wrong[passed - 1]), of=len(order))


def _walk(descending: np.ndarray, wrong: np.ndarray, *, first: float, bound: float, doubt: float) -> int:
    """How many cases pass the laxest threshold that the walk reaches; 0 where the first already fails."""
    best = 0
    for passed in _cuts(descending, first=max(_needed(bound, doubt), int(len(descending) * first))):
        if special.bdtr(int(wrong[passed - 1]), passed, bound) > doubt:
            break
        best = passed
    return best


def wrong_share_above(passed: int, wrong: int, *, doubt: float = 0.05) -> float:
    """Clopper-Pearson: the wrong share is at least this, but for a chance of `doubt`; 0 where nothing went wrong."""
    return float(special.betaincinv(wrong, passed - wrong + 1, doubt)) if wrong else 0.0


def wrong_share_below(passed: int, wrong: int, *, doubt: float = 0.05) -> float:
    """Clopper-Pearson: the wrong share is at most this, but for a chance of `doubt`; 1 where nothing was decided."""
    return float(special.betaincinv(wrong + 1, passed - wrong, 1 - doubt)) if passed > wrong else 1.0


def _cuts(descending: np.ndarray, *, first: int) -> list[int]:
    """How many cases pass, for thresholds from strict to lax; equal confidences pass together."""
    total = len(descending)
    if total < first:
        return []
    ends = np.flatnonzero(np.append(descending[1:] < descending[:-1], True)) + 1
    wanted = np.unique(np.linspace(first, total, _STEPS).astype(int))
    return sorted({int(ends[np.searchsorted(ends, count)]) for count in wanted})


def _needed(bound: float, doubt: float) -> int:
    """With fewer cases than this not even a faultless record could show that the bound holds."""
    return int(np.ceil(np.log(doubt) / np.log(1 - bound)))
