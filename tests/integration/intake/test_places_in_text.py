"""The product's one call for places: ids of the registry, candidates where it asks, no query once it is warm."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.intake.places_in_text import propose_place
from huiyin.registry import directory

pytestmark = pytest.mark.usefixtures("city")


def _id(code: str) -> int:
    area = directory.area_by_code(code)
    assert area is not None
    return area.id


def test_an_estate_leads_to_its_street_community_and_building() -> None:
    found = propose_place("我住昌平区霍营小区3号楼2单元501，没暖气")

    assert (found.street_id, found.community_id) == (_id("110114010"), _id("110114010005"))
    assert found.district_id == _id("110114")
    assert found.surely
    assert found.confidence > 0.9
    assert found.address.as_text() == "3号楼2单元501室"
    assert any("霍营小区" in reason for reason in found.reasons)


def test_a_shared_name_is_asked_with_candidates() -> None:
    found = propose_place("向阳社区门口垃圾没人清")

    assert found.ask
    assert not found.surely
    assert found.street_id is None
    assert len(found.candidates) > 1
    assert all(candidate.street_id for candidate in found.candidates)


def test_what_a_person_chose_narrows() -> None:
    assert propose_place("向阳社区门口", within=_id("110109001")).street_id == _id("110109001")


def test_text_without_a_place_asks_nothing() -> None:
    found = propose_place("咨询社保怎么补缴")

    assert not found.ask
    assert found.candidates == ()


def test_a_road_through_several_streets_has_a_row_in_each() -> None:
    found = propose_place("广顺北大街路面塌陷")

    assert {candidate.street_id for candidate in found.candidates} == {_id("110105026"), _id("110105043")}
    assert found.ask


def test_the_development_area_governs_its_two_streets() -> None:
    assert propose_place("荣华街道天华园一里停水").district_id == _id("110190")


def test_a_warm_process_asks_the_database_nothing() -> None:
    propose_place("霍营小区")

    with CaptureQueriesContext(
        connection,
    ) as queries:
        propose_place("望京西园四区停水")

    assert len(queries) <= 1  # the registry's revision, every few seconds
