"""Decides about governed streets: entry, exit, return, end; each with a person's reason and the rule's own verdict."""

from datetime import datetime

from django.db import IntegrityError, transaction

from huiyin.accounts.viewer import Viewer
from huiyin.domain.errors import DomainError, InvalidData, NotPermitted
from huiyin.domain.governed import Verdict, observation_over
from huiyin.domain.vocabulary import UnitKind
from huiyin.governance import access, facts, wording
from huiyin.governance.models import GovernedStreet, Step
from huiyin.governance.vocabulary import DECISIONS, Move, Stage
from huiyin.registry import directory


class AlreadyGoverned(DomainError):
    """这个街乡镇已在治理或观察中。"""

    code = "already_governed"


class StreetMoved(DomainError):
    """街乡镇目前的状态不能做这一步，请刷新查看。"""

    code = "street_moved"


class StillObserved(DomainError):
    """观察期未满，不能结束。"""

    code = "still_observed"


@transaction.atomic
def enter(unit_id: int, *, reason: str, by: Viewer, now: datetime) -> GovernedStreet:
    """纳入治理: the verdict of the newest published month is kept beside the decision, met or not."""
    access.require_decider(by)
    unit = directory.find_unit(unit_id)
    if unit is None or unit.kind is not UnitKind.STREET or unit.district_id is None:
        raise InvalidData({"unit_id": "请选择街道或乡镇"})
    words = wording.reason(reason)
    city = facts.read_city()
    try:
        with transaction.atomic():
            street = GovernedStreet.objects.create(unit_id=unit_id, district_id=unit.district_id, entered_at=now)
    except IntegrityError as exc:
        raise AlreadyGoverned from exc
    _decided(street, Move.ENTER, city, facts.entry_of(city, unit_id), words, by, now)
    return street


@transaction.atomic
def decide(street_id: int, what: Move, *, reason: str, by: Viewer, now: datetime) -> GovernedStreet:
    """退出, 重新纳入 or 结束. A person decides, the rule is told; only the observation is never cut short."""
    access.require_decider(by)
    street = GovernedStreet.objects.select_for_update().get(pk=street_id)
    words = wording.reason(reason)
    if what not in DECISIONS or street.stage != DECISIONS[what][0]:
        raise StreetMoved
    city = facts.read_city()
    verdict = verdict_for(what, street, city)
    if what is Move.END and not is_observed_long_enough(street, city):
        raise StillObserved
    street.stage = DECISIONS[what][1]
    if what is Move.EXIT:
        street.observed_since = city.newest.version.period.ends_at if city.newest else now
    elif what is Move.RETURN:
        street.observed_since = None
    street.save(update_fields=["stage", "observed_since"])
    _decided(street, what, city, verdict, words, by, now)
    return street


@transaction.atomic
def note(street_id: int, *, words: str, by: Viewer, now: datetime) -> Step:
    """进展: by who plans or decides."""
    street = GovernedStreet.objects.select_for_update().get(pk=street_id)
    if not access.notes(by, street):
        raise NotPermitted("由本街乡镇负责人或市级考评人员填写；已退出治理的不再填写")
    return Step.objects.create(
        street=street, move=Move.NOTE, reason=wording.reason(words), by_id=by.staff_id, by_name=by.name, at=now
    )


def verdict_for(what: Move, street: GovernedStreet, city: facts.City) -> Verdict | None:
    """What the rule says about this decision, if anything was published: of coming back, that of coming in."""
    if what is Move.EXIT:
        return facts.exit_of(city, street, list(street.measures.all()))
    return facts.entry_of(city, street.unit_id)


def observed_periods(street: GovernedStreet, city: facts.City) -> int:
    """Published periods that ended after the exit's."""
    if street.observed_since is None:
        return 0
    return sum(one.version.period.ends_at > street.observed_since for one in city.months)


def is_observed_long_enough(street: GovernedStreet, city: facts.City) -> bool:
    if street.stage != Stage.OBSERVED or city.newest is None:
        return False
    return observation_over(observed_periods(street, city), city.newest.rule)


def _decided(
    street: GovernedStreet, what: Move, city: facts.City, verdict: Verdict | None, words: str, by: Viewer, now: datetime
) -> None:
    Step.objects.create(
        street=street,
        move=what,
        version=city.newest.version if city.newest else None,
        verdict=[[line.met, line.words] for line in verdict.lines] if verdict else [],
        met=verdict.met if verdict else None,
        reason=words,
        by_id=by.staff_id,
        by_name=by.name,
        at=now,
    )
