"""Which lines packs are made for, in what order, and who is above whom among them."""

from huiyin.evaluation import figuring, selectors
from huiyin.evaluation.vocabulary import GROUP_OF, Group
from huiyin.registry import directory

Key = tuple[Group, int]
# How a unit of each list is counted and called in a sentence.
CALLED = {Group.DISTRICT: "个区", Group.STREET: "个街道（乡镇）", Group.DEPARTMENT: "个部门", Group.COMPANY: "家企业"}


def lines() -> dict[Key, tuple[int, ...]]:
    """Every line that is ranked, districts first, each by code, with the lead units that it adds up."""
    order = list(Group)
    found = figuring.lines()
    keys = sorted(found, key=lambda key: (order.index(key[0]), directory.unit(key[1]).code))
    return {key: found[key] for key in keys}


def streets_of(government_id: int) -> tuple[int, ...]:
    """The streets below a district's line."""
    district_id = directory.unit(government_id).district_id
    streets = (unit for unit in directory.units().values() if GROUP_OF.get(unit.kind) is Group.STREET)
    return tuple(unit.id for unit in streets if district_id is not None and unit.district_id == district_id)


def name_of(group: Group, unit_id: int) -> str:
    """A district is called by its own name, not by its government's."""
    return selectors.name_of(group, directory.unit(unit_id))


def district_of(group: Group, unit_id: int) -> int | None:
    """The area of the district that a pack belongs to; city departments and companies belong to none."""
    return directory.unit(unit_id).district_id if group in (Group.DISTRICT, Group.STREET) else None
