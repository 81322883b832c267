"""Puts a version to use, takes it back, refuses it: always with a reason, one champion at a time."""

from datetime import datetime

from django.db import transaction

from huiyin.domain.errors import DomainError, InvalidData
from huiyin.learning import champion, storing
from huiyin.learning.models import ModelState, ModelVersion


class NoSuchVersion(DomainError):
    """没有这个模型版本。"""

    code = "no_such_version"


class AlreadyInUse(DomainError):
    """这个版本正在使用，无需切换。"""

    code = "version_in_use"


class NothingToRollBackTo(DomainError):
    """没有更早使用过的版本可以退回。"""

    code = "nothing_to_roll_back_to"


@transaction.atomic
def promote(number: int, *, reason: str, by: str, now: datetime) -> ModelVersion:
    """Its bytes are read and checked first: what cannot be loaded is not promoted."""
    words = reason.strip()
    if len(words) < 2:
        raise InvalidData({"reason": "请写明理由"})
    rows = {row.number: row for row in ModelVersion.objects.select_for_update().order_by("number")}
    chosen = rows.get(number)
    if chosen is None:
        raise NoSuchVersion
    if chosen.state == ModelState.CHAMPION:
        raise AlreadyInUse
    storing.fetch(chosen.stored_as, sha256=chosen.sha256)
    for row in rows.values():
        if row.state == ModelState.CHAMPION:
            row.state, row.retired_at = ModelState.RETIRED, now
            row.reason = f"由第{number}版替换：{words}"[:300]
            row.save(update_fields=["state", "retired_at", "reason"])
    chosen.state, chosen.promoted_at, chosen.retired_at = ModelState.CHAMPION, now, None
    chosen.reason = f"{by}：{words}"[:300]
    chosen.save(update_fields=["state", "promoted_at", "retired_at", "reason"])
    transaction.on_commit(champion.look_again)
    return chosen


def refuse(version: ModelVersion, *, reason: str) -> None:
    version.state, version.reason = ModelState.REFUSED, reason[:300]
    version.save(update_fields=["state", "reason"])


def roll_back(number: int | None, *, reason: str, by: str, now: datetime) -> ModelVersion:
    """To the version named, else to the one that was in use before."""
    if number is None:
        before = ModelVersion.objects.filter(state=ModelState.RETIRED, promoted_at__isnull=False)
        number = before.order_by("-retired_at", "-number").values_list("number", flat=True).first()
        if number is None:
            raise NothingToRollBackTo
    return promote(number, reason=reason, by=by, now=now)
