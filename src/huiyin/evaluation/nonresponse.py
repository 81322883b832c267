"""Who was asked and did not answer, and what that leaves open: shares, reasons and bounds of each rate, by unit.

Read from a version's own cases, so the counts are those behind the official figures: `silent` and `aside` add up to
their invalid callbacks. Three statements for a whole group.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import connection
from django.db.models import Q

from huiyin.accounts.viewer import Viewer
from huiyin.analytics.nonresponse import Bounds, bounds, share
from huiyin.domain.entering import JUDGED, OUTSIDE, Why
from huiyin.domain.evaluation import Scheme
from huiyin.domain.sampling import half_width_of
from huiyin.domain.vocabulary import Role
from huiyin.evaluation import figuring, periods, selectors
from huiyin.evaluation.models import UnitResult, Version
from huiyin.evaluation.selectors import Figures, Line
from huiyin.evaluation.vocabulary import ASIDE, SILENT, Group, NonResponse

SEE = (Role.EVALUATOR, Role.CALLBACK_AGENT, Role.AUDITOR, Role.ANALYST, Role.LEADER)
_CONFIDENCE = Decimal("0.95")

# Beside selectors.FIGURES, and apart from them: these name the cases of who did not answer.
FIGURES: Figures = {
    "frame": ("应计回访", ~Q(why__in=[str(why) for why in OUTSIDE])),
    "asked": ("已访", Q(why__in=[*(str(why) for why in JUDGED), str(Why.CALLBACK_INVALID)])),
    "silent": ("访而未答", Q(why=str(Why.CALLBACK_INVALID))),
    "aside": ("未抽中（合计）", Q(why=str(Why.NOT_SAMPLED))),
    **{str(one): (f"无应答：{one.label}", Q(nonresponse=str(one))) for one in NonResponse},
}

# From the index assessment_case_silent alone; cases with an answer are counted in the unit's result already.
_COUNTS = """
SELECT version_id, unit_id, nonresponse, count(*), count(*) FILTER (WHERE request_type <> ALL(%(unsolvable)s))
  FROM assessment_case_result
 WHERE version_id = ANY(%(versions)s) AND nonresponse IS NOT NULL GROUP BY 1, 2, 3
"""

Reasons = Mapping[NonResponse, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One unit in one version. `frame` = `valid` + `waiting` + `aside` + `silent`; `asked` = `valid` + `silent`."""

    version: Version
    line: Line
    reasons: Reasons
    waiting: int
    aside: int
    silent: int
    frame: int
    asked: int
    share: Fraction | None
    response: Bounds | None
    resolution: Bounds | None
    satisfaction: Bounds | None
    half_width: float | None  # what the draw leaves to chance; None where nobody was left out by it

    @property
    def rates(self) -> tuple[tuple[str, Fraction | None, Bounds | None], ...]:
        known = self.line.rates
        return (
            ("response", known.response if known else None, self.response),
            ("resolution", known.resolution if known else None, self.resolution),
            ("satisfaction", known.satisfaction if known else None, self.satisfaction),
        )


def may_see(viewer: Viewer) -> bool:
    """Roles of the hotline and of the city: a unit that knew who did not answer would call them itself."""
    return viewer.sees == "city" and viewer.has(*SEE)


def figures_for(viewer: Viewer) -> Figures:
    """The figures whose cases somebody may open; a name that is not among them is as if there were none."""
    return {**selectors.FIGURES, **FIGURES} if may_see(viewer) else selectors.FIGURES


def of_group(version: Version, group: Group, *, order: str = "share") -> list[Shown]:
    lines = selectors.board(version, group)
    counted = _counted([version])
    shown = [_shown(version, group, line, counted) for line in lines]
    return sorted(shown, key=ORDERS.get(order, ORDERS["share"]))


