"""Which cases make a period's figures: as they stood at its end, each judged once, whatever happened afterwards."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from huiyin.cases import desk
from huiyin.cases.models import Case
from huiyin.domain.actions import Action
from huiyin.domain.case import fold
from huiyin.domain.entering import Outcome, Why, enter
from huiyin.domain.evaluation import Counts
from huiyin.domain.vocabulary import Disposition, RequestType, Status
from huiyin.evaluation import closing, counting, digest, live, periods, selectors
from huiyin.evaluation.models import Appeal, CaseResult, Exclusion, UnitResult, Version
from huiyin.evaluation.vocabulary import Basis, ExclusionKind, Group, Ruling, Stage
from huiyin.ops.demo import history
from huiyin.registry import directory
from huiyin.registry.models import Unit
from tests.builders_city import NOW, OTHER_STREET, People, dispatched, registered, replied, street_unit
from tests.builders_evaluation import AFTER, BAD, GOOD, asked, drafted, frozen, judged, staff

CUT = datetime(2026, 6, 18, 16, 0, tzinfo=UTC)


def line(version: Version, unit_id: int, group: Group = Group.STREET) -> UnitResult:
    return UnitResult.objects.get(version=version, group=str(group), unit_id=unit_id)


def why(version: Version, case: Case) -> str:
    return CaseResult.objects.get(version=version, case_id=case.pk).why


def test_answers_make_the_figures_of_the_unit_and_of_its_district(people: People) -> None:
    judged(people)
    judged(people, answers={**GOOD, "satisfaction": "basically_satisfied"})
    judged(people, answers=BAD)

    version = drafted()

    own = line(version, street_unit())
    district = next(one for one in UnitResult.objects.filter(version=version, group="district") if one.volume)
    for result in (own, district):
        assert selectors.counts_of(result) == Counts(
            volume=3, valid=3, contacted=3, solved=2, satisfied=1, basically_satisfied=1
        )
        assert result.score == Decimal("68.7")  # 100 × (0.1 + 0.5×2/3 + 0.4×1.9/3) = 68.666…
    assert directory.unit(district.unit_id).district_id == directory.unit(own.unit_id).district_id
    assert own.rank is None  # fewer than thirty valid callbacks


def test_a_case_judged_after_the_cut_is_volume_now_and_carried_in_the_next_period(people: People) -> None:
    case = replied(people, now=NOW + timedelta(days=7))
    asked(people, case, at=CUT + timedelta(hours=10), answers=GOOD)

    version = frozen()
    july = periods.period_at(CUT)
    after = closing.draft(july, by=staff(), now=july.ends_at)

    assert why(version, case) == Why.NOT_ASKED_YET
    assert selectors.counts_of(line(version, street_unit())) == Counts(volume=1)
    assert selectors.counts_of(line(after, street_unit())) == Counts(
        valid=1, contacted=1, solved=1, satisfied=1, carried=1
    )


def test_a_case_is_judged_once_even_if_it_is_handled_and_asked_again_later(people: People) -> None:
    case = judged(people, answers=BAD)
    july = periods.period_at(CUT)
    desk.act(case.pk, Action.REWORK, actor=people.callback_agent(), data={"reason": "请重新办理"}, now=AFTER)
    again = AFTER + timedelta(days=2)
    handler = people.handler(street_unit())
    desk.act(case.pk, Action.SIGN, actor=handler, data={}, now=again)
    desk.act(
        case.pk,
        Action.NOTE_CONTACT,
        actor=handler,
        data={"means": "phone", "reached": True, "note": "已联系"},
        now=again,
    )
    answer = {
        "outcome": "solved",
        "means": "phone",
        "told_at": again.isoformat(),
        "result": "已重新更换灯具并试亮。",
        "evidence": "现场照片",
    }
    desk.act(case.pk, Action.REPLY, actor=handler, data=answer, now=again)
    asked(people, case, at=again + timedelta(hours=1), answers=GOOD)

    first = frozen(now=again + timedelta(days=1))
    second = closing.draft(july, by=staff(), now=july.ends_at)

    assert selectors.counts_of(line(first, street_unit())) == Counts(volume=1, valid=1, contacted=1)
    assert not CaseResult.objects.filter(version=second, case_id=case.pk).exists()


def test_what_happens_after_the_cut_changes_nothing(people: People) -> None:
    """Reopened and given to another street later: the period's figures come out the same to the digit."""
    case = judged(people)
    version = drafted()
    dispatcher = people.dispatcher()
    later = AFTER + timedelta(days=3)
    desk.act(case.pk, Action.REOPEN, actor=dispatcher, data={"reason": "诉求人补充新情况"}, now=later)
    other = street_unit(OTHER_STREET)
    desk.act(case.pk, Action.REDISPATCH, actor=dispatcher, data={"unit_id": other, "reason": "属地更正"}, now=later)

    assert Case.objects.get(pk=case.pk).lead_unit_id == other
    assert digest.verify(version).same
    assert selectors.counts_of(line(version, street_unit())).valid == 1


