"""七有五性 over HTTP: who sees what, reports written only whole, drafts edited and published."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.domain.vocabulary import Role
from huiyin.evaluation.models import Version
from huiyin.indicators import scoring, trees
from huiyin.indicators.models import Assessment, Tree, TreeNode, Value
from huiyin.registry import directory
from tests.builders_city import street_unit
from tests.builders_evaluation import AFTER
from tests.integration.indicators.conftest import EDITOR
from tests.integration.intake.test_console import signed_in

File = Callable[..., Path]


@pytest.fixture
def analyst(city: None) -> Client:
    return signed_in(Role.ANALYST)


@pytest.fixture
def scored(tree: Tree, june: Version) -> Assessment:
    return scoring.assess(june, by=EDITOR, now=AFTER)


def district_id(code: str = "110105") -> int:
    found = directory.area_by_code(code)
    assert found is not None
    return found.id


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_every_page_says_what_to_do_before_there_is_anything(analyst: Client, city: None) -> None:
    assert "还没有可以计算的考核期" in text_of(analyst.get("/indicators/"))
    assert "还没有得分" in text_of(analyst.get("/indicators/trend/"))
    assert "还没有得分" in text_of(analyst.get("/indicators/missing/"))
    assert "huiyin indicators load --publish" in text_of(analyst.get("/indicators/trees/"))
    assert analyst.get("/indicators/upload/").status_code == 409


def test_a_score_opens_its_items_and_the_cases_behind_them(analyst: Client, scored: Assessment, june: Version) -> None:
    here = f"/indicators/2026-06/{district_id()}/"

    assert "55.00" in text_of(analyst.get("/indicators/?period=2026-06&by=B2"))
    assert "宜居性" in text_of(analyst.get(here))
    opened = text_of(analyst.get(f"{here}B2/"))
    assert f"{here}B2.R1/cases/" in opened
    assert "缺常住人口" in opened
    unsolved = analyst.get(f"{here}B2.R3/cases/")
    assert [figure[2] for figure in unsolved.context["figures"]] == [2, 2, 0, 1, 1]
    assert len(unsolved.context["rows"]) == 1
    assert analyst.get(f"{here}A1.1.1/cases/").status_code == 404
    assert analyst.get(f"/indicators/2025-01/{district_id()}/").status_code == 404


def test_people_of_a_district_see_its_profile_and_the_ranking_but_no_other_profile(scored: Assessment) -> None:
    street = signed_in(Role.UNIT_HEAD, unit_id=street_unit())

    board = text_of(street.get("/indicators/"))

    assert "东城" in board
    assert f"/indicators/2026-06/{district_id('110101')}/" not in board
    assert street.get(f"/indicators/2026-06/{district_id()}/").status_code == 200
    assert street.get("/indicators/missing/").status_code == 200
    for closed in (
        f"/indicators/2026-06/{district_id('110101')}/",
        f"/indicators/2026-06/{district_id('110101')}/B2/",
        f"/indicators/reports/{district_id('110101')}/A1.1.1/",
        "/indicators/upload/",
    ):
        assert street.get(closed).status_code == 403
    blank = street.get(f"/indicators/blank/?area={district_id('110101')}")
    assert "东城区" not in text_of(blank)


def test_a_file_is_previewed_first_and_then_written_as_it_was_shown(
    analyst: Client, scored: Assessment, file: File
) -> None:
    def send(path: Path) -> Any:
        return analyst.post("/indicators/upload/", {"file": SimpleUploadedFile("区报.csv", path.read_bytes())})

    refused = send(file("朝阳区,A1.1.1,2026,70,", "朝阳区,无此项,2026,70,"))
    assert refused.status_code == 422
    assert "第 3 行：没有这个细项：无此项" in text_of(refused)
    shown = send(file("朝阳区,A1.1.1,2026,70,初报"))
    assert shown.status_code == 200
    assert Value.objects.count() == 0
    written = analyst.post("/indicators/upload/", {"lines": shown.context["lines"], "name": "区报.csv"})
    assert written.status_code == 302
    row = Value.objects.get()
    assert (row.item, row.value, row.file, row.note) == ("A1.1.1", 70, "区报.csv", "初报")
    assert "初报" in text_of(analyst.get(f"/indicators/reports/{district_id()}/A1.1.1/"))


def test_computing_again_after_a_report_moves_the_score(analyst: Client, scored: Assessment, june: Version) -> None:
    same = analyst.post("/indicators/assess/", {"period": "2026-06"}, follow=True)
    assert "得分与上次相同" in text_of(same)
    Value.objects.create(
        district_id=district_id(),
        item="A1.1.1",
        period="2026",
        value=95,
        source="upload",
        by="分析员",
        at=AFTER + timedelta(days=1),
    )
    assert analyst.post("/indicators/assess/", {"period": "2026-06", "reason": "补报"}).status_code == 302
    assert Assessment.objects.filter(period="2026-06").count() == 2
    assert "补报" in text_of(analyst.get("/indicators/"))


def test_a_draft_is_made_edited_compared_and_published(analyst: Client, scored: Assessment) -> None:
    started = analyst.post("/indicators/trees/1/draft/", {"effective_from": "2027-01-01", "note": "调整托育"})
    assert started.status_code == 302
    at = "/indicators/trees/2/"
    assert analyst.post(f"{at}weights/", {"dimension": "A1", "w-A1.1": "7.5", "w-A1.1.1": "2"}).status_code == 302
    bad = {**_node("A1.1.2"), "target": "30"}
    assert "底线和目标" in text_of(analyst.post(f"{at}nodes/A1.1.2/", bad))
    assert analyst.post(f"{at}nodes/A1.1.2/", {**_node("A1.1.2"), "target": "70"}).status_code == 302
    assert (
        analyst.post(f"{at}nodes/A1.1/new/", {**_node("A1.1.2"), "code": "A1.1.8", "name": "新细项"}).status_code == 302
    )
    assert analyst.post(f"{at}nodes/A1.1.3/remove/").status_code == 302
    compared = text_of(analyst.get(f"{at}compare/"))
    assert "5 处不同" in compared
    assert "若用于 2026-06" in compared
    assert analyst.post(f"{at}publish/").status_code == 302
    assert TreeNode.objects.get(tree__number=2, code="A1.1").weight == Decimal("7.5")
    assert analyst.post(f"{at}weights/", {"w-A1.1": "1"}).status_code == 409


def test_drafts_are_hidden_from_districts_and_only_editors_change_them(analyst: Client, tree: Tree) -> None:
    analyst.post("/indicators/trees/1/draft/", {"effective_from": "2027-01-01", "note": "调整"})
    street, leader = signed_in(Role.UNIT_HEAD, unit_id=street_unit()), signed_in(Role.LEADER)
    assert street.get("/indicators/trees/1/").status_code == 200
    assert street.get("/indicators/trees/2/").status_code == 403
    assert leader.get("/indicators/trees/2/").status_code == 200
    assert leader.post("/indicators/trees/2/publish/").status_code == 403
    assert analyst.post("/indicators/trees/2/discard/").status_code == 302


def test_a_tree_comes_from_a_file_whole_or_not_at_all(analyst: Client, city: None) -> None:
    sample = (trees.SHIPPED / "beijing_sample.csv").read_bytes()
    broken = sample.replace(b"dimension,A1,,", b"dimension,A1,X,", 1)

    refused = analyst.post("/indicators/trees/load/", {"name": "树", "file": SimpleUploadedFile("a.csv", broken)})
    assert refused.status_code == 422
    assert "第 3 行" in text_of(refused)
    assert Tree.objects.count() == 0
    assert (
        analyst.post("/indicators/trees/load/", {"name": "树", "file": SimpleUploadedFile("a.csv", sample)}).status_code
        == 302
    )
    assert Tree.objects.get().published_at is None


def _node(code: str) -> dict[str, str]:
    row = TreeNode.objects.get(tree__number=2, code=code)
    names = ("code", "name", "weight", "unit", "measure", "branch", "direction", "scale", "floor", "target", "note")
    return {name: str(getattr(row, name)) for name in names} | ({"sample": "on"} if row.sample else {})
