"""The draw: anybody gets the same one, in whatever order the cases come; sizes hold the width that was wished for."""

import hashlib
from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.domain.errors import InvalidData
from huiyin.domain.sampling import (
    Drawn,
    Listed,
    SampleRule,
    commitment_of,
    draw,
    half_width_of,
    place_of,
    quota,
    replacements,
    sample_size,
    shares_of,
)

RULE = SampleRule(half_width=Decimal("0.05"), confidence=Decimal("0.95"), floor=30)
FRAMES = st.lists(
    st.tuples(st.integers(0, 10**6), st.sampled_from("ABC"), st.sampled_from(["一般", "紧急", "疑难"])),
    max_size=120,
    unique_by=lambda one: one[0],
).map(lambda rows: [Listed(case_no=f"{number:07d}", unit=unit, stratum=stratum) for number, unit, stratum in rows])
SHARES = st.fixed_dictionaries({unit: st.fractions(0, 1, max_denominator=60) for unit in "ABC"})


def taken(drawn: list[Drawn]) -> set[str]:
    return {one.listed.case_no for one in drawn if one.taken}


# By Cochran's formula with the finite population's correction: n0 = 384.15 at 5 % and 95 %.
@pytest.mark.parametrize(
    ("population", "size"),
    [(0, 0), (1, 1), (30, 30), (31, 30), (100, 80), (1000, 278), (1800, 317), (10_000, 370), (10**7, 385)],
)
def test_the_size_is_cochrans_and_small_units_are_asked_in_full(population: int, size: int) -> None:
    assert sample_size(population, RULE) == size


@given(st.integers(1, 200_000), st.sampled_from(["0.02", "0.05", "0.1"]), st.sampled_from(["0.8", "0.95"]))
def test_a_sample_of_that_size_is_as_exact_as_was_wished(population: int, width: str, confidence: str) -> None:
    rule = SampleRule(half_width=Decimal(width), confidence=Decimal(confidence), floor=1)
    size = sample_size(population, rule)

    reached = half_width_of(size, population, rule.confidence)
    one_less = half_width_of(size - 1, population, rule.confidence)

    assert reached is not None
    assert reached <= float(rule.half_width) + 1e-9
    assert size == 1 or one_less is None or one_less > float(rule.half_width) - 1e-9


@given(FRAMES, SHARES, st.randoms())
def test_the_draw_does_not_depend_on_the_order_in_which_cases_come(frame, shares, random) -> None:  # type: ignore[no-untyped-def]  # hypothesis' own random
    shuffled = list(frame)
    random.shuffle(shuffled)

    assert draw(frame, seed="s", shares=shares) == draw(shuffled, seed="s", shares=shares)


@given(FRAMES, SHARES, SHARES)
def test_a_larger_share_contains_the_smaller_sample(
    frame: list[Listed], one: dict[str, Fraction], other: dict[str, Fraction]
) -> None:
    larger = {unit: max(one[unit], other[unit]) for unit in one}

    assert taken(draw(frame, seed="s", shares=one)) <= taken(draw(frame, seed="s", shares=larger))


@given(FRAMES)
def test_every_unit_has_what_it_needs_and_every_stratum_somebody(frame: list[Listed]) -> None:
    rule = SampleRule(half_width=Decimal("0.2"), confidence=Decimal("0.8"), floor=3)
    sizes = Counter(one.unit for one in frame)
    drawn = draw(frame, seed="s", shares=shares_of(sizes, rule))
    got = Counter(one.listed.unit for one in drawn if one.taken)

    for unit, size in sizes.items():
        assert got[unit] >= min(size, sample_size(size, rule))
        strata = {one.stratum for one in frame if one.unit == unit}
        assert {one.listed.stratum for one in drawn if one.taken and one.listed.unit == unit} == strata
        assert got[unit] <= sample_size(size, rule) + len(strata) - 1


@given(FRAMES, SHARES)
def test_nobody_is_lost_and_nobody_is_listed_twice(frame: list[Listed], shares: dict[str, Fraction]) -> None:
    drawn = draw(frame, seed="s", shares=shares)

    assert Counter(one.listed for one in drawn) == Counter(frame)
    assert [one.place for one in drawn] == sorted(one.place for one in drawn)


