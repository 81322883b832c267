"""A small town with people in it: units of each kind, and staff with posts who can sign in."""

from datetime import date
from itertools import count

from django.db import transaction

from huiyin.accounts.models import Post, Staff
from huiyin.domain.vocabulary import AreaKind, Role, UnitKind
from huiyin.registry import directory
from huiyin.registry.models import Area, Unit

PASSWORD = "spring-river-42"
_SINCE = date(2020, 1, 1)
_numbers = count(1)


@transaction.atomic
def build_town() -> dict[str, Unit]:
    """hotline; district with bureau and street (with community); far: another district with a street; department."""
    areas = {code: _area(code) for code in ("D1", "D2")}
    units: dict[str, Unit] = {}
    for code, kind, parent, area in (
        ("hotline", UnitKind.HOTLINE, None, None),
        ("district", UnitKind.DISTRICT_GOV, None, "D1"),
        ("bureau", UnitKind.DISTRICT_BUREAU, "district", "D1"),
        ("street", UnitKind.STREET, "district", "D1"),
        ("community", UnitKind.COMMUNITY, "street", "D1"),
        ("far", UnitKind.DISTRICT_GOV, None, "D2"),
        ("far_street", UnitKind.STREET, "far", "D2"),
        ("department", UnitKind.MUNICIPAL_DEPT, None, None),
    ):
        made = {
            "name": f"{kind.label}{code}",
            "short_name": f"{kind.label}{code}",
            "kind": kind.value,
            "parent": units.get(parent or ""),
            "district": areas.get(area or ""),
            "area": areas.get(area or ""),
            "valid_from": _SINCE,
        }
        # The preset city may stand in the database (tests/city.py); its hotline then is the town's.
        units[code], _ = Unit.objects.update_or_create(code=code.upper(), defaults=made)
    directory.reset()
    return units


def make_staff(unit: Unit | None, *roles: Role, name: str = "李明", username: str = "", demo: bool = False) -> Staff:
    number = next(_numbers)
    staff = Staff(username=username or f"staff{number}", name=name, staff_no=f"T{number:05d}", demo=demo)
    staff.set_password(PASSWORD)
    staff.save()
    for role in roles:
        give_post(staff, unit, role, is_main=role == roles[0])
    return staff


def give_post(
    staff: Staff, unit: Unit | None, role: Role, *, is_main: bool = False, valid_to: date | None = None
) -> Post:
    return Post.objects.create(
        staff=staff, unit=unit, role=role.value, is_main=is_main, valid_from=_SINCE, valid_to=valid_to
    )


def _area(code: str) -> Area:
    return Area.objects.create(
        code=code, name=f"{code}区", short_name=code, kind=AreaKind.DISTRICT.value, valid_from=_SINCE
    )
