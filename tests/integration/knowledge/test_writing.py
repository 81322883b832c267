"""Versions are appended and never lost; who may write what; gaps are masked, counted, closed."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from huiyin.domain.errors import InvalidData
from huiyin.domain.vocabulary import Role
from huiyin.knowledge import gaps, importing, selectors, writing
from huiyin.knowledge.models import Entry, EntryVersion, Gap, State
from huiyin.tables.reading import BadFile
from tests.builders_city import OTHER_STREET, street_unit
from tests.integration.knowledge.conftest import NOW, content

HEAD = "编号,标题,问法,答复,来源,责任单位,适用区域,有效期至\n"


def test_each_change_is_a_version_and_the_old_ones_stay(entry) -> None:
    made = entry()
    writing.change(made.pk, content(answer="不低于20℃"), by=writing.SYSTEM, now=NOW)
    writing.withdraw(made.pk, reason="过时", by=writing.SYSTEM, now=NOW)
    writing.restore(made.pk, 1, by=writing.SYSTEM, now=NOW)

    versions = list(made.versions.order_by("number"))

    assert [version.number for version in versions] == [1, 2, 3, 4]
    assert [version.state for version in versions] == ["in_force", "in_force", "withdrawn", "in_force"]
    assert versions[3].answer == versions[0].answer != versions[1].answer
    made.refresh_from_db()
    assert made.current == made.latest == versions[3]


def test_two_versions_never_share_a_number(entry) -> None:
    version = entry().latest
    version.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        version.save(force_insert=True)


def test_what_did_not_change_makes_no_version(entry) -> None:
    made = entry()

    with pytest.raises(writing.NothingToDo):
        writing.change(made.pk, content(), by=writing.SYSTEM, now=NOW)


def test_who_edits_an_older_version_is_told(entry) -> None:
    made = entry()
    writing.change(made.pk, content(answer="不低于20℃"), by=writing.SYSTEM, now=NOW, seen=1)

    with pytest.raises(writing.EntryChanged):
        writing.change(made.pk, content(answer="不低于22℃"), by=writing.SYSTEM, now=NOW, seen=1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"answer": ""}, "answer"),
        ({"source": ""}, "source"),
        ({"valid_until": date(2025, 1, 1)}, "valid_until"),
        ({"questions": tuple(str(n) for n in range(31))}, "questions"),
    ],
)
def test_an_entry_without_source_or_with_dates_out_of_order_is_refused(city, changes, field) -> None:
    with pytest.raises(InvalidData) as refusal:
        writing.create(content(**changes), by=writing.SYSTEM, now=NOW)

    assert list(refusal.value.errors) == [field]
    assert not Entry.objects.exists()


def test_a_unit_proposes_for_itself_and_the_hotline_publishes(city) -> None:
    own, other = street_unit(), street_unit(OTHER_STREET)
    unit = writing.Editor(id=7, name="街道负责人", publishes=False, unit_ids=frozenset({own}))

    made = writing.create(content(owner_id=own), by=unit, now=NOW)

    assert made.current is None
    assert made.latest.state == State.DRAFT
    with pytest.raises(InvalidData):
        writing.create(content(owner_id=other), by=unit, now=NOW)
    with pytest.raises(writing.MayNotPublish):
        writing.publish(made.pk, by=unit, now=NOW)
    writing.publish(made.pk, by=writing.SYSTEM, now=NOW)
    made.refresh_from_db()
    assert made.current == made.latest


def test_a_unit_neither_changes_nor_withdraws_what_is_anothers(entry) -> None:
    made = entry()
    unit = writing.Editor(id=7, name="街道负责人", publishes=False, unit_ids=frozenset({street_unit()}))
    taken = content(owner_id=street_unit())

    for attempt in (
        lambda: writing.change(made.pk, taken, by=unit, now=NOW),
        lambda: writing.withdraw(made.pk, reason="不要了", by=unit, now=NOW),
        lambda: writing.restore(made.pk, 1, by=unit, now=NOW),
    ):
        with pytest.raises(writing.MayNotPublish):
            attempt()
    assert EntryVersion.objects.count() == 1


def test_the_editor_sees_what_differs(entry) -> None:
    made = entry()
    writing.change(made.pk, content(answer="不低于20℃", public=True), by=writing.SYSTEM, now=NOW)
    newer, older = selectors.versions_of(made)

    assert [label for label, _before, _after in selectors.differences(older, newer)] == ["答复", "对市民公开"]


def test_alike_questions_are_one_gap_without_names_and_numbers(city) -> None:
    gaps.note("怎么申请无人机飞行许可，我电话19912345678", now=NOW)
    gap = gaps.note("怎么申请无人机飞行许可， 我电话19912345678。", now=NOW)
    gaps.note("养鸵鸟要办什么证", now=NOW)

    assert gap.count == 2
    assert "19912345678" not in gap.text
    assert Gap.objects.count() == 2
    with pytest.raises(InvalidData):
        gaps.note("啊", now=NOW)


def test_an_entry_that_takes_up_the_words_of_a_gap_closes_it(city) -> None:
    gap = gaps.note("养鸵鸟要办什么证", now=NOW)

    made = writing.create(content(questions=("养鸵鸟要办什么证",)), by=writing.SYSTEM, now=NOW)

    gap.refresh_from_db()
    assert gap.solved_by == made
    assert selectors.open_gaps().rows == []


def read(tmp_path: Path, text: str, **given) -> importing.Reading:
    path = tmp_path / "entries.csv"
    path.write_text(text, encoding="utf-8")
    return importing.read(path, today=NOW.date(), **given)


def test_every_fault_of_a_file_is_named_by_its_line(city, tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        HEAD
        + "a,供暖温度,多少度|几度,不低于18℃,办法,HOTLINE,,\n"
        + "a,重复的编号,,答复,办法,HOTLINE,,\n"
        + "b,,,答复,,HOTLINE,,\n"
        + "c,标题,,答复,办法,没有的单位,火星区,明年\n",
    )

    assert len(reading.lines) == 1
    assert [fault.split("：")[0] for fault in reading.faults] == ["第 3 行", *["第 4 行"] * 2, *["第 5 行"] * 3]
    assert "与第 2 行重复" in reading.faults[0]


def test_a_file_may_be_imported_again_and_only_changes_make_versions(city, tmp_path: Path) -> None:
    text = HEAD + "a,供暖温度,多少度|几度,不低于18℃,办法,HOTLINE,朝阳区,2027-01-01\n,无编号,,答复,办法,HOTLINE,,\n"
    first = importing.write(read(tmp_path, text).lines, by=writing.SYSTEM, now=NOW)
    second = importing.write(
        read(tmp_path, text.splitlines(True)[0] + text.splitlines(True)[1]).lines, by=writing.SYSTEM, now=NOW
    )
    third = importing.write(
        read(tmp_path, text.replace("18", "20").split("\n,")[0] + "\n").lines, by=writing.SYSTEM, now=NOW
    )

    assert (first.added, second.same, third.changed) == (2, 1, 1)
    version = Entry.objects.get(code="a").current
    assert version.number == 2
    assert version.questions == ["多少度", "几度"]
    assert version.area.name == "朝阳区"
    assert version.valid_until == date(2027, 1, 1)


@pytest.mark.parametrize("text", ["标题,答复\n甲,乙\n", HEAD, "\n"])
def test_a_file_that_is_none_is_refused_in_words(city, tmp_path: Path, text: str) -> None:
    with pytest.raises(BadFile):
        read(tmp_path, text)


def test_the_demo_entries_are_complete_and_marked_as_examples(city) -> None:
    from huiyin.ops.demo import answers

    added = answers.load(NOW)

    assert added > 150
    assert answers.load(NOW) == 0
    assert set(EntryVersion.objects.values_list("source", flat=True)) == {"示例条目，以官方发布为准"}
    assert selectors.gap_count() == 4


def test_roles_that_publish_do_so_at_the_hotline_only() -> None:
    assert Role.ANALYST in writing.PUBLISHERS
    assert Role.OPERATOR not in writing.PROPOSERS
    assert not replace(writing.SYSTEM, publishes=False).may_write_for(1)
