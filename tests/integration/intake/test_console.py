"""The operator's console over HTTP: filing once, settling at once, what the machine filled in, permissions."""

import uuid
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.accounts.models import AccessLog, Post, Staff
from huiyin.cases import numbers
from huiyin.cases.models import Attachment, Case, CaseEvent
from huiyin.domain.actions import Action
from huiyin.domain.lifecycle import MAY_REGISTER
from huiyin.domain.vocabulary import Disposition, Role, Status
from huiyin.intake.entry import place_code
from huiyin.intake.models import Draft, Filing
from huiyin.registry import directory
from tests.builders_city import OTHER_STREET, STREET, People, dispatched, registered, street_unit
from tests.integration.portal.conftest import picture as photo

pytestmark = pytest.mark.usefixtures("city")
LIFT = "3号楼电梯坏了两天没人修，老人上不了楼"
SCRIPT = {"HTTP_HX_REQUEST": "true"}


def signed_in(role: Role, *, unit_id: int | None = None) -> Client:
    hotline = directory.hotline()
    assert hotline is not None
    staff = Staff.objects.create_user(username=f"{role}", name="林晓雨", staff_no=f"K-{role}")
    since = timezone.localdate()
    Post.objects.create(staff=staff, role=str(role), unit_id=unit_id or hotline.id, valid_from=since)
    client = Client()
    client.force_login(staff)
    return client


@pytest.fixture
def operator() -> Client:
    return signed_in(Role.OPERATOR)


def street_code() -> str:
    area = directory.area_by_code(STREET)
    assert area is not None
    return place_code({"district_id": area.district_id, "street_id": area.id})


def form(**changes: str) -> dict[str, str]:
    return {
        "key": str(uuid.uuid4()),
        "channel": "phone",
        "settling": "register",
        "phone": "19900001234",
        "content": LIFT,
        "request_type": "complaint",
        "class_code": "010502",
        "class_code_text": "电梯故障停运",
        "place": street_code(),
        "place_text": "某街道",
        "grade": "urgent",
        "spent_ms": "42300",
        **changes,
    }


def send(client: Client, **changes: str) -> Any:
    return client.post("/console/", form(**changes), **SCRIPT)


def test_a_form_becomes_a_case_that_is_dispatched_at_once_when_the_machine_is_sure(operator: Client) -> None:
    answer = send(operator)

    case = Case.objects.get()
    assert answer.status_code == 200
    assert case.status == Status.DISPATCHED
    assert case.lead_unit_id == street_unit()
    assert case.class_code == "010502"
    assert f"{case.case_no[:6]}-{case.case_no[6:13]}-{case.case_no[13:]}" in answer.content.decode()


def test_a_form_that_is_sent_twice_is_filed_once(operator: Client) -> None:
    twice = form()

    first = operator.post("/console/", twice, **SCRIPT)
    second = operator.post("/console/", twice, **SCRIPT)

    assert Case.objects.count() == 1
    assert Case.objects.get().case_no[:6] in second.content.decode()
    assert (first.status_code, second.status_code) == (200, 200)


def test_how_long_the_entry_took_is_kept_and_shown(operator: Client) -> None:
    answer = send(operator)

    assert Filing.objects.get().seconds == 42
    assert answer.context["today"].count == 1
    assert answer.context["today"].average_text == "42秒"


def test_without_scripts_the_same_address_answers_a_whole_page(operator: Client) -> None:
    answer = operator.post("/console/", form())

    assert answer.status_code == 200
    assert "<html" in answer.content.decode()
    assert "查询码" in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"content": ""}, "content"),
        ({"content": "坏"}, "content"),
        ({"phone": ""}, "phone"),
        ({"phone": "12ab"}, "phone"),
        ({"class_code": "", "class_code_text": "电"}, "class_code"),
        ({"class_code": "999999"}, "class_code"),
        ({"place": "0.999999999.0"}, "place"),
        ({"place": "", "place_text": "望"}, "place"),
        ({"settling": "direct_answer"}, "answer"),
    ],
)
def test_each_wrong_field_is_named(operator: Client, changes: dict[str, str], field: str) -> None:
    answer = send(operator, **changes)

    assert answer.status_code == 422
    assert field in answer.json()["errors"]
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    "phone", ["13900001234", "139 0000 1234", "+86 139-0000-1234", "010-65001234", "４００８００１２３４"]
)
def test_numbers_are_taken_as_people_write_them(operator: Client, phone: str) -> None:
    answer = send(operator, phone=phone)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("settling", "disposition"),
    [
        ("direct_answer", Disposition.DIRECT_ANSWER),
        ("refer_elsewhere", Disposition.REFER_ELSEWHERE),
        ("persuade", Disposition.PERSUADE),
    ],
)
def test_a_matter_is_settled_in_the_call(operator: Client, settling: str, disposition: Disposition) -> None:
    send(operator, settling=settling, answer="已向诉求人说明依据。", phone="")

    case = Case.objects.get()
    assert case.status == Status.CLOSED
    assert case.disposition == disposition
    assert case.lead_unit_id is None


