"""What is answered holds today and here; what does not is never shown, however well it fits."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.domain.vocabulary import AreaKind
from huiyin.knowledge import answering, held, writing
from huiyin.registry import directory
from tests.builders_city import OTHER_STREET, STREET
from tests.integration.knowledge.conftest import NOW, content

ASKED = "我家暖气多少度算达标"
TODAY = date(2026, 6, 10)


def area(code: str) -> int:
    found = directory.area_by_code(code)
    assert found is not None
    return found.id


def titles(**given) -> list[str]:
    return [found.entry.title for found in answering.find(ASKED, at=NOW, least=0.0, **given)]


def test_the_answer_comes_with_source_version_and_validity(entry) -> None:
    made = entry(valid_until=date(2026, 12, 31), issuer="市城市管理委")

    (found,) = answering.find(ASKED, at=NOW)

    assert found.sure
    assert found.reference == f"{made.pk}.1"
    assert found.quote.startswith("供暖期内卧室")
    for part in (f"K{made.pk} 第1版", "供热采暖管理办法（市城市管理委）", "有效期至2026-12-31"):
        assert part in found.quote


@pytest.mark.parametrize(
    ("dates", "shown"),
    [
        ({"valid_until": TODAY}, True),  # its last day
        ({"valid_until": TODAY - timedelta(days=1)}, False),
        ({"valid_from": TODAY}, True),
        ({"valid_from": TODAY + timedelta(days=1)}, False),
    ],
)
def test_only_what_holds_today_is_found(entry, dates, shown) -> None:
    entry(**dates)

    assert titles() == (["供暖温度标准"] if shown else [])


def test_an_entry_of_a_district_answers_for_its_streets_and_nowhere_else(entry) -> None:
    chaoyang, fengtai = area("110105"), area("110106")
    entry(area_id=chaoyang)

    assert titles(area=area(STREET)) == ["供暖温度标准"]
    assert titles(area=chaoyang) == ["供暖温度标准"]
    assert titles(area=fengtai) == []
    assert titles() == []  # the place is not known


def test_an_entry_of_a_street_answers_neither_for_its_district_nor_for_the_next_street(entry) -> None:
    entry(area_id=area(STREET))

    assert titles(area=area(STREET)) == ["供暖温度标准"]
    assert titles(area=area("110105")) == []
    assert titles(area=area(OTHER_STREET)) == []


def test_an_expired_entry_does_not_keep_the_next_best_from_being_found(entry) -> None:
    entry(title="旧标准", valid_until=date(2026, 3, 1))
    entry(title="新标准")

    assert titles() == ["新标准"]


def test_a_withdrawn_entry_is_gone_and_comes_back_when_restored(entry) -> None:
    made = entry()
    writing.withdraw(made.pk, reason="标准已变", by=writing.SYSTEM, now=NOW)
    held.forget()
    gone = titles()
    writing.restore(made.pk, 1, by=writing.SYSTEM, now=NOW)
    held.forget()

    assert gone == []
    assert titles() == ["供暖温度标准"]


def test_a_draft_is_never_an_answer_and_the_version_in_force_stays(entry) -> None:
    made = entry()
    draft = content(title="改过的标准", answer="还没有审核的内容")
    writing.change(made.pk, draft, by=writing.SYSTEM, now=NOW, publish=False)
    writing.create(content(title="新拟的"), by=writing.SYSTEM, now=NOW, publish=False)
    held.forget()

    assert titles() == ["供暖温度标准"]


def test_only_public_entries_are_for_citizens(entry) -> None:
    entry(title="内部口径")
    entry(title="公开答复", public=True)

    assert titles(public_only=True) == ["公开答复"]


def test_nothing_is_answered_to_what_nobody_wrote_down(entry) -> None:
    entry()
    entry(title="居住证办理条件", questions=("外地人怎么办居住证",), answer="办理居住登记满半年可以申领。")
    entry(title="养犬登记", questions=("在哪里办狗证",), answer="到居住地派出所办理，一户一犬。")

    assert answering.find("今天晚上有没有球赛，几点开始转播", at=NOW) == []
    assert answering.find("", at=NOW) == []
    assert answering.find("😀", at=NOW) == []


def test_asking_costs_at_most_one_statement(entry) -> None:
    for number in range(5):
        entry(title=f"标准{number}")
    answering.find(ASKED, at=NOW)

    with CaptureQueriesContext(
        connection,
    ) as seen:
        answering.find(ASKED, at=NOW, area=area(STREET))

    assert len(seen) <= 1  # the revision, once in some seconds


def test_vectors_are_made_in_a_job_and_read_with_the_index(entry) -> None:
    from huiyin.knowledge import meanings

    made = entry()
    before = held.held().index.has_meanings

    done = meanings.catch_up()
    held.forget()

    assert (before, done, meanings.missing()) == (False, 1, 0)
    assert held.held().index.has_meanings
    assert meanings.stored()[made.pk].shape == (3, 384)
    writing.change(made.pk, content(answer="不低于20℃"), by=writing.SYSTEM, now=NOW)
    assert meanings.missing() == 1  # a new version means something else


def test_areas_of_every_kind_lead_up_to_their_district(city: None) -> None:
    community = next(a for a in directory.areas().values() if a.kind is AreaKind.COMMUNITY and a.district_id)

    assert {community.id, community.parent_id, community.district_id} <= answering._around(community.id)
