"""Who sees and who does what: the city decides and its analysts and auditors read along, a district sees its own
streets, a street sees and plans its own."""

from django.db.models import Q

from huiyin.accounts.viewer import Viewer
from huiyin.domain.errors import NotPermitted
from huiyin.domain.vocabulary import Role, UnitKind
from huiyin.governance.models import GovernedStreet
from huiyin.governance.vocabulary import Stage
from huiyin.registry import directory

DECIDERS = frozenset({Role.EVALUATOR, Role.LEADER})
_ONLOOKERS = frozenset({Role.ANALYST, Role.AUDITOR})  # of the city: read what is decided, decide nothing
_HEADS = frozenset({Role.UNIT_HEAD, Role.LEADER})  # of a district
READERS = (Role.EVALUATOR, Role.LEADER, Role.UNIT_HEAD, Role.ANALYST, Role.AUDITOR)


def decides(viewer: Viewer) -> bool:
    return viewer.sees == "city" and viewer.has(*DECIDERS)


def reads_city(viewer: Viewer) -> bool:
    return viewer.sees == "city" and viewer.has(*DECIDERS, *_ONLOOKERS)


def plans(viewer: Viewer, street: GovernedStreet) -> bool:
    """The street's own head, until governance has ended."""
    return _heads_street(viewer) and viewer.unit_id == street.unit_id and street.stage != Stage.ENDED


def notes(viewer: Viewer, street: GovernedStreet) -> bool:
    return street.stage != Stage.ENDED and (decides(viewer) or plans(viewer, street))


def visible_streets(viewer: Viewer) -> Q:
    if reads_city(viewer):
        return Q()
    if viewer.sees == "district" and viewer.has(*_HEADS):
        return Q(district_id=viewer.district_id)
    return Q(unit_id=viewer.unit_id) if _heads_street(viewer) else Q(pk__in=[])


def visible_talks(viewer: Viewer) -> Q:
    """A unit's head sees what the unit itself was called to, a district's also what its streets were."""
    if reads_city(viewer):
        return Q()
    if viewer.sees == "district" and viewer.has(*_HEADS):
        return Q(unit_id__in=[viewer.unit_id, *_streets_of(viewer.district_id)])
    return Q(unit_id=viewer.unit_id) if viewer.has(Role.UNIT_HEAD) and viewer.sees == "unit" else Q(pk__in=[])


def require_decider(viewer: Viewer) -> None:
    if not decides(viewer):
        raise NotPermitted("由市级考评人员或领导决定")


def require_planner(viewer: Viewer, street: GovernedStreet) -> None:
    if not plans(viewer, street):
        raise NotPermitted("由本街乡镇负责人填写；已退出治理的不再修改")


def _heads_street(viewer: Viewer) -> bool:
    return viewer.unit_kind is UnitKind.STREET and viewer.has(Role.UNIT_HEAD)


def _streets_of(district_id: int | None) -> list[int]:
    return [
        unit.id
        for unit in directory.units().values()
        if district_id is not None and unit.district_id == district_id and unit.kind is UnitKind.STREET
    ]
