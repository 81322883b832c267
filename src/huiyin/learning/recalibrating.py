"""Learns from the last thirty days how often a unit was right at a given score, and above which score to act alone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from huiyin.learning import champion, lent, watch
from huiyin.learning.lent import Replayed
from huiyin.learning.models import ModelState, ModelVersion, Outcome
from huiyin.nlp.monotone import fit_monotone
from huiyin.nlp.risk import NEVER, choose_threshold

DAYS: Final = 30
LEAST: Final = 300  # judged cases
_MOST = 5_000
_RIPE = timedelta(days=1)


def recalibrate(*, now: datetime) -> dict[str, Any]:
    """For the champion; kept with it, and taken up by every process within seconds. Empty: too few to judge by."""
    version = ModelVersion.objects.filter(state=ModelState.CHAMPION).first()
    if version is None:
        return {}
    champion.warm()  # a replay asks the model in use, which must be this one
    replayed = _replayed(version, now)
    if len(replayed.scored) < LEAST:
        return {}
    found = calibration_of(replayed.scored, bound=watch.bound(now))
    version.calibration = {
        **found,
        "borders": replayed.borders,
        "to": now.isoformat(),
        "days": DAYS,
        "replayed": lent.replaying() is not None,
    }
    version.calibrated_at = now
    version.save(update_fields=["calibration", "calibrated_at"])
    if found["at_least"] < NEVER:
        watch.resume_after_calibration(now=now)
    return version.calibration


def calibration_of(scored: Sequence[tuple[float, bool]], *, bound: float) -> dict[str, Any]:
    """The curve says what a score is worth, for people; the threshold is tested on the scores themselves."""
    scores, right = [score for score, _ in scored], [right for _, right in scored]
    curve = fit_monotone(scores, right)
    threshold = choose_threshold(scores, right, bound=bound)
    return {
        "curve": curve.as_json(),
        "at_least": threshold.at_least,
        "worth": round(curve(threshold.at_least), 4) if threshold.at_least < NEVER else None,
        "passed": threshold.passed,
        "wrong": threshold.wrong,
        "of": threshold.of,
        "share": round(threshold.share, 4),
        "bound": bound,
        "cases": len(scored),
    }


def _replayed(version: ModelVersion, now: datetime) -> Replayed:
    """Judged are only cases that the version did not learn from, or it would think too well of itself.

    Where a case is after a day counts, answered or not: wrong dispatches are known early and right ones late, so the
    decided ones alone would make every machine look bad. Without a replay: what this very version said at the time.
    Uses learning_outcome_sent.
    """
    ripe = (now - timedelta(days=DAYS), now - _RIPE)
    rows = Outcome.objects.filter(dispatched_at__gte=ripe[0], dispatched_at__lte=ripe[1]).order_by("-dispatched_at")
    if version.trained_to is not None:
        rows = rows.filter(case__registered_at__gt=version.trained_to)
    replay = lent.replaying()
    if replay is not None:
        latest = rows.values_list("case_id", flat=True)[:_MOST]
        return replay(list(reversed(latest)))
    said = rows.filter(model=version.number, share__isnull=False).values_list("share", "unit_right")[:_MOST]
    return Replayed(scored=[(share, right is not False) for share, right in said], borders=())
