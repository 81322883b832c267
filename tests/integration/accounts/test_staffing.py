"""The administration of people: within the own reach, on record, never without an administrator."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import is_mfa_enabled
from django.test import Client
from django.utils import timezone

from huiyin.accounts import first, selectors, staffing
from huiyin.accounts.models import Staff
from huiyin.accounts.viewer import viewer_of
from huiyin.domain.errors import InvalidData, NotPermitted
from huiyin.domain.vocabulary import Role
from huiyin.registry.models import Unit
from tests.staff import give_post, make_staff

FACTS = {"name": "王芳", "staff_no": "B001", "username": "wangfang", "phone": ""}


def _new(town: dict[str, Unit], **changed: str) -> dict[str, object]:
    return {**FACTS, "role": Role.HANDLER.value, "unit": town["street"].pk, **changed}


def test_a_new_person_signs_in_once_with_the_shown_password(signed_in, town: dict[str, Unit]) -> None:
    browser = signed_in(make_staff(town["hotline"], Role.ADMINISTRATOR))

    password = browser.post("/staff/new/", _new(town)).context["password"]
    newcomer = Client()
    newcomer.post("/accounts/login/", {"login": "wangfang", "password": password})

    assert newcomer.get("/me/").url == "/accounts/password/"
    assert viewer_of(Staff.objects.get(username="wangfang")).roles == {Role.HANDLER}


@pytest.mark.parametrize(
    ("field", "wrong", "words"),
    [
        ("name", "", "请填写姓名"),
        ("username", "", "请填写登录名"),
        ("username", "taken", "已有人使用"),
        ("role", "king", "king"),
        ("unit", "999999", "请从列表中选择单位"),
        ("unit", "", "请选择单位"),
        ("unit", "²", 'id="id_unit_error"'),
        ("unit", "9" * 5000, 'id="id_unit_error"'),
    ],
)
def test_a_wrong_entry_is_said_next_to_its_field(
    signed_in, town: dict[str, Unit], field: str, wrong: str, words: str
) -> None:
    make_staff(town["street"], Role.HANDLER, username="taken")
    browser = signed_in(make_staff(town["hotline"], Role.ADMINISTRATOR))

    response = browser.post("/staff/new/", _new(town, **{field: wrong}))

    assert response.status_code == 422
    assert f'id="id_{field}_error"' in response.content.decode()
    assert words in response.content.decode()
    assert "这个字段" not in response.content.decode()
    assert not Staff.objects.filter(staff_no="B001").exists()


def test_a_unit_s_administrator_posts_people_in_the_own_unit_only(town: dict[str, Unit]) -> None:
    by = viewer_of(make_staff(town["street"], Role.ADMINISTRATOR))
    own, foreign = make_staff(town["community"], Role.HANDLER), make_staff(town["bureau"], Role.HANDLER)

    staffing.add_post(own, by=by, role=Role.UNIT_HEAD, unit_id=town["community"].pk, now=timezone.now())

    with pytest.raises(NotPermitted):
        staffing.add_post(own, by=by, role=Role.HANDLER, unit_id=town["hotline"].pk, now=timezone.now())
    with pytest.raises(NotPermitted):
        staffing.reset_password(foreign, by=by, now=timezone.now())
    with pytest.raises(NotPermitted):
        staffing.set_active(foreign, active=False, by=by, now=timezone.now())


def test_whoever_also_works_elsewhere_is_not_managed_by_one_unit(town: dict[str, Unit]) -> None:
    by = viewer_of(make_staff(town["street"], Role.ADMINISTRATOR))
    shared = make_staff(town["street"], Role.HANDLER)
    give_post(shared, town["hotline"], Role.AUDITOR)

    assert not staffing.may_manage(by, shared)


def test_the_same_post_is_not_given_twice(town: dict[str, Unit]) -> None:
    by, staff = viewer_of(make_staff(town["hotline"], Role.ADMINISTRATOR)), make_staff(town["street"], Role.HANDLER)

    with pytest.raises(InvalidData):
        staffing.add_post(staff, by=by, role=Role.HANDLER, unit_id=town["street"].pk, now=timezone.now())


def test_an_ended_post_stays_on_record(town: dict[str, Unit]) -> None:
    by, staff = viewer_of(make_staff(town["hotline"], Role.ADMINISTRATOR)), make_staff(town["street"], Role.HANDLER)

    staffing.end_post(staff.posts.get(), by=by, now=timezone.now())

    assert viewer_of(Staff.objects.get(pk=staff.pk)).roles == frozenset()
    assert staff.posts.get().valid_to < timezone.localdate()
    assert staff.changes.get().summary == f"{town['street'].name} · 承办人"


def test_the_last_administrator_keeps_the_post(town: dict[str, Unit]) -> None:
    only = make_staff(town["hotline"], Role.ADMINISTRATOR)

    with pytest.raises(NotPermitted, match="最后一位"):
        staffing.end_post(only.posts.get(), by=viewer_of(only), now=timezone.now())


def test_nobody_stops_the_own_account(town: dict[str, Unit]) -> None:
    staff = make_staff(town["hotline"], Role.ADMINISTRATOR)

    with pytest.raises(NotPermitted):
        staffing.set_active(staff, active=False, by=viewer_of(staff), now=timezone.now())


def test_a_stopped_account_loses_its_open_session(signed_in, town: dict[str, Unit]) -> None:
    staff, by = make_staff(town["street"], Role.HANDLER), viewer_of(make_staff(town["hotline"], Role.ADMINISTRATOR))
    browser = signed_in(staff)

    staffing.set_active(staff, active=False, by=by, now=timezone.now())

    assert browser.get("/me/").status_code == 302


def test_changes_are_told_field_by_field(town: dict[str, Unit]) -> None:
    by, staff = viewer_of(make_staff(town["hotline"], Role.ADMINISTRATOR)), make_staff(town["street"], Role.HANDLER)
    data = {"name": "李明明", "staff_no": staff.staff_no, "username": staff.username, "phone": ""}

    staffing.change_facts(staff, by=by, data=data, now=timezone.now())

    change = staff.changes.get()
    assert change.summary == "姓名：李明 → 李明明"
    assert change.by_id == by.staff_id


def test_a_refusal_is_said_in_a_page(signed_in, town: dict[str, Unit]) -> None:
    foreign = make_staff(town["bureau"], Role.HANDLER)
    browser = signed_in(make_staff(town["street"], Role.ADMINISTRATOR))

    response = browser.post(f"/staff/{foreign.pk}/password/")

    assert response.status_code == 403
    assert "只能管理本单位" in response.content.decode()


def test_the_list_shows_the_own_reach_page_by_page(
    town: dict[str, Unit], monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
) -> None:
    monkeypatch.setattr(selectors, "PAGE", 3)
    viewer = viewer_of(make_staff(town["street"], Role.ADMINISTRATOR))
    mine = [make_staff(town["community"], Role.HANDLER) for _ in range(4)]
    make_staff(town["far_street"], Role.HANDLER)

    with django_assert_num_queries(2):
        first = selectors.staff_page(viewer)
    second = selectors.staff_page(viewer, after=first.after)

    shown = [staff.pk for staff in (*first.rows, *second.rows)]
    assert shown == [viewer.staff_id, *(staff.pk for staff in mine)]
    assert second.after is None


def test_units_are_offered_within_reach_only(signed_in, town: dict[str, Unit]) -> None:
    browser = signed_in(make_staff(town["street"], Role.ADMINISTRATOR))

    labels = [hit["id"] for hit in browser.get("/staff/units/", {"q": "街道"}).json()["results"]]

    assert town["street"].pk in labels
    assert town["far_street"].pk not in labels


def test_the_first_administrator_comes_from_the_command_line(client: Client, town: dict[str, Unit]) -> None:
    password = first.administrator("root", name="高远航", staff_no="A1")

    client.post("/accounts/login/", {"login": "root", "password": password})

    assert client.get("/me/").url == "/accounts/password/"
    assert viewer_of(Staff.objects.get(username="root")).roles == {Role.ADMINISTRATOR}


def test_the_command_line_lets_a_locked_out_administrator_in_again(client: Client, town: dict[str, Unit]) -> None:
    staff = make_staff(town["hotline"], Role.ADMINISTRATOR, username="root")
    staffing.set_active(
        staff, active=False, by=viewer_of(make_staff(town["hotline"], Role.ADMINISTRATOR)), now=timezone.now()
    )

    password = first.administrator("root", name="无关", staff_no="无关")
    answer = client.post("/accounts/login/", {"login": "root", "password": password})

    assert answer.status_code == 302
    assert Staff.objects.get(username="root").name == staff.name
    assert staff.posts.count() == 1
    assert staff.changes.first().what == "命令行设管理员"


def test_without_a_city_the_command_says_what_to_load_first(no_city: None) -> None:
    with pytest.raises(first.NoHotline, match="huiyin preset load"):
        first.administrator("root", name="高远航", staff_no="A1")


def test_a_lost_phone_is_forgotten_by_an_administrator(signed_in, town: dict[str, Unit]) -> None:
    staff = make_staff(town["street"], Role.HANDLER)
    TOTP.activate(staff, generate_totp_secret())
    browser = signed_in(make_staff(town["hotline"], Role.ADMINISTRATOR))

    before = browser.get(f"/staff/{staff.pk}/").content.decode()
    browser.post(f"/staff/{staff.pk}/second-factor/")

    assert "解除双重验证" in before
    assert not is_mfa_enabled(staff)
    assert staff.changes.get().what == "解除双重验证"
