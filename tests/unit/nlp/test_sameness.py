"""Whether two matters are the same: from either side alike, apart where places differ; clusters by time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.nlp.sameness import Told, compare, prepare
from huiyin.nlp.sameness_clusters import Clusterer
from huiyin.nlp.sameness_words import Rarity

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
LIFT = "望京西园四区三号楼电梯停运两天了，老人下不了楼"
LIFT_TOO = "三号楼的电梯坏了，望京西园四区，没人来修"
NOISE = "黄村镇工地夜里施工，吵得孩子睡不着"


def told(text: str, *, minutes: int = 0, caller: str = "", where: str = "", kind: str = "") -> Told:
    return Told(
        text=text,
        at=NOW + timedelta(minutes=minutes),
        caller=caller,
        where=where,
        kinds={kind: 1.0} if kind else {},
    )


def likeness(one: Told, other: Told) -> float:
    rarity = Rarity()
    return compare(prepare(one, rarity), prepare(other, rarity)).probability


texts = st.sampled_from([LIFT, LIFT_TOO, NOISE, "", "hello 🙂", "停水了" * 50])
tolds = st.builds(
    told,
    texts,
    minutes=st.integers(0, 50_000),
    caller=st.sampled_from(["", "a", "b"]),
    where=st.sampled_from(["", "望京西园四区3号楼", "黄村镇"]),
    kind=st.sampled_from(["", "010502", "050101"]),
)


@settings(max_examples=150, deadline=None)
@given(tolds, tolds)
def test_two_matters_are_as_alike_from_either_side(one, other):
    assert likeness(one, other) == pytest.approx(likeness(other, one))
    assert 0 <= likeness(one, other) <= 1


def test_the_same_trouble_at_the_same_place_in_other_words_is_alike_and_the_reasons_are_said():
    rarity = Rarity()
    one = prepare(told(LIFT, where="望京西园四区3号楼", kind="010502"), rarity)
    other = prepare(told(LIFT_TOO, minutes=50, where="望京西园四区3号楼", kind="010502"), rarity)

    found = compare(one, other)

    assert found.probability > 0.8
    assert found.word == "很像"
    assert "同一类问题" in found.reasons
    assert any("50分钟" in reason for reason in found.reasons)


def test_the_same_words_at_another_place_are_another_matter():
    here = told("电梯坏了没人修", where="望京西园四区3号楼", kind="010502")
    there = told("电梯坏了没人修", where="黄村镇枣园小区9号楼", kind="010502")

    assert likeness(here, there) < 0.3


def test_time_only_ever_parts():
    def after(hours: int) -> float:
        place = {"where": "望京西园四区3号楼", "kind": "010502"}
        return likeness(told(LIFT, **place), told(LIFT_TOO, minutes=hours * 60, **place))

    assert after(1) > after(24) > after(24 * 20)


def clusters(matters: list[Told]) -> list[int]:
    clusterer = Clusterer()
    return [clusterer.add(matter) for matter in matters]


def test_an_event_gathers_and_strangers_stay_alone():
    place = {"where": "望京西园四区3号楼", "kind": "010502"}
    found = clusters(
        [
            told(LIFT, **place),
            told(NOISE, minutes=5, where="黄村镇工地", kind="050101"),
            told(LIFT_TOO, minutes=30, **place),
            told(LIFT, minutes=24 * 60 * 60, **place),
        ]
    )

    assert found[0] == found[2]
    assert len({found[0], found[1], found[3]}) == 3


def test_one_caller_who_tells_of_two_troubles_at_home_is_not_heard_twice_about_one():
    rarity = Rarity()
    place = [("district", 2.0), ("street", 5.5), ("community", 8.0)]
    bridge = Told(
        text="高架桥伸缩缝就在弘善家园楼边，大车一过咯噔两下", at=NOW, caller="a", areas=place, kinds={"030203": 1.0}
    )
    clinic = Told(
        text="弘善家园楼下牙科诊所把含汞的水倒进洗手池",
        at=NOW + timedelta(hours=9),
        caller="a",
        areas=place,
        kinds={"110405": 1.0},
    )

    found = compare(prepare(bridge, rarity), prepare(clinic, rarity))

    assert found.probability < 0.3
    assert found.reasons[0].startswith("同一来电人")
