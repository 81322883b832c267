"""Doubts about the class that lead to one unit add up; history overturns the catalogue only when it repeats itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.nlp.border import Borders, Ended
from huiyin.nlp.unit_choice import NOBODY, choose_unit
from huiyin.nlp.unit_role import DISTRICT, STREET, role_of, units_of

HEATING, WATER, STREET_UNIT, OTHER = 7, 8, 9, 10
UNIT_OF = {"a": HEATING, "b": HEATING, "c": WATER}


def test_two_unsure_classes_make_one_sure_unit():
    found = choose_unit({"a": 0.4, "b": 0.35, "c": 0.25}, unit_of=UNIT_OF.get)

    assert (found.unit_id, found.codes, found.others) == (HEATING, ("a", "b"), ((WATER, 0.25),))
    assert found.share == pytest.approx(0.75)


def test_a_second_opinion_that_is_sure_against_a_unit_counts():
    found = choose_unit({"a": 0.6, "c": 0.4}, unit_of=UNIT_OF.get, second={WATER: 0.95, HEATING: 0.05})

    assert found.unit_id == WATER


def test_without_any_unit_nobody_is_proposed():
    assert choose_unit({"x": 1.0}, unit_of=UNIT_OF.get) == NOBODY


@given(
    st.dictionaries(st.sampled_from("abcxyz"), st.floats(0, 0.2), max_size=6),
    st.dictionaries(st.sampled_from([HEATING, WATER, OTHER]), st.floats(0, 1), max_size=3) | st.none(),
)
def test_shares_are_shares_and_the_best_is_the_best(classes, second):
    found = choose_unit(classes, unit_of=UNIT_OF.get, second=second)

    assert 0 <= found.share <= 1
    assert all(share <= found.share + 1e-12 for _, share in found.others)


def test_roles_serve_every_street_with_one_model():
    assert role_of("S1", street_unit="S1", district_unit="D1") == STREET
    assert role_of("D1", street_unit="S1", district_unit="D1") == DISTRICT
    assert role_of("S2", street_unit="S1", district_unit="D1") == "S2"
    assert units_of(
        {STREET: 0.5, DISTRICT: 0.3, "GAS": 0.2}, street_unit=STREET_UNIT, district_unit=None, by_code={}
    ) == {STREET_UNIT: 0.5}


def ended(*finals: int) -> Borders:
    return Borders(Ended(place=1, branch="0301", proposed=HEATING, final=final) for final in finals)


def test_one_ruling_does_not_overturn_the_catalogue():
    found = ended(WATER).precedent(place=1, branch="0301", proposed=HEATING)

    assert found is not None
    assert (found.unit_id, found.share) == (HEATING, 0.5)


def test_repeated_rulings_overturn_it_at_that_place_only():
    borders = ended(WATER, WATER, WATER)
    found = borders.precedent(place=1, branch="0301", proposed=HEATING)

    assert found is not None
    assert (found.unit_id, found.times, found.of) == (WATER, 3, 3)
    assert borders.precedent(place=2, branch="0301", proposed=HEATING) is None


def test_history_without_dispute_says_nothing_and_survives_its_own_writing():
    assert ended(HEATING, HEATING).precedent(place=1, branch="0301", proposed=HEATING) is None
    borders = ended(WATER, WATER, HEATING)
    again = Borders.from_json(borders.as_json())
    key = {"place": 1, "branch": "0301", "proposed": HEATING}

    assert again.precedent(**key) == borders.precedent(**key)


def test_a_border_that_moved_is_learned_from_the_latest_cases():
    found = ended(*[HEATING] * 300, *[WATER] * 12).precedent(place=1, branch="0301", proposed=HEATING)

    assert found is not None
    assert found.unit_id == WATER