@given(st.fractions(0, 1, max_denominator=90), st.lists(st.integers(0, 40), max_size=30))
def test_the_days_of_a_period_add_up_to_the_share_of_the_whole(share: Fraction, days: list[int]) -> None:
    before, total = 0, 0
    for size in days:
        part = quota(share, before=before, now=size)
        assert 0 <= part <= size
        before, total = before + size, total + part

    assert total == -(-share * before // 1)


@given(FRAMES, SHARES, st.data())
def test_a_replacement_is_the_next_of_the_same_unit_and_stratum(
    frame: list[Listed], shares: dict[str, Fraction], data: st.DataObject
) -> None:
    drawn = draw(frame, seed="s", shares=shares)
    missed = data.draw(st.sets(st.sampled_from(sorted(taken(drawn))), max_size=9)) if taken(drawn) else set()
    free = {one.listed.case_no for one in drawn} - taken(drawn)
    by_number = {one.listed.case_no: one for one in drawn}

    chosen = replacements(drawn, missed=missed, free=free)

    assert set(chosen) <= free
    lost = Counter((by_number[one].listed.unit, by_number[one].listed.stratum) for one in missed)
    got = Counter((by_number[one].listed.unit, by_number[one].listed.stratum) for one in chosen)
    spare = Counter((by_number[one].listed.unit, by_number[one].listed.stratum) for one in free)
    assert got == Counter({cell: n for cell, count in lost.items() if (n := min(count, spare[cell]))})
    for one in chosen:
        cell = by_number[one].listed.unit, by_number[one].listed.stratum
        earlier = [
            other
            for other in free
            if (by_number[other].listed.unit, by_number[other].listed.stratum) == cell
            and by_number[other].place < by_number[one].place
        ]
        assert set(earlier) <= set(chosen)


def test_who_cannot_be_asked_any_more_is_passed_over_for_the_next() -> None:
    frame = [Listed(case_no=f"{number}", unit="A", stratum="") for number in range(6)]
    drawn = draw(frame, seed="s", shares={"A": Fraction(1, 6)})
    order = [one.listed.case_no for one in drawn]

    assert replacements(drawn, missed={order[0]}, free={order[2], order[3]}) == [order[2]]


def test_place_and_commitment_are_plain_sha256_of_text_that_can_be_typed() -> None:
    assert place_of("seed", "20260610-1") == hashlib.sha256(b"seed:20260610-1").hexdigest()
    assert commitment_of("seed") == hashlib.sha256(b"seed").hexdigest()


def test_another_seed_draws_others() -> None:
    frame = [Listed(case_no=f"{number}", unit="A", stratum="") for number in range(60)]
    share = {"A": Fraction(1, 2)}

    assert taken(draw(frame, seed="one", shares=share)) != taken(draw(frame, seed="two", shares=share))


def test_a_unit_that_nothing_is_known_of_is_asked_in_full() -> None:
    frame = [Listed(case_no=f"{number}", unit="new", stratum="") for number in range(9)]

    assert len(taken(draw(frame, seed="s", shares={}))) == 9


def test_a_case_listed_twice_is_refused() -> None:
    one = Listed(case_no="1", unit="A", stratum="")

    with pytest.raises(InvalidData, match="两次"):
        draw([one, one], seed="s", shares={})


@pytest.mark.parametrize(
    ("name", "value"),
    [("half_width", "0"), ("half_width", "0.4"), ("confidence", "0.4"), ("confidence", "1"), ("floor", 0)],
)
def test_a_rule_that_promises_nothing_or_too_much_is_refused(name: str, value: object) -> None:
    figures = {"half_width": Decimal("0.05"), "confidence": Decimal("0.95"), "floor": 30}

    with pytest.raises(InvalidData) as refused:
        SampleRule(**{**figures, name: Decimal(value) if isinstance(value, str) else value})  # type: ignore[arg-type]

    assert list(refused.value.errors) == [name]
