"""The page of a case: who sees what, what may be done on it, and what happens when two people act at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.accounts.models import AccessLog, RevealLog
from huiyin.cases import desk, journal, numbers
from huiyin.cases.models import Attachment, Case
from huiyin.domain.actions import Action
from huiyin.domain.case import Actor
from huiyin.domain.vocabulary import ActorKind, Role, Status
from huiyin.registry import directory
from tests.builders_city import OTHER_STREET, People, dispatched, registered, replied, street_unit
from tests.integration.cases.test_attachments import photo, upload

pytestmark = pytest.mark.usefixtures("city")
HTMX = {"HX-Request": "true"}


def page(case: Case) -> str:
    return f"/cases/{case.case_no}/"


def do(case: Case, action: Action) -> str:
    return f"{page(case)}do/{action}/"


def signed(people: People, **changes: object) -> Case:
    now = timezone.now() - timedelta(hours=1)
    case = dispatched(people, now=now, **changes)
    return desk.act(case.pk, Action.SIGN, actor=people.handler(street_unit()), data={}, now=now + timedelta(minutes=6))


def test_the_page_shows_the_whole_case_to_its_unit(handler: Client, people: People) -> None:
    case = replied(people, now=timezone.now() - timedelta(days=1))

    text = handler.get(page(case)).content.decode()

    assert numbers.grouped(case.case_no) in text
    assert "楼道里的灯坏了三个月了" in text
    assert "物业已更换楼道灯具" in text
    assert text.count("<li data-tone") + text.count("<li>") >= 5


def test_identity_is_masked_and_a_look_at_the_page_is_written_down(handler: Client, people: People) -> None:
    case = signed(people)

    text = handler.get(page(case)).content.decode()

    assert "199****1234" in text
    assert "王小明" not in text
    assert "19900001234" not in text
    handler.get(page(case), headers={"HX-Request": "true", "HX-Target": "case-sheet"})  # the page renews itself
    assert AccessLog.objects.get().case_id == case.pk


def test_the_number_may_be_typed_with_dashes(handler: Client, people: People) -> None:
    case = signed(people)

    assert handler.get(f"/cases/{numbers.grouped(case.case_no)}/").status_code == 200


def test_a_foreign_unit_finds_no_such_case(sign_in: Callable[..., Client], people: People) -> None:
    case = signed(people)
    stranger = sign_in(street_unit(OTHER_STREET), Role.HANDLER, Role.UNIT_HEAD)

    for address in (page(case), f"{page(case)}stamp/", do(case, Action.REPLY), f"{page(case)}reveal/phone/"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(do(case, Action.NOTE_CONTACT), {"note": "x"}).status_code == 404


def test_who_only_looks_on_reads_masked_words_and_may_not_reveal(
    sign_in: Callable[..., Client], people: People
) -> None:
    case = signed(people, content="我叫王小明，电话19900001234，501室漏水")
    hotline = directory.hotline()
    assert hotline is not None
    analyst = sign_in(hotline.id, Role.ANALYST)

    text = analyst.get(page(case)).content.decode()

    assert "王小明" not in text
    assert "19900001234" not in text
    assert "501室" not in text
    answer = analyst.post(f"{page(case)}reveal/phone/", {"purpose": "contact", "reason": "想看一看是谁"})
    assert answer.status_code == 403
    assert not RevealLog.objects.exists()


def test_a_reveal_needs_a_reason_is_written_down_and_shows_the_number(handler: Client, people: People) -> None:
    case = signed(people)
    address = f"{page(case)}reveal/phone/"

    refused = handler.post(address, {"purpose": "contact", "reason": ""})
    shown = handler.post(address, {"purpose": "contact", "reason": "联系诉求人约定上门"})

    assert refused.status_code == 422
    assert "19900001234" not in refused.content.decode()
    assert "19900001234" in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    log = RevealLog.objects.get()
    assert (log.case_id, log.field, log.reason) == (case.pk, "phone", "联系诉求人约定上门")


def test_a_unit_never_learns_who_asked_to_stay_unknown_to_it(handler: Client, people: People) -> None:
    case = signed(people, anonymous=True)

    answer = handler.post(f"{page(case)}reveal/name/", {"purpose": "contact", "reason": "联系诉求人约定上门"})

    assert answer.status_code == 403
    assert "王小明" not in answer.content.decode()


def test_the_buttons_are_what_this_person_may_do_now(handler: Client, dispatcher: Client, people: People) -> None:
    case = dispatched(people, now=timezone.now())

    offered = {button.action for button in handler.get(page(case)).context["sheet"].buttons}

    assert Action.SIGN in offered
    assert Action.SUPERVISE not in offered
    assert Action.SUPERVISE in {button.action for button in dispatcher.get(page(case)).context["sheet"].buttons}


def test_an_action_without_scripts_goes_to_the_page_and_says_so(handler: Client, people: People) -> None:
    case = dispatched(people, now=timezone.now())

    answer = handler.post(do(case, Action.SIGN), {"seq": case.seq}, follow=True)

    case.refresh_from_db()
    assert case.status == Status.SIGNED
    assert answer.redirect_chain[-1][0] == page(case)
    assert "已签收" in answer.content.decode()


def test_an_action_with_htmx_renews_the_sheet_and_shows_a_toast(handler: Client, people: People) -> None:
    case = signed(people)
    entered = {"means": "phone", "reached": "yes", "note": "已电话联系，约定明天上门", "seq": case.seq}

    answer = handler.post(do(case, Action.NOTE_CONTACT), entered, headers=HTMX)

    assert answer.status_code == 200
    assert answer.headers["HX-Retarget"] == "#case-sheet"
    assert '"toast"' in answer.headers["HX-Trigger"]
    assert '"case:changed"' in answer.headers["HX-Trigger"]
    assert "已电话联系，约定明天上门" in answer.content.decode()


def test_wrong_data_is_named_at_its_field_and_what_was_typed_stays(handler: Client, people: People) -> None:
    case = signed(people)
    entered = {"outcome": "solved", "means": "phone", "told_at": "2020-01-01T08:00", "result": "短", "seq": case.seq}

    answer = handler.post(do(case, Action.REPLY), entered, headers=HTMX)

    assert answer.status_code == 422
    form = answer.context["form"]
    assert "至少写10个字" in form.errors["result"][0]
    assert ">\n短</textarea>" in answer.content.decode()
    case.refresh_from_db()
    assert case.status == Status.SIGNED


def test_who_comes_second_reads_what_changed_and_keeps_the_words(handler: Client, people: People) -> None:
    case = signed(people)
    seen = case.seq
    desk.act(case.pk, Action.URGE, actor=people.operator(), data={"note": "诉求人催得急"}, now=timezone.now())
    entered = {"means": "phone", "reached": "yes", "note": "已联系上，正在核实", "seq": seen}

    answer = handler.post(do(case, Action.NOTE_CONTACT), entered, headers=HTMX)
    text = answer.content.decode()

    assert answer.status_code == 422
    assert "诉求人催得急" in text
    assert "已联系上，正在核实" in text
    again = handler.post(
        do(case, Action.NOTE_CONTACT), {**entered, "seq": answer.context["expected_seq"]}, headers=HTMX
    )
    assert again.status_code == 200
    assert [event.action for event in journal.of_case(case.pk)][-2:] == ["urge", "note_contact"]


def test_a_reply_in_the_minute_of_the_dispatch_is_not_refused(handler: Client, people: People) -> None:
    now = timezone.now().replace(second=40)
    case = dispatched(people, now=now - timedelta(minutes=5))
    desk.act(case.pk, Action.SIGN, actor=people.handler(street_unit()), data={}, now=now)
    entered = {
        "outcome": "solved",
        "means": "phone",
        "told_at": f"{timezone.localtime(now):%Y-%m-%dT%H:%M}",
        "result": "已更换灯具并试亮，居民确认。",
        "evidence": "居民签字",
    }

    answer = handler.post(do(case, Action.REPLY), entered)

    assert answer.status_code == 302


def test_files_can_travel_with_the_form_itself(handler: Client, people: People) -> None:
    case = signed(people)

    answer = handler.post(
        do(case, Action.ADD_NOTE), {"note": "已到现场核实", "seq": case.seq, "new_files": [upload("现场.jpg", photo())]}
    )

    assert answer.status_code == 302
    attachment = Attachment.objects.get()
    assert (attachment.case_id, attachment.name) == (case.pk, "现场.jpg")
    assert "现场.jpg" in handler.get(page(case)).content.decode()


def test_a_bad_file_with_the_form_is_named_and_nothing_is_done(handler: Client, people: People) -> None:
    case = signed(people)
    sent = {"note": "已到现场核实", "seq": case.seq, "new_files": [upload("页.html", b"<html>")]}

    answer = handler.post(do(case, Action.ADD_NOTE), sent, headers=HTMX)

    assert answer.status_code == 422
    assert "不是可以上传的文件" in answer.context["form"].errors["files"][0]
    case.refresh_from_db()
    assert case.seq == 3


@pytest.mark.parametrize("action", [action for action in Action if action is not Action.REGISTER])
def test_every_action_has_a_form(dispatcher: Client, people: People, action: Action) -> None:
    case = registered(people, now=timezone.now())

    answer = dispatcher.get(do(case, action))

    assert answer.status_code == 200
    form = answer.context["form"]
    assert {bound.name for bound in form} == {spec.name for spec in form.specs}


def test_a_corrected_community_names_the_street_around_it(dispatcher: Client, people: People) -> None:
    case = registered(people, now=timezone.now())
    other = directory.area_by_code(OTHER_STREET)
    assert other is not None
    community = directory.communities(other.id)[0]
    entered = {"street_id": case.street_id, "community_id": community.id, "reason": "地点核实有误", "seq": case.seq}

    answer = dispatcher.post(do(case, Action.CORRECT), entered)

    assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.street_id, case.community_id) == (other.id, community.id)


def test_the_page_costs_the_same_however_long_the_history(
    handler: Client, people: People, django_assert_num_queries: Callable[..., object]
) -> None:
    case = signed(people)
    handler.get(page(case))
    with django_assert_num_queries(13, exact=False):
        handler.get(page(case))
    for number in range(15):
        actor = people.handler(street_unit())
        desk.act(case.pk, Action.ADD_NOTE, actor=actor, data={"note": f"进展{number}"}, now=timezone.now())

    with django_assert_num_queries(13, exact=False):
        handler.get(page(case))


def called_in_vain(people: People, *, times: int) -> Case:
    """The handling limit is over, and so many calls were answered by nobody."""
    begun = timezone.now() - timedelta(days=4)
    case = replied(people, now=begun - timedelta(days=8))
    desk.act(case.pk, Action.START_CALLBACK, actor=Actor.system(), data={}, now=begun)
    for call in range(times):
        missed = {"reached": False, "missed": "no_answer"}
        at = begun + timedelta(days=call)
        desk.act(case.pk, Action.RECORD_CALLBACK, actor=people.callback_agent(), data=missed, now=at)
    return Case.objects.get(pk=case.pk)


def test_calls_in_vain_are_the_hotlines_secret_until_the_callback_is_over(
    handler: Client, dispatcher: Client, people: People
) -> None:
    running, over = called_in_vain(people, times=2), called_in_vain(people, times=3)

    assert (running.callback_valid, over.callback_valid) == (None, False)
    assert "未接通" in dispatcher.get(page(running)).content.decode()
    assert "未接通" not in handler.get(page(running)).content.decode()
    assert "第2次回访未接通" in handler.get(page(over)).content.decode()


def test_calls_of_a_callback_before_the_second_handling_stay_told(handler: Client, people: People) -> None:
    case = called_in_vain(people, times=1)
    citizen = Actor(kind=ActorKind.CITIZEN, requester_id=case.requester_id)
    bad = {"contacted": True, "solved": False, "satisfaction": "unsatisfied"}
    desk.act(case.pk, Action.RECORD_CALLBACK, actor=citizen, data=bad, now=timezone.now())
    desk.act(case.pk, Action.REWORK, actor=people.callback_agent(), data={"reason": "没有修好"}, now=timezone.now())

    assert "第1次回访未接通" in handler.get(page(case)).content.decode()


@pytest.mark.parametrize("called", [0, 1])
def test_a_callback_that_was_not_drawn_is_not_shown_as_calls_in_vain(
    handler: Client, people: People, called: int
) -> None:
    case = called_in_vain(people, times=called)
    desk.act(case.pk, Action.CLOSE_UNASKED, actor=Actor.system(), data={}, now=timezone.now())

    text = handler.get(page(case)).content.decode()

    assert "未抽中电话回访，时限内未收到评价" in text
    assert "次回访均未接通" not in text
    assert "3次回访均未接通，回访无效" in handler.get(page(called_in_vain(people, times=3))).content.decode()
