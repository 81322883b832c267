"""The advice beside the form: what it names, whom it obeys, and what it costs."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.domain.vocabulary import Role
from huiyin.knowledge import revision
from huiyin.learning import champion, watch
from tests.builders_city import People, registered
from tests.integration.intake.test_console import LIFT, form, signed_in, street_code

pytestmark = pytest.mark.usefixtures("city")
EMPTY = {"class_code": "", "class_code_text": "", "place": "", "place_text": "", "grade": "", "request_type": ""}


@pytest.fixture
def operator() -> Client:
    return signed_in(Role.OPERATOR)


def advise(client: Client, **changes: str) -> Any:
    return client.post("/console/advice/", form(**{**EMPTY, **changes}), HTTP_HX_REQUEST="true")


def test_class_place_grade_and_unit_are_read_from_the_words(operator: Client) -> None:
    advice = advise(operator, content=f"望京西园四区{LIFT}").context["advice"]

    assert advice.classes[0].label == "电梯故障停运"
    assert advice.classes[0].words
    assert advice.place.label == "望京西园四区"
    assert "望京街道" in advice.place.detail
    assert advice.unit.name == "望京街道"
    assert advice.grade_reasons


def test_a_class_that_a_person_set_decides_the_unit_and_stays_marked(operator: Client) -> None:
    advice = advise(operator, content=LIFT, class_code="010101", place=street_code()).context["advice"]

    assert [found.code for found in advice.classes if found.chosen] in ([], ["010101"])
    assert len(advice.classes) > 1


def test_a_class_that_the_machine_filled_is_proposed_anew_when_the_words_change(operator: Client) -> None:
    advice = advise(operator, content="路灯不亮了", class_code="010502", by_machine="class_code").context["advice"]

    assert advice.classes[0].code != "010502"
    assert advice.classes[0].chosen


def test_nothing_goes_out_by_itself_where_a_person_left_the_place_empty(operator: Client) -> None:
    content = f"望京西园四区{LIFT}"
    sure = advise(operator, content=content, class_code="010502").context["advice"]
    emptied = advise(operator, content=content, class_code="010502", left_empty="place").context["advice"]

    assert sure.unit.automatic
    assert not emptied.unit.automatic


def test_a_danger_offers_the_emergency_numbers(operator: Client) -> None:
    page = advise(operator, content="楼下着火了，有人被困").content.decode()

    assert "紧急转接" in page


def test_similar_open_cases_of_the_same_street_are_shown(operator: Client, people: People) -> None:
    registered(people, class_code="010502", content="五号楼的电梯也停了")

    page = advise(operator, content=LIFT, class_code="010502", place=street_code()).content.decode()

    assert "五号楼的电梯也停了" in page
    assert "并入此件" in page


def test_too_few_words_get_no_advice(operator: Client) -> None:
    assert advise(operator, content="电").context["advice"] is None


def test_advice_costs_the_same_few_statements_whatever_was_typed(
    operator: Client, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    for looked_at in (revision, watch, champion):  # every few seconds, whoever asks
        monkeypatch.setattr(looked_at, "CHECK_EVERY_SECONDS", 3600.0)
    for number in range(5):
        registered(people, class_code="010502", phone=f"1390000000{number}")
    advise(operator, content=LIFT)
    counts = []
    for content, place in ((LIFT, ""), (LIFT * 20, street_code()), ("电话打不通", "")):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            advise(operator, content=content, place=place)
        counts.append(len([query for query in captured if "registry_revision" not in query["sql"]]))

    assert len(set(counts)) == 1
    assert counts[0] <= 8


@pytest.mark.parametrize(
    ("q", "label"), [("dtgz", "电梯故障停运"), ("010502", "电梯故障停运"), ("电梯故障", "电梯故障停运")]
)
def test_classes_are_found_by_words_initials_and_code(operator: Client, q: str, label: str) -> None:
    results = operator.get("/console/classes/", {"q": q}).json()["results"]

    assert label in [result["label"] for result in results]


def test_one_box_finds_districts_streets_communities_and_named_places(operator: Client) -> None:
    def first(q: str) -> dict[str, str]:
        return operator.get("/console/places/", {"q": q}).json()["results"][0]

    assert first("朝阳区")["id"].endswith(".0.0")
    assert first("wjjd")["label"] == "望京街道"
    assert first("望京西园四区")["id"].count(".") == 2


def test_a_name_that_several_places_share_is_asked_with_the_places(operator: Client) -> None:
    answer = advise(operator, content="中心社区停水了")
    advice = answer.context["advice"]

    assert advice.place is None
    assert len({place.code for place in advice.places}) == 3
    assert answer.content.decode().count('data-take="place"') == 3
