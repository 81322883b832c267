"""Against what a period's progress is measured: ranked scores of the period before, as they were known at the draft."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from huiyin.evaluation import closing, digest, periods
from huiyin.evaluation.models import Period, UnitResult, Version
from tests.builders_city import OTHER_STREET, People, street_unit
from tests.builders_evaluation import BAD, GOOD, drafted, frozen, judged, published, staff
from tests.integration.evaluation.test_counting import granted

JULY = datetime(2026, 6, 22, 2, tzinfo=UTC)
AFTER_JULY = datetime(2026, 7, 19, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _two_callbacks_rank(monkeypatch: pytest.MonkeyPatch) -> None:
    real = periods.rules_of

    def rules_of(edition_id: int) -> object:
        rules = real(edition_id)
        return dataclasses.replace(rules, scheme=dataclasses.replace(rules.scheme, min_valid=2))

    monkeypatch.setattr(periods, "rules_of", rules_of)


def july() -> Period:
    return periods.period_at(JULY)


def line(version: Version) -> UnitResult:
    return UnitResult.objects.get(version=version, group="street", unit_id=street_unit())


def judged_in_july(people: People) -> None:
    """Both streets are ranked, each with one good answer and one bad."""
    for number, answers in enumerate((GOOD, BAD)):
        judged(people, now=JULY, answers=answers, phone=f"1990000100{number}")
        judged(people, now=JULY, answers=answers, phone=f"1990000200{number}", unit_id=street_unit(OTHER_STREET))


@pytest.mark.parametrize(("callbacks", "progress"), [(1, []), (2, ["progress"])])
def test_nobody_is_praised_for_a_gain_over_a_score_that_was_not_ranked(
    people: People, callbacks: int, progress: list[str]
) -> None:
    for number in range(callbacks):
        judged(people, answers=BAD, phone=f"1990000300{number}")
    june = published()
    judged_in_july(people)

    found = line(frozen(july(), now=AFTER_JULY))

    assert (line(june).rank is None) == (callbacks == 1)
    assert found.score_before == line(june).score
    assert [one for one in found.categories if one == "progress"] == progress


def test_a_period_fixed_later_does_not_change_what_was_compared_without_it(people: People) -> None:
    for number in range(2):
        judged(people, answers=BAD, phone=f"1990000300{number}")
    judged_in_july(people)
    version = frozen(july(), now=AFTER_JULY)

    june = published(now=AFTER_JULY + timedelta(hours=1))

    assert line(june).rank is not None
    assert version.compared_with is None
    assert digest.verify(version).same


def test_a_revision_of_the_period_before_does_not_change_what_was_compared_with_the_first(people: People) -> None:
    cases = [judged(people, answers=BAD, phone=f"1990000300{number}") for number in range(3)]
    first = published()
    judged_in_july(people)
    version = frozen(july(), now=AFTER_JULY)
    granted(cases[0], at=AFTER_JULY)
    granted(cases[1], at=AFTER_JULY)
    later = AFTER_JULY + timedelta(hours=1)
    second = closing.revise(first.period, reason="剔除申诉成立", by=staff(1), now=later)
    closing.freeze(closing.review(second, by=staff(2), note="", now=later), by=staff(1), now=later)

    assert (line(first).rank is None, line(second).rank is None) == (False, True)
    assert version.compared_with == first
    assert digest.verify(version).same


def test_what_was_compared_before_it_was_kept_is_what_was_fixed_then(people: People) -> None:
    for number in range(2):
        judged(people, answers=BAD, phone=f"1990000300{number}")
    published()
    judged_in_july(people)
    version = frozen(july(), now=AFTER_JULY)
    version.compared_with = None

    assert "progress" in line(version).categories
    assert digest.verify(version).same


def test_no_draft_beside_an_earlier_one_that_is_not_fixed(people: People) -> None:
    judged(people)
    judged_in_july(people)
    june = drafted()

    with pytest.raises(closing.EarlierOpen) as refused:
        drafted(july(), now=AFTER_JULY)
    published(june.period, now=AFTER_JULY)

    assert "请先冻结上一期" in refused.value.message
    assert drafted(july(), now=AFTER_JULY).compared_with == june
