"""People for every unit of the demo city, so that each event names somebody who exists. They cannot sign in."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction

from huiyin.accounts.models import Post, Staff
from huiyin.domain.vocabulary import Role, UnitKind
from huiyin.ops.demo.people import make_person
from huiyin.ops.demo.world import Crew, World
from huiyin.registry import directory

_SINCE = date(2020, 1, 1)
_AT_HOTLINE = {Role.OPERATOR: 24, Role.DISPATCHER: 6, Role.CALLBACK_AGENT: 10}
_AT_UNIT = {Role.HANDLER: 2, Role.UNIT_HEAD: 1}


@transaction.atomic
def hire(world: World) -> Crew:
    """Makes who is missing; the same people again for the same seed and registry."""
    wanted = {f"sim-{unit.code}-{role}-{number}": (unit, role) for unit, role, number in _posts()}
    there = set(Staff.objects.filter(username__startswith="sim-").values_list("username", flat=True))
    nobody = make_password(None)
    new = [name for name in wanted if name not in there]
    staff = Staff.objects.bulk_create(
        [
            Staff(
                username=username,
                name=make_person(world.dice("staff", username))[0],
                staff_no=f"S{username[4:]}"[:32],
                password=nobody,
            )
            for username in new
        ]
    )
    Post.objects.bulk_create(
        [
            Post(staff=person, role=str(wanted[person.username][1]), unit_id=wanted[person.username][0].id,
                 is_main=True, valid_from=_SINCE)
            for person in staff
        ]
    )  # fmt: skip
    return read_crew()


def give_numbers(numbers: Iterable[tuple[int, str]]) -> None:
    """Telephone numbers for people of these units, one each."""
    posts: dict[int, list[int]] = {}
    held = Post.objects.filter(staff__username__startswith="sim-", valid_to__isnull=True).order_by("staff__username")
    for unit_id, staff_id in held.values_list("unit_id", "staff_id"):
        posts.setdefault(unit_id, []).append(staff_id)
    for unit_id, phone in numbers:
        if posts.get(unit_id):
            Staff.objects.filter(pk=posts[unit_id].pop(0)).update(phone=phone)


def read_crew() -> Crew:
    crew: dict[tuple[int, Role], list[tuple[int, str]]] = {}
    posts = Post.objects.filter(staff__username__startswith="sim-", valid_to__isnull=True).order_by("staff__username")
    for unit_id, role, staff_id, name in posts.values_list("unit_id", "role", "staff_id", "staff__name"):
        crew.setdefault((unit_id, Role(role)), []).append((staff_id, name))
    return Crew(by_unit=crew)


def _posts() -> Iterator[tuple[directory.UnitInfo, Role, int]]:
    """Communities have no people of their own here: thousands of them would work on a case or two."""
    for unit in directory.units().values():
        if unit.kind is UnitKind.COMMUNITY:
            continue
        for role, count in (_AT_HOTLINE if unit.kind is UnitKind.HOTLINE else _AT_UNIT).items():
            for number in range(count):
                yield unit, role, number
