"""Entry, exit, return and end: told by the rule from published months, decided by a person, kept line by line."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from huiyin.accounts.viewer import Viewer
from huiyin.domain.errors import InvalidData, NotPermitted
from huiyin.domain.vocabulary import Role
from huiyin.evaluation.vocabulary import Stage as VersionStage
from huiyin.governance import facts, governing, selectors
from huiyin.governance.models import GovernedStreet, Measure
from huiyin.governance.vocabulary import Move, Stage
from huiyin.registry import directory
from tests import builders_governance as build
from tests.builders_city import OTHER_STREET, street_unit
from tests.builders_evaluation import staff

pytestmark = pytest.mark.usefixtures("city")


def decide(street: GovernedStreet, what: Move, by: Viewer | None = None) -> GovernedStreet:
    return governing.decide(street.pk, what, reason=build.WHY, by=by or build.leader(), now=build.NOW)


def may_leave() -> GovernedStreet:
    """All conditions of the exit are met: small, fallen by half, at the city's mean, its one project done."""
    build.two_years(
        volumes={**build.others(), street_unit(): 40},
        before={**build.others(), street_unit(): 80},
    )
    build.residents(street_unit(), y2026=100_000, y2025=100_000)
    street = build.governed()
    Measure.objects.create(
        street=street,
        title="老旧小区改造",
        owner="王主任",
        due=build.NOW.date(),
        written_by="王主任",
        written_at=build.NOW,
        done_at=build.NOW,
        evidence="已验收",
    )
    return street


def test_an_entry_keeps_the_rules_verdict_line_by_line() -> None:
    version = build.published(volumes={street_unit(): 300, street_unit(OTHER_STREET): 500})

    street = build.governed()

    step = street.steps.get()
    assert (step.move, step.met, step.version, step.reason) == (Move.ENTER, True, version, build.WHY)
    assert step.verdict[0] == [True, "诉求量 300 件，排第 2 位（标准：前 10 位）"]
    assert (street.stage, street.district_id) == (Stage.GOVERNED, directory.unit(street_unit()).district_id)


def test_a_person_may_decide_against_the_rule_and_it_is_on_record() -> None:
    build.published(volumes={**build.others(), street_unit(): 1})

    assert build.governed().steps.get().met is False


def test_before_anything_is_published_an_entry_has_no_verdict() -> None:
    step = build.governed().steps.get()

    assert (step.met, step.verdict, step.version) == (None, [], None)


def test_a_street_is_governed_once_until_it_has_ended() -> None:
    street = build.governed()

    with pytest.raises(governing.AlreadyGoverned):
        build.governed()
    GovernedStreet.objects.filter(pk=street.pk).update(stage=Stage.ENDED)
    assert build.governed().pk != street.pk


@pytest.mark.parametrize("reason", ["", "  ", "集中", "太长" * 1001])
def test_no_decision_without_a_reason_of_some_length(reason: str) -> None:
    with pytest.raises(InvalidData) as refusal:
        governing.enter(street_unit(), reason=reason, by=build.evaluator(), now=build.NOW)

    assert list(refusal.value.errors) == ["reason"]
    assert not GovernedStreet.objects.exists()


def test_only_streets_come_under_governance() -> None:
    hotline = directory.hotline()
    assert hotline is not None

    for unit_id in (hotline.id, 2**31 - 1):
        with pytest.raises(InvalidData):
            governing.enter(unit_id, reason=build.WHY, by=build.evaluator(), now=build.NOW)


@pytest.mark.parametrize("who", ["analyst", "street", "district"])
def test_nobody_else_decides(who: str) -> None:
    by = {"analyst": staff(3, Role.ANALYST), "street": build.head(), "district": build.district_head()}[who]
    street = build.governed()

    with pytest.raises(NotPermitted):
        governing.enter(street_unit(OTHER_STREET), reason=build.WHY, by=by, now=build.NOW)
    with pytest.raises(NotPermitted):
        decide(street, Move.EXIT, by)


def test_who_meets_every_line_is_named_for_exit_and_leaves_for_observation() -> None:
    street = may_leave()
    assert [one.move for one in selectors.named(facts.read_city()) if one.unit_id == street_unit()] == [Move.EXIT]

    street = decide(street, Move.EXIT)

    step = street.steps.first()
    assert step is not None
    assert (street.stage, street.observed_since) == (Stage.OBSERVED, build.period().ends_at)
    assert (step.met, [met for met, _words in step.verdict]) == (True, [True] * 5)


def test_a_missing_month_breaks_the_row_and_the_year() -> None:
    for back in (*range(3), *range(4, 24)):
        build.published(back, volumes={**build.others(), street_unit(): 40})
    build.residents(street_unit(), y2026=100_000, y2025=100_000)

    verdict = facts.exit_of(facts.read_city(), build.governed(), [])

    assert verdict is not None
    assert verdict.lines[0].words == "诉求量连续 3 期在前 30 位之外（标准：6 期）"
    assert "无法计算" in verdict.lines[1].words


