"""Which cases somebody may see: own unit and below, own district, or the city; confidential ones fewer still."""

from django.db.models import Q

from huiyin.accounts.viewer import Viewer
from huiyin.domain.vocabulary import Role

_HOTLINE_ROLES = frozenset({Role.OPERATOR, Role.DISPATCHER, Role.CALLBACK_AGENT, Role.AUDITOR, Role.EVALUATOR})


def visible_to(viewer: Viewer) -> Q:
    """A filter for cases. 协办 units see the cases they help with."""
    return _scope(viewer) & (Q() if sees_confidential(viewer) else _open_to(viewer))


def sees_confidential(viewer: Viewer) -> bool:
    """保密件: the hotline's own desks; leaders and analysts see the city without them."""
    return viewer.sees == "city" and bool(viewer.roles & _HOTLINE_ROLES)


def _scope(viewer: Viewer) -> Q:
    if viewer.sees == "city":
        return Q()
    units = sorted(viewer.unit_ids)
    own = Q(lead_unit_id__in=units) | Q(sub_unit_id__in=units) | Q(co_unit_ids__overlap=units)
    return own | Q(district_id=viewer.district_id) if viewer.sees == "district" else own


def _open_to(viewer: Viewer) -> Q:
    """Of confidential cases a unit's people see only those that their very own unit handles."""
    handled_here = Q(lead_unit_id=viewer.unit_id) | Q(sub_unit_id=viewer.unit_id)
    return Q(confidential=False) | (handled_here if viewer.sees != "city" else Q(pk__in=[]))
