"""A city's folder is checked as a whole, loaded in one go, and loading it again changes nothing."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.db.models import Count

from huiyin.domain.rules import Rules
from huiyin.domain.vocabulary import UnitKind
from huiyin.registry import directory, presets, rulebook
from huiyin.registry.models import (
    Area,
    CalendarDay,
    CaseClass,
    CatalogueRule,
    Edition,
    Limit,
    PlaceName,
    RegistryChange,
    ServiceArea,
    Unit,
)
from huiyin.registry.parameters import PARAMETERS

TABLES = (Area, Unit, ServiceArea, Edition, CaseClass, CatalogueRule, Limit, PlaceName, CalendarDay, RegistryChange)
Change = Callable[[str, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Beijing's folder, to be spoilt."""
    copy = tmp_path / "mycity"
    shutil.copytree(presets.folder_of("beijing"), copy)
    return copy


@pytest.fixture
def change(folder: Path) -> Change:
    def in_file(name: str, old: str, new: str) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return in_file


def faults(folder: Path) -> list[str]:
    with pytest.raises(presets.PresetError) as caught:
        presets.read(str(folder))
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.usefixtures("city")
def test_beijing_stands_complete() -> None:
    units = dict(Unit.objects.order_by().values_list("kind").annotate(Count("id")))

    assert Area.objects.filter(kind="district").count() == 17
    assert Area.objects.filter(kind="street").count() == units[UnitKind.STREET] == 343
    assert Area.objects.filter(kind="community").count() > 7500
    assert CaseClass.objects.count() == 498
    assert units[UnitKind.DISTRICT_GOV] == 17
    assert units[UnitKind.PUBLIC_ENTERPRISE] == 49
    assert units[UnitKind.MUNICIPAL_DEPT] >= 65
    assert units[UnitKind.HOTLINE] == 1
    assert units[UnitKind.DISTRICT_BUREAU] >= 17 * 30
    assert PlaceName.objects.count() >= 300


@pytest.mark.usefixtures("city")
def test_loading_again_changes_nothing() -> None:
    before = {table: table.objects.count() for table in TABLES}

    loaded = presets.load("beijing")

    assert not loaded.changed
    assert {table: table.objects.count() for table in TABLES} == before


@pytest.mark.usefixtures("city")
def test_every_street_has_a_unit_below_its_district() -> None:
    for street in directory.streets():
        unit = directory.street_unit(street.id)
        assert unit is not None
        assert unit.parent_id == directory.district_unit(street.district_id or 0).id  # type: ignore[union-attr]


@pytest.mark.usefixtures("city")
def test_two_streets_inside_daxing_belong_to_the_development_area() -> None:
    names = {street.name for street in directory.streets(directory.area_by_code("110190").id)}  # type: ignore[union-attr]

    assert names == {"荣华街道", "博兴街道"}


@pytest.mark.usefixtures("city")
def test_a_zone_without_a_street_lies_in_its_district_with_a_committee() -> None:
    airport = directory.area_by_code("110115406")
    assert airport is not None

    assert directory.street_of(airport.id) is None
    committee = directory.area_unit(airport.id)
    assert committee is not None
    assert committee.kind == UnitKind.DISTRICT_BUREAU


def test_every_parameter_of_the_rules_has_a_kind() -> None:
    fields = set(Rules.__dataclass_fields__) - {"edition_id", "limits", "calendar"}

    assert set(PARAMETERS) == fields


