"""Words for the numbers that a case keeps: units, areas and classes from the registry's cache, people by one query."""

from collections.abc import Iterable, Mapping

from huiyin.accounts.models import Staff
from huiyin.cases.models import Case
from huiyin.registry import directory, rulebook

UNCLASSIFIED = "未分类"


def unit_name(unit_id: int | None) -> str:
    info = directory.units().get(unit_id) if unit_id else None
    return info.short_name if info else ""


def area_name(area_id: int | None) -> str:
    info = directory.areas().get(area_id) if area_id else None
    return info.short_name if info else ""


def place_of(case: Case) -> str:
    """区 街道 社区, as far as known."""
    parts = [area_name(area_id) for area_id in (case.district_id, case.street_id, case.community_id)]
    return " ".join(part for part in parts if part)


def whole_place(place: str, address: str) -> str:
    """Areas and address in one line; what the address says again is said once."""
    areas = [part for part in place.split(" ") if part and part not in address]
    return " ".join(part for part in (*areas, address) if part)


def class_path(edition_id: int, code: str) -> str:
    info = rulebook.taxonomy(edition_id).get(code)
    return info.path if info else UNCLASSIFIED


def class_leaf(edition_id: int, code: str) -> str:
    info = rulebook.taxonomy(edition_id).get(code)
    return info.level3 if info else UNCLASSIFIED


def staff_names(staff_ids: Iterable[int | None]) -> Mapping[int, str]:
    wanted = {staff_id for staff_id in staff_ids if staff_id}
    return dict(Staff.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
