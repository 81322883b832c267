"""Reads cases whose true unit is known: words, place fields, and what to keep apart when learning from them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.vocabulary import AreaKind, RequestType
from huiyin.intake.places_in_text import propose_place
from huiyin.nlp.unit_role import role_of
from huiyin.registry import directory
from huiyin.tables.columns import read_columns
from huiyin.tables.reading import BadFile

_OPTIONAL = (
    *("id", "time", "title", "address", "district_code", "street_code", "community_code", "district", "street"),
    *("community", "class_code", "chosen_class", "request_type", "template", "fold"),
)
_WITHOUT_TIME = datetime(2026, 1, 1, tzinfo=UTC)  # rows without times keep their order, a minute apart


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteCase:
    """One decided case. Ids are the registry's; `role` is what the true unit is to the place."""

    number: int
    at: datetime
    text: str
    district_id: int | None
    street_id: int | None
    community_id: int | None
    sure_of_place: float  # 1 where fields say it
    unit_id: int
    role: str
    class_code: str  # the true class; empty where the file does not know it
    chosen_class: str  # what an operator chose, right or wrong; empty where nobody did
    request_type: RequestType | None
    template: str  # cases of one template are near copies of each other
    fold: str  # cases of one fold share their phrases with no other


def read_cases(path: Path, *, folds: int) -> list[RouteCase]:
    """In order of time. Raises BadFile for missing columns and for units that the registry does not know."""
    rows = read_columns(path, ["text", "unit"], optional=_OPTIONAL)
    unknown = Counter(row["unit"] for row in rows if _unit_id(row["unit"]) is None)
    if unknown:
        shown = "、".join(f"{name or '（空）'}×{count}" for name, count in unknown.most_common(5))
        raise BadFile(f"登记簿中没有这些单位：{shown}")
    cases = [_case(number, row, folds) for number, row in enumerate(rows)]
    return sorted(cases, key=lambda case: (case.at, case.number))


def _case(number: int, row: Mapping[str, str], folds: int) -> RouteCase:
    text = " ".join(part for part in (row.get("title", ""), row["text"]) if part)
    district_id, street_id, community_id = _fields(row)
    sure = 1.0
    if street_id is None:
        found = propose_place(f"{text} {row.get('address', '')}")
        sure = found.confidence if found.street_id else 1.0
        street_id, community_id = found.street_id, found.community_id
        district_id = found.district_id or district_id
    unit_id = _unit_id(row["unit"])
    assert unit_id is not None
    raw_type = row.get("request_type", "")
    return RouteCase(
        number=number,
        at=_time(row.get("time", ""), number),
        text=text,
        district_id=district_id,
        street_id=street_id,
        community_id=community_id,
        sure_of_place=sure,
        unit_id=unit_id,
        role=_role(unit_id, street_id, district_id),
        class_code=row.get("class_code", ""),
        chosen_class=row.get("chosen_class", ""),
        request_type=RequestType(raw_type) if raw_type in set(RequestType) else None,
        template=row.get("template") or str(number),
        fold=row.get("fold") or row.get("template") or str(number % folds),
    )


def _fields(row: Mapping[str, str]) -> tuple[int | None, int | None, int | None]:
    """Codes first, then names inside what is known already."""
    district = _area(row, "district", directory.districts())
    street = _area(row, "street", directory.streets(district.id if district else None))
    community = _area(row, "community", directory.communities(street.id) if street else ())
    if street is None and community is not None:
        street = directory.street_of(community.id)
    district_id = street.district_id if street else district.id if district else None
    return district_id, street.id if street else None, community.id if community else None


def _area(row: Mapping[str, str], name: str, among: Sequence[directory.AreaInfo]) -> directory.AreaInfo | None:
    code, said = row.get(f"{name}_code", ""), row.get(name, "")
    found = directory.area_by_code(code) if code else None
    if found is not None and (name != "street" or found.kind is AreaKind.STREET):
        return found
    same = [area for area in among if said and said in (area.name, area.short_name)]
    return same[0] if len(same) == 1 else None


def _unit_id(said: str) -> int | None:
    unit = directory.unit_by_code(said)
    if unit is None and said:
        same = [one for one in directory.units().values() if said in (one.name, one.short_name)]
        unit = same[0] if len(same) == 1 else None
    return unit.id if unit else None


def _role(unit_id: int, street_id: int | None, district_id: int | None) -> str:
    street = directory.street_unit(street_id) if street_id else None
    district = directory.district_unit(district_id) if district_id else None
    return role_of(
        directory.unit(unit_id).code,
        street_unit=street.code if street else None,
        district_unit=district.code if district else None,
    )


def _time(text: str, number: int) -> datetime:
    if not text:
        return _WITHOUT_TIME + timedelta(minutes=number)
    try:
        found = datetime.fromisoformat(text)
    except ValueError as exc:
        raise BadFile(f"第 {number + 2} 行的时间无法识别：{text}（应为 2026-01-31 08:30:00）") from exc
    return found if found.tzinfo else found.replace(tzinfo=CITY_ZONE)
