"""What a unit is to a place: its street, its district, or itself; so that one model serves all 343 streets."""

from collections.abc import Mapping

STREET, DISTRICT = "street", "district"  # roles; any other role is a unit's own code


def role_of(unit: str, *, street_unit: str | None, district_unit: str | None) -> str:
    """The role in which `unit` acts at a place whose street and district have these units."""
    if unit == street_unit:
        return STREET
    return DISTRICT if unit == district_unit else unit


def units_of(
    roles: Mapping[str, float], *, street_unit: int | None, district_unit: int | None, by_code: Mapping[str, int]
) -> dict[int, float]:
    """Probabilities by unit at a place; roles without a unit there fall away."""
    found: dict[int, float] = {}
    for role, share in roles.items():
        unit_id = {STREET: street_unit, DISTRICT: district_unit}.get(role, by_code.get(role))
        if unit_id is not None:
            found[unit_id] = found.get(unit_id, 0.0) + share
    return found
