"""Photos: sent ahead or with the form, seen by their owner only, pictures and nothing else."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.cases.models import Attachment, Case
from huiyin.portal import limits
from tests.integration.portal.conftest import File, matter, open_case, picture

pytestmark = pytest.mark.usefixtures("city")


def send(client: Client) -> dict[str, Any]:
    response = client.post("/report/photos/", {"file": picture()})
    assert response.status_code == 201, response.content
    return response.json()


def see(client: Client, path: str) -> Any:
    response = client.get(path)
    if response.streaming:
        assert b"".join(response.streaming_content)[:2] == b"\xff\xd8"  # a JPEG, read to its end
    return response


def test_a_photo_sent_ahead_goes_into_the_case(client: Client, file: File) -> None:
    photo = send(client)

    case = file(files=[photo["id"]])

    kept = Attachment.objects.get(case=case)
    assert (kept.pk, kept.event_seq, kept.uploader_kind) == (photo["id"], 1, "citizen")
    assert see(client, photo["thumbnail"]).status_code == 200
    assert see(client, f"/report/photos/{kept.pk}/").headers["Content-Type"] == "image/jpeg"


def test_photos_travel_with_the_form_where_there_are_no_scripts(file: File) -> None:
    case = file(new_files=[picture("a.jpg"), picture("b.jpg")])

    assert Attachment.objects.filter(case=case).count() == 2


def test_a_stranger_neither_sees_nor_takes_nor_removes_a_photo(client: Client) -> None:
    photo, stranger = send(client), Client()

    seen = [stranger.get(photo["thumbnail"]).status_code, stranger.get(f"/report/photos/{photo['id']}/").status_code]
    stranger.post(photo["remove"])
    stranger.post("/report/", matter(files=[photo["id"]]))

    assert seen == [404, 404]
    assert Attachment.objects.get(pk=photo["id"]).case_id is None
    assert Case.objects.count() == 1


def test_whoever_has_the_case_open_sees_its_photos_and_nobody_elses(client: Client, file: File) -> None:
    mine = file(new_files=[picture()])
    photo = Attachment.objects.get(case=mine)
    later, other = Client(), Client()
    open_case(later, mine)
    other.post("/report/", matter(content="别的事情：井盖丢了", token="other"))

    assert see(later, f"/report/photos/{photo.pk}/small/").status_code == 200
    assert see(other, f"/report/photos/{photo.pk}/small/").status_code == 404


def test_a_photo_can_be_taken_back_before_sending(client: Client) -> None:
    photo = send(client)

    client.post(photo["remove"])

    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"), [("x.jpg", b"MZ\x90\x00 not a picture"), ("x.jpg", b""), ("x.pdf", b"%PDF-1.4\n%%EOF")]
)
def test_what_is_no_picture_is_refused_in_words(client: Client, name: str, content: bytes) -> None:
    response = client.post("/report/photos/", {"file": SimpleUploadedFile(name, content)})

    assert response.status_code == 422
    assert response.json()["error"]
    assert not Attachment.objects.exists()


def test_a_bad_photo_does_not_cost_the_words(client: Client) -> None:
    bad = SimpleUploadedFile("x.jpg", b"nothing that could be a picture")

    response = client.post("/report/", matter(new_files=[bad, picture()]))

    page = response.content.decode()
    assert response.status_code == 422
    assert matter()["content"] in page
    assert f'name="files" value="{Attachment.objects.get().pk}"' in page


def test_no_more_than_nine_go_with_a_form(client: Client) -> None:
    response = client.post("/report/", matter(new_files=[picture(f"{n}.jpg") for n in range(10)]))

    assert "最多9张" in response.content.decode()
    assert Attachment.objects.count() == 9


def test_photos_from_one_address_are_limited(client: Client, monkeypatch: Any) -> None:
    few = limits.Limit(name="p", most=1, within=limits.PHOTOS.within, message="照片太多")
    monkeypatch.setattr(limits, "PHOTOS", few)
    send(client)

    response = client.post("/report/photos/", {"file": picture()})

    assert (response.status_code, response.json()["error"]) == (429, "照片太多")
