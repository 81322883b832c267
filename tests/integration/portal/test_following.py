"""Following: only with number and code, only here and for half an hour; what is told, what may be done."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.callbacks.models import SecondAnswer
from huiyin.cases import desk, numbers
from huiyin.cases.models import Attachment, Case
from huiyin.domain.actions import Action
from huiyin.domain.case import Actor
from huiyin.domain.vocabulary import Satisfaction, Status
from huiyin.portal import access, limits
from huiyin.portal.models import Tally
from tests.builders_city import OTHER_STREET, People, dispatched, registered, replied, street_unit
from tests.integration.portal.conftest import NAME, PHONE, File, code_of, matter, open_case, picture

pytestmark = pytest.mark.usefixtures("city")
GOOD = {"contacted": "yes", "solved": "yes", "satisfaction": "satisfied", "remark": "修得很快"}
BAD = {"contacted": "yes", "solved": "no", "satisfaction": "unsatisfied"}


def ago(**length: float) -> Any:
    return timezone.now() - timedelta(**length)


def page_of(client: Client) -> str:
    return client.get("/progress/case/").content.decode()


# ---- getting in


def test_number_and_code_open_the_case_and_stay_out_of_the_address(client: Client, people: People) -> None:
    case = dispatched(people, now=ago(hours=1))

    response = open_case(client, case)

    assert response.headers["Location"] == "/progress/case/"
    assert numbers.grouped(case.case_no) in page_of(client)


def test_another_browser_sees_nothing(client: Client, people: People) -> None:
    open_case(client, dispatched(people, now=ago(hours=1)))
    stranger = Client()

    answers = [stranger.get(f"/progress/{page}") for page in ("case/", "add/", "judge/")]
    receipt = stranger.get("/report/done/")

    assert [answer.headers["Location"] for answer in [*answers, receipt]] == ["/progress/"] * 4
    assert stranger.post("/progress/urge/").headers["Location"] == "/progress/"
    assert stranger.get("/progress/stamp/").json() == {"stamp": "not-open"}


def test_the_wrong_code_does_not_open_it(client: Client, people: People) -> None:
    case = registered(people)
    wrong = f"{(int(code_of(case)) + 1) % 10**6:06d}"

    response = client.post("/progress/", {"number": case.case_no, "code": wrong})

    assert response.status_code == 422
    assert "查询码不对" in response.content.decode()
    assert client.get("/progress/case/").status_code == 302


def test_a_slip_in_the_number_is_told_as_such(client: Client, people: People) -> None:
    case = registered(people)
    slip = case.case_no[:-1] + str((int(case.case_no[-1]) + 1) % 10)

    response = client.post("/progress/", {"number": slip, "code": code_of(case)})

    assert "抄错了一位" in response.context["form"].errors["number"][0]


def test_too_few_digits_are_counted_for_the_citizen_and_not_against_them(client: Client) -> None:
    response = client.post("/progress/", {"number": "2611", "code": ""})

    assert "您填了4位" in response.context["form"].errors["number"][0]
    assert "还没有填" in response.context["form"].errors["code"][0]
    assert not Tally.objects.exists()


def test_full_width_digits_and_spaces_are_digits(client: Client, people: People) -> None:
    case = registered(people)
    wide = case.case_no.translate(str.maketrans("0123456789", "０１２３４５６７８９"))

    response = client.post("/progress/", {"number": f" {wide} ", "code": code_of(case)})

    assert response.status_code == 302


def test_after_ten_wrong_tries_an_address_is_locked_even_for_the_right_code(client: Client, people: People) -> None:
    case, other = registered(people), registered(people)
    for n in range(10):
        client.post("/progress/", {"number": "26112200000010000", "code": f"{n:06d}"})

    response = open_case(client, case)

    assert response.status_code == 429
    assert "15分钟" in response.content.decode()
    assert open_case(client, other, REMOTE_ADDR="198.51.100.9").status_code == 302


def test_after_ten_wrong_tries_a_number_is_locked_from_anywhere(client: Client, people: People) -> None:
    case = registered(people)
    for n in range(10):
        told = {"number": case.case_no, "code": f"{(int(code_of(case)) + 1 + n) % 10**6:06d}"}
        client.post("/progress/", told, REMOTE_ADDR=f"198.51.100.{n}")

    assert open_case(client, case, REMOTE_ADDR="203.0.113.5").status_code == 429


def test_a_lock_ends_after_a_quarter_of_an_hour(client: Client, people: People) -> None:
    case = registered(people)
    for _ in range(11):
        client.post("/progress/", {"number": "26112200000010000", "code": "000000"})
    Tally.objects.update(until=timezone.now() - timedelta(seconds=1))

    assert open_case(client, case).status_code == 302


def test_right_tries_never_lock(client: Client, people: People) -> None:
    case = registered(people)

    answers = {open_case(client, case).status_code for _ in range(15)}

    assert answers == {302}


def test_counters_name_neither_address_nor_number(client: Client, people: People) -> None:
    case = registered(people)
    client.post("/progress/", {"number": case.case_no, "code": "000000"}, REMOTE_ADDR="198.51.100.77")

    kept = " ".join(Tally.objects.values_list("key", flat=True))

    assert case.case_no not in kept
    assert "198.51" not in kept


def test_an_ipv6_household_counts_as_one(rf: Any) -> None:
    one, two = (limits.who_asks(rf.get("/", REMOTE_ADDR=f"2001:db8:1:2::{n}")) for n in (1, 2))

    assert one == two == "2001:db8:1:2::/64"


def test_half_an_hour_after_the_last_look_it_is_closed_again(client: Client, people: People, monkeypatch: Any) -> None:
    open_case(client, registered(people))
    monkeypatch.setattr(access, "OPEN_SECONDS", -1)

    assert client.get("/progress/case/").headers["Location"] == "/progress/"
    renewed = client.get("/progress/case/", headers={"HX-Request": "true"})
    assert renewed.headers["HX-Redirect"] == "/progress/"


def test_leaving_closes_it(client: Client, people: People) -> None:
    open_case(client, registered(people))

    client.post("/progress/leave/")

    assert client.get("/progress/case/").status_code == 302


def test_private_pages_are_not_kept_by_the_browser(client: Client, people: People) -> None:
    open_case(client, registered(people))

    for path in ("/progress/case/", "/report/done/", "/progress/"):
        assert "no-store" in client.get(path).headers["Cache-Control"]


# ---- what is told


def test_the_whole_story_from_filing_to_the_thanks(client: Client, file: File, people: People) -> None:
    case = file()
    if case.status == Status.RECEIVED:
        data = {"unit_id": street_unit(), "class_code": "010101"}
        case = desk.act(case.pk, Action.DISPATCH, actor=people.dispatcher(), data=data, now=timezone.now())
    assert case.lead_unit_id is not None
    handler = people.handler(case.lead_unit_id)
    seen = [page_of(client)]
    for action, data in (
        (Action.SIGN, {}),
        (Action.NOTE_CONTACT, {"means": "phone", "reached": True, "note": "内部备注甲"}),
        (
            Action.REPLY,
            {
                "outcome": "solved",
                "means": "phone",
                "told_at": timezone.now().isoformat(),
                "result": "已换灯具，联系电话13800138000，现场试亮正常。",
                "evidence": "照片存档",
            },
        ),
    ):
        desk.act(case.pk, action, actor=handler, data=data, now=timezone.now())
        seen.append(page_of(client))

    answer = client.post("/progress/judge/", GOOD)

    case.refresh_from_db()
    assert "等待承办单位签收" in seen[0]
    assert "承办单位已签收" in seen[1]
    assert "与您联系" in seen[2]
    assert "已换灯具" in seen[3]
    assert "13800138000" not in seen[3]
    assert "我来评价" in seen[3]
    assert answer.headers["Location"] == "/progress/case/"
    assert (case.status, case.satisfaction) == (Status.CLOSED, Satisfaction.SATISFIED)
    assert "您的评价" in page_of(client)


def test_no_name_no_number_and_no_note_between_offices_is_shown(client: Client, file: File, people: People) -> None:
    case = file(anonymous="on")
    if case.status == Status.RECEIVED:
        data = {"unit_id": street_unit(), "class_code": "010101", "reason": "派单意见乙"}
        case = desk.act(case.pk, Action.DISPATCH, actor=people.dispatcher(), data=data, now=timezone.now())
    assert case.lead_unit_id is not None
    handler = people.handler(case.lead_unit_id)
    note = {"means": "phone", "reached": True, "note": "诉求人情绪激动"}
    desk.act(case.pk, Action.SIGN, actor=handler, data={}, now=timezone.now())
    desk.act(case.pk, Action.NOTE_CONTACT, actor=handler, data=note, now=timezone.now())
    desk.act(case.pk, Action.ADD_NOTE, actor=handler, data={"note": "内部备注丙"}, now=timezone.now())
    desk.act(case.pk, Action.SUPERVISE, actor=people.dispatcher(), data={"note": "内部备注丁"}, now=timezone.now())

    page = page_of(client)

    hidden = (NAME, PHONE, "靖雯", "情绪激动", "内部备注", "派单意见", "热线人员")
    assert [words for words in hidden if words in page] == []
    assert "已对承办单位隐去您的身份" in page


def test_a_confidential_case_is_open_to_its_owner(client: Client, file: File) -> None:
    file(confidential="on")

    assert "已保密办理" in page_of(client)


def test_a_merged_case_tells_where_the_matter_goes_on_without_the_other_persons_number(
    client: Client, people: People
) -> None:
    other = dispatched(people, now=ago(hours=2), phone="19900009999", requester_name="李别人")
    mine = registered(people, now=ago(hours=1))
    desk.act(mine.pk, Action.MERGE, actor=people.dispatcher(), data={"into_id": other.pk}, now=timezone.now())
    open_case(client, mine)

    page = page_of(client)

    assert "合并后的办理进展" in page
    assert "等待承办单位签收" in page
    assert numbers.grouped(other.case_no) not in page
    assert "李别人" not in page


def test_an_own_matter_merged_into_an_own_one_names_its_number(client: Client, people: People) -> None:
    first, second = dispatched(people, now=ago(hours=2)), registered(people, now=ago(hours=1))
    desk.act(second.pk, Action.MERGE, actor=people.dispatcher(), data={"into_id": first.pk}, now=timezone.now())
    open_case(client, second)

    assert numbers.grouped(first.case_no) in page_of(client)


def test_a_direct_answer_is_shown(client: Client, people: People) -> None:
    case = registered(people, now=ago(hours=1), request_type="consultation")
    answer = {"answer": "请到街道便民服务中心办理。"}
    desk.act(case.pk, Action.DIRECT_ANSWER, actor=people.operator(), data=answer, now=timezone.now())
    open_case(client, case)

    assert "请到街道便民服务中心办理。" in page_of(client)


def test_a_second_handling_takes_the_old_answer_away(client: Client, people: People) -> None:
    case = replied(people, now=ago(days=1))
    open_case(client, case)
    client.post("/progress/judge/", BAD)
    judged = page_of(client)

    desk.act(case.pk, Action.REWORK, actor=people.dispatcher(), data={"reason": "没有修好"}, now=timezone.now())

    assert "已收到您的评价" in judged
    assert "更换楼道灯具" not in page_of(client)
    assert "退回承办单位重新办理" in page_of(client)


def test_a_late_case_says_so(client: Client, people: People) -> None:
    open_case(client, dispatched(people, now=ago(days=9)))

    assert "已超过办理时限" in page_of(client)


@pytest.mark.parametrize("granted", [True, False])
def test_a_wish_to_return_is_told_as_looking_for_the_right_unit(client: Client, people: People, granted: bool) -> None:
    case = dispatched(people, now=ago(minutes=30))
    assert case.lead_unit_id is not None
    ask = {"reason": "不属于本单位职责", "basis": "职责清单第三条"}
    desk.act(case.pk, Action.REQUEST_RETURN, actor=people.handler(case.lead_unit_id), data=ask, now=ago(minutes=20))
    open_case(client, case)
    asked = page_of(client)

    rule = {"granted": granted, "reason": "裁决意见", **({"unit_id": street_unit(OTHER_STREET)} if granted else {})}
    desk.act(case.pk, Action.RULE_RETURN, actor=people.dispatcher(), data=rule, now=timezone.now())

    assert "正在重新确认由哪个单位办理" in asked
    assert "职责清单" not in asked
    assert "裁决意见" not in page_of(client)


@pytest.mark.parametrize("events", [0, 6])
def test_the_page_takes_the_same_few_statements_however_long_the_history(
    client: Client, people: People, django_assert_num_queries: Any, events: int
) -> None:
    case = replied(people, now=ago(days=1))
    for n in range(events):
        actor = Actor(kind=access.ActorKind.CITIZEN, requester_id=case.requester_id)
        desk.act(case.pk, Action.SUPPLEMENT, actor=actor, data={"note": f"补充第{n}次"}, now=timezone.now())
    open_case(client, case)
    page_of(client)

    # session, case, clocks, history, photos, stamp
    with django_assert_num_queries(6):
        page_of(client)


def test_the_stamp_moves_with_the_case_and_costs_two_statements(
    client: Client, people: People, django_assert_num_queries: Any
) -> None:
    case = dispatched(people, now=ago(hours=1))
    open_case(client, case)
    with django_assert_num_queries(2):
        before = client.get("/progress/stamp/").json()["stamp"]

    assert case.lead_unit_id is not None
    desk.act(case.pk, Action.SIGN, actor=people.handler(case.lead_unit_id), data={}, now=timezone.now())

    assert client.get("/progress/stamp/").json()["stamp"] != before


# ---- what may be done


def test_a_supplement_with_photos_reaches_the_case_once(client: Client, people: People) -> None:
    case = dispatched(people, now=ago(hours=1))
    open_case(client, case)
    for _ in range(2):
        client.post("/progress/add/", {"note": "昨晚有人摔倒了", "token": "t", "new_files": [picture()]})

    case.refresh_from_db()
    assert case.supplement_count == 1
    assert Attachment.objects.filter(case=case).count() == 1
    assert "昨晚有人摔倒了" in page_of(client)
    assert "您上传的照片1" in page_of(client)


def test_an_empty_supplement_is_told_and_its_photo_kept(client: Client, people: People) -> None:
    open_case(client, dispatched(people, now=ago(hours=1)))

    response = client.post("/progress/add/", {"note": "", "new_files": [picture()]})

    assert response.status_code == 422
    assert f'name="files" value="{Attachment.objects.get().pk}"' in response.content.decode()


def test_supplements_are_limited_per_day(client: Client, people: People) -> None:
    open_case(client, dispatched(people, now=ago(hours=1)))

    answers = [client.post("/progress/add/", {"note": f"补充第{n}次", "token": "t"}).status_code for n in range(11)]

    assert answers == [302] * 10 + [429]


def test_urging_counts_once_a_day(client: Client, people: People) -> None:
    case = dispatched(people, now=ago(hours=1))
    open_case(client, case)
    client.post("/progress/urge/")
    told = page_of(client)

    client.post("/progress/urge/")

    case.refresh_from_db()
    assert case.urge_count == 1
    assert "今天已催办" in told
    assert "您今天已经催办过" in page_of(client)


def test_a_day_later_it_may_be_urged_again(client: Client, people: People) -> None:
    case = dispatched(people, now=ago(days=3))
    citizen = Actor(kind=access.ActorKind.CITIZEN, requester_id=case.requester_id)
    desk.act(case.pk, Action.URGE, actor=citizen, data={}, now=ago(hours=25))
    open_case(client, case)

    client.post("/progress/urge/")

    case.refresh_from_db()
    assert case.urge_count == 2


def test_a_judgement_is_given_once(client: Client, people: People) -> None:
    case = replied(people, now=ago(days=1))
    open_case(client, case)
    client.post("/progress/judge/", GOOD)

    again = client.post("/progress/judge/", BAD, follow=True)

    case.refresh_from_db()
    assert case.satisfaction == Satisfaction.SATISFIED
    assert "已经评价过" in again.content.decode()
    assert not SecondAnswer.objects.exists()


def test_a_further_judgement_is_kept_beside_the_first(client: Client, people: People) -> None:
    case = replied(people, now=ago(days=1))
    open_case(client, case)
    client.post("/progress/judge/", GOOD)

    page = client.get("/progress/judge/").content.decode()
    client.post("/progress/judge/", {**BAD, "again": "1", "reason": "今天又不亮了"})

    case.refresh_from_db()
    second = SecondAnswer.objects.get()
    assert "上次的评价" in page
    assert case.satisfaction == Satisfaction.SATISFIED
    assert (second.satisfaction, second.reason, second.way) == ("unsatisfied", "今天又不亮了", "page")


def settled_by_hotline(people: People, case: Case, how: str) -> None:
    """An agent's answer, three calls in vain, or the end of a callback that was not drawn."""
    if how == "answered":
        told = {"contacted": True, "solved": True, "satisfaction": "satisfied"}
        desk.act(case.pk, Action.RECORD_CALLBACK, actor=people.callback_agent(), data=told, now=timezone.now())
        return
    desk.act(case.pk, Action.START_CALLBACK, actor=Actor.system(), data={}, now=ago(days=4))
    if how == "unasked":
        desk.act(case.pk, Action.CLOSE_UNASKED, actor=Actor.system(), data={}, now=ago(days=1))
        return
    for days in (4, 3, 2):
        in_vain = {"reached": False}
        desk.act(case.pk, Action.RECORD_CALLBACK, actor=people.callback_agent(), data=in_vain, now=ago(days=days))


