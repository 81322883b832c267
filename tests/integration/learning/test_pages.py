"""The learning page: figures that open their cases, models and the switch for administrators, nothing for others."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.domain.vocabulary import Role
from huiyin.learning import rollups, training, watch
from huiyin.learning.models import Kind, LabelledCase, ModelVersion, Outcome, Source
from huiyin.registry import directory
from huiyin.registry.models import Unit
from tests.builders_city import People, dispatched
from tests.integration.learning.conftest import LIGHT, NOISE, beside, copies, rows
from tests.staff import make_staff

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def as_role(client: Client) -> Callable[[Role], Client]:
    def sign_in(role: Role) -> Client:
        hotline = directory.hotline()
        assert hotline is not None
        client.force_login(make_staff(Unit.objects.get(pk=hotline.id), role))
        return client

    return sign_in


def lay(people: People, count: int = 3) -> list[int]:
    """Cases that the machine sent out, the first of them to the wrong unit and with the wrong class."""
    case = dispatched(people)
    now = timezone.now()
    ids = copies(case, count)
    Outcome.objects.bulk_create(
        Outcome(
            case_id=case_id,
            dispatched_at=now - timedelta(days=5),
            automatic=True,
            confidence=0.93,
            unit_proposed=case.lead_unit_id,
            unit_id=case.lead_unit_id,
            unit_right=place > 0,
            class_proposed=LIGHT,
            class_confidence=0.8,
            class_code=LIGHT,
            class_right=place > 0,
            changed_at=now,
        )
        for place, case_id in enumerate(ids)
    )
    LabelledCase.objects.create(
        case_id=ids[0],
        kind=Kind.CLASS,
        proposed=LIGHT,
        final=NOISE,
        source=Source.CORRECTION,
        at=now,
        registered_at=now,
    )
    rollups.refresh(now)
    return ids


def trained() -> ModelVersion:
    return training.train(now=timezone.now(), by="测试", given=rows(160), least=40).version


def test_an_empty_city_is_told_what_will_appear_and_when(as_role: Callable[[Role], Client]) -> None:
    page = as_role(Role.ANALYST).get("/learning/")

    assert page.status_code == 200
    assert "还没有训练过模型" in page.content.decode()


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.HANDLER, Role.LEADER, Role.CALLBACK_AGENT])
def test_others_read_nothing_of_it(as_role: Callable[[Role], Client], role: Role) -> None:
    client = as_role(role)

    assert {client.get(f"/learning/{page}").status_code for page in ("", "cases/", "models/1/")} == {403}


def test_figures_open_the_cases_behind_them(as_role: Callable[[Role], Client], people: People) -> None:
    ids = lay(people)
    client = as_role(Role.ANALYST)

    page = client.get("/learning/")
    listed = {
        query: [row.case.pk for row in client.get(f"/learning/cases/?{query}").context["rows"]]
        for query in (
            "what=automatic",
            "what=wrong",
            "what=wrong&class=9999",
            f"what=corrected&kind=class&proposed={LIGHT}&final={NOISE}",
            "what=unit_known&step=18",
            "what=unit_known&step=3",
            "what=nonsense&week=soon&unit=x&step=y&cursor=z",
        )
    }

    assert page.context["totals"].automatic == 3
    assert page.context["corrections"][0].count == 1
    assert [len(found) for found in listed.values()] == [3, 1, 0, 1, 3, 0, 3]
    assert listed["what=wrong"] == [ids[0]]


def test_the_page_takes_as_many_statements_for_many_cases_as_for_few(
    as_role: Callable[[Role], Client], people: People, django_assert_max_num_queries: Any
) -> None:
    lay(people, 60)
    client = as_role(Role.ANALYST)
    client.get("/learning/")

    with django_assert_max_num_queries(18):
        client.get("/learning/")
    with django_assert_max_num_queries(7):
        client.get("/learning/cases/?what=automatic")


def test_only_administrators_move_the_switch_and_say_why(as_role: Callable[[Role], Client]) -> None:
    assert as_role(Role.ANALYST).post("/learning/switch/", {"on": "0", "reason": "试一试"}).status_code == 403
    client = as_role(Role.ADMINISTRATOR)

    silent = client.post("/learning/switch/", {"on": "0", "reason": ""})
    done = client.post("/learning/switch/", {"on": "0", "reason": "目录正在调整"})
    again = client.post("/learning/switch/", {"on": "0", "reason": "目录正在调整"})

    assert (silent.status_code, done.status_code, again.status_code) == (422, 302, 422)
    assert (watch.standing().on, watch.standing().reason) == (False, "目录正在调整")
    assert "自动派单已停用" in client.get("/learning/").content.decode()


def test_an_administrator_goes_back_to_another_version(as_role: Callable[[Role], Client]) -> None:
    second = beside(trained())
    client = as_role(Role.ADMINISTRATOR)

    card = client.get("/learning/models/1/")
    moved = client.post(f"/learning/models/{second.number}/use/", {"reason": "比较两版"})
    gone = client.get("/learning/models/99/")

    assert card.status_code == 200
    assert (moved.status_code, gone.status_code) == (302, 404)
    second.refresh_from_db()
    assert second.state == "champion"
    assert "比较两版" in second.reason
