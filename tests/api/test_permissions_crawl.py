"""Nobody reads or acts on another unit's case, by whatever page or operation: every address is tried as every role."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from huiyin.accounts.models import AccessLog, RevealLog, Staff
from huiyin.cases import attachments, desk
from huiyin.cases.models import Attachment, Case, CaseEvent, Notice
from huiyin.domain.actions import Action
from huiyin.domain.vocabulary import Role
from huiyin.intake import registering
from huiyin.registry import directory
from tests.api.conftest import account, hotline_id
from tests.api.crawling import Crawl, Target, names_a_case, routes
from tests.builders_city import OTHER_STREET, STREET, People, statement, street_unit

MARKS = ("紫藤花架", "欧阳紫", "19912345678")
_ELSEWHERE = {
    "another street of the district": lambda: street_unit(OTHER_STREET),
    "another district": lambda: _district_unit("110106"),
    "a department of the city": lambda: _municipal(),
}


@pytest.fixture
def handled(people: People) -> Target:
    """A case that its unit handles, with a file of evidence."""
    return _target(_handled(people))


@pytest.fixture
def waiting(people: People) -> Target:
    """A case that waits at the hotline with a proposed unit: no unit has it yet."""
    data = _matter(request_type="consultation")
    return _target(registering.register_matter(actor=people.operator(), data=data, now=timezone.now()))


@pytest.fixture
def asked(people: People) -> Target:
    """A case whose citizen is to be called back."""
    case = _handled(people)
    owner = people.handler(street_unit(STREET))
    now = timezone.now()
    answer = {
        "outcome": "solved",
        "means": "visit",
        "told_at": now,
        "result": f"{MARKS[0]}旁的路灯已修好，现场试亮正常",
    }
    desk.act(case.pk, Action.REPLY, actor=owner, data={**answer, "evidence": "现场照片"}, now=now)
    return _target(desk.act(case.pk, Action.START_CALLBACK, actor=people.callback_agent(), data={}, now=now))


@pytest.mark.slow
@pytest.mark.parametrize("place", list(_ELSEWHERE))
def test_whoever_works_elsewhere_neither_reads_nor_acts(
    handled: Target, waiting: Target, asked: Target, place: str
) -> None:
    """One person holds every role at the other unit: what none of them may, no single one may.

    All three cases carry the same words, so what names no case is walked once.
    """
    staff = account(*Role, unit_id=_ELSEWHERE[place]())

    _must_find_nothing(_crawl(staff, handled), routes(), handled)
    for target in (waiting, asked):
        _must_find_nothing(_crawl(staff, target), _naming_a_case(), target)


@pytest.mark.slow
@pytest.mark.parametrize("role", list(Role))
def test_no_single_role_elsewhere_reads_or_acts(handled: Target, role: Role) -> None:
    staff = account(role, unit_id=street_unit(OTHER_STREET))

    _must_find_nothing(_crawl(staff, handled), _naming_a_case(), handled)


@pytest.mark.slow
def test_a_confidential_case_is_closed_to_who_only_oversees(people: People) -> None:
    """Again one person with all these roles."""
    target = _target(_handled(people, confidential=True))
    staff = account(Role.LEADER, Role.ANALYST, Role.ADMINISTRATOR, unit_id=hotline_id())

    _must_find_nothing(_crawl(staff, target), routes(), target)


@pytest.mark.slow
def test_without_signing_in_nothing_is_read_or_done(handled: Target) -> None:
    crawl = Crawl(client=Client(), target=handled, own_unit_id=street_unit(OTHER_STREET))

    _must_find_nothing(crawl, routes(), handled)


def test_the_crawl_sees_what_the_units_own_people_see(handled: Target) -> None:
    """The measure itself: to the unit that has the case, the same walk opens it."""
    crawl = _crawl(account(Role.HANDLER, unit_id=street_unit(STREET)), handled)

    crawl.walk([route for route in routes() if names_a_case(route) and "{action}" not in route])

    found = {leak.address.split("?")[0] for leak in crawl.leaks}
    assert f"/api/v1/cases/{handled.case_no}" in found
    assert f"/cases/{handled.case_no}/" in found
    assert f"/cases/files/{handled.file_id}/" in found


def test_every_page_and_operation_is_on_the_way() -> None:
    found = routes()

    assert len([route for route in found if route.startswith("api/v1/")]) > 40
    assert {"cases/desk/", "dispatch/", "callbacks/", "console/"} <= set(found)


def _naming_a_case() -> list[str]:
    return [route for route in routes() if names_a_case(route)]


def _crawl(staff: Staff, target: Target) -> Crawl:
    client = Client()
    client.force_login(staff)
    return Crawl(client=client, target=target, own_unit_id=staff.viewer.unit_id)


def _must_find_nothing(crawl: Crawl, walked: list[str], target: Target) -> None:
    before = _state(target)

    crawl.walk(walked)

    assert not crawl.leaks, "\n".join(map(str, crawl.leaks))
    assert _state(target) == before
    assert crawl.visited > len(walked)


def _state(target: Target) -> dict[str, Any]:
    """All that an act on the case, or a look at its people, would leave behind."""
    return {
        "case": Case.objects.filter(pk=target.case_id).values().get(),
        "events": CaseEvent.objects.filter(case_id=target.case_id).count(),
        "files": list(Attachment.objects.filter(case_id=target.case_id).order_by("pk").values()),
        "stored": [default_storage.exists(row.stored_as) for row in Attachment.objects.filter(case_id=target.case_id)],
        "reveals": RevealLog.objects.filter(case_id=target.case_id).count(),
        "looks": AccessLog.objects.filter(case_id=target.case_id).count(),
        "told": Notice.objects.filter(case_id=target.case_id).count(),
    }


def _matter(**changes: object) -> dict[str, object]:
    said = {"content": f"{MARKS[0]}旁的路灯坏了三个月，晚上很危险", "requester_name": "欧阳紫藤", "phone": MARKS[2]}
    return statement(address=f"{MARKS[0]}三号楼", **{**said, **changes})


def _handled(people: People, **changes: object) -> Case:
    now = timezone.now() - timedelta(hours=1)
    case = desk.register(actor=people.operator(), data=_matter(**changes), now=now)
    unit_id = street_unit(STREET)
    desk.act(case.pk, Action.DISPATCH, actor=people.dispatcher(), data={"unit_id": unit_id}, now=now)
    owner = account(Role.HANDLER, unit_id=unit_id).viewer.actor()
    desk.act(case.pk, Action.SIGN, actor=owner, data={}, now=now)
    evidence = SimpleUploadedFile("现场.txt", f"{MARKS[0]}现场说明".encode())
    file = attachments.receive(evidence, actor=owner, now=now)
    note = {"note": f"已到{MARKS[0]}现场", "files": [file.pk]}
    return desk.act(case.pk, Action.ADD_NOTE, actor=owner, data=note, now=now)


def _target(case: Case) -> Target:
    file = Attachment.objects.filter(case=case).first()
    return Target(
        case_id=case.pk,
        case_no=case.case_no,
        file_id=file.pk if file else 1,
        phone=MARKS[2],
        marks=MARKS[:2],
    )


def _district_unit(code: str) -> int:
    area = directory.area_by_code(code)
    assert area is not None
    unit = directory.district_unit(area.id)
    assert unit is not None
    return unit.id


def _municipal() -> int:
    return next(unit.id for unit in directory.units().values() if unit.kind == "municipal_dept")
