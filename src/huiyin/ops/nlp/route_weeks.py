"""Lives through the cases week by week as the product does: threshold from the last decided cases, watch, fall back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from huiyin.domain.calendar import CITY_ZONE
from huiyin.intake.choosing_unit import border_keys, by_history
from huiyin.nlp.border import Borders, Ended
from huiyin.nlp.monotone import Monotone, expected_calibration_error, fit_monotone
from huiyin.nlp.risk import NEVER, choose_threshold
from huiyin.ops.nlp.route_folds import Predicted

_CALIBRATED_ON = timedelta(days=30)
_WEEK, _STEPS = timedelta(days=7), 12
_LEAST = 200  # decided cases before anything goes out alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One case as it would have been dispatched in its week."""

    at: datetime
    unit_id: int | None
    true_unit_id: int
    confidence: float  # calibrated
    automatic: bool

    @property
    def right(self) -> bool:
        return self.unit_id == self.true_unit_id


@dataclass(frozen=True, slots=True)
class _Scored:
    """A proposal as it was made, by what was known on its day."""

    one: Predicted
    unit_id: int | None
    score: float

    @property
    def right(self) -> bool:
        return self.unit_id == self.one.case.unit_id


def judge_by_week(predicted: Sequence[Predicted], *, bound: float) -> list[Judged]:
    """`predicted` in order of time; a week is judged by what was decided in the thirty days before it.

    The first thirty days (of a short file the first third) only teach: a city begins with decided cases, too.
    """
    life = Life(bound=bound)
    judged = [found for start, week in weeks_of(predicted) for found in life.judge(week, start=start)]
    taught = _taught_until(predicted)
    return [one for one in judged if one.at >= taught]


class Life:
    """What the machine knows as time goes on: proposals with their outcomes, and precedents."""

    def __init__(self, *, bound: float) -> None:
        self._bound = bound
        self._borders = Borders()
        self._past: list[_Scored] = []

    def judge(self, cases: Sequence[Predicted], *, start: datetime) -> list[Judged]:
        """How `cases` go out, by what was decided before `start`; afterwards they are decided too."""
        calibration, threshold = self._learned(start)
        scored = [_Scored(one, *self._corrected(one)) for one in cases]
        for one in cases:
            for ended in _ended(one):
                self._borders.learn(ended)
        self._past.extend(scored)
        return [_judged(found, calibration, threshold) for found in scored]

    def _learned(self, start: datetime) -> tuple[Monotone | None, float]:
        past = [found for found in self._past if start - _CALIBRATED_ON <= found.one.case.at]
        if len(past) < _LEAST:
            return None, NEVER
        scores, right = [found.score for found in past], [found.right for found in past]
        return fit_monotone(scores, right), choose_threshold(scores, right, bound=self._bound).at_least

    def _corrected(self, one: Predicted) -> tuple[int | None, float]:
        """The unit and its raw score, after what history says of this place."""
        found = by_history(one.choice, one.case.street_id, self._borders)
        return found.unit.unit_id, found.score


def figures(judged: Sequence[Judged]) -> dict[str, object]:
    """Shares over the cases: automatic, wrong among those, accuracy, calibration."""
    automatic = [one for one in judged if one.automatic]
    right = [one.right for one in judged]
    return {
        "cases": len(judged),
        "automatic": len(automatic) / len(judged) if judged else 0.0,
        "wrong_among_automatic": sum(not one.right for one in automatic) / len(automatic) if automatic else None,
        "accuracy": sum(right) / len(right) if right else None,
        "ece": expected_calibration_error([one.confidence for one in judged], right),
    }


def by_week(judged: Sequence[Judged]) -> list[dict[str, object]]:
    weeks: dict[str, list[Judged]] = {}
    for one in judged:
        weeks.setdefault(_monday(one.at).date().isoformat(), []).append(one)
    return [{"week": week, **figures(ones)} for week, ones in weeks.items()]


def _judged(found: _Scored, calibration: Monotone | None, threshold: float) -> Judged:
    return Judged(
        at=found.one.case.at,
        unit_id=found.unit_id,
        true_unit_id=found.one.case.unit_id,
        confidence=calibration(found.score) if calibration else found.score,
        automatic=found.unit_id is not None and found.score >= threshold,
    )


def _ended(one: Predicted) -> Iterator[Ended]:
    if one.choice.proposed is not None:
        for place, branch in border_keys(one.case.street_id, one.choice.codes):
            yield Ended(place=place, branch=branch, proposed=one.choice.proposed, final=one.case.unit_id)


def weeks_of(predicted: Sequence[Predicted]) -> Iterator[tuple[datetime, list[Predicted]]]:
    """Weeks from the first case on; of a file that spans less than twelve, twelve equal steps."""
    first, last = predicted[0].case.at, predicted[-1].case.at
    step = min(_WEEK, max((last - first) / _STEPS, timedelta(seconds=1)))
    steps: dict[int, list[Predicted]] = {}
    for one in predicted:
        steps.setdefault(int((one.case.at - first) / step), []).append(one)
    yield from ((first + number * step, found) for number, found in sorted(steps.items()))


def _taught_until(predicted: Sequence[Predicted]) -> datetime:
    first, last = predicted[0].case.at, predicted[-1].case.at
    return first + min(_CALIBRATED_ON, (last - first) / 3)


def _monday(at: datetime) -> datetime:
    local = at.astimezone(CITY_ZONE)
    return (local - timedelta(days=local.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
