"""Plan, target line, projects and residents: who writes them, what is refused, what is kept."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from huiyin.domain.errors import InvalidData, NotPermitted
from huiyin.governance import planning, residents
from huiyin.governance.models import GovernedStreet, Measure, Residents
from huiyin.governance.planning import Plan
from huiyin.governance.vocabulary import Move, Stage
from huiyin.ops.cli import main
from huiyin.registry import directory
from huiyin.tables.reading import BadFile
from tests import builders_governance as build
from tests.builders_city import OTHER_STREET, STREET, street_unit

pytestmark = pytest.mark.usefixtures("city")

PLAN = Plan(text="逐个小区建台账，物业、产权单位联席会议每周一次", resolution="92.5", satisfaction="90%", volume="300")


@pytest.fixture
def street() -> GovernedStreet:
    return build.governed()


@pytest.fixture
def project(street: GovernedStreet) -> Measure:
    due = build.NOW.date() + timedelta(days=90)
    return planning.add_measure(
        street.pk, title="电动车充电棚", owner="王主任", due=due, by=build.head(), now=build.NOW
    )


def test_a_plan_sets_the_target_line_and_every_former_one_stays_readable(street: GovernedStreet) -> None:
    planning.plan(street.pk, PLAN, by=build.head(), now=build.NOW)
    kept = planning.plan(street.pk, Plan(text="改为每月一次联席会议，台账照旧"), by=build.head(), now=build.NOW)

    assert (kept.target_resolution, kept.target_satisfaction, kept.target_volume) == (None, None, None)
    first = street.steps.filter(move=Move.PLAN).last()
    assert first is not None
    assert first.reason == f"{PLAN.text}\n目标：解决率 92.5%，满意率 90%，诉求量不超过 300 件/期"


def test_the_targets_are_stored_as_they_were_written(street: GovernedStreet) -> None:
    kept = planning.plan(street.pk, PLAN, by=build.head(), now=build.NOW)

    assert (kept.target_resolution, kept.target_satisfaction) == (Decimal("92.50"), Decimal("90.00"))
    assert (kept.target_volume, kept.planned_at) == (300, build.NOW)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (Plan(text="太短"), "plan"),
        (Plan(text="长" * 2001), "plan"),
        (Plan(text=PLAN.text, resolution="101"), "target_resolution"),
        (Plan(text=PLAN.text, resolution="NaN"), "target_resolution"),
        (Plan(text=PLAN.text, satisfaction="很高"), "target_satisfaction"),
        (Plan(text=PLAN.text, satisfaction="-1"), "target_satisfaction"),
        (Plan(text=PLAN.text, volume="3.5"), "target_volume"),
        (Plan(text=PLAN.text, volume="9999999999"), "target_volume"),
    ],
)
def test_a_wrong_plan_is_told_at_its_field_and_changes_nothing(street: GovernedStreet, given: Plan, field: str) -> None:
    with pytest.raises(InvalidData) as refusal:
        planning.plan(street.pk, given, by=build.head(), now=build.NOW)

    assert list(refusal.value.errors) == [field]
    street.refresh_from_db()
    assert (street.plan, street.steps.count()) == ("", 1)


@pytest.mark.parametrize("who", ["evaluator", "leader", "district_head", "neighbour"])
def test_only_the_streets_own_head_plans(street: GovernedStreet, project: Measure, who: str) -> None:
    neighbour = build.head(street_unit(OTHER_STREET))
    by = neighbour if who == "neighbour" else getattr(build, who)()

    for act in (
        lambda: planning.plan(street.pk, PLAN, by=by, now=build.NOW),
        lambda: planning.add_measure(
            street.pk, title="项目", owner="王主任", due=build.NOW.date(), by=by, now=build.NOW
        ),
        lambda: planning.finish_measure(project.pk, evidence="已全部完成", by=by, now=build.NOW),
        lambda: planning.drop_measure(project.pk, why="资金没有落实", by=by, now=build.NOW),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_nothing_is_planned_after_the_end(street: GovernedStreet) -> None:
    GovernedStreet.objects.update(stage=Stage.ENDED)

    with pytest.raises(NotPermitted):
        planning.plan(street.pk, PLAN, by=build.head(), now=build.NOW)


def test_a_project_needs_a_name_an_owner_and_a_day_to_come(street: GovernedStreet) -> None:
    with pytest.raises(InvalidData) as refusal:
        planning.add_measure(street.pk, title=" ", owner="", due=None, by=build.head(), now=build.NOW)
    with pytest.raises(InvalidData) as past:
        planning.add_measure(
            street.pk,
            title="改造",
            owner="王主任",
            due=build.NOW.date() - timedelta(days=1),
            by=build.head(),
            now=build.NOW,
        )

    assert list(refusal.value.errors) == ["title", "owner", "due"]
    assert list(past.value.errors) == ["due"]
    assert not Measure.objects.exists()


def test_a_project_is_done_once_and_with_evidence(project: Measure) -> None:
    with pytest.raises(InvalidData) as refusal:
        planning.finish_measure(project.pk, evidence="", by=build.head(), now=build.NOW)
    assert list(refusal.value.errors) == ["words"]

    done = planning.finish_measure(project.pk, evidence="已验收，见验收单", by=build.head(), now=build.NOW)

    assert (done.done_at, done.evidence, done.is_open) == (build.NOW, "已验收，见验收单", False)
    for act in (planning.finish_measure, planning.drop_measure):
        words = {"evidence": "又完成一次"} if act is planning.finish_measure else {"why": "不再需要了"}
        with pytest.raises(planning.MeasureSettled):
            act(project.pk, by=build.head(), now=build.NOW, **words)


def test_a_dropped_project_keeps_its_reason_and_no_longer_counts(project: Measure) -> None:
    dropped = planning.drop_measure(project.pk, why="并入区级改造项目", by=build.head(), now=build.NOW)

    assert (dropped.dropped_why, dropped.dropped_by, dropped.done_at) == ("并入区级改造项目", build.head().name, None)


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    def written(*lines: str, heading: str = "单位代码,年份,常住人口,数据来源") -> Path:
        path = tmp_path / "residents.csv"
        path.write_text("\n".join((heading, *lines)), encoding="utf-8")
        return path

    return written


def code_of(area_code: str) -> str:
    return directory.unit(street_unit(area_code)).code


def test_residents_are_read_by_code_or_name_and_written_once(file: Callable[..., Path]) -> None:
    name = directory.unit(street_unit(OTHER_STREET)).name
    path = file(
        f'{code_of(STREET)},2025,"120,000",统计年鉴', f"{name},2025,80000,街道台账", f"{code_of(STREET)},2024,,"
    )

    found = residents.read(path, now=build.NOW)

    assert residents.write(found.lines, by=build.evaluator(), now=build.NOW) == (2, 0)
    assert residents.write(found.lines, by=build.evaluator(), now=build.NOW) == (0, 2)
    assert list(Residents.objects.order_by("count").values_list("count", "year")) == [(80_000, 2025), (120_000, 2025)]


def test_a_correction_replaces_the_count(file: Callable[..., Path]) -> None:
    for count in (100, 200):
        found = residents.read(file(f"{code_of(STREET)},2025,{count},统计年鉴"), now=build.NOW)
        assert residents.write(found.lines, by=build.leader(), now=build.NOW) == (1, 0)

    assert Residents.objects.get().count == 200


def test_every_fault_is_told_by_its_line(file: Callable[..., Path]) -> None:
    good = f"{code_of(STREET)},2025,100,统计年鉴"
    path = file(good, "没有的街道,2025,100,统计年鉴", f"{code_of(STREET)},2027,-3,", good)

    faults = residents.read(path, now=build.NOW).faults

    assert faults == [
        "第 3 行：没有这个街道（乡镇）：没有的街道",
        "第 4 行：年份应写成 2025，不早于 2000 年、不晚于今年：2027",
        "第 4 行：常住人口应为 1 到 5000000 的整数：-3",
        "第 4 行：请写明数据来源，至少 2 个字",
        "第 5 行：与第 2 行重复",
    ]


def test_a_name_that_two_districts_have_is_not_guessed(file: Callable[..., Path]) -> None:
    names = [unit.short_name for area in directory.streets() if (unit := directory.street_unit(area.id))]
    twice = next(name for name in names if names.count(name) > 1)

    faults = residents.read(file(f"{twice},2025,100,统计年鉴"), now=build.NOW).faults

    assert faults == [f"第 2 行：有几个同名的街道（乡镇）：{twice}"]


def test_a_file_without_the_columns_or_without_counts_is_refused(file: Callable[..., Path]) -> None:
    with pytest.raises(BadFile, match="缺少列：数据来源"):
        residents.read(file("1,2,3", heading="单位代码,年份,常住人口"), now=build.NOW)
    with pytest.raises(BadFile, match="没有一行填了常住人口"):
        residents.read(file(f"{code_of(STREET)},2025,,"), now=build.NOW)


def test_only_who_decides_writes_residents(file: Callable[..., Path]) -> None:
    found = residents.read(file(f"{code_of(STREET)},2025,100,统计年鉴"), now=build.NOW)

    for by in (build.head(), build.district_head()):
        with pytest.raises(NotPermitted):
            residents.write(found.lines, by=by, now=build.NOW)
    assert not Residents.objects.exists()


def test_the_command_writes_all_or_nothing(file: Callable[..., Path]) -> None:
    good = f"{code_of(STREET)},{date(2025, 1, 1).year},100,统计年鉴"

    refused = CliRunner().invoke(main, ["governance", "residents", str(file(good, "没有的街道,2025,1,年鉴"))])
    checked = CliRunner().invoke(main, ["governance", "residents", "--check", str(file(good))])
    assert (refused.exit_code, checked.exit_code) == (1, 0)
    assert "第 3 行：没有这个街道（乡镇）：没有的街道" in refused.output
    assert not Residents.objects.exists()

    written = CliRunner().invoke(main, ["governance", "residents", str(file(good)), "--by", "统计科"])

    assert "写入 1 行" in written.output
    assert Residents.objects.get().written_by == "统计科"
