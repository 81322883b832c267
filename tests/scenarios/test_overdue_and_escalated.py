"""A cold flat: the unit lets every limit pass, the lights go on one by one, and it ends under supervision."""

from datetime import timedelta

import pytest

from huiyin.cases import journal, subscriptions
from huiyin.cases.models import Notice
from huiyin.domain.actions import Action
from huiyin.domain.errors import ReworkExhausted
from huiyin.domain.vocabulary import Satisfaction, Status
from tests.builders_city import STREET
from tests.scenarios.conftest import AGENT, Telling, unit_named

COLD = "家里暖气一直不热，室温只有十三度，孩子发烧了，希望今天有人来看"


def lights(story: Telling) -> list[tuple[str, str]]:
    events = journal.of_case(story.case.pk)
    return [(event.action, event.data["clock"]) for event in events if event.action in ("warn", "escalate")]


def test_every_limit_that_passes_lights_once_and_the_last_one_raises_the_case(story: Telling) -> None:
    street = unit_named(STREET)
    story.calls(COLD, grade="urgent")
    story.hotline(Action.DISPATCH, unit_id=street)

    # Half an hour to sign, two hours to call, a day to act: nobody stirs.
    story.wait(minutes=31)
    assert lights(story) == [("warn", "sign"), ("escalate", "sign")]
    story.wait(hours=2)
    assert lights(story)[2:] == [("warn", "contact"), ("escalate", "contact")]
    story.citizen(Action.URGE, note="还没有人联系我，家里更冷了")
    story.hotline(Action.SUPERVISE, note="涉及儿童，请街道主要负责人今天督促到位")
    story.wait(hours=22)
    assert lights(story)[4:] == [("warn", "handle"), ("escalate", "handle")]

    case = story.stands()
    assert (case.escalated, case.supervised, case.urge_count) == (True, True, 1)
    subscriptions.deliver()
    loud = (
        Notice.objects.filter(unit_id=street, urgent=True).order_by("at", "event_id").values_list("action", flat=True)
    )
    assert list(loud) == ["escalate", "escalate", "urge", "supervise", "escalate"]

    # It wakes up. A reply that comes late stays late: the callback begins at once.
    story.unit(street, Action.SIGN)
    story.replies(street, "已通知供热单位放水排气，称室温可以回升。", outcome="partly")
    assert story.stands().feedback_hotline_at > story.stands().due_at
    story.wait(minutes=1)
    assert story.stands().status == Status.CALLBACK_PENDING


def test_after_a_second_bad_answer_the_hotline_closes_it_under_supervision(story: Telling) -> None:
    street = unit_named(STREET)
    story.calls(COLD, grade="urgent")
    story.hotline(Action.DISPATCH, unit_id=street)
    story.unit(street, Action.SIGN)
    story.wait(hours=3)
    story.replies(street, "已通知供热单位放水排气，称室温可以回升。")
    story.judges("unsatisfied", solved="no", remark="还是十三度")
    assert story.stands().status == Status.CALLED_BACK

    # 重办: the same unit, half the time, and everything from the start.
    story.hotline(Action.REWORK, reason="请现场测温并更换堵塞管段")
    case = story.stands()
    assert (case.status, case.round, case.contacted_at, case.solved) == (Status.DISPATCHED, 2, None, None)
    assert case.due_at == story.now + timedelta(hours=12)
    story.unit(street, Action.SIGN)
    story.wait(hours=5)
    story.replies(street, "已现场测温，需等停暖后更换立管，已向住户解释。", outcome="explained")
    story.judges("unsatisfied", solved="no", remark="解释没有用，家里还是冷")

    with pytest.raises(ReworkExhausted):
        story.hotline(Action.REWORK, reason="再次重办")
    story.hotline(Action.CLOSE, role=AGENT, reason="两次办理未解决，转督办台账跟踪")

    case = story.stands()
    assert (case.status, case.supervised, case.satisfaction) == (Status.CLOSED, True, Satisfaction.UNSATISFIED)
    assert case.callback_valid is True  # it counts, and counts against the unit
