"""The dispatcher's desk: pressing cases first, proposals accepted in one post, rulings; constant statements."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.accounts.models import Post, Staff
from huiyin.cases import desk
from huiyin.cases.models import Case
from huiyin.domain.actions import Action
from huiyin.domain.vocabulary import Role, Status
from huiyin.intake.registering import register_matter
from huiyin.registry import directory
from tests.builders_city import OTHER_STREET, People, registered, statement, street_unit

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def dispatcher(client: Client) -> Client:
    hotline = directory.hotline()
    assert hotline is not None
    staff = Staff.objects.create_user(username="paidan", name="派单员甲", staff_no="P001")
    Post.objects.create(staff=staff, role=str(Role.DISPATCHER), unit_id=hotline.id, valid_from=timezone.localdate())
    client.force_login(staff)
    return client


def unsure(people: People, number: int = 0) -> Case:
    """A case whose class the machine could not name surely."""
    data = statement(class_code="", phone=f"1990000{number:04d}")
    return register_matter(actor=people.operator(), data=data, now=timezone.now())


def test_pressing_cases_come_first(dispatcher: Client, people: People) -> None:
    now = timezone.now()
    registered(people, now=now, content="普通的一件事情", grade="normal")
    registered(people, now=now, content="十分紧急的事情", grade="critical")

    page = dispatcher.get("/dispatch/").content.decode()

    assert page.index("十分紧急的事情") < page.index("普通的一件事情")


def test_the_proposal_is_accepted_by_posting_the_form_as_it_is(dispatcher: Client, people: People) -> None:
    case = unsure(people)
    form = dispatcher.get(f"/dispatch/{case.case_no}/").context["form"]
    shown: dict[str, Any] = {name: bound.initial for name, bound in form.fields.items() if bound.initial}

    dispatcher.post(f"/dispatch/{case.case_no}/", {**shown, "seq": case.seq})

    case.refresh_from_db()
    assert case.status == Status.DISPATCHED
    assert case.class_code
    assert case.lead_unit_id == case.proposal["unit"]["unit_id"]


def test_proposals_are_accepted_for_many_and_the_rest_is_reported(dispatcher: Client, people: People) -> None:
    cases = [unsure(people, number) for number in range(3)]
    nowhere = register_matter(
        actor=people.operator(),
        data={"content": "hello hello", "phone": "19900009999", "channel": "web"},
        now=timezone.now(),
    )

    answer = dispatcher.post("/dispatch/accept/", {"case": [case.pk for case in [*cases, nowhere]]}, follow=True)

    assert Case.objects.filter(status=str(Status.DISPATCHED)).count() == 3
    assert "已派出3件" in answer.content.decode()
    assert "1件未派" in answer.content.decode()


def test_a_granted_return_goes_to_the_unit_that_was_suggested(dispatcher: Client, people: People) -> None:
    now = timezone.now()
    case = registered(people, now=now)
    desk.act(case.pk, Action.DISPATCH, actor=people.dispatcher(), data={"unit_id": street_unit()}, now=now)
    asked = {"reason": "不属于本辖区", "basis": "以规划道路为界", "suggested_unit_id": street_unit(OTHER_STREET)}
    later = now + timedelta(seconds=1)
    desk.act(case.pk, Action.REQUEST_RETURN, actor=people.handler(street_unit()), data=asked, now=later)
    form = dispatcher.get(f"/dispatch/{case.case_no}/?tab=returns").context["form"]

    ruling = {"granted": "yes", "unit_id": form.fields["unit_id"].initial, "reason": "经核实，同意退单"}
    dispatcher.post(f"/dispatch/{case.case_no}/?tab=returns", ruling)

    case.refresh_from_db()
    assert case.lead_unit_id == street_unit(OTHER_STREET)


def test_a_wrong_decision_is_refused_at_its_field(dispatcher: Client, people: People) -> None:
    case = unsure(people)

    answer = dispatcher.post(f"/dispatch/{case.case_no}/", {"unit_id": "999999", "seq": case.seq})

    assert answer.status_code == 422
    assert "没有这个主办单位" in answer.content.decode()


@pytest.mark.parametrize("size", [2, 20])
def test_the_queue_takes_the_same_statements_for_few_and_many(
    dispatcher: Client, people: People, django_assert_max_num_queries: Any, size: int
) -> None:
    for number in range(size):
        unsure(people, number)
    dispatcher.get("/dispatch/")

    with django_assert_max_num_queries(8):
        dispatcher.get("/dispatch/")


def test_the_list_of_keys_says_what_each_proposal_is_for(dispatcher: Client, people: People) -> None:
    page = dispatcher.get(f"/dispatch/{unsure(people).case_no}/")

    name = page.context["proposals"].classes[0].name
    assert f'data-hotkey="1" data-hotkey-label="选用分类：{name}"' in page.content.decode()


def test_a_case_registered_without_a_proposal_is_offered_what_is_proposed_now(
    dispatcher: Client, people: People
) -> None:
    case = registered(people, now=timezone.now())
    page = dispatcher.get(f"/dispatch/{case.case_no}/")

    fields = page.context["form"].fields
    dispatcher.post(f"/dispatch/{case.case_no}/", {"unit_id": fields["unit_id"].initial, "seq": case.seq})

    case.refresh_from_db()
    assert page.context["proposals"].unit != ""
    assert case.lead_unit_id == fields["unit_id"].initial


def test_a_version_that_is_no_number_is_refused_in_words(dispatcher: Client, people: People) -> None:
    case = unsure(people)

    answer = dispatcher.post(f"/dispatch/{case.case_no}/", {"seq": "abc"})

    assert answer.status_code == 422
    assert "请刷新后再操作" in answer.content.decode()
