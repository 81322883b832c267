"""Cases with an answer of the citizen, and people who close periods: for tests of the evaluation."""

from datetime import UTC, datetime, timedelta

from huiyin.accounts.viewer import Viewer
from huiyin.cases import desk
from huiyin.cases.models import Case
from huiyin.domain.actions import Action
from huiyin.domain.vocabulary import Role, UnitKind
from huiyin.evaluation import closing, periods
from huiyin.evaluation.models import Period, Version
from huiyin.registry import directory
from huiyin.registry.directory import UnitInfo
from tests.builders_city import NOW, People, replied, street_unit

GOOD = {"reached": True, "contacted": True, "solved": True, "satisfaction": "satisfied"}
BAD = {"reached": True, "contacted": True, "solved": False, "satisfaction": "unsatisfied"}
AFTER = datetime(2026, 6, 19, 2, 0, tzinfo=UTC)  # the morning after the period that NOW lies in


def judged(
    people: People,
    *,
    now: datetime = NOW,
    at: datetime | None = None,
    answers: dict[str, object] = GOOD,
    **changes: object,
) -> Case:
    """Registered and answered at `now`, called back at `at` (a day later)."""
    case = replied(people, now=now, **changes)
    return asked(people, case, at=at or now + timedelta(days=1), answers=answers)


def asked(people: People, case: Case, *, at: datetime, answers: dict[str, object]) -> Case:
    return desk.act(case.pk, Action.RECORD_CALLBACK, actor=people.callback_agent(), data=answers, now=at)


def staff(number: int = 1, *roles: Role) -> Viewer:
    """Somebody of the hotline, without an account."""
    unit = directory.hotline()
    assert unit is not None
    return Viewer(
        staff_id=number,
        name=f"考评员{number}",
        roles=frozenset(roles or {Role.EVALUATOR}),
        unit_id=unit.id,
        unit_name=unit.name,
        unit_kind=UnitKind.HOTLINE,
        district_id=None,
        sees="city",
        unit_ids=frozenset({unit.id}),
        posted_unit_ids=(unit.id,),
    )


def street_staff(*roles: Role) -> Viewer:
    return staff_of(directory.unit(street_unit()), 77, *(roles or (Role.UNIT_HEAD,)))


def staff_of(unit: UnitInfo, number: int, *roles: Role) -> Viewer:
    """Somebody of a street or of a district's government, without an account."""
    return Viewer(
        staff_id=number,
        name=f"{unit.short_name}人员",
        roles=frozenset(roles),
        unit_id=unit.id,
        unit_name=unit.name,
        unit_kind=unit.kind,
        district_id=unit.district_id,
        sees="district" if unit.kind == UnitKind.DISTRICT_GOV else "unit",
        unit_ids=directory.subtree_unit_ids(unit.id),
        posted_unit_ids=(unit.id,),
    )


def june() -> Period:
    return periods.period_at(NOW)


def drafted(period: Period | None = None, *, now: datetime = AFTER) -> Version:
    return closing.draft(period or june(), by=staff(1), now=now)


def frozen(period: Period | None = None, *, now: datetime = AFTER) -> Version:
    version = drafted(period, now=now)
    version = closing.review(version, by=staff(2), note="已核对", now=now)
    return closing.freeze(version, by=staff(1), now=now)


def published(period: Period | None = None, *, now: datetime = AFTER) -> Version:
    return closing.publish(frozen(period, now=now), by=staff(1), now=now)
