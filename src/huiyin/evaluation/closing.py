"""Closing a period: draft, review by another person, freeze with a fingerprint, publish; later only by a revision."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from huiyin.accounts.viewer import Viewer
from huiyin.callbacks.models import FrameCase
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.errors import DomainError, InvalidData
from huiyin.domain.vocabulary import Role
from huiyin.evaluation import counting, digest, figuring, periods
from huiyin.evaluation.models import Period, Version
from huiyin.evaluation.vocabulary import FIXED, Stage

MAY_CLOSE = frozenset({Role.EVALUATOR})
MAY_REVIEW = frozenset({Role.EVALUATOR, Role.LEADER})
_LEAST_REASON = 4


class PeriodRunning(DomainError):
    """考核期尚未结束，结束后才能出草稿；进行中的成绩请看实时估算。"""

    code = "period_running"


class DrawWaits(DomainError):
    """期内最后一天的抽样回访还没有抽定，抽定后才能出草稿。"""

    code = "draw_waits"


class EarlierOpen(DomainError):
    """上一考核期已出草稿、尚未冻结，请先冻结上一期，再出本期草稿：进步类按上一期的正式成绩计算。"""

    code = "earlier_open"


class WrongStage(DomainError):
    """考核结果当前所处的步骤不能做这项操作，请刷新后再看。"""

    code = "wrong_stage"


class DraftChanged(DomainError):
    """您查看之后草稿又重新出过，请重新核对现在的草稿，再复核通过。"""

    code = "draft_changed"


class SamePerson(DomainError):
    """复核人不能是出草稿的人，请由另一位同事复核。"""

    code = "same_person"


class MayNotClose(DomainError):
    """您的岗位不能做这项考核操作。"""

    code = "may_not_close"


@transaction.atomic
def draft(period: Period, *, by: Viewer, now: datetime) -> Version:
    """All figures of a period that has ended; drafting again replaces a draft that was not frozen."""
    _permit(by, MAY_CLOSE)
    if now < period.ends_at:
        raise PeriodRunning
    _alone(period)
    newest = period.versions.filter(number__gt=0).order_by("-number").first()
    if newest is not None and newest.stage in FIXED:
        raise WrongStage("本期已冻结；如需更正，请发起修订并说明理由")
    _all_drawn(period)
    _earlier_fixed(period)
    return _computed(period, newest, reason=newest.reason if newest else "", by=by, now=now)


@transaction.atomic
def revise(period: Period, *, reason: str, by: Viewer, now: datetime) -> Version:
    """A new version beside the one that was published, with the reason; both stay."""
    _permit(by, MAY_CLOSE)
    if len(reason.strip()) < _LEAST_REASON:
        raise InvalidData({"reason": "请写明修订理由"})
    _alone(period)
    newest = period.versions.filter(number__gt=0).order_by("-number").first()
    if newest is None or newest.stage != Stage.PUBLISHED:
        raise WrongStage("只有已发布的考核期可以修订")
    return _computed(period, None, reason=reason.strip(), by=by, now=now)


@transaction.atomic
def review(version: Version, *, by: Viewer, note: str, now: datetime, as_of: datetime | None = None) -> Version:
    """Another person has looked at the draft and stands by it; `as_of`: of the draft that was looked at."""
    _permit(by, MAY_REVIEW)
    locked = _locked(version, Stage.DRAFTED)
    check_read(locked, as_of)
    if locked.drafted_by_id == by.staff_id:
        raise SamePerson
    locked.stage = Stage.REVIEWED
    locked.reviewed_by_id, locked.reviewed_by, locked.reviewed_at = by.staff_id, by.name, now
    locked.review_note = note.strip()
    locked.save(update_fields=["stage", "reviewed_by_id", "reviewed_by", "reviewed_at", "review_note"])
    return locked


@transaction.atomic
def freeze(version: Version, *, by: Viewer, now: datetime) -> Version:
    """From here on no row of it can be changed; the fingerprint is over every case and figure."""
    _permit(by, MAY_CLOSE)
    locked = _locked(version, Stage.REVIEWED)
    locked.digest = digest.digest_of(locked)
    locked.stage = Stage.FROZEN
    locked.frozen_by_id, locked.frozen_by, locked.frozen_at = by.staff_id, by.name, now
    locked.save(update_fields=["digest", "stage", "frozen_by_id", "frozen_by", "frozen_at"])
    return locked


@transaction.atomic
def publish(version: Version, *, by: Viewer, now: datetime) -> Version:
    """Every unit may see it from now on."""
    _permit(by, MAY_CLOSE)
    locked = _locked(version, Stage.FROZEN)
    locked.stage = Stage.PUBLISHED
    locked.published_by_id, locked.published_by, locked.published_at = by.staff_id, by.name, now
    locked.save(update_fields=["stage", "published_by_id", "published_by", "published_at"])
    return locked


def check_read(version: Version, as_of: datetime | None) -> None:
    """A draft made anew keeps its number: only its moment tells that it is not the one that was read."""
    if as_of is not None and version.as_of != as_of:
        raise DraftChanged


def _computed(period: Period, old: Version | None, *, reason: str, by: Viewer, now: datetime) -> Version:
    """A draft is computed anew in its own row, so that what people found about it stays beside it."""
    edition_id, _ = periods.rules_at(period.begins_at)
    version = old or Version(period=period, number=1 + max(period.versions.values_list("number", flat=True), default=0))
    version.stage, version.scheme_edition_id, version.as_of, version.reason = Stage.DRAFTED, edition_id, now, reason
    version.drafted_by_id, version.drafted_by, version.drafted_at = by.staff_id, by.name, now
    version.reviewed_by_id, version.reviewed_by, version.reviewed_at, version.review_note = None, "", None, ""
    version.save()
    counting.count_cases(version)
    figuring.figure_units(version)
    return version


def _all_drawn(period: Period) -> None:
    """Days of sampling go from noon to noon: who answered after noon of the last one may still be drawn, and would
    count in no period if the figures were made before."""
    waiting = FrameCase.objects.filter(entered_at__lt=period.ends_at, frame__drawn_at=None)
    last = waiting.aggregate(last=Max("frame__ends_at"))["last"]
    if last is not None:
        local = last.astimezone(CITY_ZONE)
        raise DrawWaits(
            f"期内最后一天的抽样回访要到{local.month}月{local.day}日{local:%H:%M}后才抽定，请在那之后出草稿"
        )


def _earlier_fixed(period: Period) -> None:
    """Progress is measured from fixed figures: made now, the list would be empty, and another when made again.

    Where the period before was never drafted nobody means to, and this one does without.
    """
    begun = Version.objects.filter(period__ends_at=period.begins_at, number__gt=0)
    fixed = begun.filter(stage__in=[str(stage) for stage in FIXED])
    if begun.filter(case_count__gt=0).exists() and not fixed.exists():
        raise EarlierOpen


def _permit(by: Viewer, roles: frozenset[Role]) -> None:
    if by.sees != "city" or not by.has(*roles):
        raise MayNotClose


def _alone(period: Period) -> None:
    """Two people drafting at once: the second waits here and then meets what the first made."""
    Period.objects.select_for_update().get(pk=period.pk)


def _locked(version: Version, stage: Stage) -> Version:
    locked = Version.objects.select_for_update(of=("self",)).select_related("period").get(pk=version.pk)
    if locked.stage != stage:
        raise WrongStage
    return locked
