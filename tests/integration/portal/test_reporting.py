"""Filing: one page, nothing typed is lost, one form is one case, the receipt says what binds whom."""

from typing import Any

import pytest
from django.test import Client

from huiyin.cases import numbers
from huiyin.cases.models import Attachment, Case, CaseEvent
from huiyin.domain.vocabulary import Channel
from huiyin.portal import filing, limits
from huiyin.portal.models import Submission
from huiyin.registry import directory
from tests.builders_city import STREET
from tests.integration.portal.conftest import NAME, PHONE, File, code_of, matter, picture

pytestmark = pytest.mark.usefixtures("city")


def test_a_filed_matter_is_a_case_of_the_citizen_with_what_was_missing_proposed(file: File) -> None:
    case = file()

    event = CaseEvent.objects.get(case_id=case.pk, seq=1)
    assert (case.channel, event.actor_kind, event.actor_id) == (Channel.WEB, "citizen", case.requester_id)
    assert case.proposal is not None
    assert case.request_type


def test_the_official_account_names_itself_by_the_address(client: Client) -> None:
    page = client.get("/report/?channel=wechat").content.decode()

    client.post("/report/", matter(channel="wechat"))

    assert 'name="channel" value="wechat"' in page
    assert Case.objects.get().channel == Channel.WECHAT


def test_a_made_up_channel_counts_as_the_web(file: File) -> None:
    assert file(channel="phone").channel == Channel.WEB


def test_the_receipt_shows_number_code_and_what_happens_next(client: Client, file: File) -> None:
    case = file()

    page = client.get("/report/done/").content.decode()

    code = code_of(case)
    assert numbers.grouped(case.case_no) in page
    assert f"{code[:3]} {code[3:]}" in page
    assert "承办单位与您联系" in page
    assert "小时内" in page or "前" in page


def test_a_place_that_was_chosen_is_taken_and_its_name_joins_the_address(client: Client, file: File) -> None:
    street = directory.area_by_code(STREET)
    assert street is not None
    hit = client.get("/report/places/", {"q": street.short_name}).json()["results"][0]

    case = file(place=hit["id"], place_text=hit["label"], address="3号楼2单元")

    assert case.street_id == street.id
    assert case.address == f"{hit['label']}3号楼2单元"


@pytest.mark.parametrize(
    ("place", "detail", "address"),
    [
        ("", " 3号楼 ", "3号楼"),
        ("望京西园四区", "", "望京西园四区"),
        ("望京西园四区", "望京西园四区3号楼", "望京西园四区3号楼"),
        ("望京西园四区", "3号楼", "望京西园四区3号楼"),
    ],
)
def test_the_address_says_nothing_twice(place: str, detail: str, address: str) -> None:
    assert filing.address_of(place, detail) == address


def test_the_position_is_kept_when_its_owner_sends_it(file: File) -> None:
    case = file(lon="116.4701234", lat="39.9901234")

    assert (case.longitude, case.latitude) == (116.47012, 39.99012)


@pytest.mark.parametrize(("lon", "lat"), [("", ""), ("x", "1"), ("nan", "1"), ("181", "1"), ("1", "inf"), ("1", "-91")])
def test_a_position_that_is_none_is_left_out(lon: str, lat: str) -> None:
    assert filing.Position.read(lon, lat) is None


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"content": ""}, "content", "请写一写"),
        ({"content": "坏了"}, "content", "多写几个字"),
        ({"phone": ""}, "phone", "答复"),
        ({"phone": "12"}, "phone", "格式不对"),
        ({"phone": "1380013"}, "phone", "无法与您联系"),
    ],
)
def test_what_is_wrong_is_said_kindly_at_its_field(
    client: Client, changes: dict[str, str], field: str, words: str
) -> None:
    response = client.post("/report/", matter(**changes))

    assert response.status_code == 422
    assert words in response.context["form"].errors[field][0]
    assert not Case.objects.exists()


