"""Who is responsible, which rules hold, and finding things by a few letters."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.rules import Duration, DurationUnit
from huiyin.domain.vocabulary import ClockKind, Grade, Span
from huiyin.registry import directory, lookup, revision, routing, rulebook
from huiyin.registry.models import Edition, Limit, Unit

pytestmark = pytest.mark.usefixtures("city")
NOW = datetime(2026, 3, 2, 9, tzinfo=CITY_ZONE)


@pytest.fixture(autouse=True)
def _afresh() -> Iterator[None]:
    yield
    directory.reset()


def street(code: str) -> int:
    found = directory.area_by_code(code)
    assert found is not None
    return found.id


def propose(code: str, street_code: str | None, text: str = "", **more: object) -> routing.UnitProposal:
    return routing.propose_unit(
        class_code=code,
        street_id=street(street_code) if street_code else None,
        district_id=more.get("district_id"),  # type: ignore[arg-type]
        request_type="complaint",
        text=text,
        at=NOW,
    )


def names(proposal: routing.UnitProposal) -> tuple[str | None, str | None]:
    unit, sub = directory.find_unit(proposal.unit_id), directory.find_unit(proposal.sub_unit_id)
    return unit and unit.short_name, sub and sub.name


CATALOGUE: tuple[tuple[str, str | None, str, tuple[str | None, str | None]], ...] = (
    ("010101", "110105026", "", ("望京街道", None)),
    ("080101", "110115012", "", ("经开区管委会", "经开区教委")),
    ("020701", "110112120", "", ("通州区政府", "通州区城市管理委")),
    ("160301", "110105026", "", ("朝阳区政府", None)),
    ("030101", "110105026", "", ("北京热力集团", None)),
    ("030101", "110119100", "", ("延庆区供热中心", None)),
    ("030201", "110105026", "", ("北京自来水集团", None)),
    ("040203", "110105026", "4号线服务态度差", ("京港地铁", None)),
    ("040203", None, "", ("北京地铁", None)),
    ("040101", None, "", ("北京公交集团", None)),
    ("090101", None, "", ("市卫生健康委", None)),
    ("220601", None, "", ("市民热线服务中心", None)),
    ("060101", "110102009", "颐和园门票", ("市公园管理中心", None)),
    ("没有此类", "110105026", "", ("朝阳区政府", None)),
)


def test_the_catalogue_names_the_unit() -> None:
    for code, street_code, text, expected in CATALOGUE:
        proposal = propose(code, street_code, text)
        assert names(proposal) == expected, code
        assert proposal.reasons


def test_a_street_matter_without_a_place_is_left_open_with_the_reason() -> None:
    proposal = propose("010101", None)

    assert proposal.unit_id is None
    assert proposal.confidence == Decimal(0)
    assert any("地点不明" in reason for reason in proposal.reasons)


def test_a_matter_in_a_zone_without_a_street_goes_to_the_district() -> None:
    proposal = propose("010101", None, district_id=street("110115"))

    assert names(proposal) == ("大兴区政府", None)


def test_every_class_finds_a_unit_in_every_district() -> None:
    codes = rulebook.taxonomy(rulebook.current(NOW).taxonomy_id)
    for district in directory.districts():
        here = directory.streets(district.id)[0]
        for code in codes:
            proposal = propose(code, here.code)
            assert proposal.unit_id is not None, (code, here.name)
            assert not any("没有" in reason for reason in proposal.reasons), (code, here.name, proposal.reasons)


def test_asking_costs_no_query_once_read(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    propose("010101", "110105026")
    rulebook.rules(rulebook.current(NOW).limits_id)
    lookup.warm()

    with django_assert_num_queries(0):
        propose("080101", "110105026")
        rulebook.rules(rulebook.current(NOW).limits_id)
        lookup.classes("wy")
        lookup.places("wj")
        lookup.units("jtw")


def test_the_rules_say_what_the_preset_says() -> None:
    rules = rulebook.rules(rulebook.current(NOW).limits_id)

    assert rules.limits[(Grade.CRITICAL, ClockKind.HANDLE)] == Duration(amount=2, unit=DurationUnit.HOUR)
    assert rules.limits[(Grade.COMPLEX, ClockKind.HANDLE)] == Duration(amount=15, unit=DurationUnit.DAY)
    assert rules.limits[(Grade.NORMAL, ClockKind.RULING)] == Duration(amount=1, unit=DurationUnit.WORKING_DAY)
    assert (Grade.CRITICAL, Span.EXTENSION) not in rules.limits
    assert rules.yellow_fraction == Decimal("0.75")
    assert rules.callback_at_due is True


def test_one_edition_is_in_force_at_a_time_and_old_cases_read_the_old_one() -> None:
    old = rulebook.current(NOW)
    change = NOW + timedelta(days=30)
    later = Edition.objects.create(
        kind="limits", number=2, effective_from=change, published_at=NOW, created_at=NOW, author_name="测试"
    )
    Limit.objects.create(edition=later, grade="normal", clock="handle", amount=5, unit="day")
    revision.forget_everything()

    assert rulebook.current(change - timedelta(seconds=1)) == old
    assert rulebook.current(change).limits_id == later.pk
    assert rulebook.current(change).taxonomy_id == old.taxonomy_id
    assert rulebook.rules(old.limits_id).limits[(Grade.NORMAL, ClockKind.HANDLE)].amount == 7


def test_a_draft_is_never_in_force() -> None:
    before = rulebook.current(NOW)
    Edition.objects.create(kind="limits", number=2, effective_from=NOW, created_at=NOW)
    revision.forget_everything()

    assert rulebook.current(NOW + timedelta(days=400)) == before


def test_a_moment_before_the_first_edition_is_judged_by_the_first() -> None:
    assert rulebook.current(datetime(2010, 1, 1, tzinfo=CITY_ZONE)) == rulebook.current(NOW)


def test_a_change_is_seen_when_the_revision_moves() -> None:
    unit = Unit.objects.get(code="M010")
    directory.unit(unit.pk)
    Unit.objects.filter(pk=unit.pk).update(name="改名")

    assert directory.unit(unit.pk).name != "改名"
    revision.renew()
    revision.look_again()
    assert directory.unit(unit.pk).name == "改名"


def test_a_unit_whose_time_is_over_is_not_proposed() -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Unit.objects.filter(code="110105026").update(valid_to=yesterday)
    revision.forget_everything()

    assert names(propose("010101", "110105026")) == ("朝阳区政府", None)
    assert all(hit.code != "110105026" for hit in lookup.units("望京"))


def test_a_subtree_holds_the_unit_and_all_below() -> None:
    district = directory.unit_by_code("110105")
    assert district is not None
    below = directory.subtree_unit_ids(district.id)

    assert district.id in below
    assert directory.unit_by_code("110105026").id in below  # type: ignore[union-attr]
    assert directory.unit_by_code("110102001").id not in below  # type: ignore[union-attr]


def test_a_class_is_found_by_the_name_of_its_branch() -> None:
    for typed in ("wyfw", "物业", "wuye", "WY", "ｗｙ", "住房 物业"):
        assert any(hit.detail == "住房 › 物业服务" for hit in lookup.classes(typed, 8)), typed


def test_a_class_is_the_first_hit_for_its_own_words() -> None:
    wanted = {
        "010101": ("010101", "bjlh"),
        "030201": ("停水", "tingshui"),
        "020701": ("井盖没了",),
        "010501": ("电梯困人",),
        "010301": ("楼上漏水怎么办",),
    }

    for code, words in wanted.items():
        assert [lookup.classes(typed)[0].code for typed in words] == [code] * len(words)


def test_a_place_is_found_with_its_street() -> None:
    wanted = {
        "望京": "望京街道",
        "wj": "望京街道",
        "110105026": "望京街道",
        "故宫": "故宫博物院",
        "gg": "故宫博物院",
        "鸟巢": "国家体育场",
        "朝阳区望京西园四区12号楼3单元": "望京西园四区",
    }

    for typed, label in wanted.items():
        hits = lookup.places(typed)
        assert label in [hit.label for hit in hits[:3]], typed
        assert all(hit.street_id for hit in hits)


def test_places_of_one_name_are_told_apart_by_their_district() -> None:
    details = {hit.detail for hit in lookup.areas("八里庄街道")}

    assert details == {"朝阳区", "海淀区"}
    assert len(lookup.areas("八里庄街道", district_id=street("110105"))) == 1


def test_a_unit_is_found_by_how_people_call_it() -> None:
    wanted = {
        "交通委": "市交通委",
        "jtw": "市交通委",
        "朝阳教委": "朝阳区教委",
        "朝阳": "朝阳区政府",
        "供热": "北京热力集团",
        "HOTLINE": "市民热线服务中心",
        "望京": "朝阳区望京街道",
    }

    assert {typed: lookup.units(typed)[0].label for typed in wanted} == wanted


def test_odd_input_finds_nothing_and_breaks_nothing() -> None:
    for typed in ("", "  ", "'", "%_", "\\", "不存在的地方名称", "🙂"):
        assert lookup.units(typed) == []
        assert lookup.areas(typed) == []
        assert lookup.classes(typed) == []