@pytest.mark.parametrize("how", ["answered", "in_vain", "unasked"])
def test_a_first_judgement_that_comes_after_the_hotline_ended_the_callback_is_kept_once(
    client: Client, people: People, how: str
) -> None:
    case = replied(people, now=ago(days=9))
    open_case(client, case)
    client.get("/progress/judge/")
    settled_by_hotline(people, case, how)

    answers = [client.post("/progress/judge/", {**BAD, "remark": "灯还是不亮"}, follow=True) for _ in range(2)]

    case.refresh_from_db()
    second = SecondAnswer.objects.get()
    assert all("回访已经结束。您的评价已经记下" in answer.content.decode() for answer in answers)
    assert (second.satisfaction, second.words, second.reason) == ("unsatisfied", "灯还是不亮", "提交时回访已结束")
    assert (case.status, case.callback_valid) == (Status.CLOSED, how == "answered")


def test_an_incomplete_late_judgement_is_asked_for_again_with_what_was_entered(client: Client, people: People) -> None:
    case = replied(people, now=ago(days=9))
    open_case(client, case)
    settled_by_hotline(people, case, "in_vain")

    answer = client.post("/progress/judge/", {"contacted": "yes", "remark": "灯还是不亮"})

    assert answer.status_code == 422
    assert "灯还是不亮" in answer.content.decode()
    assert set(answer.context["form"].errors) == {"solved", "satisfaction"}


