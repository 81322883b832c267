"""Against what a period's progress is measured: ranked scores of the period before, as they were known at the draft."""

import dataclasses
from datetime import UTC, datetime

import pytest

from huiyin.evaluation import periods
from huiyin.evaluation.models import Period, UnitResult, Version
from tests.builders_city import OTHER_STREET, People, street_unit
from tests.builders_evaluation import BAD, GOOD, frozen, judged, published

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
