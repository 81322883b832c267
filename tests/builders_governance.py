"""Published months with figures as wished, without a case behind them: for tests of governed streets and talks."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from huiyin.accounts.viewer import Viewer
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.categories import Category
from huiyin.domain.vocabulary import Role
from huiyin.evaluation import periods
from huiyin.evaluation.models import Period, UnitResult, Version
from huiyin.evaluation.vocabulary import Group, Stage
from huiyin.governance import governing
from huiyin.governance.models import GovernedStreet, Residents
from huiyin.registry import directory
from tests.builders_city import OTHER_STREET, street_unit
from tests.builders_evaluation import staff, staff_of, street_staff

NEWEST = (2026, 6)
NOW = datetime(2026, 6, 25, 10, tzinfo=CITY_ZONE)
WHY = "群众诉求集中，需市级统筹治理"


def evaluator() -> Viewer:
    return staff(1, Role.EVALUATOR)


def leader() -> Viewer:
    return staff(2, Role.LEADER)


def head(unit_id: int | None = None) -> Viewer:
    return street_staff() if unit_id is None else staff_of(directory.unit(unit_id), 78, Role.UNIT_HEAD)


def district_head() -> Viewer:
    government = directory.district_unit(directory.unit(street_unit()).district_id or 0)
    assert government is not None
    return staff_of(government, 79, Role.UNIT_HEAD)


def period(back: int = 0) -> Period:
    """The newest one, or so many months before it."""
    year, month = divmod(NEWEST[0] * 12 + NEWEST[1] - 1 - back, 12)
    ends = datetime(year, month + 1, 19, tzinfo=CITY_ZONE)
    begins = datetime(*((year - 1, 12) if month == 0 else (year, month)), 19, tzinfo=CITY_ZONE)
    made, _ = Period.objects.get_or_create(
        code=f"{year}-{month + 1:02}", defaults={"year": year, "month": month + 1, "begins_at": begins, "ends_at": ends}
    )
    return made


def published(
    back: int = 0,
    *,
    volumes: Mapping[int, int] | None = None,
    solved: Mapping[int, int] | None = None,
    rectified: Sequence[int] = (),
    stage: Stage = Stage.PUBLISHED,
) -> Version:
    """Volumes by street (none given: one case at the tests' own); half of up to 20 callbacks good unless `solved`."""
    of = period(back)
    volumes = {street_unit(): 1} if volumes is None else volumes
    number = 1 + max(of.versions.values_list("number", flat=True), default=0)
    version = Version.objects.create(
        period=of,
        number=number,
        stage=Stage.DRAFTED,
        scheme_edition_id=periods.rules_at(of.begins_at)[0],
        as_of=of.ends_at,
        drafted_at=of.ends_at,
    )
    sums: dict[int, UnitResult] = {}
    for unit_id, volume in volumes.items():
        row = _result(version, Group.STREET, unit_id, volume, (solved or {}).get(unit_id))
        row.categories = [str(Category.RECTIFY)] if unit_id in rectified else []
        row.save()
        government = directory.district_unit(directory.unit(unit_id).district_id or 0)
        assert government is not None
        total = sums.setdefault(government.id, UnitResult(version=version, group=Group.DISTRICT, unit_id=government.id))
        for name in ("volume", "valid", "contacted", "solved", "satisfied"):
            setattr(total, name, getattr(total, name) + getattr(row, name))
    UnitResult.objects.bulk_create(sums.values())
    if stage is Stage.PUBLISHED:
        version.stage, version.digest, version.frozen_at = Stage.FROZEN, f"{version.pk:064}", of.ends_at
        version.save()
        version.stage, version.published_at = Stage.PUBLISHED, of.ends_at + timedelta(days=1)
        version.save()
    return version


def two_years(*, volumes: Mapping[int, int], before: Mapping[int, int] | None = None) -> None:
    """24 published months: the last year with `volumes`, the one before with `before`."""
    for back in range(24):
        published(back, volumes=volumes if back < 12 else before or volumes)


def others(first: int = 100) -> dict[int, int]:
    """Volumes of 31 other streets, the first one the largest: whoever has less lies outside the first thirty."""
    own = {street_unit(), street_unit(OTHER_STREET)}
    streets = [unit for area in directory.streets() if (unit := directory.street_unit(area.id)) and unit.id not in own]
    return {unit.id: first + 31 - at for at, unit in enumerate(streets[:31])}


def residents(unit_id: int, **by_year: int) -> None:
    """`residents(unit, y2026=200_000)`."""
    for name, count in by_year.items():
        Residents.objects.create(
            unit_id=unit_id,
            year=int(name[1:]),
            count=count,
            source="统计年鉴",
            written_by="考评员",
            written_at=NOW,
        )


def governed(unit_id: int | None = None) -> GovernedStreet:
    return governing.enter(unit_id or street_unit(), reason=WHY, by=evaluator(), now=NOW)


def _result(version: Version, group: Group, unit_id: int, volume: int, solved: int | None) -> UnitResult:
    valid = min(20, volume)
    good = valid // 2 if solved is None else solved
    return UnitResult(
        version=version,
        group=group,
        unit_id=unit_id,
        volume=volume,
        valid=valid,
        contacted=valid,
        solved=good,
        satisfied=good,
    )