def test_a_second_draft_after_the_cut_gives_the_same_digest_whatever_happened(people: People) -> None:
    case = judged(people)
    replied(people, now=NOW + timedelta(days=1))
    first = digest.digest_of(drafted())
    desk.act(case.pk, Action.REOPEN, actor=people.dispatcher(), data={"reason": "诉求人补充新情况"}, now=AFTER)
    version = drafted()
    Version.objects.filter(pk=version.pk).update(as_of=AFTER)

    assert digest.digest_of(Version.objects.get(pk=version.pk)) == first


def granted(case: Case, kind: ExclusionKind = ExclusionKind.EXCLUSION, at: datetime = NOW) -> Exclusion:
    assert case.lead_unit_id is not None
    return Exclusion.objects.create(
        case_id=case.pk,
        unit_id=case.lead_unit_id,
        kind=kind,
        reason_code="01",
        grounds="无法核实",
        ruling=Ruling.GRANTED,
        applied_by_id=10,
        applied_by="申请人",
        applied_at=at,
        ruled_by_id=11,
        ruled_by="审核人",
        ruled_at=at,
    )


def test_an_exclusion_takes_a_case_out_and_moves_no_other_unit(people: People) -> None:
    other = street_unit(OTHER_STREET)
    out = judged(people, answers=BAD)
    judged(people)
    judged(people, unit_id=other)
    before = {one.unit_id: selectors.counts_of(one) for one in drafted().units.filter(group="street")}
    granted(out)

    version = drafted()

    after = {one.unit_id: selectors.counts_of(one) for one in version.units.filter(group="street")}
    assert {unit for unit in after if after[unit] != before[unit]} == {street_unit()}
    assert line(version, street_unit()).excluded == 1
    assert after[street_unit()] == Counts(volume=1, valid=1, contacted=1, solved=1, satisfied=1)


@pytest.mark.parametrize(
    ("ruled", "revoked", "counted"),
    [(-1, None, False), (+1, None, True), (-2, -1, True), (-2, +1, False)],
    ids=["granted before", "granted after", "revoked before", "revoked after"],
)
def test_rulings_count_by_the_moment_of_the_draft(
    people: People, ruled: int, revoked: int | None, counted: bool
) -> None:
    case = judged(people)
    ruling = granted(case, at=AFTER + timedelta(hours=ruled))
    if revoked is not None:
        ruling.ruling, ruling.revoked_at = Ruling.REVOKED, AFTER + timedelta(hours=revoked)
        ruling.save()

    assert (why(drafted(), case) == Why.COUNTED) is counted


def test_an_upheld_appeal_gives_the_answers_of_the_second_call(people: People) -> None:
    case = judged(people, answers=BAD)
    Appeal.objects.create(
        case_id=case.pk,
        unit_id=street_unit(),
        grounds="诉求人记错了案件",
        filed_by_id=10,
        filed_by="承办人",
        filed_at=NOW + timedelta(days=1, hours=1),
        first_agent_id=1,
        upheld=True,
        ruled_by_id=12,
        ruled_by="另一回访员",
        ruled_at=NOW + timedelta(days=1, hours=2),
        contacted=True,
        solved=True,
        satisfaction="satisfied",
    )

    version = drafted()

    row = CaseResult.objects.get(version=version, case_id=case.pk)
    assert (row.basis, row.solved, row.satisfaction) == (Basis.APPEAL, True, "satisfied")
    assert Case.objects.get(pk=case.pk).solved is False


