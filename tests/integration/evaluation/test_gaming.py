"""Signs of gaming: each counted exactly, held against the group, looked at by people, and unseen by the units."""

from datetime import timedelta
from typing import Any

import pytest

from huiyin.accounts.models import Post, Staff
from huiyin.cases import desk
from huiyin.cases.models import Case
from huiyin.domain.actions import Action
from huiyin.domain.case import Actor
from huiyin.domain.errors import InvalidData, NotPermitted
from huiyin.domain.vocabulary import ActorKind, Role
from huiyin.evaluation import exclusions, gaming, signs
from huiyin.evaluation.models import Suspicion, Version
from huiyin.evaluation.vocabulary import ExclusionKind
from tests import builders_evaluation as evaluation
from tests.builders_city import NOW, OTHER_STREET, People, dispatched, registered, replied, street_unit
from tests.integration.intake.test_console import signed_in


@pytest.fixture
def people(city: None) -> People:
    return People()


def counted(sign: str, version: Version | None = None) -> tuple[int, int]:
    found = signs.count(version or evaluation.drafted())[sign].get(street_unit(), signs.Sign())
    return found.hits, found.trials


def by_page(case: Case, *, after: timedelta) -> Case:
    """The citizen judges on the page, so long after the reply."""
    assert case.feedback_hotline_at is not None
    citizen = Actor(kind=ActorKind.CITIZEN, requester_id=case.requester_id)
    answers = {"contacted": True, "solved": True, "satisfaction": "satisfied"}
    return desk.act(case.pk, Action.RECORD_CALLBACK, actor=citizen, data=answers, now=case.feedback_hotline_at + after)


def test_a_caller_who_calls_again_about_the_same_after_the_reply(people: People) -> None:
    evaluation.judged(people, phone="19900000001")
    evaluation.judged(people, phone="19900000002", answers=evaluation.BAD)
    for phone, days in (("19900000001", 3), ("19900000002", 3)):
        registered(people, phone=phone, now=NOW + timedelta(days=days))
    registered(people, phone="19900000003", now=NOW)
    version = evaluation.drafted()

    assert counted("called_again", version) == (2, 2)
    assert counted("pleased_but_calling", version) == (1, 1)


def test_calling_about_something_else_or_before_the_reply_is_not_calling_again(people: People) -> None:
    evaluation.judged(people, phone="19900000001")
    registered(people, phone="19900000001", now=NOW + timedelta(minutes=5))
    registered(people, phone="19900000001", now=NOW + timedelta(days=3), class_code="050101")

    assert counted("called_again") == (0, 1)


def test_replies_that_differ_only_in_digits_and_signs_are_copies(people: People) -> None:
    for number in range(3):
        evaluation.judged(people, phone=f"1990000000{number}")

    assert counted("copied_replies") == (3, 3)


def test_a_rating_within_minutes_of_the_reply_is_hasty(people: People) -> None:
    by_page(replied(people, phone="19900000001"), after=timedelta(minutes=3))
    by_page(replied(people, phone="19900000002"), after=timedelta(hours=3))
    evaluation.judged(people, phone="19900000003")

    assert counted("hasty_ratings") == (1, 3)


def test_a_rating_from_a_number_of_the_units_own_people(people: People) -> None:
    staff = Staff.objects.create(username="own", name="街道人员", phone="199-0000-0001")
    Post.objects.create(staff=staff, role=str(Role.HANDLER), unit_id=street_unit(), valid_from=NOW.date())
    evaluation.judged(people, phone="19900000001")
    evaluation.judged(people, phone="19900000002")
    evaluation.judged(people, phone="19900000001", unit_id=street_unit(OTHER_STREET))

    assert counted("own_numbers") == (1, 2)


def test_applications_count_whatever_became_of_them(people: People) -> None:
    asked = dispatched(people, phone="19900000001")
    dispatched(people, phone="19900000002")
    exclusions.apply(
        asked.pk,
        kind=ExclusionKind.EXCLUSION,
        reason_code="01",
        grounds="现场未发现",
        by=evaluation.street_staff(),
        now=NOW + timedelta(hours=1),
    )

    assert counted("excluded") == (1, 2)


def test_a_reply_in_the_last_part_of_the_limit(people: People) -> None:
    assert counted("at_the_limit", _with_one_reply(people)) == (0, 1)
    Case.objects.update(due_at=Case.objects.get().feedback_hotline_at + timedelta(minutes=1))

    assert counted("at_the_limit", Version.objects.get()) == (1, 1)


def _with_one_reply(people: People) -> Version:
    evaluation.judged(people)
    return evaluation.drafted()


def test_a_person_looks_once_and_a_new_count_keeps_the_finding(people: People) -> None:
    evaluation.judged(people)
    version = evaluation.drafted()
    gaming.look(version)
    row = Suspicion.objects.get(group="street", unit_id=street_unit())
    auditor = evaluation.staff(5, Role.AUDITOR)
    with pytest.raises(NotPermitted):
        gaming.find(row.pk, confirmed=False, finding="正常波动", by=evaluation.street_staff(), now=NOW)
    with pytest.raises(InvalidData):
        gaming.find(row.pk, confirmed=False, finding="好", by=auditor, now=NOW)
    gaming.find(row.pk, confirmed=False, finding="抽查未见异常", by=auditor, now=NOW)
    with pytest.raises(gaming.AlreadyFound):
        gaming.find(row.pk, confirmed=True, finding="再想想看", by=auditor, now=NOW)

    gaming.look(version)

    assert Suspicion.objects.get(group="street", unit_id=street_unit()).finding == "抽查未见异常"


def test_the_pages_open_signs_and_cases_for_who_looks_and_stay_closed_to_units(people: People) -> None:
    for number in range(2):
        evaluation.judged(people, phone=f"1990000000{number}")
    version = evaluation.published()
    gaming.look(version)
    Suspicion.objects.filter(group="street", unit_id=street_unit()).update(
        flagged=True, reasons=[["copied_replies", "答复雷同：2/2 件"]]
    )
    row = Suspicion.objects.get(group="street", unit_id=street_unit())
    here = f"/evaluation/suspicions/{row.pk}/"
    evaluator = signed_in(Role.EVALUATOR)
    unit = signed_in(Role.UNIT_HEAD, unit_id=street_unit())

    assert here in text(evaluator.get("/evaluation/suspicions/"))
    assert f"{here}cases/copied_replies/" in text(evaluator.get(here))
    assert len(evaluator.get(f"{here}cases/copied_replies/").context["rows"]) == 2
    assert evaluator.get(f"{here}cases/nothing/").status_code == 404
    card = f"/evaluation/{version.period.code}/street/{street_unit()}/"
    assert here in text(evaluator.get(card))
    assert here not in text(unit.get(card))
    assert [unit.get(path).status_code for path in ("/evaluation/suspicions/", here)] == [403, 403]
    for finding in ("", "长" * 401, "答复雷同\x00"):
        assert evaluator.post(here, {"verdict": "yes", "finding": finding}).status_code == 422
    assert evaluator.post(here, {"verdict": "yes", "finding": "答复雷同，转督办"}).status_code == 302
    row.refresh_from_db()
    assert row.confirmed is True


def text(answer: Any) -> str:
    return str(answer.content.decode())
