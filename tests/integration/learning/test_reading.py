"""What people decided becomes labels, what came of proposals becomes outcomes: once, however often it is read."""

from datetime import timedelta
from typing import Any

import pytest

from huiyin.cases import desk, journal
from huiyin.cases.models import Case
from huiyin.domain.actions import Action
from huiyin.domain.case import Actor
from huiyin.learning import labelling, reading
from huiyin.learning.models import Kind, LabelledCase, Outcome, Source
from tests.builders_city import NOW, OTHER_STREET, People, registered, replied, statement, street_unit
from tests.integration.learning.conftest import LIGHT, NOISE, copies

pytestmark = pytest.mark.usefixtures("city")
LATER = NOW + timedelta(hours=1)


def proposed(unit_id: int, class_code: str = LIGHT) -> dict[str, Any]:
    return {
        "classes": [{"code": class_code, "confidence": 0.8, "reasons": []}],
        "unit": {"unit_id": unit_id, "share": 0.7},
        "confidence": 0.93,
        "model": 3,
    }


def sent_by_machine(people: People, **changes: object) -> Case:
    unit = street_unit()
    step = desk.Step(action=Action.DISPATCH, data={"unit_id": unit}, actor=Actor.system())
    return desk.register(
        actor=people.operator(), data=statement(**changes), now=NOW, then=[step], proposal=proposed(unit)
    )


def returned(people: People, case: Case, *, granted: bool) -> None:
    owner = people.handler(street_unit())
    basis = {"reason": "不属于本单位职责", "basis": "职责清单第三项"}
    desk.act(case.pk, Action.REQUEST_RETURN, actor=owner, data=basis, now=LATER)
    ruling: dict[str, object] = {"granted": granted, "reason": "经核实职责"}
    if granted:
        ruling["unit_id"] = street_unit(OTHER_STREET)
    desk.act(case.pk, Action.RULE_RETURN, actor=people.dispatcher(), data=ruling, now=LATER)


def label(case: Case, kind: Kind) -> LabelledCase | None:
    return LabelledCase.objects.filter(case=case, kind=kind).first()


def test_a_correction_is_a_label_at_once_and_reading_twice_adds_nothing(people: People) -> None:
    case = sent_by_machine(people)
    data = {"class_code": NOISE, "grade": "urgent", "reason": "来电人说的是噪音"}
    desk.act(case.pk, Action.CORRECT, actor=people.dispatcher(), data=data, now=LATER)

    for _time in range(2):
        reading.read(journal.of_case(case.pk))

    found = LabelledCase.objects.get(case=case, kind=Kind.CLASS)
    assert (found.proposed, found.final, found.source) == (LIGHT, NOISE, Source.CORRECTION)
    assert found.by_staff_id == 1
    assert LabelledCase.objects.get(case=case, kind=Kind.GRADE).final == "urgent"
    assert Outcome.objects.filter(case=case).count() == 1


def test_what_an_operator_took_counts_once_the_case_was_answered(people: People) -> None:
    waiting = registered(people, class_code=NOISE)
    answered = replied(people, class_code=NOISE, phone="19900001235")

    reading.read_cases([waiting.pk, answered.pk], now=NOW)

    assert label(waiting, Kind.CLASS) is None
    assert label(answered, Kind.CLASS).source == Source.OPERATOR


def test_a_granted_return_proves_the_machine_wrong_and_a_denied_one_right(people: People) -> None:
    wrong, right = sent_by_machine(people), sent_by_machine(people, phone="19900001235")
    returned(people, wrong, granted=True)
    returned(people, right, granted=False)

    reading.read_cases([wrong.pk, right.pk], now=LATER)

    found = {outcome.case_id: outcome for outcome in Outcome.objects.all()}
    assert (found[wrong.pk].automatic, found[wrong.pk].unit_right) == (True, False)
    assert found[wrong.pk].unit_id == street_unit(OTHER_STREET)
    assert found[right.pk].unit_right is True
    assert {label(case, Kind.UNIT).source for case in (wrong, right)} == {Source.RULING}


def test_a_dispatch_is_neither_right_nor_wrong_until_something_came_of_it(people: People) -> None:
    case = sent_by_machine(people)

    reading.read_cases([case.pk], now=LATER)

    found = Outcome.objects.get(case=case)
    assert (found.unit_right, found.class_right, found.decided_at) == (None, None, None)
    assert (found.confidence, found.share, found.model) == (0.93, 0.7, 3)


def test_reading_again_touches_only_what_changed(people: People) -> None:
    case = sent_by_machine(people)
    reading.read_cases([case.pk], now=NOW)

    reading.read_cases([case.pk], now=LATER)
    unchanged = Outcome.objects.get(case=case).changed_at
    returned(people, case, granted=True)
    reading.read_cases([case.pk], now=LATER)

    assert unchanged == NOW
    assert Outcome.objects.get(case=case).changed_at == LATER


def test_cases_that_came_without_news_are_caught_up_once(people: People) -> None:
    case = replied(people)

    assert reading.catch_up(now=LATER) == 1
    assert label(case, Kind.CLASS) is not None
    assert reading.catch_up(now=LATER) == 1  # what may have been written late is looked at again


def test_reading_many_takes_as_many_statements_as_reading_one(people: People, django_assert_num_queries: Any) -> None:
    case = replied(people)
    many = [case.pk, *copies(case, 50)]

    with django_assert_num_queries(4 + 2):  # and the savepoint
        reading.read_cases(many, now=NOW)


def test_labels_from_a_file_do_not_overrule_people(people: People) -> None:
    case, corrected = replied(people), sent_by_machine(people, phone="19900001235")
    data = {"class_code": NOISE, "reason": "来电人说的是噪音"}
    desk.act(corrected.pk, Action.CORRECT, actor=people.dispatcher(), data=data, now=LATER)
    reading.read_cases([corrected.pk], now=LATER)

    found = labelling.take_in([(case.case_no, NOISE), (corrected.case_no, LIGHT), ("1", LIGHT)], now=LATER)

    assert found == {"rows": 3, "labelled": 1, "kept": 1, "unknown": 1}
    assert label(case, Kind.CLASS).final == NOISE
    assert label(corrected, Kind.CLASS).final == NOISE
