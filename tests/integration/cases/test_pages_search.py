"""The search: by number, caller, place, unit, class, time; only what may be seen, and no phone number in an address."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.cases import desk, numbers
from huiyin.domain.actions import Action
from huiyin.domain.vocabulary import Role
from huiyin.registry import directory
from tests.builders_city import OTHER_STREET, People, dispatched, registered, street_unit

pytestmark = pytest.mark.usefixtures("city")
SEARCH = "/cases/"


def found(client: Client, **asked: object) -> list[str]:
    return [row.case.case_no for row in client.get(SEARCH, asked).context["rows"]]


def test_a_whole_number_leads_to_its_case_however_it_is_typed(dispatcher: Client, people: People) -> None:
    case = registered(people, now=timezone.now())

    for typed in (case.case_no, numbers.grouped(case.case_no), f" {case.case_no[:6]} {case.case_no[6:]} "):
        answer = dispatcher.get(SEARCH, {"number": typed})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/cases/{case.case_no}/")


def test_a_caller_is_found_by_the_full_number_which_no_address_holds(dispatcher: Client, people: People) -> None:
    mine = registered(people, now=timezone.now(), phone="19900001111")
    registered(people, now=timezone.now(), phone="19900002222")

    answer = dispatcher.post(SEARCH, {"phone": "199 0000 1111", "status": "all"})
    address = answer.headers["Location"]

    assert "19900001111" not in address
    rows = dispatcher.get(address).context["rows"]
    assert [row.case.case_no for row in rows] == [mine.case_no]


def test_a_wrong_phone_is_refused_at_its_field_and_a_forged_token_finds_nothing(
    dispatcher: Client, people: People
) -> None:
    registered(people, now=timezone.now())

    answer = dispatcher.post(SEARCH, {"phone": "12ab", "grade": "normal"})

    assert answer.status_code == 422
    assert "联系电话格式不对" in answer.content.decode()
    assert answer.context["sought"].grade == "normal"
    assert found(dispatcher, caller="forged") == []


def test_every_criterion_narrows(dispatcher: Client, people: People) -> None:
    now = timezone.now()
    other = directory.area_by_code(OTHER_STREET)
    assert other is not None
    plain = registered(people, now=now)
    away = registered(people, now=now, street_id=other.id)
    urgent = registered(people, now=now, grade="urgent", channel="web", class_code="020101")
    old = registered(people, now=now - timedelta(days=9))
    sent = dispatched(people, now=now)
    desk.act(sent.pk, Action.SUPERVISE, actor=people.dispatcher(), data={"note": "请抓紧办理"}, now=timezone.now())
    today = f"{timezone.localtime(now):%Y-%m-%d}"

    assert found(dispatcher, area=other.id) == [away.case_no]
    assert found(dispatcher, grade="urgent") == [urgent.case_no]
    assert found(dispatcher, channel="web") == [urgent.case_no]
    assert found(dispatcher, **{"class": "0201"}) == [urgent.case_no]
    assert found(dispatcher, unit=street_unit()) == [sent.case_no]
    assert found(dispatcher, status="dispatched") == [sent.case_no]
    assert found(dispatcher, supervised="1") == [sent.case_no]
    assert old.case_no not in found(dispatcher, first=today, last=today)
    assert set(found(dispatcher, number=plain.case_no[:6])) >= {plain.case_no, away.case_no}
    assert len(found(dispatcher)) == 5


def test_finished_cases_are_found_when_asked_for(dispatcher: Client, people: People) -> None:
    case = registered(people, now=timezone.now())
    desk.act(case.pk, Action.CANCEL, actor=people.operator(), data={"reason": "误登记"}, now=timezone.now())

    assert found(dispatcher) == []
    assert found(dispatcher, status="finished") == found(dispatcher, status="all") == [case.case_no]


def test_a_unit_finds_its_own_cases_only_and_reads_masked_words(handler: Client, people: People) -> None:
    own = dispatched(people, now=timezone.now(), content="电话19900001234的王先生家501室漏水")
    dispatched(people, now=timezone.now(), unit_id=street_unit(OTHER_STREET))

    answer = handler.get(SEARCH)

    assert [row.case.case_no for row in answer.context["rows"]] == [own.case_no]
    assert "19900001234" not in answer.content.decode()
    assert "501室" not in answer.content.decode()


def test_confidential_cases_stay_with_those_who_handle_them(
    sign_in: Callable[..., Client], handler: Client, people: People
) -> None:
    case = dispatched(people, now=timezone.now(), confidential=True)
    hotline = directory.hotline()
    assert hotline is not None
    assert case.district_id is not None
    district = directory.district_unit(case.district_id)
    assert district is not None

    assert found(handler) == [case.case_no]
    assert found(sign_in(district.id, Role.UNIT_HEAD)) == []
    assert found(sign_in(hotline.id, Role.ANALYST)) == []
    assert found(sign_in(hotline.id, Role.DISPATCHER)) == [case.case_no]


def test_pages_follow_each_other_without_gap_or_double(dispatcher: Client, people: People) -> None:
    now = timezone.now()
    every = [registered(people, now=now - timedelta(seconds=number)) for number in range(53)]

    first = dispatcher.get(SEARCH, {"grade": "normal"})
    second = dispatcher.get(first.context["next_url"])
    seen = [row.case.case_no for answer in (first, second) for row in answer.context["rows"]]

    assert seen == [case.case_no for case in every]
    assert second.context["next_url"] == ""
    assert "grade=normal" in first.context["next_url"]


def test_a_type_ahead_offers_units_areas_classes_and_similar_cases(dispatcher: Client, people: People) -> None:
    case, alike = registered(people, now=timezone.now()), registered(people, now=timezone.now())

    def offered(what: str, **asked: str) -> list[dict[str, object]]:
        return dispatcher.get(f"/cases/options/{what}/", asked).json()["results"]  # type: ignore[no-any-return]

    assert offered("units", q="朝阳区")
    assert offered("areas", q="建外", kind="street")
    assert offered("classes", q="供暖") or offered("classes", q="暖")
    assert [option["id"] for option in offered("cases", **{"for": case.case_no, "q": ""})] == [alike.pk]
    assert offered("units", q="", below=str(street_unit()))
    assert dispatcher.get("/cases/options/nothing/").status_code == 404


def test_the_search_costs_the_same_for_any_number_of_rows(
    dispatcher: Client, people: People, django_assert_num_queries: Callable[..., object]
) -> None:
    registered(people, now=timezone.now())
    dispatcher.get(SEARCH)
    with django_assert_num_queries(5):
        dispatcher.get(SEARCH)
    for _ in range(20):
        registered(people, now=timezone.now())

    with django_assert_num_queries(5):
        assert len(found(dispatcher)) == 21
