"""Closing a period: two people, four steps, a fingerprint; what is frozen stays, a revision says what changed."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from huiyin.cases import desk
from huiyin.domain.actions import Action
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.errors import DomainError, InvalidData
from huiyin.domain.vocabulary import Role
from huiyin.evaluation import checklist, closing, differences, digest, periods, selectors, share_views
from huiyin.evaluation.models import CaseResult, UnitResult, Version
from huiyin.evaluation.vocabulary import ExclusionKind, Group, Stage
from tests.builders_city import NOW, People, street_unit
from tests.builders_evaluation import AFTER, BAD, drafted, frozen, judged, june, published, staff, street_staff
from tests.integration.evaluation.test_counting import granted


def test_a_period_goes_through_four_steps_by_two_people(people: People) -> None:
    judged(people)

    version = published()

    assert version.stage == Stage.PUBLISHED
    assert len(version.digest) == 64
    assert (version.drafted_by_id, version.reviewed_by_id) == (1, 2)
    assert selectors.published() == [version]


@pytest.mark.parametrize("by", [staff, street_staff])
def test_each_step_refuses_who_may_not_and_what_comes_too_early(people: People, by: object) -> None:
    with pytest.raises(closing.PeriodRunning):
        closing.draft(june(), by=staff(), now=NOW)
    with pytest.raises(closing.MayNotClose):
        closing.draft(june(), by=street_staff(Role.UNIT_HEAD, Role.EVALUATOR), now=AFTER)
    version = drafted()
    with pytest.raises(closing.SamePerson):
        closing.review(version, by=staff(1), note="", now=AFTER)
    with pytest.raises(closing.WrongStage):
        closing.freeze(version, by=staff(1), now=AFTER)
    with pytest.raises(closing.WrongStage):
        closing.publish(version, by=staff(1), now=AFTER)
    with pytest.raises(closing.WrongStage):
        closing.revise(june(), reason="有误需更正", by=staff(1), now=AFTER)


def test_a_frozen_period_is_not_drafted_again(people: People) -> None:
    frozen()

    with pytest.raises(closing.WrongStage):
        drafted()


def test_a_review_stands_by_the_draft_that_was_read(people: People) -> None:
    read = drafted()
    again = drafted(now=AFTER + timedelta(hours=1))

    with pytest.raises(closing.DraftChanged):
        closing.review(read, by=staff(2), note="已核对", now=AFTER, as_of=read.as_of)
    assert closing.review(again, by=staff(2), note="已核对", now=AFTER, as_of=again.as_of).stage == Stage.REVIEWED


_NEW = "DEFAULT, 9, NULL, 'counted', NULL, false, NULL, NULL, NULL, '', 'help', 'normal', %s"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assessment_case_result SET solved = true WHERE version_id = %s",
        "DELETE FROM assessment_case_result WHERE version_id = %s",
        f"INSERT INTO assessment_case_result VALUES ({_NEW})",
        "UPDATE assessment_unit_result SET score = 100 WHERE version_id = %s",
        "DELETE FROM assessment_unit_result WHERE version_id = %s",
        "UPDATE assessment_version SET digest = 'x' WHERE id = %s",
        "UPDATE assessment_version SET stage = 'drafted' WHERE id = %s",
        "DELETE FROM assessment_version WHERE id = %s",
    ],
)
@pytest.mark.parametrize("stage", [Stage.FROZEN, Stage.PUBLISHED])
def test_the_database_itself_refuses_to_change_a_frozen_version(people: People, statement: str, stage: Stage) -> None:
    judged(people, answers=BAD)
    version = frozen() if stage is Stage.FROZEN else published()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [version.pk])


def test_rows_cannot_be_moved_into_a_frozen_version(people: People) -> None:
    judged(people)
    fixed = published()
    revision = closing.revise(june(), reason="核对回访", by=staff(), now=AFTER)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE assessment_case_result SET version_id = %s, case_id = -case_id WHERE version_id = %s",
            [fixed.pk, revision.pk],
        )


def test_an_alteration_past_the_triggers_is_found(people: People) -> None:
    case = judged(people, answers=BAD)
    version = published()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # what a person with the database's keys can do
        cursor.execute("UPDATE assessment_case_result SET solved = true WHERE version_id = %s", [version.pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")

    found = digest.verify(version)

    assert not found.same
    assert not found.digest_holds
    assert found.cases == (case.pk,)
    assert {(group, name) for group, _, name, _, _ in found.figures} >= {("street", "solved"), ("district", "solved")}


def test_a_revision_stands_beside_the_first_and_lists_what_changed(people: People) -> None:
    case = judged(people, answers=BAD)
    judged(people)
    first = published()
    granted(case, at=AFTER + timedelta(hours=1))

    second = closing.revise(june(), reason="剔除申诉成立", by=staff(), now=AFTER + timedelta(days=1))

    assert (second.number, second.stage, second.reason) == (2, Stage.DRAFTED, "剔除申诉成立")
    assert digest.verify(first).same
    changed = differences.cases_between(first, second)
    assert [(one.case_id, one.before and one.before[1], one.after and one.after[1]) for one in changed] == [
        (case.pk, "counted", "excluded")
    ]
    moved = {(one.group, one.unit_id, one.name) for one in differences.figures_between(first, second)}
    assert (str(Group.STREET), street_unit(), "volume") in moved
    assert {unit for group, unit, _ in moved if group == Group.STREET} == {street_unit()}
    assert selectors.published() == [first]


def test_a_revision_needs_a_reason(people: People) -> None:
    published()

    with pytest.raises(InvalidData):
        closing.revise(june(), reason=" ", by=staff(), now=AFTER)


def test_drafting_costs_the_same_number_of_statements_for_many_cases(
    people: People, django_assert_num_queries: object
) -> None:
    from django.test.utils import CaptureQueriesContext

    judged(people)
    with CaptureQueriesContext(connection) as few:
        drafted()
    for number in range(4):
        judged(people, now=NOW + timedelta(hours=number))
    with CaptureQueriesContext(connection) as more:
        drafted()

    assert len(more) <= len(few)


def test_next_months_case_moves_last_months_figures_nowhere(people: People) -> None:
    judged(people)
    version = published()
    case = judged(people, now=AFTER)
    desk.act(
        case.pk, Action.REOPEN, actor=people.dispatcher(), data={"reason": "重新反映"}, now=AFTER + timedelta(days=2)
    )

    assert digest.verify(version).same
    assert CaseResult.objects.filter(version=version).count() == 1
    assert UnitResult.objects.filter(version=version, group="street", volume__gt=0).count() == 1


def test_whoever_only_reads_sees_published_figures_only(people: People) -> None:
    version = drafted()

    assert not selectors.may_see(street_staff(), version)
    assert selectors.may_see(staff(3, Role.LEADER), version)
    assert selectors.may_see(street_staff(), Version(stage=Stage.PUBLISHED))
    with pytest.raises(DomainError):
        selectors.version_of("1999-01")


@pytest.mark.parametrize("kind", list(ExclusionKind))
def test_the_checklist_counts_the_units_that_the_page_of_shares_marks(people: People, kind: ExclusionKind) -> None:
    granted(judged(people, phone="19900000001"), kind=kind)
    judged(people, phone="19900000002")
    version = drafted()

    marked = [one for one in share_views.shares_of(version) if one.alarmed]
    said = next(check for check in checklist.of(version) if "占比超过" in check.label)

    assert (said.value, said.well) == (str(len(marked)), False)
    assert len(marked) == 2  # the street and its district


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(
    ("start_day", "begins", "ends", "code"),
    [(26, (6, 19), (7, 26), "2026-07"), (10, (6, 19), (7, 10), "2026-07"), (19, (6, 19), (7, 19), "2026-07")],
)
def test_a_changed_first_day_leaves_no_day_out_and_counts_none_twice(
    monkeypatch: pytest.MonkeyPatch, start_day: int, begins: tuple[int, int], ends: tuple[int, int], code: str
) -> None:
    old = june()
    edition, rules = periods.rules_at(NOW)
    changed = replace(rules, periods=replace(rules.periods, start_day=start_day))
    monkeypatch.setattr(periods, "rules_at", lambda at: (edition, changed))

    next_one = periods.period_at(old.ends_at + timedelta(hours=5))

    assert next_one.code == code
    assert next_one.begins_at == old.ends_at == datetime(2026, *begins, tzinfo=CITY_ZONE)
    assert next_one.ends_at == datetime(2026, *ends, tzinfo=CITY_ZONE)
    assert periods.period_at(next_one.ends_at).begins_at == next_one.ends_at
    assert periods.open_periods(NOW, next_one.ends_at)[-1].begins_at == next_one.ends_at