def test_the_observation_lasts_its_periods_and_cannot_be_cut_short() -> None:
    street = decide(build.governed(), Move.EXIT)
    GovernedStreet.objects.update(observed_since=build.period(11).ends_at)
    for back in range(11):
        build.published(back)
    with pytest.raises(governing.StillObserved):
        decide(street, Move.END)

    GovernedStreet.objects.update(observed_since=build.period(12).ends_at)
    build.published(11)

    assert decide(street, Move.END).stage == Stage.ENDED
    assert [step.move for step in street.steps.all()] == [Move.END, Move.EXIT, Move.ENTER]


def test_a_street_that_meets_entry_while_observed_is_named_and_comes_back() -> None:
    street = decide(build.governed(), Move.EXIT)
    GovernedStreet.objects.update(observed_since=build.period(1).ends_at)
    build.published(volumes={street_unit(): 900})

    found = [one for one in selectors.named(facts.read_city()) if one.street_id == street.pk]
    street = decide(street, Move.RETURN)

    assert [one.move for one in found] == [Move.RETURN]
    assert (street.stage, street.observed_since) == (Stage.GOVERNED, None)


@pytest.mark.parametrize(
    ("stage", "what"),
    [
        (Stage.GOVERNED, Move.RETURN),
        (Stage.GOVERNED, Move.END),
        (Stage.GOVERNED, Move.ENTER),
        (Stage.OBSERVED, Move.EXIT),
        (Stage.ENDED, Move.EXIT),
        (Stage.ENDED, Move.RETURN),
        (Stage.ENDED, Move.END),
    ],
)
def test_a_decision_that_does_not_fit_the_stage_is_refused(stage: Stage, what: Move) -> None:
    street = build.governed()
    GovernedStreet.objects.update(stage=stage, observed_since=build.NOW)

    with pytest.raises(governing.StreetMoved):
        decide(street, what)
    assert street.steps.count() == 1


def test_the_largest_are_named_until_they_are_governed() -> None:
    build.published(volumes={**build.others(), street_unit(): 900})

    before = [one.unit_id for one in selectors.named(facts.read_city())]
    build.governed()
    after = [one.unit_id for one in selectors.named(facts.read_city())]

    assert before[0] == street_unit()
    assert len(before) == 10
    assert street_unit() not in after


def test_streets_without_a_case_are_not_named_though_they_share_the_third_place() -> None:
    volumes = dict.fromkeys(build.others(), 0)
    build.published(volumes={**volumes, street_unit(): 5, street_unit(OTHER_STREET): 3})

    named = [one.unit_id for one in selectors.named(facts.read_city())]

    assert named == [street_unit(), street_unit(OTHER_STREET)]


def test_a_large_street_below_the_city_is_named_and_its_residents_may_be_some_years_old() -> None:
    build.published(volumes={**build.others(), street_unit(): 20}, solved={street_unit(): 5})
    build.residents(street_unit(), y2023=200_000)

    own = [one for one in selectors.named(facts.read_city()) if one.unit_id == street_unit()]

    assert len(own) == 1
    assert own[0].verdict is not None
    assert "200000 人（2023年）" in own[0].verdict.lines[1].words
    assert "解决率 25.00%（全市 49.22%）" in own[0].verdict.lines[1].words
    assert facts.residents_of(facts.read_city(), street_unit(), 2027) is None


def test_level_streets_share_a_rank_and_the_next_is_left_out() -> None:
    first, second, third, fourth, *_ = build.others()
    version = build.published(volumes={first: 9, second: 7, third: 7, fourth: 5})

    month = facts.read_city().newest

    assert month is not None
    assert month.version == version
    assert dict(month.figures.ranks) == {first: 1, second: 2, third: 2, fourth: 4}
    assert month.figures.city.volume == 28  # a district's line holds its streets: counted once


def test_an_unpublished_or_replaced_version_does_not_count() -> None:
    build.published(volumes={street_unit(): 10})
    build.published(volumes={street_unit(): 20})
    build.published(volumes={street_unit(): 30}, stage=VersionStage.DRAFTED)

    month = facts.read_city().newest

    assert month is not None
    assert month.figures.counts[street_unit()].volume == 20


def test_notes_are_written_by_the_street_and_by_who_decides() -> None:
    street = build.governed()

    governing.note(street.pk, words="已完成摸底排查", by=build.head(), now=build.NOW)
    governing.note(street.pk, words="已现场督导一次", by=build.leader(), now=build.NOW + timedelta(days=1))

    assert [step.reason for step in street.steps.all()][:2] == ["已现场督导一次", "已完成摸底排查"]
    for by in (build.district_head(), build.head(street_unit(OTHER_STREET))):
        with pytest.raises(NotPermitted):
            governing.note(street.pk, words="写一句进展", by=by, now=build.NOW)
    GovernedStreet.objects.update(stage=Stage.ENDED)
    with pytest.raises(NotPermitted):
        governing.note(street.pk, words="已经结束了", by=build.leader(), now=build.NOW)


@pytest.mark.parametrize(
    "values",
    [{"stage": Stage.OBSERVED, "observed_since": None}],
)
def test_an_observation_has_a_beginning(values: dict[str, Any]) -> None:
    build.governed()

    with pytest.raises(IntegrityError), transaction.atomic():
        GovernedStreet.objects.update(**values)
