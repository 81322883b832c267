"""Briefing packs by API: asked for, made, read with their figures, downloaded; not a foreign unit's."""

import io
from collections.abc import Callable

from docx import Document

from huiyin.cases import desk
from huiyin.domain.actions import Action
from huiyin.domain.vocabulary import Role
from huiyin.packs import ground, making
from huiyin.packs.models import Pack
from tests.api.conftest import Api
from tests.builders_city import OTHER_STREET, People, street_unit
from tests.builders_evaluation import AFTER, BAD, judged, published


def test_a_unit_asks_for_its_pack_reads_and_downloads_it(api_as: Callable[..., Api], people: People) -> None:
    judged(people)
    ground.forget()
    published()
    api = api_as(Role.UNIT_HEAD, unit_id=street_unit())
    foreign = api_as(Role.HANDLER, unit_id=street_unit(OTHER_STREET))

    asked = api.post("/evaluation/2026-06/packs", {})
    pack = Pack.objects.get()
    making.make(pack.pk, now=AFTER)
    lines = api.get("/evaluation/2026-06/packs").json()["items"]
    told = api.get(f"/packs/{pack.pk}").json()
    file = api.get(f"/packs/{pack.pk}/files/docx")
    shown = {figure["code"]: figure["shown"] for part in told["sections"] for figure in part["figures"]}

    assert (asked.status_code, asked.json()["total"]) == (202, 1)
    assert api.get(f"/packs/batches/{asked.json()['id']}").json()["ready"] == 1
    assert [(line["unit_id"], line["state"]) for line in lines] == [(street_unit(), "ready")]
    assert shown["volume"] == "1"
    assert Document(io.BytesIO(b"".join(file.streaming_content))).paragraphs
    assert [foreign.get(f"/packs/{pack.pk}{end}").status_code for end in ("", "/files/pdf")] == [404, 404]
    assert api.get("/evaluation/2025-01/packs").status_code == 404


def test_a_case_made_confidential_since_is_not_listed_and_closes_the_files(
    api_as: Callable[..., Api], people: People
) -> None:
    case = judged(people, answers=BAD)
    ground.forget()
    published()
    api = api_as(Role.UNIT_HEAD, unit_id=street_unit())
    api.post("/evaluation/2026-06/packs", {})
    pack = Pack.objects.get()
    making.make(pack.pk, now=AFTER)

    def listed() -> list[str]:
        return [number for part in api.get(f"/packs/{pack.pk}").json()["sections"] for number in part["case_nos"]]

    assert listed() == [case.case_no]
    data = {"confidential": True, "reason": "诉求人要求保密"}
    desk.act(case.pk, Action.MARK_CONFIDENTIAL, actor=people.operator(), data=data, now=AFTER)

    refused = api.get(f"/packs/{pack.pk}/files/docx")

    assert (refused.status_code, refused.json()["code"]) == (409, "pack_holds_confidential")
    assert "已设为保密" in refused.json()["detail"]
    assert listed() == []
    making.make(pack.pk, now=AFTER)
    again = api.get(f"/packs/{pack.pk}/files/docx")
    assert again.status_code == 200
    assert Document(io.BytesIO(b"".join(again.streaming_content))).paragraphs
