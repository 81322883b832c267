"""One burst pipe, three callers: handled once, and each caller reads the answer under his own number."""

import pytest

from huiyin.domain.actions import Action
from huiyin.domain.errors import CannotMerge
from huiyin.domain.vocabulary import Disposition, Status
from huiyin.portal import merged
from tests.builders_city import STREET
from tests.scenarios.conftest import Telling, unit_named

REPLY = "自来水公司已更换爆裂管段，凌晨一点恢复供水，路面同步修复。"


def test_three_callers_of_one_matter_are_each_answered(story: Telling) -> None:
    street = unit_named(STREET)
    first = story.calls("小区门口水管爆了，水流了一地，家里停水", phone="19900000001", requester_name="王女士")
    story.hotline(Action.DISPATCH, unit_id=street)
    story.wait(minutes=5)
    second = story.calls("三号楼停水了，门口在冒水", phone="19900000002", requester_name="李先生")
    story.wait(minutes=5)
    third = story.calls("门口马路上全是水，车过不去", phone="19900000003", requester_name="赵先生")

    story.hotline(Action.MERGE, of=second, into_id=first.pk, reason="同一处水管爆裂")
    with pytest.raises(CannotMerge):  # into what goes on, not into what has ended
        story.hotline(Action.MERGE, of=third, into_id=second.pk)
    story.hotline(Action.MERGE, of=third, into_id=first.pk)
    story.case = first

    # One clock runs, one unit works, one more wish is heard.
    assert [story.stands(of=case).status for case in (second, third)] == [Status.MERGED, Status.MERGED]
    assert story.stands(of=second).disposition == Disposition.MERGED
    assert not story.stands(of=second).clocks.exists()
    story.unit(street, Action.SIGN)
    story.citizen(Action.SUPPLEMENT, of=first, note="水已经漫到地下车库")

    # Who asks while it lasts reads where it stands; who asks afterwards reads the answer.
    waiting = merged.goes_on(story.stands(of=third), story.now)
    assert waiting is not None
    assert waiting.answer is None
    story.wait(hours=6)
    story.replies(street, REPLY)
    for case in (second, third):
        told = merged.goes_on(story.stands(of=case), story.now)
        assert told is not None
        assert told.answer is not None
        assert told.answer.text == REPLY
        assert told.number == ""  # not a word of whose the other case is

    story.judges("satisfied", solved="yes")
    assert story.stands(of=first).status == Status.CLOSED
    assert story.happened(of=third) == ["register", "merge"]


def test_what_was_merged_by_mistake_goes_its_own_way_again(story: Telling) -> None:
    first = story.calls("小区门口水管爆了，水流了一地", phone="19900000001")
    story.hotline(Action.DISPATCH, unit_id=unit_named(STREET))
    second = story.calls("隔壁小区停水了，不知道什么原因", phone="19900000002")
    story.hotline(Action.MERGE, of=second, into_id=first.pk)

    story.wait(hours=1)
    story.hotline(Action.REOPEN, of=second, reason="不是同一处，分开办理")

    case = story.stands(of=second)
    assert (case.status, case.merged_into_id) == (Status.RECEIVED, None)
    assert merged.goes_on(case, story.now) is None