def test_a_case_that_was_not_dispatched_before_the_cut_is_volume_of_the_next_period(people: People) -> None:
    late = registered(people, now=CUT - timedelta(minutes=10))
    dispatch = {"unit_id": street_unit()}
    desk.act(late.pk, Action.DISPATCH, actor=people.dispatcher(), data=dispatch, now=CUT + timedelta(minutes=10))

    first = frozen()
    second = drafted(periods.period_at(CUT + timedelta(days=1)), now=AFTER + timedelta(days=31))

    assert not CaseResult.objects.filter(version=first).exists()
    row = CaseResult.objects.get(version=second)
    assert (row.case_id, row.carried, row.why) == (late.pk, False, str(Why.NOT_ASKED_YET))
    assert selectors.counts_of(line(second, street_unit())).volume == 1


def test_a_case_suspended_at_the_cut_is_volume_of_the_period_in_which_it_goes_on(people: People) -> None:
    waiting, unit, later = dispatched(people, now=NOW), people.handler(street_unit()), NOW + timedelta(hours=2)
    plan = {"reason": "历史遗留问题", "plan": "每月推进一次，责任人王主任"}
    desk.act(waiting.pk, Action.SIGN, actor=unit, data={}, now=later)
    desk.act(waiting.pk, Action.REQUEST_SUSPENSION, actor=unit, data=plan, now=later)
    granted = {"granted": True, "reason": "计划明确，同意挂账"}
    desk.act(waiting.pk, Action.DECIDE_SUSPENSION, actor=people.dispatcher(), data=granted, now=later)
    release = {"reason": "条件已具备"}
    desk.act(waiting.pk, Action.RELEASE, actor=people.dispatcher(), data=release, now=CUT + timedelta(days=2))

    first = frozen()
    second = drafted(periods.period_at(CUT + timedelta(days=1)), now=AFTER + timedelta(days=31))

    assert CaseResult.objects.get(version=first, case_id=waiting.pk).why == str(Why.SUSPENDED)
    row = CaseResult.objects.get(version=second, case_id=waiting.pk)
    assert (row.carried, row.why) == (False, str(Why.NOT_ASKED_YET))


def test_a_question_that_a_unit_answered_to_the_citizens_content_is_a_full_success(people: People) -> None:
    case = judged(people, request_type=RequestType.CONSULTATION)

    version = drafted()

    assert CaseResult.objects.get(version=version, case_id=case.pk).why == str(Why.COUNTED)
    line = next(one for one in selectors.board(version, Group.STREET) if one.unit.id == street_unit())
    assert (line.counts.valid, line.counts.solved, line.counts.satisfied) == (1, 1, 1)


def test_only_dispatched_cases_enter(people: People) -> None:
    registered(people)

    assert drafted().case_count == 0


def test_every_unit_has_a_line_and_the_lists_add_up_to_the_city(people: People) -> None:
    judged(people)
    judged(people, unit_id=street_unit(OTHER_STREET), answers=BAD)

    version = drafted()

    assert UnitResult.objects.filter(version=version, group="district").count() == 17
    assert UnitResult.objects.filter(version=version, group="street").count() >= 343
    leads = counting.unit_sums(version, selectors.scheme_of(version))
    total = sum((one.counts for one in leads.values()), Counts())
    assert total.volume == version.case_count == 2
    groups = [selectors.counts_of(one) for one in version.units.exclude(group="district")]
    assert sum(groups, Counts()) == total


def test_the_estimate_looks_at_the_cases_as_they_stand_now(people: People) -> None:
    judged(people)
    replied(people)

    version = live.refresh(NOW + timedelta(days=2))

    assert (version.number, version.stage) == (0, Stage.LIVE)
    assert selectors.counts_of(line(version, street_unit())) == Counts(
        volume=2, valid=1, contacted=1, solved=1, satisfied=1
    )
    assert live.refresh(NOW + timedelta(days=3)).pk == version.pk


