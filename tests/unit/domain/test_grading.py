"""How urgent a matter is: raised for a reason that is said, never lowered."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.domain.grading import more_urgent, propose_grade, speaks_of_urgency
from huiyin.domain.vocabulary import Grade, RequestType
from tests.builders import RULES

HELP, ASKING = RequestType.HELP, RequestType.CONSULTATION


@pytest.mark.parametrize(
    ("usual", "text", "request_type", "callers", "expected"),
    [
        (Grade.NORMAL, "楼道脏", HELP, 1, Grade.NORMAL),
        (Grade.NORMAL, "厨房漏气", HELP, 1, Grade.CRITICAL),
        (Grade.NORMAL, "请问漏气怎么办", ASKING, 1, Grade.CRITICAL),
        (Grade.URGENT, "停电了，家里有呼吸机", HELP, 1, Grade.CRITICAL),
        (Grade.NORMAL, "邻居装修，家里老人用呼吸机", HELP, 1, Grade.URGENT),
        (Grade.COMPLEX, "加装电梯，老人用呼吸机", HELP, 1, Grade.URGENT),
        (Grade.NORMAL, "呼吸机租赁去哪里办", ASKING, 1, Grade.NORMAL),
        (Grade.URGENT, "停水", HELP, 5, Grade.CRITICAL),
        (Grade.URGENT, "停水", HELP, 4, Grade.URGENT),
        (None, "说不清", HELP, 1, Grade.NORMAL),
    ],
)
def test_the_grade_rises_for_danger_the_vulnerable_and_a_crowd(usual, text, request_type, callers, expected):
    found = propose_grade(usual=usual, text=text, rules=RULES, request_type=request_type, callers=callers)

    assert found.grade is expected


def test_each_reason_is_said():
    found = propose_grade(usual=Grade.NORMAL, text="用呼吸机", rules=RULES, request_type=HELP, callers=6)

    assert found.reasons == ("涉及“呼吸机”，升一级", "30 分钟内同一地点已有 6 人反映，升一级")


@given(
    usual=st.sampled_from(Grade),
    text=st.text(alphabet="漏气困人呼吸机水电", max_size=12),
    request_type=st.sampled_from(RequestType) | st.none(),
    callers=st.integers(0, 50),
)
def test_no_grade_is_ever_lowered(usual, text, request_type, callers):
    found = propose_grade(usual=usual, text=text, rules=RULES, request_type=request_type, callers=callers)

    assert more_urgent(found.grade, usual) is found.grade
    assert found.reasons


@given(
    usual=st.sampled_from(Grade),
    text=st.text(alphabet="漏气困人呼吸机水电", max_size=12),
    request_type=st.sampled_from(RequestType),
)
def test_without_a_word_of_urgency_the_class_alone_decides(usual, text, request_type):
    found = propose_grade(usual=usual, text=text, rules=RULES, request_type=request_type)

    assert found.grade is usual or speaks_of_urgency(RULES, text)


@pytest.mark.parametrize(
    ("text", "speaks"), [("厨房漏气", True), ("家里有呼吸机", True), ("楼道脏", False), ("", False)]
)
def test_words_of_urgency_are_heard(text, speaks):
    assert speaks_of_urgency(RULES, text) is speaks


def test_a_city_without_words_of_urgency_hears_none():
    silent = replace(RULES, danger_words=(), vulnerable_words=())

    assert not speaks_of_urgency(silent, "厨房漏气")
    assert propose_grade(usual=Grade.NORMAL, text="厨房漏气", rules=silent, request_type=HELP).grade is Grade.NORMAL
