"""Many callers about one point within minutes make the next case more urgent, and the reason is said."""

from datetime import timedelta

import pytest

from huiyin.domain.vocabulary import Grade
from huiyin.intake.crowds import propose_with_crowd
from huiyin.intake.registering import known_of, register_matter
from huiyin.matching import sketching
from huiyin.registry import directory
from tests.builders_city import NOW, STREET, People, statement

pytestmark = pytest.mark.usefixtures("city")


def told(number: int) -> dict[str, object]:
    street = directory.area_by_code(STREET)
    assert street is not None
    community = directory.communities(street.id)[0]
    phone = f"1990000{number:04}"
    return statement(request_type="complaint", phone=phone, community_id=community.id, street_id=street.id)


def test_the_fifth_caller_within_half_an_hour_raises_the_grade(people: People) -> None:
    for number in range(4):
        register_matter(actor=people.operator(), data=told(number), now=NOW + timedelta(minutes=number))
    sketching.catch_up()

    fifth = propose_with_crowd(known_of(told(5)), at=NOW + timedelta(minutes=10))
    much_later = propose_with_crowd(known_of(told(5)), at=NOW + timedelta(hours=3))

    assert fifth.grade.grade is Grade.URGENT
    assert "5 人" in fifth.grade.reasons[0]
    assert much_later.grade.grade is Grade.NORMAL


def test_one_caller_who_calls_five_times_is_no_crowd(people: People) -> None:
    for minute in range(5):
        register_matter(actor=people.operator(), data=told(1), now=NOW + timedelta(minutes=minute))
    sketching.catch_up()

    assert propose_with_crowd(known_of(told(2)), at=NOW + timedelta(minutes=10)).grade.grade is Grade.NORMAL