def test_a_judgement_that_is_overtaken_while_it_is_written_is_kept(
    client: Client, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = replied(people, now=ago(days=9))
    open_case(client, case)
    settled_by_hotline(people, case, "in_vain")
    monkeypatch.setattr("huiyin.portal.views.following.desk.allowed", lambda *_given: [Action.RECORD_CALLBACK])

    answer = client.post("/progress/judge/", BAD)

    assert answer.status_code == 302
    assert SecondAnswer.objects.get().reason == "提交时回访已结束"


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("answered", "热线已经电话回访，您的评价已经记下。"),
        ("in_vain", "回访电话多次未能接通，回访已经结束。"),
        ("unasked", "未抽中电话回访，时限内没有收到您的评价"),
    ],
)
def test_where_nothing_can_be_kept_any_more_the_truth_is_told(
    client: Client, people: People, monkeypatch: pytest.MonkeyPatch, how: str, words: str
) -> None:
    case = replied(people, now=ago(days=9))
    open_case(client, case)
    settled_by_hotline(people, case, how)
    monkeypatch.setattr("huiyin.callbacks.second_answers._TOLD_WITHIN", timedelta(0))

    told = client.post("/progress/judge/", BAD, follow=True).content.decode()

    assert words in told
    assert "如果还有意见，请拨打12345。" in told
    assert "评价过了" not in told
    assert not SecondAnswer.objects.exists()


