"""The unit that is proposed for a matter, and why."""

from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.domain.dispatch import (
    CONFIDENCE,
    PLACE_UNKNOWN,
    CatalogueRow,
    ClassDefault,
    Match,
    Matter,
    Proposal,
    first_match,
    in_order,
    propose,
)
from huiyin.domain.vocabulary import RequestType, UnitKind

HOTLINE, TRANSPORT, WATER, HEAT_A, HEAT_B = 1, 2, 3, 4, 5
DISTRICT, BUREAU, STREET, COMMUNITY = 10, 11, 12, 13
DISTRICT_AREA, STREET_AREA, ZONE_DISTRICT_AREA = 100, 101, 200
TO_STREET = ClassDefault(unit_kind=UnitKind.STREET, label="保洁")


@dataclass
class City:
    """A small city: one district with a street, a bureau and a community; a second district without anything."""

    departments: dict[str, int] = field(default_factory=lambda: {"市交通委": TRANSPORT})
    companies: dict[str, tuple[int, ...]] = field(
        default_factory=lambda: {"自来水": (WATER,), "供热": (HEAT_A, HEAT_B)}
    )

    def hotline(self) -> int | None:
        return HOTLINE

    def street_unit(self, area_id: int) -> int | None:
        return STREET if area_id == STREET_AREA else None

    def district_unit(self, area_id: int) -> int | None:
        return {DISTRICT_AREA: DISTRICT, ZONE_DISTRICT_AREA: 20}.get(area_id)

    def bureau(self, district_id: int, name: str) -> int | None:
        return BUREAU if (district_id, name) == (DISTRICT_AREA, "区教委") else None

    def municipal(self, name: str) -> int | None:
        return self.departments.get(name)

    def enterprises(self, name: str, area_ids: tuple[int, ...]) -> tuple[int, ...]:
        return self.companies.get(name, ())

    def parent_unit(self, unit_id: int) -> int | None:
        return {BUREAU: DISTRICT, COMMUNITY: STREET}.get(unit_id)

    def name_of(self, unit_id: int) -> str:
        return f"单位{unit_id}"


def matter(
    code: str = "010101", *, street: bool = True, district: bool = True, text: str = "", **more: object
) -> Matter:
    return Matter(
        class_code=code,
        text=text,
        street_id=STREET_AREA if street else None,
        district_id=DISTRICT_AREA if district else None,
        **more,  # type: ignore[arg-type]
    )


def rule(kind: UnitKind, name: str = "", *, priority: int = 100, **more: object) -> CatalogueRow:
    return CatalogueRow(priority=priority, target_kind=kind, target_name=name, **more)  # type: ignore[arg-type]


def proposed(
    about: Matter, *rows: CatalogueRow, default: ClassDefault | None = None, city: City | None = None
) -> Proposal:
    return propose(about, catalogue=in_order(rows), default=default, jurisdiction=city or City())


def test_a_street_matter_goes_to_the_street_of_the_place() -> None:
    found = proposed(matter(), rule(UnitKind.STREET, class_prefix="0101", note="物业由街道办理"))

    assert (found.unit_id, found.basis) == (STREET, Match.GROUP)
    assert any("物业由街道办理" in reason for reason in found.reasons)


def test_a_bureau_receives_through_its_district() -> None:
    found = proposed(matter("080101"), rule(UnitKind.DISTRICT_GOV, "区教委", class_prefix="080101"))

    assert (found.unit_id, found.sub_unit_id, found.basis) == (DISTRICT, BUREAU, Match.LEAF)


def test_a_district_without_that_bureau_still_receives() -> None:
    found = proposed(matter(), rule(UnitKind.DISTRICT_GOV, "区文物局"))

    assert (found.unit_id, found.sub_unit_id) == (DISTRICT, None)
    assert any("没有“区文物局”" in reason for reason in found.reasons)


def test_a_bureau_named_by_a_rule_receives_through_its_district() -> None:
    found = proposed(matter(), rule(UnitKind.DISTRICT_BUREAU, target_unit_id=BUREAU))

    assert (found.unit_id, found.sub_unit_id, found.basis) == (DISTRICT, BUREAU, Match.NAMED_UNIT)


def test_a_word_in_the_text_can_decide() -> None:
    rows = (
        rule(UnitKind.MUNICIPAL_DEPT, "市交通委", class_prefix="0402", words=("4号线",), priority=10),
        rule(UnitKind.PUBLIC_ENTERPRISE, "自来水", class_prefix="0402"),
    )

    with_word = proposed(matter("040203", text="4号线的服务态度"), *rows)
    without = proposed(matter("040203", text="服务态度"), *rows)

    assert (with_word.unit_id, with_word.basis) == (TRANSPORT, Match.WORD)
    assert without.unit_id == WATER


@pytest.mark.parametrize(
    ("wins", "loses"),
    [
        (rule(UnitKind.STREET, priority=1), rule(UnitKind.HOTLINE, priority=2, class_prefix="010101")),
        (rule(UnitKind.STREET, class_prefix="010101"), rule(UnitKind.HOTLINE, class_prefix="0101")),
        (rule(UnitKind.STREET, class_prefix="0101"), rule(UnitKind.HOTLINE)),
        (rule(UnitKind.STREET, area_id=STREET_AREA), rule(UnitKind.HOTLINE)),
        (rule(UnitKind.STREET, area_id=DISTRICT_AREA), rule(UnitKind.HOTLINE)),
        (rule(UnitKind.STREET, words=("脏",)), rule(UnitKind.HOTLINE)),
        (rule(UnitKind.STREET, request_type=RequestType.COMPLAINT), rule(UnitKind.HOTLINE)),
    ],
)
def test_priority_counts_first_then_the_rule_that_says_more(wins: CatalogueRow, loses: CatalogueRow) -> None:
    about = matter(text="楼道脏", request_type=RequestType.COMPLAINT)

    assert first_match(in_order((loses, wins)), about) is wins


