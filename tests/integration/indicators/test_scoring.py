"""Scores of a period: from cases and reports, exact, with what is missing told; kept for good."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from huiyin.evaluation.models import Version
from huiyin.indicators import scoring, trees, values
from huiyin.indicators.models import Assessment, Score, Source, Tree, Value
from huiyin.registry import directory
from huiyin.registry.directory import AreaInfo
from tests.builders_evaluation import AFTER, drafted
from tests.integration.indicators.conftest import EDITOR

File = Callable[..., Path]


def district(code: str = "110105") -> AreaInfo:
    found = directory.area_by_code(code)
    assert found is not None
    return found


def reported(tree: Tree, path: Path, *, source: Source = Source.UPLOAD) -> tuple[int, int]:
    reading = values.read(path, trees.nodes_of(tree))
    assert reading.faults == []
    return values.write(reading.lines, by=EDITOR, now=AFTER, file=path.name, source=source)


def test_rates_come_from_the_cases_of_the_dimension_and_no_residents_mean_no_value_per_head(
    tree: Tree, june: Version
) -> None:
    found = scoring.compute(tree, june)
    liveable = found.results[district().id]

    # Two callbacks: both contacted, one solved and satisfied: 100 × (0.1 × 1 + 0.5 × ½ + 0.4 × ½).
    assert found.taken[district().id, "B2.R1"].value == Fraction(55)
    assert (district().id, "B2.V1") not in found.taken
    assert liveable["B2"].score == 55
    assert liveable["B2"].covered == Fraction(1, 2)
    assert (liveable["B2"].low, liveable["B2"].high) == (Fraction("27.5"), Fraction("77.5"))
    assert liveable["A1"].score is None
    assert found.results[district("110101").id][""].score is None


def test_cases_per_ten_thousand_residents_are_compared_among_districts(tree: Tree, june: Version, file: File) -> None:
    reported(tree, file("朝阳区,population,2025,20000,", "110101,population,2025,10000,"))

    found = scoring.compute(tree, june)

    assert found.taken[district().id, "B2.V1"].value == Fraction(1)
    assert found.taken[district("110101").id, "B2.V1"].value == 0
    assert found.results[district().id]["B2.V"].score == 0
    assert found.results[district("110101").id]["B2.V"].score == 100
    assert found.results[district().id]["B2"].score == (50 * 55 + 0) / Fraction(80)


def test_the_nearest_period_counts_and_of_it_the_last_report(tree: Tree, june: Version, file: File) -> None:
    reported(tree, file("朝阳区,A1.1.1,2025,70,", "朝阳区,A1.2.1,2024,4,"))
    assert values.newest("2026-06", 1)[district().id, "A1.1.1"].period == "2025"
    assert (district().id, "A1.2.1") not in values.newest("2026-06", 1)
    reported(tree, file("朝阳区,A1.1.1,2026,80,"))
    reported(tree, file("朝阳区,A1.1.1,2026-06,81.5,"))
    assert reported(tree, file("朝阳区,A1.1.1,2026-06,81.5,")) == (0, 1)
    assert reported(tree, file("朝阳区,A1.1.1,2026-06,82,更正")) == (1, 0)

    taken = values.newest("2026-06", 1)[district().id, "A1.1.1"]

    assert (taken.value, taken.period) == (82, "2026-06")
    assert Value.objects.filter(item="A1.1.1").count() == 4  # what was corrected stays


def test_a_file_with_any_fault_writes_nothing_and_every_fault_names_its_line(tree: Tree, file: File) -> None:
    path = file(
        "朝阳区,A1.1.1,2026,70,",
        "不夜区,A1.1.1,2026,70,",
        "朝阳区,A1.R1,2026,70,",
        "朝阳区,Z9,2026-13,70,",
        "朝阳区,A1.1.2,2026,很多,",
        "朝阳区,A1.1.1,2026,71,",
        "朝阳区,population,2026,0,",
        "朝阳区,A1.1.3,2026,,",
    )
    assert values.read(path, trees.nodes_of(tree)).faults == [
        "第 3 行：没有这个区：不夜区",
        "第 4 行：“三率综合成绩”由案件计算，不用填报",
        "第 5 行：没有这个细项：Z9",
        "第 5 行：期间应写成 2026 或 2026-11：2026-13",
        "第 6 行：数值应为数字，最多四位小数：很多",
        "第 7 行：与第 2 行重复",
        "第 8 行：“常住人口”应大于 0",
    ]


def test_an_assessment_is_kept_and_computing_again_makes_another(tree: Tree, june: Version, file: File) -> None:
    first = scoring.assess(june, by=EDITOR, now=AFTER)
    with pytest.raises(scoring.NothingNew):
        scoring.assess(june, by=EDITOR, now=AFTER)
    reported(tree, file("朝阳区,A1.1.1,2026,95,"))
    second = scoring.assess(june, by=EDITOR, now=AFTER + timedelta(hours=1), reason="补报")

    def score(made: Assessment, node: str) -> Decimal | None:
        return Score.objects.get(assessment=made, district_id=district().id, node=node).score

    assert (first.number, second.number) == (1, 2)
    assert (score(first, "A1.1"), score(second, "A1.1")) == (None, 100)
    for change in (
        lambda: Score.objects.filter(assessment=first).update(score=1),
        lambda: Value.objects.update(value=1),
        lambda: Assessment.objects.filter(pk=first.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_district_without_enough_data_gets_a_score_but_no_rank(tree: Tree, june: Version, file: File) -> None:
    made = scoring.assess(june, by=EDITOR, now=AFTER)
    total = Score.objects.get(assessment=made, district_id=district().id, node="")
    liveable = Score.objects.get(assessment=made, district_id=district().id, node="B2")
    assert (total.score, total.rank) == (55, None)  # one of twelve dimensions has data
    assert (liveable.score, liveable.rank) == (55, 1)


def test_only_published_periods_are_scored_and_each_of_them_once_by_itself(tree: Tree, city: None) -> None:
    with pytest.raises(scoring.NotPublished):
        scoring.assess(drafted(), by=EDITOR, now=AFTER)
    assert scoring.assess_missing(by=EDITOR, now=AFTER) == []


def test_what_was_published_meanwhile_is_scored_without_anybody_asking(tree: Tree, june: Version) -> None:
    assert [one.period for one in scoring.assess_missing(by=EDITOR, now=AFTER)] == ["2026-06"]
    assert scoring.assess_missing(by=EDITOR, now=AFTER) == []
