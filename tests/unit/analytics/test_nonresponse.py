"""The bounds hold whatever the silent would have said, and no narrower ones do."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.analytics.nonresponse import Bounds, bounds, share


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.data())
def test_the_true_rate_lies_within_whatever_the_silent_would_have_said(
    yes: int, no: int, silent: int, data: st.DataObject
) -> None:
    would_say_yes = data.draw(st.integers(0, silent))
    found = bounds(yes, answered=yes + no, silent=silent)

    if found is None:
        assert yes + no + silent == 0
        return
    assert found.low <= Fraction(yes + would_say_yes, yes + no + silent) <= found.high
    assert found.width == Fraction(silent, yes + no + silent)


def test_both_ends_can_be_reached() -> None:
    assert bounds(6, answered=8, silent=2) == Bounds(low=Fraction(6, 10), high=Fraction(8, 10))


def test_where_everybody_answered_the_bounds_are_the_rate() -> None:
    assert bounds(3, answered=4, silent=0) == Bounds(low=Fraction(3, 4), high=Fraction(3, 4))


def test_basically_satisfied_counts_as_the_part_that_the_scheme_says() -> None:
    assert bounds(1 + Fraction(9, 10), answered=2, silent=2) == Bounds(low=Fraction(19, 40), high=Fraction(39, 40))


@pytest.mark.parametrize(("yes", "answered", "silent"), [(3, 2, 0), (-1, 2, 0), (1, 2, -1)])
def test_counts_that_cannot_be_are_refused(yes: int, answered: int, silent: int) -> None:
    with pytest.raises(ValueError, match="more yes"):
        bounds(yes, answered=answered, silent=silent)


def test_of_nobody_there_is_neither_bound_nor_share() -> None:
    assert bounds(0, answered=0, silent=0) is None
    assert share(0, 0) is None
    assert share(1, 4) == Fraction(1, 4)