def test_a_matter_goes_into_a_similar_open_case(operator: Client, people: People) -> None:
    other = registered(people, class_code="010502")

    answer = send(operator, settling="merge", into_id=str(other.pk))

    merged = Case.objects.exclude(pk=other.pk).get()
    assert answer.status_code == 200
    assert merged.merged_into_id == other.pk
    assert merged.status == Status.MERGED


def test_a_matter_does_not_go_into_a_finished_case(operator: Client, people: People) -> None:
    send(operator, settling="direct_answer", answer="已当场答复。")
    closed = Case.objects.get()

    answer = send(operator, settling="merge", into_id=str(closed.pk))

    assert answer.status_code == 409
    assert Case.objects.count() == 1


def test_an_unconfirmed_proposal_keeps_the_machines_doubt(operator: Client) -> None:
    advice = operator.post("/console/advice/", form(class_code="", by_machine="class_code"), **SCRIPT)
    best = advice.context["advice"].classes[0]

    send(operator, class_code=best.code, by_machine="class_code")

    case = Case.objects.get()
    assert case.class_code == best.code
    assert case.proposal["classes"][0]["code"] == best.code
    assert case.proposal["classes"][0]["confidence"] < 1


def test_a_shown_proposal_that_no_longer_follows_from_the_text_is_filed_as_shown(operator: Client) -> None:
    send(operator, class_code="010101", by_machine="class_code")

    assert Case.objects.get().class_code == "010101"


def test_what_was_emptied_on_purpose_stays_empty_and_a_person_dispatches(operator: Client) -> None:
    send(
        operator,
        content=f"望京西园四区{LIFT}",
        class_code="",
        class_code_text="",
        place="",
        place_text="",
        left_empty="class_code,place",
    )

    case = Case.objects.get()
    assert case.class_code == ""
    assert case.street_id is None
    assert case.status == Status.RECEIVED


@pytest.mark.parametrize("role", list(Role))
def test_only_who_may_register_comes_in(role: Role) -> None:
    unit_id = street_unit() if role in (Role.HANDLER, Role.UNIT_HEAD) else None
    client = signed_in(role, unit_id=unit_id)

    answer = client.get("/console/")

    assert answer.status_code == (200 if role in MAY_REGISTER else 403)


def test_a_streets_own_finding_needs_no_number_and_goes_the_same_way(city: None) -> None:
    client = signed_in(Role.HANDLER, unit_id=street_unit())
    page = client.get("/console/").content.decode()

    answer = send(client, channel="visit", phone="")

    assert "登记自发现诉求" in page
    assert answer.status_code == 200
    assert Case.objects.get().channel == "visit"


def test_a_streets_handler_settles_nothing_in_the_hotlines_place(city: None) -> None:
    client = signed_in(Role.HANDLER, unit_id=street_unit())

    answer = send(client, settling="direct_answer", answer="已当场答复。")

    assert answer.status_code == 409
    assert not Case.objects.exists()


def test_an_operator_reads_the_callers_name_and_the_look_is_written_down(operator: Client, people: People) -> None:
    case = registered(people, phone="13900001234", requester_name="欧阳文静")

    page = operator.post("/console/caller/", {"phone": "139 0000 1234"}).content.decode()

    assert "欧阳文静" in page
    assert AccessLog.objects.get().case_id == case.pk


def test_others_read_the_name_masked(people: People) -> None:
    registered(people, phone="13900001234", requester_name="欧阳文静")
    dispatcher = signed_in(Role.DISPATCHER)

    page = dispatcher.post("/console/caller/", {"phone": "13900001234"}).content.decode()

    assert "欧阳文静" not in page
    assert "欧阳**" in page


def test_open_cases_of_the_caller_come_first(operator: Client, people: People) -> None:
    registered(people, phone="13900001234", content="还在办的一件老事情")
    send(operator, phone="13900001234", content="当场答复了的事情", settling="direct_answer", answer="已答复。")

    page = operator.post("/console/caller/", {"phone": "13900001234"}).content.decode()

    assert page.index("还在办的一件老事情") < page.index("当场答复了的事情")