def test_nothing_typed_is_lost_when_something_is_wrong(client: Client) -> None:
    entered = matter(phone="12", address="幸福小区3号楼", place="", place_text="幸福小区", anonymous="on")

    page = client.post("/report/", {**entered, "new_files": [picture()]}).content.decode()

    photo = Attachment.objects.get()
    for kept in (entered["content"], "幸福小区3号楼", 'value="幸福小区"', NAME, 'value="12"'):
        assert kept in page
    assert f'name="files" value="{photo.pk}"' in page
    assert "checked" in page


def test_the_same_form_sent_twice_is_one_case(client: Client, file: File) -> None:
    first = file()

    again = client.post("/report/", matter())

    assert again.status_code == 302
    assert Case.objects.get() == first
    assert Submission.objects.count() == 1


def test_other_words_from_the_same_page_are_another_case(file: File) -> None:
    file()

    file(content="另外，小区门口的路灯也坏了，请一起修")

    assert Case.objects.count() == 2


def test_a_refused_form_leaves_no_trace_and_may_be_sent_again(client: Client, file: File) -> None:
    client.post("/report/", matter(phone="12"))

    file()

    assert Case.objects.count() == 1


def test_a_filled_trap_is_told_and_discards_nothing(client: Client) -> None:
    response = client.post("/report/", matter(website="http://spam.example"))

    page = response.content.decode()
    assert response.status_code == 422
    assert "还没有提交" in page
    assert matter()["content"] in page
    assert "spam.example" not in page


def test_too_many_from_one_address_are_told_so_and_keep_their_words(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "FILING", limits.Limit(name="f", most=1, within=limits.FILING.within, message="太多"))
    client.post("/report/", matter())

    response = client.post("/report/", matter(content="第二件事情：井盖丢了很危险"))

    assert response.status_code == 429
    assert "太多" in response.content.decode()
    assert "井盖丢了很危险" in response.content.decode()
    assert Case.objects.count() == 1


def test_another_address_is_not_held_back(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "FILING", limits.Limit(name="f", most=1, within=limits.FILING.within, message="太多"))
    client.post("/report/", matter())

    response = client.post("/report/", matter(content="第二件事情：井盖丢了"), REMOTE_ADDR="198.51.100.7")

    assert response.status_code == 302


def test_a_form_from_elsewhere_is_refused() -> None:
    assert Client(enforce_csrf_checks=True).post("/report/", matter()).status_code == 403


def test_places_are_found_by_initials_and_limited_per_minute(client: Client, monkeypatch: Any) -> None:
    found = client.get("/report/places/", {"q": "wjjd"}).json()["results"]
    monkeypatch.setattr("huiyin.portal.views.reporting._PLACES_A_MINUTE", 1)

    refused = client.get("/report/places/", {"q": "wjjd"})

    assert any("望京" in hit["label"] for hit in found)
    assert refused.status_code == 429


def test_the_first_pages_ask_the_database_nothing(client: Client, django_assert_num_queries: Any) -> None:
    client.get("/report/")  # templates and caches

    with django_assert_num_queries(0):
        home = client.get("/")
        client.get("/report/")
        client.get("/progress/")

    assert [f"tel:{number}" in home.content.decode() for number in ("110", "119", "120", "122")] == [True] * 4


def test_filing_takes_a_constant_number_of_statements(client: Client, django_assert_max_num_queries: Any) -> None:
    client.post("/report/", matter())

    with django_assert_max_num_queries(30):
        client.post("/report/", matter(content="路口的井盖丢了，请尽快补上"))


def test_nothing_of_the_citizen_stands_in_the_logs(client: Client, caplog: Any) -> None:
    caplog.set_level("DEBUG")

    client.post("/report/", matter(phone="12", requester_name=NAME))
    client.post("/report/", matter())
    client.get("/report/done/")

    for secret in (NAME, PHONE, "楼道里的灯"):
        assert secret not in "".join(
            record.getMessage() for record in caplog.records if record.name != "django.db.backends"
        )
