"""Files over the web: taken as they are chosen, given to those who see the case, never run by a browser."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone

from huiyin.cases import desk
from huiyin.cases.models import Attachment
from huiyin.domain.actions import Action
from huiyin.domain.vocabulary import Role
from tests.builders_city import OTHER_STREET, People, dispatched, street_unit
from tests.integration.cases.test_attachments import PDF, film, photo, upload

pytestmark = pytest.mark.usefixtures("city")


def sent(client: Client, name: str = "现场.jpg", content: bytes = b"") -> dict[str, Any]:
    answer = client.post("/cases/files/", {"file": upload(name, content or photo())})
    assert answer.status_code == 201
    return answer.json()  # type: ignore[no-any-return]


def bound(people: People, attachment_id: int, uploader: int) -> Attachment:
    """The file becomes evidence of a case of the street."""
    case = dispatched(people, now=timezone.now())
    Attachment.objects.filter(pk=attachment_id).update(case_id=case.pk, event_seq=2)
    return Attachment.objects.get(pk=attachment_id)


def got(client: Client, address: str, **headers: str) -> tuple[Any, bytes]:
    """The answer and its body, read to the end."""
    answer = client.get(address, headers=headers)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    # Closing ends the request, and with it, outside a test, the connection.
    request_finished.disconnect(close_old_connections)
    answer.close()
    request_finished.connect(close_old_connections)
    return answer, body


def test_a_file_goes_up_alone_and_is_used_by_the_next_action(handler: Client, people: People) -> None:
    case = dispatched(people, now=timezone.now())
    desk.act(case.pk, Action.SIGN, actor=people.handler(street_unit()), data={}, now=timezone.now())
    file = sent(handler)

    answer = handler.post(f"/cases/{case.case_no}/do/add_note/", {"note": "已到现场核实", "files": [file["id"]]})

    assert answer.status_code == 302
    assert Attachment.objects.get(pk=file["id"]).case_id == case.pk


def test_a_bad_file_is_answered_with_words(handler: Client) -> None:
    answer = handler.post("/cases/files/", {"file": upload("页.html", b"<html>")})

    assert answer.status_code == 422
    assert "不是可以上传的文件" in answer.json()["error"]
    assert handler.post("/cases/files/").status_code == 422


def test_pictures_and_recordings_open_in_the_page_and_papers_are_saved(handler: Client) -> None:
    picture, paper = sent(handler), sent(handler, "答复.pdf", PDF)

    seen, _ = got(handler, f"/cases/files/{picture['id']}/")
    asked, _ = got(handler, f"/cases/files/{picture['id']}/?save")
    saved, _ = got(handler, f"/cases/files/{paper['id']}/")

    assert seen.headers["Content-Disposition"].startswith("inline")
    assert asked.headers["Content-Disposition"].startswith("attachment")
    assert saved.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E7%AD%94")
    for answer in (seen, saved):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert "private" in answer.headers["Cache-Control"]


def test_a_thumbnail_is_a_small_jpeg(handler: Client) -> None:
    answer, body = got(handler, sent(handler)["thumbnail"])

    assert answer.headers["Content-Type"] == "image/jpeg"
    assert body.startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("asked", "first", "last"), [("bytes=10-19", 10, 19), ("bytes=-5", -5, None), ("bytes=600-99999", 600, None)]
)
def test_a_player_gets_the_stretch_it_asks_for(handler: Client, asked: str, first: int, last: int | None) -> None:
    file = sent(handler, "现场.mp4", film())
    with default_storage.open(Attachment.objects.get(pk=file["id"]).stored_as) as stored:
        whole = stored.read()

    answer, body = got(handler, f"/cases/files/{file['id']}/", Range=asked)
    expected = whole[first:] if last is None else whole[first : last + 1]

    assert answer.status_code == 206
    assert body == expected
    assert int(answer.headers["Content-Length"]) == len(expected)


@pytest.mark.parametrize("asked", ["bytes=", "bytes=9-2", "bytes=abc", "bytes=99999999-"])
def test_a_nonsense_stretch_gets_the_whole_file(handler: Client, asked: str) -> None:
    file = sent(handler, "现场.mp4", film())

    answer, body = got(handler, f"/cases/files/{file['id']}/", Range=asked)

    assert (answer.status_code, len(body)) == (200, file["size"])


def test_only_those_who_see_the_case_see_its_files(
    handler: Client, sign_in: Callable[..., Client], people: People
) -> None:
    file = bound(people, sent(handler)["id"], handler.staff.pk)  # type: ignore[attr-defined]
    colleague = sign_in(street_unit(), Role.UNIT_HEAD)
    stranger = sign_in(street_unit(OTHER_STREET), Role.HANDLER)

    for part in ("", "small/"):
        for client, status in ((colleague, 200), (stranger, 404), (Client(), 302)):
            assert got(client, f"/cases/files/{file.pk}/{part}")[0].status_code == status


def test_nobody_else_sees_a_file_that_no_case_has_yet(handler: Client, sign_in: Callable[..., Client]) -> None:
    file = sent(handler)

    assert sign_in(street_unit(), Role.UNIT_HEAD).get(f"/cases/files/{file['id']}/").status_code == 404


def test_an_upload_is_taken_back_by_its_uploader_until_it_is_evidence(
    handler: Client, sign_in: Callable[..., Client], people: People
) -> None:
    free, used = sent(handler), sent(handler)
    bound(people, used["id"], handler.staff.pk)  # type: ignore[attr-defined]

    sign_in(street_unit(), Role.HANDLER).post(free["remove"])
    assert Attachment.objects.filter(pk=free["id"]).exists()
    for file in (free, used):
        handler.post(file["remove"])

    assert list(Attachment.objects.values_list("pk", flat=True)) == [used["id"]]


def test_another_s_upload_cannot_be_used_as_evidence(
    handler: Client, sign_in: Callable[..., Client], people: People
) -> None:
    case = dispatched(people, now=timezone.now())
    desk.act(case.pk, Action.SIGN, actor=people.handler(street_unit()), data={}, now=timezone.now())
    file = sent(sign_in(street_unit(), Role.HANDLER))

    answer = handler.post(f"/cases/{case.case_no}/do/add_note/", {"note": "已到现场核实", "files": [file["id"]]})

    assert answer.status_code == 422
    assert "附件不存在" in answer.context["form"].errors["files"][0]


def test_a_file_missing_in_the_store_is_said_so(handler: Client) -> None:
    file = sent(handler)
    default_storage.delete(Attachment.objects.get(pk=file["id"]).stored_as)

    assert handler.get(f"/cases/files/{file['id']}/").status_code == 404
