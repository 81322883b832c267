"""Same matters are found by index, joined and split by people, and what was split is proposed no more."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.accounts.models import Post, Staff
from huiyin.accounts.viewer import Viewer, viewer_of
from huiyin.cases.models import Case
from huiyin.domain.errors import InvalidData, NotPermitted
from huiyin.domain.vocabulary import Role
from huiyin.matching import joining, selectors, sketching
from huiyin.matching.finding import similar_to, similar_to_case
from huiyin.matching.models import Apart, Entry
from huiyin.registry import directory
from tests.builders_city import NOW, STREET, People, registered

pytestmark = pytest.mark.usefixtures("city")

LIFT = "望京西园四区三号楼电梯停运两天了，老人下不了楼"
LATER = NOW + timedelta(hours=1)


def staff_with(role: Role) -> Staff:
    hotline = directory.hotline()
    assert hotline is not None
    staff = Staff.objects.create_user(username=f"{role}", name="林晓雨", staff_no=f"K-{role}")
    Post.objects.create(staff=staff, role=str(role), unit_id=hotline.id, valid_from=timezone.localdate())
    return staff


@pytest.fixture
def operator() -> Viewer:
    return viewer_of(staff_with(Role.OPERATOR))


def lift(people: People, *, phone: str, at: datetime = NOW, content: str = LIFT) -> Case:
    street = directory.area_by_code(STREET)
    assert street is not None
    case = registered(
        people, now=at, content=content, phone=phone, class_code="010502", street_id=street.id, address="3号楼"
    )
    sketching.catch_up()
    return case


def told(viewer: Viewer, *, phone: str = "19900000009", text: str = LIFT) -> list[int]:
    street = directory.area_by_code(STREET)
    assert street is not None
    found = similar_to(
        viewer=viewer, text=text, at=LATER, phone=phone, street_id=street.id, kinds={"010502": 1.0}, address="3号楼"
    )
    return [similar.case.pk for similar in found]


def test_an_open_case_like_the_one_that_is_told_is_found_with_the_reason(people: People, operator: Viewer) -> None:
    case = lift(people, phone="19900000001")
    street = directory.area_by_code(STREET)
    assert street is not None

    found = similar_to(
        viewer=operator, text=LIFT, at=LATER, phone="19900000001", street_id=street.id, kinds={"010502": 1.0}
    )

    assert [similar.case.pk for similar in found] == [case.pk]
    assert found[0].same_caller
    assert any("同一来电人" in reason for reason in found[0].reasons)


def test_finding_takes_the_same_statements_whatever_there_is(people: People, operator: Viewer) -> None:
    with CaptureQueriesContext(connection) as nothing:
        told(operator)
    for number in range(6):
        lift(people, phone=f"1990000001{number}")
    with CaptureQueriesContext(connection) as much:
        assert told(operator)

    assert len(nothing) == len(much) <= 5


def test_cases_are_joined_and_split_again_and_the_history_says_who_and_why(people: People, operator: Viewer) -> None:
    one, two, three = (lift(people, phone=f"1990000000{number}") for number in (1, 2, 3))

    matter = joining.put_together([one.pk, two.pk], viewer=operator, why="同一部电梯", now=LATER)
    joining.put_together([three.pk], viewer=operator, why="又来电", now=LATER, into=matter.pk)
    joining.split(matter.pk, [three.pk], viewer=operator, why="是另一部电梯", now=LATER)

    matter.refresh_from_db()
    assert (matter.size, matter.callers) == (2, 2)
    assert [(entry.what, entry.why) for entry in Entry.objects.order_by("id")] == [
        ("form", "同一部电梯"),
        ("join", "又来电"),
        ("split", "是另一部电梯"),
    ]
    assert {case.pk for case in selectors.cases_of(matter, operator)} == {one.pk, two.pk}


def test_what_was_split_is_proposed_no_more_until_a_person_joins_it_again(people: People, operator: Viewer) -> None:
    one, two, three = (lift(people, phone=f"1990000000{number}") for number in (1, 2, 3))
    matter = joining.put_together([one.pk, two.pk, three.pk], viewer=operator, why="", now=LATER)

    joining.split(matter.pk, [three.pk], viewer=operator, why="不是一回事", now=LATER)
    assert not similar_to_case(three, viewer=operator, at=LATER)

    joining.put_together([three.pk], viewer=operator, why="看错了", now=LATER, into=matter.pk)
    assert not Apart.objects.exists()


def test_a_matter_of_one_is_none(people: People, operator: Viewer) -> None:
    one, two = lift(people, phone="19900000001"), lift(people, phone="19900000002")
    matter = joining.put_together([one.pk, two.pk], viewer=operator, why="", now=LATER)

    left = joining.split(matter.pk, [two.pk], viewer=operator, why="不同", now=LATER)

    assert left.dissolved_at == LATER
    assert selectors.matter_of(one.pk) is None


def test_two_matters_are_not_joined_by_the_way(people: People, operator: Viewer) -> None:
    cases = [lift(people, phone=f"1990000000{number}") for number in range(4)]
    joining.put_together([cases[0].pk, cases[1].pk], viewer=operator, why="", now=LATER)
    joining.put_together([cases[2].pk, cases[3].pk], viewer=operator, why="", now=LATER)

    with pytest.raises(joining.InTwoMatters):
        joining.put_together([cases[1].pk, cases[2].pk], viewer=operator, why="", now=LATER)


def test_a_split_needs_a_reason_and_only_some_roles_may_join(people: People, operator: Viewer) -> None:
    one, two = lift(people, phone="19900000001"), lift(people, phone="19900000002")
    matter = joining.put_together([one.pk, two.pk], viewer=operator, why="", now=LATER)

    with pytest.raises(InvalidData):
        joining.split(matter.pk, [two.pk], viewer=operator, why="", now=LATER)
    with pytest.raises(NotPermitted):
        joining.put_together([one.pk, two.pk], viewer=viewer_of(staff_with(Role.EVALUATOR)), why="", now=LATER)