@pytest.mark.usefixtures("city")
def test_the_calendar_knows_exchanged_working_days() -> None:
    calendar = rulebook.calendar()

    assert calendar.is_workday(date(2026, 2, 14))
    assert not any(calendar.is_workday(date(2026, 2, day)) for day in range(15, 24))
    assert calendar.is_workday(date(2026, 2, 28))
    assert not calendar.knows(2027)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("areas.csv", "110101,东城区,东城区,district", "110101,东城区,东城区,dorf", "areas.csv:3: “kind”不认识“dorf”"),
        (
            "areas.csv",
            "110101001,东华门街道,东华门街道,street,110101",
            "110101001,东华门街道,东华门街道,street,990101",
            "areas.csv:20: 上级“990101”不存在",
        ),
        ("areas.csv", "110101002,", "110101001,", "areas.csv:21: 与第 20 行重复：110101001"),
        (
            "taxonomy.csv",
            "市住房城乡建设委",
            "市住建委",
            "taxonomy.csv:15: 没有市级部门“市住建委”，请核对 units.csv 或 bureaus.csv",
        ),
        (
            "taxonomy.csv",
            "010102,住房,物业服务",
            "010102,住房,物业管理",
            "taxonomy.csv:3: 代码 0101 在第 2 行名为“物业服务”，此处为“物业管理”",
        ),
        (
            "limits.csv",
            "critical,handle,2,hour",
            "critical,handle,两,hour",
            "limits.csv:14: “amount”应为不小于 1 的整数，现为“两”",
        ),
        ("limits.csv", "normal,sign,2,hour\n", "", "limits.csv: 缺少一般的“签收”时限"),
        ("parameters.csv", "yellow_fraction,0.75", "yellow_fraction,7.5", "parameters.csv:2: 应为 0 到 1 之间的小数"),
        (
            "parameters.csv",
            "max_reworks,1,每件最多重办次数，超过即办结并督办\n",
            "",
            "parameters.csv: 缺少参数“max_reworks”",
        ),
        ("catalogue.csv", "5,220601", "5,990000", "catalogue.csv:2: 分类中没有以“990000”开头的代码"),
        (
            "places.csv",
            "故宫博物院,故宫|紫禁城,landmark,110101001",
            "故宫博物院,故宫,landmark,110101",
            "places.csv:2: “110101”不是街道（乡镇）",
        ),
        (
            "places.csv",
            "王府井大街,王府井步行街,road,110101001",
            "王府井大街,王府井步行街,road,110101001|110101001",
            "places.csv:4: “王府井大街”在同一街道（乡镇）110101001 已有一行",
        ),
        (
            "calendar.csv",
            "2018-01-01,休",
            "2018-13-01,休",
            "calendar.csv:2: “day”应为日期 YYYY-MM-DD，现为“2018-13-01”",
        ),
        (
            "units.csv",
            "HOTLINE,北京市市民热线服务中心,市民热线服务中心,hotline",
            "HOTLINE,甲,甲,municipal_dept",
            "units.csv: 须有且只有一个 hotline，现有 0 个",
        ),
        ("preset.csv", "effective_from,2018-01-01", "effective_from,soon", "preset.csv: 须有一行 effective_from"),
    ],
)
def test_a_fault_is_told_with_its_file_and_line(
    change: Change, folder: Path, file: str, old: str, new: str, message: str
) -> None:
    change(file, old, new)

    assert any(fault.startswith(message) for fault in faults(folder)), faults(folder)[:5]


def test_all_faults_of_all_files_are_told_at_once(change: Change, folder: Path) -> None:
    change("areas.csv", "110101,东城区,东城区,district", "110101,,东城区,dorf")
    change("limits.csv", "critical,handle,2,hour", "critical,handle,两,hour")

    assert {fault.split(":")[0] for fault in faults(folder)} == {"areas.csv", "limits.csv"}
    assert sum(fault.startswith("areas.csv:3:") for fault in faults(folder)) == 2


def test_a_missing_file_and_a_missing_column_are_told(folder: Path, change: Change) -> None:
    (folder / "limits.csv").unlink()
    change("reasons.csv", "kind,code,label", "kind,code,name")

    assert faults(folder) == ["limits.csv: 缺少这个文件", "reasons.csv:1: 缺少列：label"]


def test_a_file_in_another_encoding_is_told(folder: Path) -> None:
    text = (folder / "reasons.csv").read_text(encoding="utf-8")
    (folder / "reasons.csv").write_text(text, encoding="gb18030")

    assert faults(folder) == ["reasons.csv: 不是 UTF-8 编码，请另存为“CSV UTF-8”"]


@pytest.mark.django_db
def test_nothing_is_written_when_there_is_a_fault(change: Change, folder: Path) -> None:
    change("limits.csv", "critical,handle,2,hour", "critical,handle,两,hour")
    before = Area.objects.count()

    with pytest.raises(presets.PresetError):
        presets.load(str(folder))

    assert Area.objects.count() == before


@pytest.mark.usefixtures("city")
def test_a_changed_folder_renews_what_nobody_edited_and_keeps_what_staff_edited(folder: Path, change: Change) -> None:
    edited = Unit.objects.get(code="M001")
    RegistryChange.objects.create(at="2026-01-01T00:00Z", staff_id=1, model="unit", key="M001", before={}, after={})
    change("units.csv", f"M001,{edited.name}", "M001,甲单位")
    change("units.csv", "M002,中共北京市委宣传部", "M002,乙单位")

    loaded = presets.load(str(folder))

    assert loaded.kept == ["M001"]
    assert Unit.objects.get(code="M001").name == edited.name
    assert Unit.objects.get(code="M002").name == "乙单位"
    assert RegistryChange.objects.get(model="unit", key="M002").after == {"name": "乙单位"}


@pytest.mark.usefixtures("city")
def test_changed_rules_wait_as_a_draft(folder: Path, change: Change) -> None:
    in_force = Edition.objects.get(kind="limits")
    change("limits.csv", "normal,handle,7,day", "normal,handle,5,day")

    loaded = presets.load(str(folder))

    draft = Edition.objects.get(kind="limits", number=2)
    assert loaded.drafts == ["时限与参数第2版"]
    assert draft.published_at is None
    assert Limit.objects.get(edition=in_force, grade="normal", clock="handle").amount == 7
    assert Limit.objects.get(edition=draft, grade="normal", clock="handle").amount == 5