@dataclass
class Reference:
    """The same rule, told case by case over each case's folded history: slow and plain."""

    cut: datetime

    def outcomes(self) -> dict[int, tuple[int | None, Counts, Why]]:
        rules = periods.rules_at(self.cut)[1].entering
        period = periods.period_at(self.cut - timedelta(seconds=1))
        found = {}
        for row in Case.objects.filter(registered_at__lt=self.cut):
            older = row.registered_at < period.begins_at
            now, before = self._at(row, self.cut), self._at(row, period.begins_at)
            if now is None or now.disposition is not Disposition.DISPATCH:
                continue
            carried = older and self._counts(before)
            if older and before is not None and before.callback_valid is not None:
                continue
            if carried and now.callback_valid is None:
                continue
            if older and not carried and now.status is Status.SUSPENDED and now.callback_valid is None:
                continue  # suspended then as now: nothing began to count
            outcome = Outcome(
                request_type=now.request_type,
                dispatched=True,
                suspended=now.status is Status.SUSPENDED,
                callback_valid=now.callback_valid,
                contacted=now.contacted,
                solved=now.solved,
                satisfaction=now.satisfaction,
                carried=carried,
            )
            entry = enter(outcome, rules)
            found[row.pk] = (now.lead_unit_id, entry.counts, entry.why)
        return found

    def _counts(self, case) -> bool:  # a domain case or None
        return case is not None and case.disposition is Disposition.DISPATCH and case.status is not Status.SUSPENDED

    def _at(self, row: Case, moment: datetime):  # a domain case or None
        from huiyin.cases import journal
        from huiyin.domain import case as domain
        from huiyin.domain.vocabulary import Grade

        events = [journal.as_event(event) for event in journal.of_case(row.pk) if event.at < moment]
        if not events:
            return None
        blank = domain.Case(
            status=Status.RECEIVED,
            registered_at=row.registered_at,
            last_at=row.registered_at,
            requester_id=row.requester_id,
            request_type=RequestType.OTHER,
            class_code="",
            grade=Grade.NORMAL,
        )
        return fold(blank, events)


def test_the_statements_agree_with_the_rule_told_case_by_case(city: None) -> None:
    history.write_history(seed=3, cases=260, days=45, now=datetime(2026, 6, 30, 6, 0, tzinfo=UTC), processes=0)
    reference = Reference(CUT).outcomes()

    version = drafted(now=datetime(2026, 6, 30, 6, 0, tzinfo=UTC))

    rows = {row.case_id: row for row in CaseResult.objects.filter(version=version)}
    assert rows.keys() == reference.keys()
    assert {case: (rows[case].unit_id, rows[case].why) for case in rows} == {
        case: (unit, str(reason)) for case, (unit, _, reason) in reference.items()
    }
    by_unit: dict[int | None, Counts] = {}
    for unit, counts, _ in reference.values():
        by_unit[unit] = by_unit.get(unit, Counts()) + counts
    sums = counting.unit_sums(version, selectors.scheme_of(version))
    assert {unit: one.counts for unit, one in sums.items()} == by_unit
    assert any(row.carried for row in rows.values())
    assert digest.verify(version).same


def test_a_street_that_moves_to_another_district_changes_no_figure_of_a_frozen_version(people: People) -> None:
    judged(people)
    version = frozen()
    unit = Unit.objects.get(pk=street_unit())
    other = next(one for one in directory.districts() if one.id != unit.district_id)
    government = directory.district_unit(other.id)
    assert government is not None

    Unit.objects.filter(pk=unit.pk).update(district_id=other.id, parent_id=government.id)
    directory.reset()

    assert directory.unit(unit.pk).district_id == other.id
    assert digest.verify(version).same
    assert street_unit() in selectors.units_of(Group.DISTRICT, _government_of(version), version)
    directory.reset()


def _government_of(version: Version) -> int:
    """The district whose line counts the case."""
    return UnitResult.objects.get(version=version, group="district", volume=1).unit_id