def test_who_was_not_drawn_is_not_told_of_calls(client: Client, people: People) -> None:
    missed, undrawn = replied(people, now=ago(days=9)), replied(people, now=ago(days=9))
    settled_by_hotline(people, missed, "in_vain")
    settled_by_hotline(people, undrawn, "unasked")

    open_case(client, missed)
    assert "多次未能接通" in page_of(client)
    open_case(client, undrawn)
    page = page_of(client)

    assert "未能接通" not in page
    assert "未抽中电话回访，时限内未收到评价" in page
    assert "回访结束" in page
    assert "没有抽中电话回访，也可以评价" in page


def test_a_judgement_wants_all_three_answers(client: Client, people: People) -> None:
    open_case(client, replied(people, now=ago(days=1)))

    response = client.post("/progress/judge/", {"contacted": "yes"})

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"solved", "satisfaction"}


def test_a_suggestion_is_not_asked_whether_it_was_solved(client: Client, people: People) -> None:
    case = replied(people, now=ago(days=1), request_type="suggestion")
    open_case(client, case)

    client.post("/progress/judge/", {"contacted": "yes", "satisfaction": "satisfied"})

    case.refresh_from_db()
    assert (case.status, case.solved) == (Status.CLOSED, None)


def test_nothing_is_judged_before_the_answer(client: Client, people: People) -> None:
    open_case(client, dispatched(people, now=ago(hours=1)))

    response = client.get("/progress/judge/", follow=True)

    assert "还没有答复" in response.content.decode()


