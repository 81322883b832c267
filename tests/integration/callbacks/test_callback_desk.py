"""The callback desk: due ones listed, three questions asked, unanswered ones tried again, bad answers decided."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.accounts.models import Post, RevealLog, Staff
from huiyin.callbacks.lists import Tab, waiting
from huiyin.cases import desk
from huiyin.cases.models import Case
from huiyin.domain.actions import Action
from huiyin.domain.case import Actor
from huiyin.domain.vocabulary import Role, Status
from huiyin.registry import directory
from huiyin.ui import wording
from tests.builders_city import People, replied

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def agent(client: Client) -> Client:
    hotline = directory.hotline()
    assert hotline is not None
    staff = Staff.objects.create_user(username="huifang", name="回访员甲", staff_no="H001")
    Post.objects.create(staff=staff, role=str(Role.CALLBACK_AGENT), unit_id=hotline.id, valid_from=timezone.localdate())
    client.force_login(staff)
    return client


def due(people: People) -> Case:
    case = replied(people, now=timezone.now() - timedelta(days=8))
    return desk.act(case.pk, Action.START_CALLBACK, actor=Actor.system(), data={}, now=timezone.now())


def test_a_good_answer_closes_the_case(agent: Client, people: People) -> None:
    case = due(people)
    good = {"reached": "yes", "contacted": "yes", "solved": "yes", "satisfaction": "satisfied"}

    agent.post(f"/callbacks/{case.case_no}/", good)

    case.refresh_from_db()
    assert (case.status, case.callback_valid, case.solved) == (Status.CLOSED, True, True)


def test_a_bad_answer_waits_for_a_decision_and_can_be_sent_back(agent: Client, people: People) -> None:
    case = due(people)
    bad = {"reached": "yes", "contacted": "yes", "solved": "no", "satisfaction": "unsatisfied", "remark": "灯还是不亮"}

    agent.post(f"/callbacks/{case.case_no}/", bad)
    waits = Case.objects.get(pk=case.pk).status
    agent.post(f"/callbacks/{case.case_no}/", {"do": "rework", "reason": "灯仍不亮，请重新修理"})

    case.refresh_from_db()
    assert waits == Status.CALLED_BACK
    assert (case.status, case.round) == (Status.DISPATCHED, 2)


def test_an_unanswered_call_is_tried_again_later(agent: Client, people: People) -> None:
    case = due(people)

    agent.post(f"/callbacks/{case.case_no}/", {"reached": "no"})

    now = timezone.now()
    assert not waiting(Tab.DUE, now).exists()
    assert waiting(Tab.LATER, now).get().callback_attempts == 1


def test_a_call_that_nobody_took_says_which_it_was_and_when_to_call_again(agent: Client, people: People) -> None:
    case = due(people)

    said = []
    for attempt in range(3):
        if attempt:
            Case.objects.filter(pk=case.pk).update(callback_next_at=timezone.now())
        answer = agent.post(f"/callbacks/{case.case_no}/", {"missed": "no_answer"}, HTTP_HX_REQUEST="true")
        case.refresh_from_db()
        again = wording.relative(case.callback_next_at, timezone.now()) if case.callback_next_at else ""
        said.append((json.loads(answer["HX-Trigger"])["toast"]["text"], again))

    assert [text for text, _ in said] == [
        f"已记无人接听（第1次），{said[0][1]} 后再拨",
        f"已记无人接听（第2次），{said[1][1]} 后再拨",
        "三次未接通，回访无效",
    ]


def test_an_incomplete_answer_says_which_question_is_open(agent: Client, people: People) -> None:
    case = due(people)

    answer = agent.post(f"/callbacks/{case.case_no}/", {"reached": "yes", "contacted": "yes"})

    assert answer.status_code == 422
    assert "请选择是否解决" in answer.content.decode()


def test_dialling_shows_the_number_and_leaves_a_trace(agent: Client, people: People) -> None:
    case = due(people)

    page = agent.get(f"/callbacks/{case.case_no}/").content.decode()
    shown = agent.post(f"/callbacks/{case.case_no}/number/").content.decode()

    assert "19900001234" not in page
    assert "19900001234" in shown
    assert RevealLog.objects.get().case_id == case.pk


@pytest.mark.parametrize("seq", ["abc", "-1", "1.5", "9" * 30, "\x00"])
def test_a_version_that_is_no_number_is_refused_in_words(agent: Client, people: People, seq: str) -> None:
    case = due(people)

    answer = agent.post(f"/callbacks/{case.case_no}/", {"reached": "no", "seq": seq})

    assert answer.status_code == 422
    assert "请刷新后再操作" in answer.content.decode()
    assert Case.objects.get(pk=case.pk).callback_attempts == 0
