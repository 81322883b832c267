"""A lift for an old house: what no unit can do at once is put on the list (挂账), kept in mind, and taken up again."""

import pytest

from huiyin.domain.actions import Action
from huiyin.domain.errors import ActionNotAllowed
from huiyin.domain.vocabulary import Asked, ClockKind, Status
from tests.builders_city import STREET
from tests.scenarios.conftest import AGENT, Telling, unit_named

LIFT = "老楼没有电梯，母亲腿脚不便半年没下过楼，希望能加装电梯"


def test_the_limit_stands_still_while_suspended_and_goes_on_with_what_was_left(story: Telling) -> None:
    street = unit_named(STREET)
    story.calls(LIFT, grade="complex")
    story.hotline(Action.DISPATCH, unit_id=street)
    story.unit(street, Action.SIGN)
    story.unit(street, Action.NOTE_CONTACT, means="visit", reached=True, note="入户了解，四户未同意加梯")
    story.wait(days=4)
    case = story.stands()
    assert case.due_at is not None
    left = case.due_at - story.now

    # The first plea is too thin; with a plan it is granted.
    story.unit(street, Action.REQUEST_SUSPENSION, reason="跨年工程（老楼加梯、管线改造等）", plan="等待")
    story.hotline(Action.DECIDE_SUSPENSION, granted=False, reason="计划没有目标和责任人，请补充")
    assert story.stands().suspension == Asked.DENIED
    story.unit(
        street,
        Action.REQUEST_SUSPENSION,
        reason="跨年工程（老楼加梯、管线改造等）",
        plan="六月议事协商，七月勘测管线，责任人王主任，月底公示方案",
    )
    story.hotline(Action.DECIDE_SUSPENSION, granted=True, reason="同意挂账，请按计划推进")
    case = story.stands()
    assert case.status == Status.SUSPENDED
    assert {clock.kind for clock in case.clocks.all()} == {str(ClockKind.REVIEW)}

    # Weeks go by without a red light; the work goes on, and the review comes up by itself.
    story.wait(days=20)
    story.unit(street, Action.ADD_NOTE, note="协商会通过，十户签字同意")
    assert not story.stands().escalated
    story.wait(days=11)
    assert "escalate" in story.happened()  # the review's own light: have a look
    assert not story.stands().escalated  # which is not an overdue case
    with pytest.raises(ActionNotAllowed):
        story.replies(street, "方案已公示，施工单位下月进场，已告知诉求人。")

    # Released, the unit has as many days as it had left.
    story.unit(street, Action.RELEASE, reason="方案已公示，恢复办理")
    case = story.stands()
    assert (case.status, case.suspension) == (Status.HANDLING, Asked.NONE)
    assert case.due_at is not None
    assert case.due_at - story.now == left
    story.wait(days=3)
    story.replies(street, "施工单位已进场，预计十月投用，诉求人知情并同意。", outcome="partly")
    story.wait(days=9)
    assert story.stands().status == Status.CALLBACK_PENDING


def test_nobody_answers_three_calls_and_the_callback_counts_for_nothing(story: Telling) -> None:
    street = unit_named(STREET)
    story.calls(LIFT)
    story.hotline(Action.DISPATCH, unit_id=street)
    story.unit(street, Action.SIGN)
    story.replies(street, "已列入下一年度加梯计划，并向诉求人说明。", outcome="explained")
    story.wait(days=7, minutes=1)

    for _attempt in range(3):
        story.hotline(Action.RECORD_CALLBACK, role=AGENT, reached="no")
        if story.stands().closed_at is None:
            with pytest.raises(ActionNotAllowed):  # three calls within a minute are one
                story.hotline(Action.RECORD_CALLBACK, role=AGENT, reached="no")
        story.now = story.stands().callback_next_at or story.now

    case = story.stands()
    assert (case.status, case.callback_valid, case.satisfaction) == (Status.CLOSED, False, None)