def test_a_finished_matter_takes_no_supplement(client: Client, people: People) -> None:
    open_case(client, replied(people, now=ago(days=1)))
    client.post("/progress/judge/", GOOD)

    response = client.post("/progress/add/", {"note": "又坏了，怎么办"}, follow=True)

    assert "已经结束" in response.content.decode()
    assert "补充情况" not in page_of(client)


def test_the_tile_for_judging_leads_to_the_questions(client: Client, people: People) -> None:
    case = replied(people, now=ago(days=1))

    response = client.post("/progress/", {"number": case.case_no, "code": code_of(case), "for": "judge"})

    assert response.headers["Location"] == "/progress/judge/"


def test_a_signed_entry_of_another_session_is_worth_nothing_without_the_key(client: Client, people: People) -> None:
    case = registered(people)
    session = client.session
    session["portal.case"] = f'{{"case": {case.pk}, "at": 0}}'
    session.save()

    assert client.get("/progress/case/").status_code == 302


def test_a_filed_matter_is_open_here_at_once_under_a_new_session(client: Client) -> None:
    client.post("/report/", matter(phone="12", new_files=[picture()]))
    planted = client.cookies["sessionid"].value

    client.post("/report/", matter())

    assert client.cookies["sessionid"].value != planted
    assert Case.objects.get().title in page_of(client)
