"""Decides about governed streets: entry, exit, return, end; and keeps their plans, measures and residents."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.db import IntegrityError, transaction

from huiyin.accounts.viewer import Viewer
from huiyin.domain.errors import DomainError, InvalidData, NotPermitted
from huiyin.domain.exclusions import reason_given
from huiyin.domain.governed import Verdict, observation_over
from huiyin.domain.vocabulary import Role, UnitKind
from huiyin.evaluation import periods
from huiyin.governance import facts
from huiyin.governance.models import GovernedStreet, Measure, Residents, Step
from huiyin.governance.vocabulary import MOVES, Move, Stage
from huiyin.registry import directory

_DECIDE = frozenset({Role.EVALUATOR, Role.LEADER})
_PLAN = frozenset({Role.UNIT_HEAD, Role.LEADER})
_MOST_RESIDENTS = 5_000_000


class AlreadyGoverned(DomainError):
    """这个街乡镇已在治理或观察中。"""

    code = "already_governed"


class NotNow(DomainError):
    """街乡镇目前的状态不能做这一步，请刷新查看。"""

    code = "not_now"


def may_decide(viewer: Viewer) -> bool:
    return viewer.sees == "city" and viewer.has(*_DECIDE)


def may_plan(viewer: Viewer, street: GovernedStreet) -> bool:
    """The street's own head, and its district's."""
    own = viewer.unit_id == street.unit_id and viewer.has(*_PLAN)
    above = viewer.sees == "district" and viewer.district_id == street.district_id and viewer.has(*_PLAN)
    return (own or above) and street.stage != Stage.ENDED


@transaction.atomic
def enter(unit_id: int, *, reason: str, by: Viewer, now: datetime) -> GovernedStreet:
    """纳入治理: the verdict of the newest published month is kept beside the decision, met or not."""
    _decides(by)
    unit = directory.find_unit(unit_id)
    if unit is None or unit.kind is not UnitKind.STREET or unit.district_id is None:
        raise InvalidData({"unit_id": "请选择街道或乡镇"})
    words = reason_given(reason)
    city = facts.read_city()
    try:
        with transaction.atomic():
            street = GovernedStreet.objects.create(unit_id=unit_id, district_id=unit.district_id, entered_at=now)
    except IntegrityError as exc:
        raise AlreadyGoverned from exc
    _step(street, Move.ENTER, city, facts.entry_of(city, unit_id), words, by, now)
    return street


@transaction.atomic
def move(street_id: int, what: Move, *, reason: str, by: Viewer, now: datetime) -> GovernedStreet:
    """退出、重新纳入 or 结束; a note is anybody's who plans or decides."""
    street = GovernedStreet.objects.select_for_update().get(pk=street_id)
    words = reason_given(reason)
    if what is Move.NOTE:
        if not (may_decide(by) or may_plan(by, street)):
            raise NotPermitted("由本街乡镇、所属区或市级考评人员填写")
        Step.objects.create(street=street, move=what, reason=words, by_id=by.staff_id, by_name=by.name, at=now)
        return street
    _decides(by)
    before, after = MOVES[what]
    if before is None or street.stage != before:
        raise NotNow
    city = facts.read_city()
    if what is Move.END and not is_observed_long_enough(street, city):
        raise NotNow("观察期未满，不能结束。")
    verdict = (
        facts.entry_of(city, street.unit_id)
        if what is Move.RETURN
        else facts.exit_of(city, street, list(street.measures.all()))
    )
    street.stage = after
    street.observed_since = city.newest.version.period.ends_at if what is Move.EXIT and city.newest else now
    street.save(update_fields=["stage", "observed_since"])
    _step(street, what, city, verdict, words, by, now)
    return street


def is_observed_long_enough(street: GovernedStreet, city: facts.City) -> bool:
    """Published periods that ended after the exit's."""
    if street.observed_since is None or city.newest is None:
        return False
    since = sum(one.version.period.ends_at > street.observed_since for one in city.months)
    return observation_over(since, periods.rules_of(city.newest.version.scheme_edition_id).governed)


