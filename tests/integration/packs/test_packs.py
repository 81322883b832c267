"""Briefing packs: page, document, PDF and slides agree to the digit with the published figures; who may have them."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pypdf
import pytest
from django.core.files.storage import default_storage
from docx import Document
from pptx import Presentation

from huiyin.accounts.models import AccessLog
from huiyin.cases import desk
from huiyin.cases.models import Case
from huiyin.domain.actions import Action
from huiyin.domain.errors import DomainError
from huiyin.domain.vocabulary import Role
from huiyin.evaluation import selectors
from huiyin.evaluation.models import Version
from huiyin.evaluation.vocabulary import Group
from huiyin.packs import access, cases_behind, ground, making
from huiyin.packs.contents import Contents, from_json
from huiyin.packs.models import Form, Look, Pack, State
from huiyin.packs.subject import subject_of
from huiyin.registry import directory
from tests import builders_evaluation as evaluation
from tests.builders_city import NOW, OTHER_STREET, People, dispatched, street_unit
from tests.integration.intake.test_console import signed_in


@pytest.fixture
def published(city: None) -> Version:
    """Two answered cases at one street, one of them badly."""
    people = People()
    evaluation.judged(people, phone="19900000001")
    evaluation.judged(
        people, answers=evaluation.BAD, phone="19900000002", content="楼道堆物三个月无人清理，电话13812345678"
    )
    ground.forget()
    return evaluation.published()


def judged_badly(
    people: People,
    *,
    name: str,
    phone: str = "19900000003",
    content: str = "楼道堆物三个月无人清理",
    reply: str = "已清理楼道堆物，现场已恢复畅通。",
) -> Case:
    """A case whose caller and whose unit's reply are given, and that was not solved."""
    case = dispatched(people, requester_name=name, phone=phone, content=content)
    handler = people.handler(street_unit())
    desk.act(case.pk, Action.SIGN, actor=handler, data={}, now=NOW + timedelta(minutes=30))
    told_at = NOW + timedelta(hours=2)
    answer = {
        "outcome": "solved",
        "means": "visit",
        "told_at": told_at.isoformat(),
        "result": reply,
        "evidence": "现场照片与居民签字确认单",
    }
    case = desk.act(case.pk, Action.REPLY, actor=handler, data=answer, now=told_at + timedelta(hours=1))
    return evaluation.asked(people, case, at=NOW + timedelta(days=1), answers=evaluation.BAD)


def made(version: Version, group: Group = Group.STREET, unit_id: int | None = None) -> Pack:
    key = (group, unit_id or street_unit())
    batch = making.ask(version, [key], by=evaluation.staff(1), now=evaluation.AFTER)
    pack = batch.packs.get()
    assert making.make(pack.pk, now=evaluation.AFTER)
    pack.refresh_from_db()
    return pack


def stored(pack: Pack, form: Form) -> bytes:
    with default_storage.open(making.file_of(pack, form)) as file:
        return bytes(file.read())


