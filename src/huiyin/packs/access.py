"""Whose packs somebody may see and make: the city's leading roles all, a district its own and below, a unit its own."""

from django.db.models import Q

from huiyin.accounts.viewer import Viewer
from huiyin.domain.errors import DomainError
from huiyin.domain.vocabulary import Role
from huiyin.evaluation.vocabulary import Group
from huiyin.packs.standing import Key, district_of

_CITY = frozenset({Role.LEADER, Role.EVALUATOR, Role.ANALYST, Role.AUDITOR})
_MAKERS = frozenset({Role.LEADER, Role.EVALUATOR, Role.ANALYST, Role.UNIT_HEAD})
_DISTRICT = frozenset({Role.LEADER, Role.UNIT_HEAD})
_UNIT = frozenset({Role.LEADER, Role.UNIT_HEAD, Role.HANDLER})
READERS = tuple(sorted(_CITY | _UNIT))
MAKERS = tuple(sorted(_MAKERS))


class MayNotMake(DomainError):
    """您的岗位不能制作这个单位的点评会材料。"""

    code = "may_not_make_pack"


def visible(viewer: Viewer) -> Q:
    """A filter for packs."""
    if viewer.sees == "city":
        return Q() if viewer.has(*_CITY) else Q(pk__in=[])
    if viewer.sees == "district" and viewer.has(*_DISTRICT):
        return Q(district_id=viewer.district_id) | Q(unit_id=viewer.unit_id)
    return Q(unit_id=viewer.unit_id) if viewer.has(*_UNIT) else Q(pk__in=[])


def sees_line(viewer: Viewer, key: Key) -> bool:
    """The same of a unit that has no pack yet."""
    group, unit_id = key
    if viewer.sees == "city":
        return viewer.has(*_CITY)
    if unit_id == viewer.unit_id:
        return viewer.has(*_UNIT)
    if viewer.sees != "district" or not viewer.has(*_DISTRICT):
        return False
    return group in (Group.DISTRICT, Group.STREET) and district_of(group, unit_id) == viewer.district_id


def makes(viewer: Viewer, key: Key) -> bool:
    return viewer.has(*_MAKERS) and sees_line(viewer, key)


def makes_all(viewer: Viewer) -> bool:
    """Whether all packs of the city may be asked for at once."""
    return viewer.sees == "city" and viewer.has(*_MAKERS)
