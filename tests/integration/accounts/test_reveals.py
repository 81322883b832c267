"""Looks at personal data: only with a reason, always on record, read by auditors only."""

from datetime import timedelta

import pytest
from django.utils import timezone

from huiyin.accounts import reveals, selectors
from huiyin.accounts.models import AccessLog, RevealLog
from huiyin.accounts.viewer import Viewer, viewer_of
from huiyin.domain.errors import InvalidData
from huiyin.domain.vocabulary import Role
from huiyin.registry.models import Unit
from tests.builders_city import registered
from tests.staff import make_staff


def _reveal(viewer: Viewer, **changed) -> RevealLog:
    given = {"case_id": 7, "viewer": viewer, "field": "phone", "purpose": "contact", "reason": "约定上门时间"}
    return reveals.record(**{**given, **changed})


def test_a_reveal_keeps_who_what_why_and_where_from(town: dict[str, Unit]) -> None:
    viewer = viewer_of(make_staff(town["street"], Role.HANDLER))

    row = _reveal(viewer, ip="10.1.2.3")

    assert (row.staff_id, row.unit_id, row.case_id) == (viewer.staff_id, town["street"].pk, 7)
    assert (row.field, row.purpose, row.reason, row.ip) == ("phone", "contact", "约定上门时间", "10.1.2.3")
    assert row.at <= timezone.now()


@pytest.mark.parametrize(
    "wrong",
    [{"reason": "   "}, {"reason": "看"}, {"reason": "因" * 201}, {"purpose": "curiosity"}, {"field": "salary"}],
)
def test_without_a_proper_reason_nothing_is_revealed(town: dict[str, Unit], wrong: dict[str, str]) -> None:
    viewer = viewer_of(make_staff(town["street"], Role.HANDLER))

    with pytest.raises(InvalidData):
        _reveal(viewer, **wrong)

    assert not RevealLog.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.AUDITOR, Role.ADMINISTRATOR}])
def test_the_record_is_closed_to_others(signed_in, town: dict[str, Unit], role: Role) -> None:
    assert signed_in(make_staff(town["hotline"], role)).get("/audit/").status_code == 403


def test_an_auditor_finds_a_person_s_looks(signed_in, town: dict[str, Unit]) -> None:
    curious = make_staff(town["street"], Role.HANDLER, name="钱好奇")
    _reveal(viewer_of(curious), reason="核对楼门牌号")
    _reveal(viewer_of(make_staff(town["street"], Role.HANDLER, name="周正")), reason="联系诉求人本人")
    reveals.record_look(case_id=8, viewer=viewer_of(curious), page="案件")
    browser = signed_in(make_staff(town["hotline"], Role.AUDITOR))

    revealed = browser.get("/audit/", {"who": "钱好奇"}).content.decode()
    opened = browser.get("/audit/", {"kind": "looks", "who": curious.staff_no}).content.decode()
    nobody = browser.get("/audit/", {"who": "无此人"}).content.decode()

    assert "核对楼门牌号" in revealed
    assert "联系诉求人本人" not in revealed
    assert "没有符合条件的记录" not in opened
    assert "没有符合条件的记录" in nobody


def test_a_unit_s_auditor_reads_the_own_unit_s_looks_only(town: dict[str, Unit]) -> None:
    own = _reveal(viewer_of(make_staff(town["community"], Role.HANDLER)))
    _reveal(viewer_of(make_staff(town["far_street"], Role.HANDLER)))

    page = selectors.look_page(viewer_of(make_staff(town["street"], Role.AUDITOR)), kind="reveals")

    assert [row.pk for row in page.rows] == [own.pk]


def test_looks_are_paged_newest_first_without_gaps(
    town: dict[str, Unit], monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
) -> None:
    monkeypatch.setattr(selectors, "PAGE", 2)
    viewer = viewer_of(make_staff(town["hotline"], Role.AUDITOR))
    made = [reveals.record_look(case_id=number, viewer=viewer, page="案件").pk for number in range(5)]

    with django_assert_num_queries(1):
        first = selectors.look_page(viewer, kind="looks")
    second = selectors.look_page(viewer, kind="looks", before=int(first.after or 0))
    third = selectors.look_page(viewer, kind="looks", before=int(second.after or 0))

    assert [row.pk for page in (first, second, third) for row in page.rows] == made[::-1]
    assert third.after is None


def test_looks_are_found_by_day(town: dict[str, Unit]) -> None:
    viewer = viewer_of(make_staff(town["hotline"], Role.AUDITOR))
    today = timezone.localdate()
    reveals.record_look(case_id=1, viewer=viewer, page="案件", at=timezone.now() - timedelta(days=3))
    recent = reveals.record_look(case_id=1, viewer=viewer, page="案件")

    page = selectors.look_page(viewer, kind="looks", since=today - timedelta(days=1), until=today)

    assert [row.pk for row in page.rows] == [recent.pk]
    assert AccessLog.objects.count() == 2


def test_looks_are_found_by_the_case_s_number(signed_in, people) -> None:
    case, other = registered(people), registered(people)
    hotline = Unit.objects.get(code="HOTLINE")
    viewer = viewer_of(make_staff(hotline, Role.CALLBACK_AGENT))
    _reveal(viewer, case_id=case.pk, reason="核对门牌号码")
    _reveal(viewer, case_id=other.pk, reason="另一件的事由")
    browser = signed_in(make_staff(hotline, Role.AUDITOR))

    found = browser.get("/audit/", {"case": case.case_no}).content.decode()
    wrong = browser.get("/audit/", {"case": "000000000000"}).content.decode()

    assert f'href="/cases/{case.case_no}/"' in found
    assert "另一件的事由" not in found
    assert "没有符合条件的记录" in wrong