def of_unit(versions: Sequence[Version], group: Group, unit_id: int) -> list[Shown]:
    """One unit's periods, in the order given."""
    results = UnitResult.objects.filter(version__in=versions, group=str(group), unit_id=unit_id)
    by_version = {one.version_id: one for one in results}
    counted = _counted([one for one in versions if one.pk in by_version])
    return [
        _shown(one, group, selectors.line_of(by_version[one.pk], selectors.scheme_of(one)), counted)
        for one in versions
        if one.pk in by_version
    ]


def _largest(value: Callable[[Shown], Any]) -> Callable[[Shown], Any]:
    return lambda one: ((known := value(one)) is None, -known if known is not None else 0, one.line.unit.code)


ORDERS: dict[str, Callable[[Shown], Any]] = {
    "share": _largest(lambda one: one.share),
    "unit": lambda one: one.line.unit.code,
    "frame": _largest(lambda one: one.frame),
    "aside": _largest(lambda one: one.aside),
    "asked": _largest(lambda one: one.asked),
    "valid": _largest(lambda one: one.line.counts.valid),
    "waiting": _largest(lambda one: one.waiting),
    "silent": _largest(lambda one: one.silent),
    "response": _largest(lambda one: one.response and one.response.width),
    "resolution": _largest(lambda one: one.resolution and one.resolution.width),
    "satisfaction": _largest(lambda one: one.satisfaction and one.satisfaction.width),
}

_Counted = Mapping[tuple[int, int | None, NonResponse], tuple[int, int]]


def _counted(versions: Sequence[Version]) -> _Counted:
    unsolvable = {
        str(kind) for one in versions for kind in periods.rules_of(one.scheme_edition_id).entering.without_resolution
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"versions": [one.pk for one in versions], "unsolvable": sorted(unsolvable)})
        return {(row[0], row[1], NonResponse(row[2])): (row[3], row[4]) for row in cursor.fetchall()}


def _shown(version: Version, group: Group, line: Line, counted: _Counted) -> Shown:
    every, solvable = _summed(version, figuring.leads_of(line.result), counted)
    result, counts = line.result, line.counts
    # Versions older than the record of reasons know how many, not why.
    every[NonResponse.WAITING] = result.not_asked
    unknown = result.invalid - _sum(every, SILENT) - _sum(every, ASIDE)
    every[NonResponse.UNRECORDED] += unknown
    solvable[NonResponse.UNRECORDED] += unknown
    silent, aside = _sum(every, SILENT), _sum(every, ASIDE)
    scheme = selectors.scheme_of(version)
    frame = counts.valid + silent + aside + every[NonResponse.WAITING]
    return Shown(
        version=version,
        line=line,
        reasons=every,
        waiting=every[NonResponse.WAITING],
        aside=aside,
        silent=silent,
        frame=frame,
        asked=counts.valid + silent,
        share=share(silent, counts.valid + silent),
        response=bounds(counts.contacted, answered=counts.valid, silent=silent),
        resolution=bounds(counts.solved, answered=counts.resolution_valid, silent=_sum(solvable, SILENT)),
        satisfaction=bounds(_pleased(line, scheme), answered=counts.valid, silent=silent),
        half_width=half_width_of(counts.valid, frame, _CONFIDENCE) if aside else None,
    )


def _summed(
    version: Version, unit_ids: Collection[int], counted: _Counted
) -> tuple[dict[NonResponse, int], dict[NonResponse, int]]:
    every: dict[NonResponse, int] = defaultdict(int)
    solvable: dict[NonResponse, int] = defaultdict(int)
    for reason in NonResponse:
        found = [counted.get((version.pk, unit_id, reason), (0, 0)) for unit_id in unit_ids]
        every[reason], solvable[reason] = sum(one for one, _ in found), sum(one for _, one in found)
    return every, solvable


def _sum(reasons: Reasons, which: Collection[NonResponse]) -> int:
    return sum(reasons[one] for one in which)


def _pleased(line: Line, scheme: Scheme) -> Fraction:
    return line.counts.satisfied + Fraction(scheme.basically_counts) * line.counts.basically_satisfied
