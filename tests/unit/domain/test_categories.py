"""Lists and talks by their published conditions; shipped schemes."""

from decimal import Decimal

import pytest

from huiyin.analytics.shipped import shipped, shipped_rules
from huiyin.domain.categories import Category, ListSizes, lists_of, streak, talk_list
from huiyin.domain.errors import InvalidData
from huiyin.domain.evaluation import Counts, Standing, UnitCounts, rank_units
from huiyin.domain.schemes import rules_from

RULES = shipped_rules()
SIZES = ListSizes(advanced=2, progress=2, rectify=2, governed=1)


def _standings(solved: dict[str, int]) -> list[Standing]:
    units = [
        UnitCounts(unit=name, group="街道", counts=Counts(volume=100, valid=100, contacted=100, solved=n, satisfied=n))
        for name, n in solved.items()
    ]
    return rank_units(units, RULES.scheme)


def test_the_lists_take_the_best_the_worst_and_the_largest_gains() -> None:
    standings = _standings({"a": 90, "b": 80, "c": 70, "d": 60, "e": 50})
    before = {"a": Decimal("91.0"), "b": Decimal("81.9"), "c": Decimal("60.0"), "d": Decimal("99.0")}

    lists = lists_of(standings, before, SIZES)

    assert lists[Category.ADVANCED] == ("a", "b")
    assert lists[Category.RECTIFY] == ("e", "d")
    assert lists[Category.PROGRESS] == ("c", "b")  # gains of 13.0 and 0.1; "a" gained nothing


def test_who_is_level_with_the_last_place_is_on_the_list_too() -> None:
    lists = lists_of(_standings({"a": 90, "b": 80, "c": 80, "d": 60, "e": 50, "f": 40}), {}, SIZES)

    assert lists[Category.ADVANCED] == ("a", "b", "c")
    assert len(lists[Category.GOVERNED]) == 6  # all have the same volume


def test_nobody_is_praised_and_rebuked_at_once() -> None:
    lists = lists_of(_standings({"a": 80, "b": 80}), {}, SIZES)

    assert set(lists[Category.ADVANCED]) & set(lists[Category.RECTIFY]) == set()


def test_a_streak_ends_at_the_first_period_off_the_list() -> None:
    assert [streak(on) for on in ([], [False, True], [True, True, False, True])] == [0, 0, 2]


def test_talks_are_with_those_on_the_list_again_and_again() -> None:
    often = [True, False, True, False, True]
    talks = talk_list({"a": [True, True], "b": often, "c": [True, False], "d": [False, True, True]}, RULES.talk)

    assert talks == {"a": "连续 2 期列入整改类", "b": "近 12 期中 3 期列入整改类"}


def test_every_shipped_scheme_is_complete() -> None:
    assert {one.name for one in shipped()} == {"beijing_district_2025", "zhungeer"}
    assert all(one.rules() for one in shipped())


def test_all_faults_of_a_scheme_are_told_at_once() -> None:
    values = {**shipped()[0].values, "min_valid": "viele", "bands": "800|200", "extra": "1"}
    del values["start_day"]

    with pytest.raises(InvalidData) as told:
        rules_from("x", values)

    assert set(told.value.errors) == {"min_valid", "bands", "extra", "start_day"}
