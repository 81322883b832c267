"""Watches what comes of automatic dispatch, and stops it by itself when the bound of wrong ones is plainly broken.

Judged are the latest automatic dispatches since the model or the switch was last changed. One not known to be wrong
counts as right: returns come within hours, answers within days, so counting only what is decided would cry wolf.
Both looks, a short one for a shock and a long one for a slow slide, ask whether the wrong share lies above the bound
with a doubt so small that looking after every event is harmless (docs/intelligence.md gives the false alarm rate).
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Sum

from huiyin.accounts.models import Post
from huiyin.cases.models import CaseEvent, Notice
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.case import Actor
from huiyin.domain.errors import DomainError, InvalidData
from huiyin.domain.vocabulary import Role
from huiyin.learning.models import ModelState, ModelVersion, Outcome, OutcomeDay, SwitchMove
from huiyin.nlp.risk import wrong_share_above, wrong_share_below
from huiyin.registry import rulebook

log = logging.getLogger(__name__)

LOOKS: Final = (200, 1_000)  # so many of the latest automatic dispatches
DOUBT: Final = 0.0005  # of each look
CHECK_EVERY_SECONDS: Final = 3.0
_RIPE = timedelta(days=3)  # after so long a wrong dispatch is nearly always known to be one
_SYSTEM = "系统"


class AlreadySo(DomainError):
    """自动派单已是这个状态，无需重复操作。"""

    code = "switch_already_so"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongShare:
    """Among `passed` automatic dispatches `wrong` went to a wrong unit; the share lies within `low` and `high`."""

    passed: int
    wrong: int
    bound: float

    @property
    def share(self) -> float | None:
        return self.wrong / self.passed if self.passed else None

    @property
    def low(self) -> float:
        return wrong_share_above(self.passed, self.wrong)

    @property
    def high(self) -> float:
        return wrong_share_below(self.passed, self.wrong)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whether automatic dispatch is on, since when, by whom and why."""

    on: bool
    at: datetime | None
    by: str
    reason: str
    by_machine: bool


_ON = Standing(on=True, at=None, by="", reason="", by_machine=False)
_standing = _ON
_looked_at = float("-inf")


def automatic_allowed(now: datetime) -> tuple[bool, str]:
    """For the moment of registering: whether the machine may dispatch alone, and if not, why. A few seconds old."""
    global _standing, _looked_at
    moment = time.monotonic()
    if moment - _looked_at >= CHECK_EVERY_SECONDS:
        _looked_at = moment
        _standing = standing()
    return _standing.on, _standing.reason


def look_again() -> None:
    global _looked_at
    _looked_at = float("-inf")


def standing() -> Standing:
    move = SwitchMove.objects.order_by("-id").first()
    if move is None:
        return _ON
    return Standing(on=move.on, at=move.at, by=move.by_name, reason=move.reason, by_machine=move.by_staff_id is None)


def wrong_share(*, now: datetime, days: int = 30) -> WrongShare:
    """Of the automatic dispatches of so many days, without the youngest, whose returns may still come."""
    today = now.astimezone(CITY_ZONE).date()
    counts = OutcomeDay.objects.filter(day__gte=today - timedelta(days=days), day__lte=today - _RIPE).aggregate(
        passed=Sum("automatic"), wrong=Sum("automatic_wrong")
    )
    return WrongShare(passed=counts["passed"] or 0, wrong=counts["wrong"] or 0, bound=bound(now))


def bound(now: datetime) -> float:
    return float(rulebook.rules(rulebook.current(now).limits_id).auto_dispatch_wrong_bound)


def judge(*, now: datetime, because: CaseEvent) -> SwitchMove | None:
    """After automatic dispatches were read: switches off if the bound is broken. Three statements if all is well."""
    with transaction.atomic():
        last = SwitchMove.objects.select_for_update().order_by("-id").first()
        if last is not None and not last.on:
            return None
        latest = _latest(since=last.at if last else None)
        allowed = bound(now)
        for look in LOOKS:
            passed, wrong = len(latest[:look]), sum(latest[:look])
            if passed >= LOOKS[0] and wrong_share_above(passed, wrong, doubt=DOUBT) > allowed:
                return _stop(passed, wrong, allowed=allowed, now=now, because=because)
    return None


@transaction.atomic
def switch(*, on: bool, reason: str, actor: Actor, now: datetime) -> SwitchMove:
    """By a person, with a reason."""
    words = reason.strip()
    if len(words) < 2:
        raise InvalidData({"reason": "请写明理由"})
    if standing().on == on:
        raise AlreadySo
    return _move(on=on, reason=words, now=now, staff_id=actor.id, name=actor.name)


@transaction.atomic
def resume_after_calibration(*, now: datetime) -> SwitchMove | None:
    """A new calibration that keeps the bound undoes the machine's own stop, never a person's."""
    state = standing()
    if state.on or not state.by_machine:
        return None
    return _move(on=True, reason="把握已按最近的结果重新校准，自动派单恢复", now=now, staff_id=None, name=_SYSTEM)


def _stop(passed: int, wrong: int, *, allowed: float, now: datetime, because: CaseEvent) -> SwitchMove:
    reason = f"最近{passed}件自动派单中{wrong}件派错（{wrong / passed:.1%}），超过上限{allowed:.1%}，已改由派单员派单"
    log.error("automatic dispatch stopped: %s wrong of %s, bound %s", wrong, passed, allowed)
    move = _move(on=False, reason=reason, now=now, staff_id=None, name=_SYSTEM, passed=passed, wrong=wrong)
    posts = Post.objects.valid_on(now.astimezone(CITY_ZONE).date()).filter(
        role__in=[str(Role.ADMINISTRATOR), str(Role.DISPATCHER)], unit_id__isnull=False
    )
    Notice.objects.bulk_create(
        [
            Notice(
                unit_id=unit_id,
                case_id=because.case_id,
                event_id=-move.pk,  # no event of a case, and never the number of one
                action=because.action,
                text=reason,
                urgent=True,
                at=now,
            )
            for unit_id in sorted(set(posts.values_list("unit_id", flat=True)))
        ],
        ignore_conflicts=True,
    )
    return move


def _move(
    *,
    on: bool,
    reason: str,
    now: datetime,
    staff_id: int | None,
    name: str,
    passed: int | None = None,
    wrong: int | None = None,
) -> SwitchMove:
    transaction.on_commit(look_again)
    return SwitchMove.objects.create(
        on=on, at=now, by_staff_id=staff_id, by_name=name, reason=reason[:300], passed=passed, wrong=wrong
    )


def _latest(*, since: datetime | None) -> Sequence[bool]:
    """Whether each of the latest automatic dispatches went wrong, newest first; uses learning_outcome_automatic."""
    rows = Outcome.objects.filter(automatic=True)
    promoted = ModelVersion.objects.filter(state=ModelState.CHAMPION).values_list("promoted_at", flat=True).first()
    starts = [moment for moment in (since, promoted) if moment is not None]
    if starts:
        rows = rows.filter(dispatched_at__gte=max(starts))
    found = rows.order_by("-dispatched_at").values_list("unit_right", flat=True)[: LOOKS[-1]]
    return [right is False for right in found]