def plan(
    street_id: int,
    *,
    text: str,
    resolution: str,
    satisfaction: str,
    volume: str,
    by: Viewer,
    now: datetime,
) -> GovernedStreet:
    """治理方案 with its target line. Percentages from 0 to 100, the volume in cases a period."""
    with transaction.atomic():
        street = GovernedStreet.objects.select_for_update().get(pk=street_id)
        _plans(by, street)
        errors: dict[str, str] = {}
        shares = {
            name: _percent(name, raw, errors)
            for name, raw in (("target_resolution", resolution), ("target_satisfaction", satisfaction))
        }
        cases = _whole("target_volume", volume, errors)
        if len(text.strip()) < 10:
            errors["plan"] = "请写明治理方案，至少 10 个字"
        if errors:
            raise InvalidData(errors)
        street.plan, street.planned_by, street.planned_at = text.strip(), by.name, now
        street.target_resolution, street.target_satisfaction = (
            shares["target_resolution"],
            shares["target_satisfaction"],
        )
        street.target_volume = cases
        street.save()
    return street


def add_measure(street_id: int, *, title: str, owner: str, due: date | None, by: Viewer, now: datetime) -> Measure:
    street = GovernedStreet.objects.get(pk=street_id)
    _plans(by, street)
    errors = {
        name: words
        for name, wrong, words in (
            ("title", not 2 <= len(title.strip()) <= 120, "请写明治理项目，2 到 120 个字"),
            ("owner", not 2 <= len(owner.strip()) <= 60, "请写明责任单位或责任人"),
            ("due", due is None, "请选择完成期限"),
        )
        if wrong
    }
    if errors:
        raise InvalidData(errors)
    return Measure.objects.create(
        street=street, title=title.strip(), owner=owner.strip(), due=due, written_by=by.name, written_at=now
    )


@transaction.atomic
def settle_measure(measure_id: int, *, done: bool, words: str, by: Viewer, now: datetime) -> Measure:
    """Done with what shows it, or dropped with the reason; once."""
    found = Measure.objects.select_for_update().select_related("street").get(pk=measure_id)
    _plans(by, found.street)
    if found.done_at is not None or found.dropped_at is not None:
        raise NotNow("这个项目刚刚已经办结或取消。")
    told = reason_given(words, "words")
    if done:
        found.done_at, found.done_by, found.evidence = now, by.name, told[:400]
    else:
        found.dropped_at, found.dropped_why = now, told[:200]
    found.save()
    return found


def write_residents(unit_id: int, *, year: str, count: str, source: str, by: Viewer, now: datetime) -> Residents:
    _decides(by)
    errors: dict[str, str] = {}
    when, people = _whole("year", year, errors), _whole("count", count, errors)
    if when is not None and not 2000 <= when <= now.year:
        errors["year"] = "请填写年份，如 2025"
    if people is not None and not 0 < people <= _MOST_RESIDENTS:
        errors["count"] = "请填写常住人口数"
    for name, value in (("year", when), ("count", people)):
        if value is None:
            errors.setdefault(name, "请填写整数")
    if len(source.strip()) < 2:
        errors["source"] = "请写明数据来源"
    if errors:
        raise InvalidData(errors)
    kept, _ = Residents.objects.update_or_create(
        unit_id=unit_id,
        year=when,
        defaults={"count": people, "source": source.strip()[:120], "written_by": by.name, "written_at": now},
    )
    return kept


def _step(
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


def _decides(by: Viewer) -> None:
    if not may_decide(by):
        raise NotPermitted("由市级考评人员或领导决定")


def _plans(by: Viewer, street: GovernedStreet) -> None:
    if not may_plan(by, street):
        raise NotPermitted("由本街乡镇负责人或所属区填写")


def _percent(name: str, raw: str, errors: dict[str, str]) -> Decimal | None:
    if not raw.strip():
        return None
    try:
        value = Decimal(raw.strip().rstrip("%％"))
    except InvalidOperation:
        errors[name] = "请填写 0 到 100 之间的数"
        return None
    if not (value.is_finite() and 0 <= value <= 100):
        errors[name] = "请填写 0 到 100 之间的数"
        return None
    return round(value, 2)


def _whole(name: str, raw: str, errors: dict[str, str]) -> int | None:
    text = raw.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        errors[name] = "请填写整数"
        return None
    return int(text)
