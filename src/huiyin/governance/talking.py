"""约谈: proposed by the rule from published months, held with minutes and promises, closed with what came of them."""

from datetime import date, datetime

from django.db import transaction

from huiyin.accounts.viewer import Viewer
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.categories import Category, talk_list
from huiyin.domain.errors import DomainError, InvalidData, NotPermitted
from huiyin.domain.exclusions import reason_given
from huiyin.domain.vocabulary import Role
from huiyin.evaluation import periods, selectors
from huiyin.evaluation.models import UnitResult, Version
from huiyin.governance.models import Talk
from huiyin.governance.vocabulary import TalkState

_HOLD = frozenset({Role.EVALUATOR, Role.LEADER})
_WINDOW = 24  # periods that the rule may look back at


class NotNow(DomainError):
    """这次约谈刚刚已由他人登记，请刷新查看。"""

    code = "not_now"


def may_hold(viewer: Viewer) -> bool:
    return viewer.sees == "city" and viewer.has(*_HOLD)


def propose(version: Version, *, now: datetime) -> list[Talk]:
    """Whom the rule of the version's scheme names, once for each; safe to run again."""
    known = [one for one in selectors.published() if one.period.begins_at <= version.period.begins_at][:_WINDOW]
    order = [one.pk for one in known]
    on_it: dict[tuple[str, int], dict[int, bool]] = {}
    for row in UnitResult.objects.filter(version__in=order).only("version", "group", "unit_id", "categories"):
        on_it.setdefault((row.group, row.unit_id), {})[row.version_id] = str(Category.RECTIFY) in row.categories
    histories = {
        f"{group}/{unit_id}": [by_version.get(one, False) for one in order]
        for (group, unit_id), by_version in on_it.items()
    }
    named = talk_list(histories, periods.rules_of(version.scheme_edition_id).talk)
    rows = []
    for key, reason in named.items():
        group, _, unit_id = key.partition("/")
        rows.append(Talk(version=version, group=group, unit_id=int(unit_id), reason=reason, proposed_at=now))
    Talk.objects.bulk_create(rows, ignore_conflicts=True)
    return list(Talk.objects.filter(version=version))


@transaction.atomic
def hold(
    talk_id: int, *, on: date | None, minutes: str, promises: str, until: date | None, by: Viewer, now: datetime
) -> Talk:
    found = Talk.objects.select_for_update().get(pk=talk_id)
    _holds(by)
    if found.state != TalkState.PROPOSED:
        raise NotNow
    errors = {
        name: words
        for name, wrong, words in (
            ("on", on is None or on > now.astimezone(CITY_ZONE).date(), "请填写已经举行的约谈日期"),
            ("promises", len(promises.strip()) < 4, "请写明整改承诺，至少 4 个字"),
            ("until", until is None, "请填写承诺完成的日期"),
        )
        if wrong
    }
    if errors:
        raise InvalidData(errors)
    found.state, found.held_on, found.held_by = TalkState.HELD, on, by.name
    found.minutes, found.promises, found.promised_until = minutes.strip(), promises.strip(), until
    found.save()
    return found


@transaction.atomic
def close(talk_id: int, *, outcome: str, by: Viewer, now: datetime) -> Talk:
    found = Talk.objects.select_for_update().get(pk=talk_id)
    _holds(by)
    if found.state != TalkState.HELD:
        raise NotNow
    found.outcome = reason_given(outcome, "outcome")[:400]
    found.state, found.closed_by, found.closed_at = TalkState.CLOSED, by.name, now
    found.save()
    return found


def _holds(by: Viewer) -> None:
    if not may_hold(by):
        raise NotPermitted("由市级考评人员或领导登记")
