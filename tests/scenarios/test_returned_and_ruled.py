"""A case that nobody wanted: sent back once with reason, once without, and solved by the one who had to keep it."""

from datetime import timedelta

import pytest

from huiyin.domain.actions import Action
from huiyin.domain.errors import AlreadyReturned, NotPermitted, UnitAlreadyRefused
from huiyin.domain.vocabulary import Satisfaction, Status
from tests.builders_city import STREET
from tests.scenarios.conftest import Telling, unit_named

NOISE = "工地凌晨两点还在浇筑混凝土，连续一个星期睡不着，希望夜里停工"


def test_the_second_unit_keeps_what_the_first_could_rightly_send_back(story: Telling) -> None:
    street, district, other = unit_named(STREET), unit_named("110105"), unit_named("110105027")
    story.calls(NOISE)
    story.wait(minutes=10)
    story.hotline(Action.DISPATCH, unit_id=street)
    limit = story.stands().due_at
    assert limit is not None

    # The street finds that building sites are not its business, and says whose they are.
    story.wait(hours=1)
    story.unit(
        street,
        Action.REQUEST_RETURN,
        reason="不属于本单位职责",
        basis="施工噪声由区住建、生态环境部门监管",
        suggested_unit_id=district,
    )
    assert story.stands().status == Status.RETURN_REQUESTED

    # The dispatcher agrees. The citizen's clock has not stopped for that.
    story.wait(hours=2)
    story.hotline(Action.RULE_RETURN, granted=True, unit_id=district, reason="职责清单属实，改派区政府")
    case = story.stands()
    assert (case.lead_unit_id, case.first_unit_id) == (district, street)
    assert case.due_at == limit
    with pytest.raises(NotPermitted):
        story.unit(street, Action.SIGN)

    # The district would rather not have it either; this time there is no reason, and asking again is in vain.
    story.unit(district, Action.REQUEST_RETURN, reason="点位不在本单位辖区", basis="工地在两区交界处")
    with pytest.raises(UnitAlreadyRefused):
        story.hotline(Action.RULE_RETURN, granted=True, unit_id=street, reason="退回街道")
    story.hotline(Action.RULE_RETURN, granted=False, reason="地图显示工地在本区，请抓紧办理")
    assert story.stands().status == Status.SIGNED
    with pytest.raises(AlreadyReturned):
        story.unit(district, Action.REQUEST_RETURN, reason="点位不在本单位辖区", basis="再次申请")
    with pytest.raises(NotPermitted):
        story.unit(other, Action.NOTE_CONTACT, means="phone", reached=True, note="别的街道来插手")

    # So it does the work, and the citizen sleeps.
    story.unit(district, Action.NOTE_CONTACT, means="phone", reached=True, note="已联系，今晚现场检查")
    story.wait(days=2)
    story.replies(district, "已责令夜间停工并立案处罚，连续两晚复查未再施工。")
    story.wait(days=5)
    story.judges("satisfied", solved="yes")

    case = story.stands()
    assert (case.status, case.satisfaction) == (Status.CLOSED, Satisfaction.SATISFIED)
    assert case.first_unit_id == street  # 首接负责: whose it was at first stays on record
    assert story.happened() == [
        "register",
        "dispatch",
        "request_return",
        "rule_return",
        "request_return",
        "rule_return",
        "note_contact",
        "reply",
        "start_callback",
        "record_callback",
    ]


def test_a_return_that_is_granted_late_still_leaves_the_next_unit_half_the_limit(story: Telling) -> None:
    street, district = unit_named(STREET), unit_named("110105")
    story.calls(NOISE, grade="urgent")
    story.hotline(Action.DISPATCH, unit_id=street)
    story.wait(minutes=45)
    story.unit(street, Action.REQUEST_RETURN, reason="不属于本单位职责", basis="施工噪声由区级部门监管")

    story.wait(hours=20)
    story.hotline(Action.RULE_RETURN, granted=True, unit_id=district, reason="改派区政府")

    assert story.stands().due_at == story.now + timedelta(hours=12)