@pytest.mark.parametrize(
    "row",
    [
        rule(UnitKind.HOTLINE, class_prefix="02"),
        rule(UnitKind.HOTLINE, area_id=999),
        rule(UnitKind.HOTLINE, words=("停电",)),
        rule(UnitKind.HOTLINE, request_type=RequestType.PRAISE),
    ],
)
def test_a_rule_whose_condition_fails_is_passed_over(row: CatalogueRow) -> None:
    found = proposed(matter(request_type=RequestType.HELP), row, default=TO_STREET)

    assert (found.unit_id, found.basis) == (STREET, Match.CLASS_DEFAULT)


def test_what_needs_a_street_falls_to_the_district_when_only_the_district_is_known() -> None:
    found = proposed(matter(street=False), rule(UnitKind.STREET, class_prefix="0101"))

    assert (found.unit_id, found.basis) == (DISTRICT, Match.FALLBACK)


def test_a_street_matter_without_any_place_is_left_to_a_person() -> None:
    found = proposed(matter(street=False, district=False), rule(UnitKind.STREET))

    assert (found.unit_id, found.confidence) == (None, Decimal(0))
    assert PLACE_UNKNOWN in found.reasons


def test_a_department_needs_no_place() -> None:
    found = proposed(matter(street=False, district=False), rule(UnitKind.MUNICIPAL_DEPT, "市交通委"))

    assert found.unit_id == TRANSPORT


def test_one_of_several_companies_is_proposed_with_less_confidence() -> None:
    several = proposed(matter("030101"), rule(UnitKind.PUBLIC_ENTERPRISE, "供热", class_prefix="0301"))
    nowhere = proposed(matter("030101", street=False, district=False), rule(UnitKind.PUBLIC_ENTERPRISE, "供热"))

    assert (several.unit_id, several.basis) == (HEAT_A, Match.ONE_OF_SEVERAL)
    assert (nowhere.unit_id, nowhere.basis) == (HEAT_A, Match.COMPANY_WITHOUT_PLACE)
    assert several.confidence < CONFIDENCE[Match.GROUP]


def test_a_rule_for_a_department_that_does_not_exist_gives_way_to_the_class() -> None:
    found = proposed(matter(), rule(UnitKind.MUNICIPAL_DEPT, "市无此委"), default=TO_STREET)

    assert (found.unit_id, found.basis) == (STREET, Match.CLASS_DEFAULT)
    assert any("市无此委" in reason for reason in found.reasons)


def test_an_unknown_class_falls_to_the_district() -> None:
    found = proposed(matter(""))

    assert (found.unit_id, found.basis) == (DISTRICT, Match.FALLBACK)


_rows = st.builds(
    CatalogueRow,
    priority=st.integers(0, 3),
    target_kind=st.sampled_from(list(UnitKind)),
    class_prefix=st.sampled_from(["", "01", "0101", "010101", "02"]),
    area_id=st.sampled_from([None, STREET_AREA, DISTRICT_AREA, ZONE_DISTRICT_AREA]),
    request_type=st.sampled_from([None, RequestType.HELP, RequestType.COMPLAINT]),
    words=st.sampled_from([(), ("水",), ("电", "气")]),
    target_name=st.sampled_from(["", "区教委", "市交通委", "自来水", "供热", "没有"]),
    target_unit_id=st.sampled_from([None, None, BUREAU, COMMUNITY, STREET]),
)
_defaults = st.none() | st.builds(
    ClassDefault,
    unit_kind=st.sampled_from(list(UnitKind)),
    department=st.sampled_from(["", "市交通委", "没有", "区教委"]),
)
_matters = st.builds(
    Matter,
    class_code=st.sampled_from(["", "010101", "010202", "020101"]),
    request_type=st.sampled_from([None, *RequestType]),
    text=st.sampled_from(["", "没水", "停电停气"]),
    street_id=st.sampled_from([None, STREET_AREA]),
    district_id=st.sampled_from([None, DISTRICT_AREA, ZONE_DISTRICT_AREA]),
)


@given(_matters, st.lists(_rows, max_size=6), _defaults)
def test_a_known_place_always_yields_a_unit_and_a_reason(
    about: Matter, rows: list[CatalogueRow], default: ClassDefault | None
) -> None:
    found = propose(about, catalogue=in_order(rows), default=default, jurisdiction=City())

    assert found.reasons
    assert found.confidence == CONFIDENCE[found.basis]
    assert (found.unit_id is None) == (found.basis is Match.NONE)
    if about.street_id or about.district_id:
        assert found.unit_id is not None
    if found.unit_id is None:
        assert PLACE_UNKNOWN in found.reasons


@given(_matters, st.lists(_rows, max_size=6), _defaults)
def test_a_bureau_or_community_never_receives_directly(
    about: Matter, rows: list[CatalogueRow], default: ClassDefault | None
) -> None:
    found = propose(about, catalogue=in_order(rows), default=default, jurisdiction=City())

    assert found.unit_id not in (BUREAU, COMMUNITY)
    assert found.sub_unit_id in (None, BUREAU, COMMUNITY)
