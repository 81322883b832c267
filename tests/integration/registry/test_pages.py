"""The editor pages: who may open them, what they show, how bad input is told at the field."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huiyin.domain.vocabulary import Role
from huiyin.registry import directory, rulebook
from huiyin.registry.models import (
    Area,
    CalendarDay,
    CaseClass,
    CatalogueRule,
    Edition,
    Limit,
    PlaceName,
    Reason,
    RegistryChange,
    Unit,
)
from tests.integration.registry.conftest import SignIn

READ = (
    "home",
    "unit_list",
    "area_list",
    "place_list",
    "calendar",
    "history",
)
KINDS = ("taxonomy", "catalogue", "limits")
NOTICE_2027 = """一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月6日（周六）至12日（周五）放假调休，共7天。2月14日（周日）上班。"""


def text_of(answer: Any) -> str:
    return answer.content.decode()


def errors_of(answer: Any, form: str = "form") -> dict[str, list[str]]:
    assert answer.status_code == 422
    return {field: list(told) for field, told in answer.context[form].errors.items()}


def started(client: Client, kind: str) -> Edition:
    client.post(reverse("registry:edition_draft", args=[kind]), {"note": "试改"})
    return Edition.objects.get(kind=kind, number=2)


def test_every_page_opens_for_an_administrator_and_reads_for_an_evaluator(signed_in: SignIn) -> None:
    pages = [reverse(f"registry:{name}") for name in READ]
    pages += [reverse("registry:edition_list", args=[kind]) for kind in KINDS]
    pages += [reverse("registry:edition", args=[edition.pk]) for edition in Edition.objects.all()]
    pages += [reverse("registry:unit_edit", args=[Unit.objects.get(code="M001").pk])]
    pages += [reverse("registry:edition_compare", args=[Edition.objects.get(kind="limits").pk])]

    for role in (Role.ADMINISTRATOR, Role.EVALUATOR):
        client = signed_in(role)
        for page in pages:
            assert client.get(page).status_code == 200, (role, page)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.HANDLER])
def test_others_are_told_that_the_page_is_not_theirs(signed_in: SignIn, role: Role) -> None:
    client = signed_in(role)

    assert client.get(reverse("registry:home")).status_code == 403
    assert client.get(reverse("registry:class_options"), {"q": "wy"}).status_code == 200


def test_an_evaluator_reads_but_does_not_write(signed_in: SignIn) -> None:
    client = signed_in(Role.EVALUATOR)
    unit = Unit.objects.get(code="M001")

    assert client.post(reverse("registry:unit_edit", args=[unit.pk]), {"name": "改"}).status_code == 403
    assert client.post(reverse("registry:edition_draft", args=["limits"]), {"note": "改"}).status_code == 403
    assert Unit.objects.get(pk=unit.pk).name == unit.name


@pytest.mark.usefixtures("city")
def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    answer = client.get(reverse("registry:unit_list"))

    assert answer.status_code == 302
    assert "next=/registry/units/" in answer["Location"]


def test_a_unit_is_edited_with_its_before_and_after_on_record(signed_in: SignIn) -> None:
    client = signed_in()
    unit = Unit.objects.get(code="M010")
    page = client.get(reverse("registry:unit_edit", args=[unit.pk]))
    values = {k: v for k, v in page.context["form"].initial.items() if v is not None}

    answer = client.post(reverse("registry:unit_edit", args=[unit.pk]), {**values, "phone": "010-12345678"})

    assert answer.status_code == 302
    assert Unit.objects.get(pk=unit.pk).phone == "010-12345678"
    change = RegistryChange.objects.get(model="unit", key="M010")
    assert (change.before, change.after, change.staff_name) == (
        {"phone": ""},
        {"phone": "010-12345678"},
        "系统管理员甲",
    )
    assert "010-12345678" in text_of(client.get(reverse("registry:history")))


def test_a_new_unit_is_found_at_once(signed_in: SignIn, django_capture_on_commit_callbacks: Any) -> None:
    client = signed_in()
    given = {
        "code": "M900",
        "kind": "municipal_dept",
        "name": "北京市测试局",
        "short_name": "市测试局",
        "valid_from": "2020-01-01",
    }

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("registry:unit_create"), given)

    found = directory.municipal("市测试局")
    assert found is not None
    assert found.initials == "scsj"
    assert client.get(reverse("registry:unit_options"), {"q": "scsj"}).json()["results"][0]["label"] == "市测试局"


def test_bad_input_for_a_unit_is_told_at_the_field(signed_in: SignIn) -> None:
    client = signed_in()
    street = Unit.objects.get(code="110105026")
    good = {"code": "X1", "kind": "district_bureau", "name": "某局", "short_name": "某局", "valid_from": "2026-01-01"}
    table = {
        ("code", "代码只能用字母、数字和短横"): {"code": "局 1"},
        ("parent", "区属部门须有上级单位"): {},
        ("parent", "区属部门的上级须是区政府"): {"parent": street.pk},
        ("area", "请选择街道（乡镇）一级的管辖区域"): {"kind": "street", "parent": Unit.objects.get(code="110105").pk},
        ("kind", "热线中心只能有一个"): {"kind": "hotline"},
        ("valid_to", "失效日期不能早于生效日期"): {"valid_to": "2025-01-01"},
    }

    for (field, message), change in table.items():
        told = errors_of(client.post(reverse("registry:unit_create"), {**good, **change}))
        assert message in told[field], (field, told)
    assert "code" in errors_of(client.post(reverse("registry:unit_create"), {**good, "code": "M001"}))


def test_a_unit_that_ends_leaves_the_list_unless_asked_for(signed_in: SignIn) -> None:
    client = signed_in()
    Unit.objects.filter(code="M010").update(valid_to=timezone.localdate() - timedelta(days=1))
    listed = reverse("registry:unit_list")

    assert client.get(listed, {"q": "M010"}).context["total"] == 0
    assert client.get(listed, {"q": "M010", "ended": "on"}).context["total"] == 1


def test_the_list_of_units_pages_through_all_without_gap_or_repeat(signed_in: SignIn) -> None:
    client = signed_in()
    seen: list[str] = []
    address = reverse("registry:unit_list") + "?kind=street"

    while address:
        page = client.get(address)
        seen += [row.code for row in page.context["rows"]]
        address = page.context["next_url"] and reverse("registry:unit_list") + page.context["next_url"]

    assert len(seen) == len(set(seen)) == 343


@pytest.mark.parametrize("name", ["unit_list", "area_list", "place_list", "history"])
def test_odd_questions_to_a_list_break_nothing(signed_in: SignIn, name: str) -> None:
    client = signed_in()

    for odd in (
        "?q=%00",
        "?q='%22%25_",
        "?kind=nonsense&district=x",
        "?after=1:2:3",
        "?after=zz:9",
        "?before=x",
        "?q=" + "长" * 200,
    ):
        assert client.get(reverse(f"registry:{name}") + odd).status_code == 200, odd


def test_a_place_is_added_and_its_community_must_lie_in_its_street(signed_in: SignIn) -> None:
    client = signed_in()
    wangjing = Area.objects.get(code="110105026")
    elsewhere = Area.objects.filter(kind="community", parent__code="110102001").first()
    inside = Area.objects.filter(kind="community", parent=wangjing).first()
    good = {
        "name": "某某公寓",
        "kind": "estate",
        "aliases": "甲、乙|丙",
        "street": wangjing.pk,
        "valid_from": "2026-01-01",
    }
    create = reverse("registry:place_create")

    assert errors_of(client.post(create, {**good, "community": elsewhere.pk}))["community"] == [
        "该社区不在所选街道（乡镇）内"
    ]
    assert "lon" in errors_of(client.post(create, {**good, "lon": "300"}))
    client.post(create, {**good, "community": inside.pk})

    place = PlaceName.objects.get(name="某某公寓")
    assert (place.aliases, place.initials, place.community_id) == (["甲", "乙", "丙"], "mmgy", inside.pk)


def test_an_area_needs_its_district(signed_in: SignIn) -> None:
    client = signed_in()
    street = Area.objects.get(code="110105026")
    given = {"code": "110105026999", "kind": "community", "name": "新社区", "short_name": "新", "parent": street.pk}
    given |= {"valid_from": "2026-01-01"}

    assert errors_of(client.post(reverse("registry:area_create"), given))["district"] == ["请选择"]
    assert errors_of(client.post(reverse("registry:area_create"), {**given, "district": street.pk}))["district"]
    client.post(reverse("registry:area_create"), {**given, "district": street.district_id})

    assert Area.objects.get(code="110105026999").pinyin == "xin"


def test_the_yearly_notice_is_shown_before_it_is_entered(
    signed_in: SignIn, django_capture_on_commit_callbacks: Any
) -> None:
    client = signed_in()
    given = {"year": 2027, "text": NOTICE_2027}
    assert "尚未录入" in text_of(client.get(reverse("registry:calendar") + "?year=2027"))

    shown = client.post(reverse("registry:calendar_notice"), given)
    assert len(shown.context["days"]) == 11
    assert not CalendarDay.objects.filter(day__year=2027).exists()

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("registry:calendar_notice"), {**given, "sure": "1"})
    calendar = rulebook.calendar()
    assert calendar.knows(2027)
    assert calendar.is_workday(date(2027, 2, 14))
    assert not calendar.is_workday(date(2027, 2, 8))
    assert RegistryChange.objects.filter(model="calendarday").count() == 11


def test_an_unreadable_notice_is_told_with_its_line(signed_in: SignIn) -> None:
    client = signed_in()
    table = {
        "一、元旦：2月30日放假。": "第 1 行：没有 2027 年 2 月 30 日这一天",
        "随便写的": "没有读到任何放假或上班的日期",
        "一、元旦：1月1日放假。\n二、春节：放假调休七天。": "第 2 行：",
        "2024-01-01,休,元旦": "不在 2027 年内",
    }

    for text, message in table.items():
        told = errors_of(client.post(reverse("registry:calendar_notice"), {"year": 2027, "text": text}))
        assert message in told["text"][0], told


def test_a_single_day_can_be_set_and_taken_back(signed_in: SignIn) -> None:
    client = signed_in()

    client.post(reverse("registry:calendar_day"), {"day": "2027-03-01", "worked": "0", "name": "临时放假"})
    assert CalendarDay.objects.get(day="2027-03-01").worked is False
    client.post(reverse("registry:calendar_remove", args=["2027-03-01"]))

    assert not CalendarDay.objects.filter(day="2027-03-01").exists()
    assert client.post(reverse("registry:calendar_remove", args=["2027-03-01"])).status_code == 404


def test_a_limit_is_changed_through_a_draft_and_published_from_a_day(
    signed_in: SignIn, django_capture_on_commit_callbacks: Any
) -> None:
    client = signed_in()
    draft = started(client, "limits")
    limit = Limit.objects.get(edition=draft, grade="normal", clock="handle")
    next_month = timezone.localdate() + timedelta(days=30)

    client.post(reverse("registry:row_edit", args=[draft.pk, "limit", limit.pk]), {"amount": "5", "unit": "day"})
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            reverse("registry:edition_publish", args=[draft.pk]), {"when": "day", "day": next_month.isoformat()}
        )

    draft.refresh_from_db()
    assert draft.published_at is not None
    assert timezone.localtime(draft.effective_from).date() == next_month
    assert rulebook.current(timezone.now()).limits_id != draft.pk
    compared = text_of(client.get(reverse("registry:edition_compare", args=[draft.pk])))
    assert "<del>7</del>" in compared
    assert "<ins>5</ins>" in compared


def test_publishing_at_once_makes_it_the_edition_in_force(
    signed_in: SignIn, django_capture_on_commit_callbacks: Any
) -> None:
    client = signed_in()
    draft = started(client, "taxonomy")

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("registry:edition_publish", args=[draft.pk]), {"when": "now"})

    assert rulebook.current(timezone.now()).taxonomy_id == draft.pk


def test_bad_dates_of_publication_are_told_at_the_field(signed_in: SignIn) -> None:
    client = signed_in()
    publish = reverse("registry:edition_publish", args=[started(client, "limits").pk])

    assert errors_of(client.post(publish, {"when": "day"}))["day"] == ["请选择生效日期"]
    today = timezone.localdate().isoformat()
    assert "须晚于今天" in errors_of(client.post(publish, {"when": "day", "day": today}))["day"][0]


def test_bad_rows_of_an_edition_are_told_at_the_field(signed_in: SignIn) -> None:
    client = signed_in()
    taxonomy, catalogue, limits = (started(client, kind) for kind in KINDS)
    a_class = CaseClass.objects.get(edition=taxonomy, code="010101")
    class_values = {
        "code": "010199",
        "level1": "住房",
        "level2": "物业服务",
        "level3": "新类",
        "request_types": ["help"],
        "default_unit_type": "street",
        "urgency": "normal",
        "dimension": "宜居性",
    }
    rule_values = {"priority": "5", "target_kind": "street"}
    limit = Limit.objects.get(edition=limits, grade="normal", clock="handle")
    parameter = limits.parameters.get(key="yellow_fraction")
    reason = Reason.objects.filter(edition=limits, kind="return").first()
    assert reason is not None
    table: list[tuple[Edition, str, int | None, dict[str, Any], str, str]] = [
        (taxonomy, "class", None, {**class_values, "code": "01"}, "code", "6 位数字"),
        (taxonomy, "class", None, {**class_values, "code": "010101"}, "code", "已有代码"),
        (taxonomy, "class", None, {**class_values, "level2": "物业"}, "level2", "须一致"),
        (taxonomy, "class", None, {**class_values, "request_types": []}, "request_types", ""),
        (taxonomy, "class", a_class.pk, {**class_values, "default_unit_type": "municipal_dept",
                                         "default_department": "市无"}, "default_department", "没有市级部门“市无”"),
        (catalogue, "rule", None, {**rule_values, "class_prefix": "1"}, "class_prefix", "2、4 或 6 位"),
        (catalogue, "rule", None, {**rule_values, "target_kind": "public_enterprise", "target_name": "无此"},
         "target_name", "没有公共服务企业“无此”"),
        (catalogue, "rule", None, {**rule_values, "target_unit": Unit.objects.get(code="M001").pk}, "target_unit",
         "与承办类别不符"),
        (limits, "limit", limit.pk, {"amount": "0", "unit": "day"}, "amount", "1 到 10000"),
        (limits, "limit", None, {"grade": "normal", "clock": "handle", "amount": "3", "unit": "day"}, "clock", "已有"),
        (limits, "parameter", parameter.pk, {"value": "7"}, "value", "0 到 1"),
        (limits, "reason", None, {"kind": "return", "code": reason.code, "label": "重复"}, "code", "已有这个代码"),
        (limits, "reason", None, {"kind": "return", "code": "99", "label": "新", "parent": "88"}, "parent", "没有这个"),
    ]  # fmt: skip

    for edition, what, row_pk, values, field, message in table:
        name, args = ("row_edit", [edition.pk, what, row_pk]) if row_pk else ("row_create", [edition.pk, what])
        told = errors_of(client.post(reverse(f"registry:{name}", args=args), values))
        assert any(message in line for line in told[field]), (what, values, told)


def test_rows_are_added_and_removed_in_a_draft_only(signed_in: SignIn) -> None:
    client = signed_in()
    in_force = Edition.objects.get(kind="catalogue")
    draft = started(client, "catalogue")
    rule = CatalogueRule.objects.filter(edition=draft).first()
    fixed = CatalogueRule.objects.filter(edition=in_force).first()
    assert rule is not None
    assert fixed is not None

    client.post(
        reverse("registry:row_create", args=[draft.pk, "rule"]),
        {"priority": "3", "class_prefix": "0101", "target_kind": "municipal_dept", "target_name": "市交通委"},
    )
    client.post(reverse("registry:row_remove", args=[draft.pk, "rule", rule.pk]))
    client.post(reverse("registry:row_remove", args=[in_force.pk, "rule", fixed.pk]))

    assert CatalogueRule.objects.filter(edition=draft, priority=3, target_name="市交通委").exists()
    assert not CatalogueRule.objects.filter(pk=rule.pk).exists()
    assert CatalogueRule.objects.filter(pk=fixed.pk).exists()


def test_a_row_of_another_edition_or_kind_is_not_found(signed_in: SignIn) -> None:
    client = signed_in()
    limits = Edition.objects.get(kind="limits")
    other = CaseClass.objects.first()
    assert other is not None

    assert client.get(reverse("registry:row_edit", args=[limits.pk, "class", other.pk])).status_code == 404
    assert client.get(reverse("registry:row_create", args=[limits.pk, "nonsense"])).status_code == 404
    assert client.get(reverse("registry:edition_list", args=["nonsense"])).status_code == 404


def test_the_catalogue_can_be_tried_out(signed_in: SignIn) -> None:
    client = signed_in(Role.EVALUATOR)
    trial = reverse("registry:trial")
    street = Area.objects.get(code="110105026")

    assert client.get(trial).status_code == 200
    sure = text_of(client.get(trial, {"class_code": "080101", "area": street.pk}))
    unsure = text_of(client.get(trial, {"class_code": "010101", "area": ""}))

    assert "朝阳区教委" in sure
    assert "自动派单" in sure
    assert "地点不明" in unsure
    assert client.get(trial, {"class_code": "没有", "area": "x"}).status_code == 200


def test_a_street_moved_to_another_district_takes_its_units_along(signed_in: SignIn) -> None:
    client = signed_in()
    street = Area.objects.get(code="110115005")
    new = Area.objects.get(code="110190")
    edit = reverse("registry:area_edit", args=[street.pk])
    values = {k: v for k, v in client.get(edit).context["form"].initial.items() if v is not None}

    client.post(edit, {**values, "district": new.pk})

    assert set(Area.objects.filter(parent=street).values_list("district__code", flat=True)) == {"110190"}
    unit = Unit.objects.get(code="110115005")
    assert (unit.district_id, unit.parent.code) == (new.pk, "110190")  # type: ignore[union-attr]
    assert RegistryChange.objects.filter(key="110115005").count() == 2


def test_nothing_may_stand_above_itself(signed_in: SignIn) -> None:
    client = signed_in()
    department, community = Unit.objects.get(code="M010"), Area.objects.filter(kind="community").first()
    assert community is not None
    unit_edit = reverse("registry:unit_edit", args=[department.pk])
    area_edit = reverse("registry:area_edit", args=[community.pk])
    of_unit = {k: v for k, v in client.get(unit_edit).context["form"].initial.items() if v is not None}
    of_area = {k: v for k, v in client.get(area_edit).context["form"].initial.items() if v is not None}

    assert "parent" in errors_of(client.post(unit_edit, {**of_unit, "parent": department.pk}))
    assert "parent" in errors_of(client.post(area_edit, {**of_area, "parent": community.pk}))
