"""A link to judge by: sent, looked at, answered once; what comes later is kept beside the first answer."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.callbacks import links, second_answers, sending
from huiyin.callbacks.models import Invitation, Message, SecondAnswer
from huiyin.callbacks.vocabulary import Channel
from huiyin.cases import desk, journal, numbers, subscriptions
from huiyin.cases.models import Case
from huiyin.config.logs import DiscreetFormatter
from huiyin.domain.actions import Action
from huiyin.domain.errors import InvalidData
from huiyin.domain.vocabulary import Status
from tests.builders_city import People
from tests.integration.callbacks.conftest import BAD, GOOD, Sent, due, invited, path_of

pytestmark = pytest.mark.usefixtures("city")


def test_the_answer_by_link_is_the_cases_own_and_the_page_then_thanks(
    client: Client, people: People, sent: Sent
) -> None:
    case = due(people)
    invited(case)
    path = sent()[0]["text"].split("http://127.0.0.1:8000")[1].split(" ")[0]

    page = client.get(path)
    answer = client.post(path, {**GOOD, "attitude": "good", "remark": "师傅很耐心"}, follow=True)

    case.refresh_from_db()
    event = journal.of_case(case.pk)[-1]
    assert page.status_code == 200
    assert numbers.grouped(case.case_no) in page.content.decode()
    assert (case.status, case.callback_valid, case.satisfaction) == (Status.CLOSED, True, "satisfied")
    assert (event.actor_kind, event.data["attitude"], event.data["remark"]) == ("citizen", "good", "师傅很耐心")
    assert "谢谢您的评价" in answer.content.decode()
    assert "态度好" in answer.content.decode()


def test_looking_answers_nothing_and_is_noted_once(client: Client, people: People) -> None:
    case = due(people)
    path = path_of(invited(case))

    client.get(path)
    first = Invitation.objects.get().opened_at
    client.get(f"{path}?contacted=yes&solved=yes&satisfaction=satisfied")
    client.head(path)

    case.refresh_from_db()
    assert (case.status, case.callback_valid) == (Status.CALLBACK_PENDING, None)
    assert first is not None
    assert Invitation.objects.get().opened_at == first


def test_a_link_answers_once(client: Client, people: People) -> None:
    case = due(people)
    path = path_of(invited(case))

    client.post(path, GOOD)
    again = client.post(path, BAD, follow=True)

    case.refresh_from_db()
    assert "谢谢您的评价" in again.content.decode()
    assert case.satisfaction == "satisfied"
    assert not SecondAnswer.objects.exists()


def test_an_incomplete_answer_says_which_question_is_open_and_uses_up_nothing(client: Client, people: People) -> None:
    path = path_of(invited(due(people)))

    answer = client.post(path, {"contacted": "yes"})

    assert answer.status_code == 422
    assert "请选一项" in answer.content.decode()
    assert client.post(path, GOOD).status_code == 302


def test_after_the_phone_the_links_answer_is_kept_beside_the_first(client: Client, people: People) -> None:
    case = due(people)
    path = path_of(invited(case))
    agent = people.callback_agent()
    asked = desk.act(case.pk, Action.RECORD_CALLBACK, actor=agent, data={"reached": True, **GOOD}, now=timezone.now())
    before = [(event.seq, event.data, event.sets) for event in journal.of_case(case.pk)]

    page = client.get(path).content.decode()
    thanks = client.post(path, {**BAD, "remark": "第二天又坏了"}, follow=True).content.decode()

    case.refresh_from_db()
    second = SecondAnswer.objects.get()
    assert "已有回访结果" in page
    assert "一并保留" in thanks
    assert (case.satisfaction, case.seq) == ("satisfied", asked.seq)
    assert [(event.seq, event.data, event.sets) for event in journal.of_case(case.pk)] == before
    assert (second.satisfaction, second.first_seq, second.words) == ("unsatisfied", asked.seq, "第二天又坏了")
    assert second.reason == "电话回访已有结果，诉求人再次作答"


def test_an_old_link_and_one_of_an_earlier_handling_say_what_to_do(client: Client, people: People) -> None:
    case, other = due(people), due(people, phone="19900005678")
    old, over = invited(case), invited(other)
    Invitation.objects.filter(pk=old.pk).update(expires_at=timezone.now())
    agent = people.callback_agent()
    desk.act(other.pk, Action.RECORD_CALLBACK, actor=agent, data=BAD, now=timezone.now())
    desk.act(other.pk, Action.REWORK, actor=agent, data={"reason": "请重新修理"}, now=timezone.now())

    expired, overtaken = client.get(path_of(old)), client.post(path_of(over), GOOD)

    assert (expired.status_code, overtaken.status_code) == (410, 410)
    assert "查询进度" in expired.content.decode()
    assert "重新办理" in overtaken.content.decode()
    assert Case.objects.get(pk=other.pk).callback_valid is None


def test_guessed_links_open_nothing_and_soon_not_even_a_page(client: Client) -> None:
    answers = [client.get(f"/hf/guess{number}/").status_code for number in range(32)]

    assert set(answers) == {404, 429}


def test_a_confidential_matter_is_not_named_behind_its_link(client: Client, people: People) -> None:
    page = client.get(path_of(invited(due(people, confidential=True)))).content.decode()

    assert "楼道里的灯" not in page
    assert "满意吗" in page


def test_no_token_stands_in_the_database_and_none_gets_into_a_log(people: People) -> None:
    case = due(people)
    made = invited(case)
    token = links.token_of(made)
    record = logging.LogRecord("django.request", 30, "", 0, "Gone: /hf/%s/", (token,), None)

    rows = [Invitation.objects.values().get(), Message.objects.values().get()]
    events = [(event.data, event.sets, event.reason) for event in journal.of_case(case.pk)]

    assert token not in repr(rows) + repr(events)
    assert token not in DiscreetFormatter().format(record)


def test_a_callback_that_falls_due_sends_one_link_where_links_go_first(
    settings: Any, people: People, sent: Sent
) -> None:
    case = due(people)
    subscriptions.deliver()
    without = Invitation.objects.count()
    settings.CALLBACK_LINK_FIRST = True
    other = due(people, phone="19900005678")
    subscriptions.deliver()
    sending.invite_at_start(journal.of_case(other.pk))

    made = Invitation.objects.get()
    states = [sending.send_message(made.messages.get().pk, timezone.now()) for _time in range(3)]

    assert without == 0
    assert (case.pk, made.case_id) == (case.pk, other.pk)
    assert states == ["sent", None, None]
    assert [letter["to"] for letter in sent()] == ["19900005678"]


def test_who_does_not_answer_is_reminded_once_and_who_has_answered_never(
    settings: Any, client: Client, people: People, sent: Sent
) -> None:
    silent, quick = invited(due(people)), invited(due(people, phone="19900005678"))
    client.post(path_of(quick), GOOD)
    later = timezone.now() + timedelta(hours=settings.CALLBACK_REMIND_HOURS, minutes=1)

    reminded = [sending.remind(later), sending.remind(later)]
    for message in Message.objects.filter(kind="remind"):
        sending.send_message(message.pk, later)

    texts = [letter["text"] for letter in sent()]
    assert reminded == [1, 0]
    assert [("再次提醒" in text, links.token_of(silent) in text) for text in texts[2:]] == [(True, True)]


def test_a_message_that_is_overtaken_by_the_answer_is_not_sent(people: People, sent: Sent) -> None:
    case = due(people)
    made = links.invite(case, channel=Channel.SMS, now=timezone.now())
    desk.act(case.pk, Action.RECORD_CALLBACK, actor=people.callback_agent(), data=GOOD, now=timezone.now())

    state = sending.send_message(made.messages.get().pk, timezone.now())

    assert (state, sent()) == ("expired", [])


def test_there_is_no_second_answer_without_a_first_nor_a_sixth(people: People) -> None:
    case = due(people)
    page = {"way": second_answers.Way.PAGE, "now": timezone.now()}
    with pytest.raises(second_answers.NothingFirst):
        second_answers.keep(case, answers=GOOD, **page)
    after = desk.act(case.pk, Action.RECORD_CALLBACK, actor=people.callback_agent(), data=GOOD, now=timezone.now())

    with pytest.raises(InvalidData) as open_questions:
        second_answers.keep(after, answers={"contacted": "yes"}, **page)
    for _time in range(5):
        second_answers.keep(after, answers=BAD, **page)
    with pytest.raises(second_answers.EnoughSaid):
        second_answers.keep(after, answers=BAD, **page)

    assert set(open_questions.value.errors) == {"solved", "satisfaction"}