def words_of_document(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def words_of_slides(content: bytes) -> str:
    found = []
    for slide in Presentation(io.BytesIO(content)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            if shape.has_table:
                found += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(found)


def words_of_pdf(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


READERS = {Form.DOCX: words_of_document, Form.PPTX: words_of_slides, Form.PDF: words_of_pdf}


def plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_every_form_prints_every_figure_to_the_digit(published: Version) -> None:
    pack = made(published)
    contents = from_json(pack.contents)
    page = signed_in(Role.LEADER).get(f"/packs/{pack.pk}/").content.decode()
    told = {form: plain(read(stored(pack, form))) for form, read in READERS.items()} | {Form.PAGE: plain(page)}

    assert len(contents.figures) > 5
    for figure in contents.figures:
        for form, text in told.items():
            assert plain(figure.shown) in text, (form, figure.code, figure.shown)
    for section in contents.sections:
        for form, text in told.items():
            assert plain(section.heading) in text, (form, section.heading)


def test_a_table_beside_a_chart_keeps_what_counts_most(published: Version) -> None:
    pack = made(published)
    section = from_json(pack.contents).section("classes")
    assert section is not None
    with_chart = [one for one in Presentation(io.BytesIO(stored(pack, Form.PPTX))).slides[5].shapes if one.has_table]

    assert section.chart is not None
    assert [[cell.text for cell in one.table.rows[0].cells] for one in with_chart] == [["类别", "解决率", "失分"]]


def test_a_pack_from_before_tables_named_their_columns_is_still_read(published: Version) -> None:
    kept = made(published).contents
    for section in kept["sections"]:
        for table in section["tables"]:
            del table["narrow"]

    assert from_json(kept).section("classes") is not None


def test_its_figures_are_the_published_ones(published: Version) -> None:
    contents: Contents = from_json(made(published).contents)
    line = selectors.find_line(published, Group.STREET, street_unit())
    assert line is not None
    shown = {figure.code: figure.shown for figure in contents.figures}
    exact = {figure.code: figure.exact for figure in contents.figures}

    assert shown["volume"] == str(line.counts.volume) == "2"
    assert exact["resolution"] == "1/2"
    assert shown["resolution"].startswith("50.00")
    assert contents.fingerprint == published.digest[:12]


def test_the_cases_behind_are_told_without_anything_that_says_who_called(published: Version) -> None:
    pack = made(published)
    contents = from_json(pack.contents)

    assert [case.flags for case in contents.cases]
    for form, read in READERS.items():
        assert "13812345678" not in plain(read(stored(pack, form))), form


def test_the_callers_name_is_masked_in_title_and_reply_wherever_it_stands(city: None, people: People) -> None:
    judged_badly(
        people, name="王建国", content="王建国反映楼道堆物三个月无人清理", reply="经与诉求人王建国联系核实，已清理"
    )
    contents = from_json(made(evaluation.published()).contents)
    told = "".join(case.what + case.happened for case in contents.cases)

    assert "经与诉求人王**联系核实，已清理" in told
    assert "王**反映楼道堆物" in told
    assert "建国" not in told


def test_more_cases_cost_no_more_statements(
    city: None, people: People, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(3):
        judged_badly(people, name=f"王建{number}", phone=f"1990000000{number}")
    shared = ground.read(evaluation.published(), now=evaluation.AFTER)

    with django_assert_num_queries(2):
        told = cases_behind.told(subject_of(shared, Group.STREET, street_unit()))

    assert len(told.cases) == 3


def test_a_district_and_a_unit_without_answers_have_packs_too(published: Version) -> None:
    government = directory.district_unit(directory.unit(street_unit()).district_id or 0)
    assert government is not None

    assert made(published, Group.DISTRICT, government.id).state == State.READY
    assert made(published, Group.STREET, street_unit(OTHER_STREET)).state == State.READY


def test_what_is_not_published_has_no_pack(city: None) -> None:
    evaluation.judged(People())
    draft = evaluation.drafted()

    with pytest.raises(ground.NotPublished):
        making.ask(draft, [(Group.STREET, street_unit())], by=evaluation.staff(1), now=evaluation.AFTER)


def test_a_batch_counts_its_packs_and_a_failed_one_is_made_again(published: Version) -> None:
    keys = [(Group.STREET, street_unit()), (Group.STREET, street_unit(OTHER_STREET))]
    batch = making.ask(published, keys, by=evaluation.staff(1), now=evaluation.AFTER)
    Pack.objects.filter(unit_id=street_unit(OTHER_STREET)).update(state=State.FAILED, error="制作时出错")
    good = Pack.objects.get(unit_id=street_unit())
    assert making.make(good.pk, now=evaluation.AFTER)
    assert not making.make(good.pk, now=evaluation.AFTER)

    assert making.retry(batch, by=evaluation.staff(1), now=evaluation.AFTER) == 1
    assert Pack.objects.get(unit_id=street_unit(OTHER_STREET)).state == State.WAITING


def test_each_look_is_written_down_with_the_cases_that_it_shows(published: Version) -> None:
    pack = made(published)
    client = signed_in(Role.LEADER)

    client.get(f"/packs/{pack.pk}/")
    answer = client.get(f"/packs/{pack.pk}/files/docx/")
    list(answer.streaming_content)

    assert list(Look.objects.order_by("id").values_list("form", flat=True)) == ["page", "docx"]
    cases = len(from_json(pack.contents).cases)
    assert AccessLog.objects.count() == 2 * cases > 0


def test_a_unit_has_its_own_pack_and_no_other(published: Version) -> None:
    own = made(published)
    other = made(published, Group.STREET, street_unit(OTHER_STREET))
    unit = signed_in(Role.UNIT_HEAD, unit_id=street_unit())

    statuses = [unit.get(f"/packs/{pack.pk}/").status_code for pack in (own, other)]
    assert statuses == [200, 404]
    assert unit.get(f"/packs/{other.pk}/files/pdf/").status_code == 404
    with pytest.raises(DomainError):
        making.ask(published, [making.key_of(other)], by=evaluation.street_staff(), now=evaluation.AFTER)
    assert access.makes(evaluation.street_staff(), making.key_of(own))
