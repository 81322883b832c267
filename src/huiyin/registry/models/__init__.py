"""Who, where and what: areas, units, dated editions of the rules, calendar, places, and the history of every edit."""

from huiyin.registry.models.editions import (
    CaseClass,
    CatalogueRule,
    Edition,
    EditionKind,
    Limit,
    Parameter,
    Reason,
    ReasonKind,
)
from huiyin.registry.models.history import RegistryChange, Revision
from huiyin.registry.models.places import Area, CalendarDay, PlaceKind, PlaceName
from huiyin.registry.models.units import ServiceArea, Unit

__all__ = [
    "Area",
    "CalendarDay",
    "CaseClass",
    "CatalogueRule",
    "Edition",
    "EditionKind",
    "Limit",
    "Parameter",
    "PlaceKind",
    "PlaceName",
    "Reason",
    "ReasonKind",
    "RegistryChange",
    "Revision",
    "ServiceArea",
    "Unit",
]