@pytest.mark.parametrize(("what", "action"), [("supplement", Action.SUPPLEMENT), ("urge", Action.URGE)])
def test_an_earlier_case_is_supplemented_or_urged_instead_of_a_new_one(
    operator: Client, people: People, what: str, action: Action
) -> None:
    case = registered(people)

    answer = operator.post(f"/console/cases/{case.pk}/{what}/", form(content="今天又坏了一次"), **SCRIPT)

    assert answer.status_code == 200
    assert Case.objects.count() == 1
    assert CaseEvent.objects.filter(case_id=case.pk, action=str(action), reason="今天又坏了一次").exists()
    assert not Draft.objects.exists()


def test_who_only_looks_on_reads_an_earlier_case_without_the_numbers_in_its_words(
    operator: Client, people: People
) -> None:
    case = dispatched(people, content="物业电话13712345678没人接，请处理")
    district = directory.unit(street_unit()).parent_id
    onlooker = signed_in(Role.HANDLER, unit_id=district)

    by_operator = operator.get(f"/console/cases/{case.pk}/").content.decode()
    by_onlooker = onlooker.get(f"/console/cases/{case.pk}/").content.decode()

    assert "13712345678" in by_operator
    assert "物业电话" in by_onlooker
    assert "13712345678" not in by_onlooker
    assert AccessLog.objects.filter(case_id=case.pk).count() == 2


def test_a_unit_does_not_read_the_case_of_another_beside_its_own_entry(people: People) -> None:
    case = registered(people)
    stranger = signed_in(Role.HANDLER, unit_id=street_unit(OTHER_STREET))

    assert stranger.get(f"/console/cases/{case.pk}/").status_code == 404
    assert stranger.post(f"/console/cases/{case.pk}/urge/", form()).status_code == 403


def test_filing_costs_the_same_few_statements_on_a_busy_day(operator: Client) -> None:
    send(operator, phone="13900000000")
    counts = []
    for number in range(1, 4):
        with CaptureQueriesContext(connection) as captured:
            send(operator, phone=f"1390000000{number}")
        counts.append(len([query for query in captured if "registry_revision" not in query["sql"]]))

    assert len(set(counts)) == 1
    assert counts[0] <= 26


def test_a_photo_sent_ahead_is_bound_to_the_case_that_is_filed(operator: Client) -> None:
    sent = operator.post("/cases/files/", {"file": photo()}).json()["id"]

    send(operator, files=str(sent))

    case = Case.objects.get()
    assert [(one.pk, one.event_seq) for one in Attachment.objects.filter(case=case)] == [(sent, 1)]


def test_without_scripts_a_photo_travels_with_the_form_and_survives_a_refusal(operator: Client) -> None:
    refused = operator.post("/console/", {**form(content=""), "new_files": photo()})
    kept = Attachment.objects.get()

    again = operator.post("/console/", form(files=str(kept.pk)))

    assert refused.status_code == 422
    assert f'name="files" value="{kept.pk}"' in refused.content.decode()
    assert again.status_code == 200
    assert Attachment.objects.get().case_id == Case.objects.get().pk


def test_what_is_no_file_of_a_known_kind_is_told_at_its_field(operator: Client) -> None:
    answer = operator.post("/console/", {**form(), "new_files": SimpleUploadedFile("run.exe", b"MZ\x00\x01")}, **SCRIPT)

    assert answer.status_code == 422
    assert "run.exe" in answer.json()["errors"]["files"]
    assert not Case.objects.exists()


def test_a_file_of_somebody_else_is_refused(operator: Client) -> None:
    other = signed_in(Role.DISPATCHER)
    theirs = other.post("/cases/files/", {"file": photo()}).json()["id"]

    answer = send(operator, files=str(theirs))

    assert answer.json()["errors"] == {"files": "附件不存在或已用于其他案件，请重新上传"}
    assert not Case.objects.exists()


def test_a_draft_keeps_its_photo(operator: Client) -> None:
    sent = operator.post("/cases/files/", {"file": photo()}).json()["id"]

    operator.post("/console/drafts/", form(files=str(sent)))

    assert f'name="files" value="{sent}"' in operator.get("/console/").content.decode()


def test_the_code_is_read_out_by_the_hotline_and_never_shown_to_a_unit(operator: Client) -> None:
    unit = signed_in(Role.HANDLER, unit_id=street_unit())

    told, untold = (send(one, content=f"{number}号楼电梯坏了两天") for number, one in ((3, operator), (4, unit)))
    codes = [numbers.access_code(case.case_no, secret=settings.DATA_KEY) for case in Case.objects.order_by("pk")]
    looked = [one.get(f"/console/cases/{Case.objects.latest('pk').pk}/").content.decode() for one in (operator, unit)]

    assert codes[0] in told.content.decode()
    assert codes[1] not in untold.content.decode()
    assert [codes[1] in page for page in looked] == [True, False]
