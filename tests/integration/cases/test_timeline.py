"""Events as lines: who, what, why, with names instead of numbers, and what changed before and after."""

from datetime import timedelta

import pytest

from huiyin.accounts.models import Staff
from huiyin.cases import desk, journal
from huiyin.cases.models import Attachment, Case
from huiyin.cases.presenters.timeline import Line, Reader
from huiyin.domain import privacy
from huiyin.domain.actions import Action
from huiyin.domain.case import Actor
from huiyin.domain.vocabulary import Role, Status
from huiyin.registry import directory
from tests.builders_city import NOW, OTHER_STREET, People, dispatched, registered, replied, street_unit
from tests.integration.cases.conftest import staff_at

pytestmark = pytest.mark.usefixtures("city")


def lines_of(case: Case, **options: object) -> list[Line]:
    row = Case.objects.get(pk=case.pk)
    given = {"masked": lambda text: text, "files": list(row.attachments.all()), **options}
    return Reader(case=row, **given).lines(journal.of_case(row.pk))  # type: ignore[arg-type]


def facts(line: Line) -> dict[str, str]:
    return {fact.label: fact.text for fact in line.facts}


def changes(line: Line) -> dict[str, tuple[str, str]]:
    return {change.label: (change.before, change.after) for change in line.differences}


def test_a_life_reads_as_lines_with_names_and_reasons(people: People) -> None:
    lines = lines_of(replied(people))

    assert [line.label for line in lines] == ["登记", "派单", "签收", "记录联系", "双反馈"]
    assert (lines[1].actor_name, lines[1].unit_name) == ("热线人员", "市民热线服务中心")
    assert lines[3].reason == "已电话联系，约定下午上门"
    assert [line.status for line in lines][:3] == [Status.RECEIVED, Status.DISPATCHED, Status.SIGNED]


def test_what_was_entered_is_told_with_its_labels_and_not_twice(people: People) -> None:
    lines = lines_of(replied(people))

    assert facts(lines[0])["诉求类型"] == "投诉"
    assert "保密" not in facts(lines[0])
    assert facts(lines[3]) == {"联系方式": "电话", "是否联系上": "是"}  # the note is the reason itself
    assert facts(lines[4])["办理结果"] == "已解决"
    assert facts(lines[4])["向诉求人反馈的时间"] == "2026年6月10日 12:00"


def test_the_unit_is_told_as_a_difference(people: People) -> None:
    street = directory.unit(street_unit()).short_name

    assert changes(lines_of(dispatched(people))[1])["主办单位"] == ("", street)


def test_a_correction_tells_before_and_after(people: People) -> None:
    case = registered(people)
    other = directory.area_by_code(OTHER_STREET)
    assert other is not None
    street = directory.area(case.street_id or 0).short_name
    desk.act(
        case.pk,
        Action.CORRECT,
        actor=people.operator(),
        data={"grade": "urgent", "street_id": other.id, "reason": "核实后地点有误"},
        now=NOW + timedelta(minutes=2),
    )

    told = changes(lines_of(case)[1])

    assert told["分级"] == ("一般", "紧急")
    assert told["被反映街乡镇"] == (street, other.short_name)


def test_a_handler_has_a_name(people: People) -> None:
    case = dispatched(people)
    worker: Staff = staff_at(street_unit(), Role.HANDLER, name="张伟")
    actor = people.handler(street_unit())
    desk.act(case.pk, Action.SIGN, actor=actor, data={}, now=NOW + timedelta(minutes=6))
    data = {"handler_id": worker.pk}
    desk.act(case.pk, Action.ASSIGN_HANDLER, actor=actor, data=data, now=NOW + timedelta(minutes=7))

    assert changes(lines_of(case)[-1])["承办人"] == ("", "张伟")


def test_a_merge_names_the_other_case(people: People) -> None:
    goal, case = registered(people), registered(people)
    desk.act(case.pk, Action.MERGE, actor=people.operator(), data={"into_id": goal.pk}, now=NOW + timedelta(minutes=2))

    assert facts(lines_of(case)[-1])["并入的案件"].replace("-", "") == goal.case_no


def test_free_words_are_masked_for_who_may_not_read_them(people: People) -> None:
    case = dispatched(people)
    words = {"note": "诉求人电话19900001234，住501室"}
    desk.act(case.pk, Action.URGE, actor=people.operator(), data=words, now=NOW + timedelta(minutes=6))

    line = lines_of(case, masked=privacy.mask_text)[-1]

    assert line.reason == "诉求人电话199****1234，住***室"
    assert line.facts == []


def test_a_file_stands_with_the_step_that_brought_it(people: People) -> None:
    case = dispatched(people)
    actor = people.handler(street_unit())
    desk.act(case.pk, Action.SIGN, actor=actor, data={}, now=NOW + timedelta(minutes=6))
    file = Attachment.objects.create(
        stored_as="x", name="现场.jpg", media_type="image/jpeg", size=1, sha256="", uploaded_at=NOW,
        uploader_kind="staff", uploader_id=actor.id,
    )  # fmt: skip
    data = {"note": "已到现场核实", "files": [file.pk]}
    desk.act(case.pk, Action.ADD_NOTE, actor=actor, data=data, now=NOW + timedelta(minutes=9))

    lines = lines_of(case)

    assert [file.name for file in lines[-1].files] == ["现场.jpg"]
    assert lines[-2].files == []


def test_what_the_clock_did_is_quiet_until_it_is_red(people: People) -> None:
    case = dispatched(people)
    for action, hours in ((Action.WARN, 2), (Action.ESCALATE, 3)):
        at = NOW + timedelta(hours=hours)
        desk.act(case.pk, action, actor=Actor.system(), data={"clock": "sign"}, now=at)

    warned, raised = lines_of(case)[-2:]

    assert (warned.by_machine, warned.tone, raised.tone) == (True, "amber", "red")
    assert raised.reason == "签收已超时限"
    assert raised.facts == []
