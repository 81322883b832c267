"""Every channel's one action: the unsaid is proposed, the sure dispatched, the unsure waits for a person."""

import pytest

from huiyin.cases import journal
from huiyin.domain.vocabulary import Grade, RequestType, Status
from huiyin.intake.places_in_text import propose_place
from huiyin.intake.proposing import Known, propose
from huiyin.intake.registering import register_matter
from huiyin.registry import directory
from tests.builders_city import NOW, STREET, People, statement, street_unit

pytestmark = pytest.mark.usefixtures("city")


def test_a_sure_case_goes_to_its_street_in_the_same_transaction(people: People) -> None:
    case = register_matter(actor=people.operator(), data=statement(), now=NOW)

    assert case.status == Status.DISPATCHED
    assert case.lead_unit_id == street_unit()
    dispatched = journal.of_case(case.pk)[1]
    assert dispatched.actor_kind == "system"
    assert dispatched.reason


def test_a_case_without_class_or_place_waits_for_the_dispatcher_with_proposals(people: People) -> None:
    data = {"content": "楼道里堆满杂物，物业一直不清理", "phone": "19900001234", "channel": "web"}

    case = register_matter(actor=people.operator(), data=data, now=NOW)

    assert case.status == Status.RECEIVED
    assert case.proposal["classes"]
    assert case.proposal["automatic"] is False


def test_text_without_any_known_word_is_registered_all_the_same(people: People) -> None:
    data = {"content": "hello 🙂 hello", "phone": "19900001234", "channel": "web"}

    case = register_matter(actor=people.operator(), data=data, now=NOW)

    assert (case.status, case.class_code) == (Status.RECEIVED, "")


def test_a_consultation_waits_for_an_answer_at_the_hotline(people: People) -> None:
    data = statement(request_type="consultation", class_code="010103")

    assert register_matter(actor=people.operator(), data=data, now=NOW).status == Status.RECEIVED


def test_danger_raises_the_grade_and_says_why() -> None:
    found = propose(Known(text="厨房燃气漏气，味道很大", class_code="010101"), at=NOW)

    assert found.grade.grade is Grade.CRITICAL
    assert "漏气" in found.grade.reasons[0]


def test_what_a_person_has_set_is_not_proposed_over(people: People) -> None:
    data = statement(content="厨房燃气漏气，味道很大", grade="normal", request_type="suggestion")

    case = register_matter(actor=people.operator(), data=data, now=NOW)

    assert (case.grade, case.request_type) == (Grade.NORMAL, RequestType.SUGGESTION)


def test_a_street_named_outright_is_found_and_a_shared_name_is_left_open() -> None:
    street = directory.area_by_code(STREET)
    assert street is not None

    assert propose_place(f"住在{street.name}，垃圾没人清").street_id == street.id
    assert propose_place("我们社区门口垃圾没人清").street_id is None
