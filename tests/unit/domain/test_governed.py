"""The laws of entry into and exit from 治理类: each condition told with its figures, nothing unknown counted as met."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.domain.governed import (
    EntryFacts,
    ExitFacts,
    GovernedRule,
    Rate,
    Residents,
    entry_verdict,
    exit_verdict,
    observation_over,
)

RULE = GovernedRule(
    entry_rank=10,
    entry_population=200_000,
    exit_rank=30,
    exit_periods=6,
    exit_fall=Decimal("0.20"),
    observation_periods=12,
)
HALF, THIRD = Fraction(1, 2), Fraction(1, 3)
SOLVED, PLEASED = Rate(name="解决率", own=HALF, city=HALF), Rate(name="满意率", own=HALF, city=HALF)
PEOPLE = Residents(count=200_000, year=2026)
ENTRY = EntryFacts(volume=400, volume_rank=11, residents=PEOPLE, rates=(SOLVED, PLEASED))
EXIT = ExitFacts(
    volume_ranks=(31,) * 6,
    volume=800,
    volume_before=1000,
    residents=PEOPLE,
    residents_before=Residents(count=200_000, year=2025),
    rates=(SOLVED, PLEASED),
    projects=2,
    projects_done=2,
)


@pytest.mark.parametrize(("rank", "enters"), [(1, True), (10, True), (11, False)])
def test_the_first_by_volume_come_in(rank: int, enters: bool) -> None:
    assert entry_verdict(replace(ENTRY, volume_rank=rank), RULE).met is enters


def test_a_street_without_a_case_does_not_come_in_by_a_shared_rank() -> None:
    assert not entry_verdict(replace(ENTRY, volume=0, volume_rank=3), RULE).met


@pytest.mark.parametrize(
    ("count", "own", "enters"),
    [(200_000, THIRD, True), (199_999, THIRD, False), (200_000, HALF, False), (200_000, None, False)],
)
def test_a_large_street_comes_in_only_with_ground_to_make_up(count: int, own: Fraction | None, enters: bool) -> None:
    facts = replace(ENTRY, residents=Residents(count=count, year=2026), rates=(replace(SOLVED, own=own), PLEASED))

    assert entry_verdict(facts, RULE).met is enters


def test_unregistered_residents_are_said_and_never_large() -> None:
    verdict = entry_verdict(replace(ENTRY, residents=None, rates=(replace(SOLVED, own=THIRD),)), RULE)

    assert not verdict.met
    assert "常住人口未登记" in verdict.lines[1].words


def test_who_meets_every_condition_exactly_may_leave() -> None:
    verdict = exit_verdict(EXIT, RULE)

    assert verdict.met
    assert [line.met for line in verdict.lines] == [True] * 5


@pytest.mark.parametrize(
    ("change", "failing"),
    [
        ({"volume_ranks": (31, 31, 31, 31, 31, 30)}, 0),
        ({"volume_ranks": (30, 31, 31, 31, 31, 31, 31)}, 0),
        ({"volume_ranks": (31,) * 5}, 0),
        ({"volume": 801}, 1),
        ({"volume": None}, 1),
        ({"volume_before": None}, 1),
        ({"volume_before": 0}, 1),
        ({"residents": None}, 1),
        ({"residents_before": None}, 1),
        ({"rates": (replace(SOLVED, own=THIRD), PLEASED)}, 2),
        ({"rates": (SOLVED, replace(PLEASED, own=THIRD))}, 3),
        ({"rates": (SOLVED, replace(PLEASED, own=None))}, 3),
        ({"rates": (SOLVED, replace(PLEASED, city=None))}, 3),
        ({"projects_done": 1}, 4),
        ({"projects": 0, "projects_done": 0}, 4),
    ],
)
def test_one_condition_that_fails_keeps_a_street_in(change: dict[str, object], failing: int) -> None:
    verdict = exit_verdict(replace(EXIT, **change), RULE)

    assert not verdict.met
    assert [at for at, line in enumerate(verdict.lines) if not line.met] == [failing]


def test_the_fall_is_per_resident_and_told_with_both_figures() -> None:
    grown = replace(EXIT, volume=1000, residents=Residents(count=400_000, year=2026))

    line = exit_verdict(grown, RULE).lines[1]

    assert line.met
    assert "下降 50.00%：上年 50.0 件，近一年 25.0 件" in line.words
    assert "上升 100.00%" in exit_verdict(replace(EXIT, volume=2000), RULE).lines[1].words


def test_observation_ends_after_so_many_periods() -> None:
    assert [observation_over(number, RULE) for number in (0, 11, 12, 13)] == [False, False, True, True]


@given(
    ranks=st.lists(st.integers(1, 343), max_size=24),
    volume=st.none() | st.integers(0, 10**6),
    before=st.none() | st.integers(0, 10**6),
    own=st.none() | st.fractions(0, 1),
    done=st.integers(0, 5),
)
def test_a_street_leaves_exactly_when_every_line_is_met(
    ranks: list[int], volume: int | None, before: int | None, own: Fraction | None, done: int
) -> None:
    facts = replace(
        EXIT,
        volume_ranks=ranks,
        volume=volume,
        volume_before=before,
        rates=(replace(SOLVED, own=own), PLEASED),
        projects=5,
        projects_done=done,
    )

    verdict = exit_verdict(facts, RULE)

    assert verdict.met == all(line.met for line in verdict.lines)
    assert verdict.lines[0].met == (len(ranks) >= 6 and all(rank > 30 for rank in ranks[:6]))
