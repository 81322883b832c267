"""Automatic dispatch stops by itself when too many go wrong, says so, and starts again only for a reason."""

from datetime import timedelta

import numpy as np
import pytest

from huiyin.cases import journal
from huiyin.cases.models import CaseEvent, Notice
from huiyin.domain.errors import InvalidData
from huiyin.domain.vocabulary import Role
from huiyin.learning import lent, recalibrating, rollups, watch
from huiyin.learning.models import ModelVersion, Outcome, SwitchMove
from huiyin.learning.unit_calibration import UnitCalibration
from huiyin.nlp.risk import NEVER, wrong_share_above
from huiyin.registry import directory
from huiyin.registry.models import Unit
from tests.builders_city import NOW, People, dispatched
from tests.integration.learning.conftest import sent_alone
from tests.staff import make_staff

pytestmark = pytest.mark.usefixtures("city")
LATER = NOW + timedelta(hours=1)


def judged(people: People, *, passed: int, wrong: int) -> SwitchMove | None:
    case = dispatched(people)
    sent_alone(case, passed=passed, wrong=wrong)
    return watch.judge(now=LATER, because=journal.of_case(case.pk)[-1])


def test_a_broken_bound_stops_automatic_dispatch_and_tells_the_administrators(people: People) -> None:
    hotline = directory.hotline()
    assert hotline is not None
    make_staff(Unit.objects.get(pk=hotline.id), Role.ADMINISTRATOR)

    move = judged(people, passed=200, wrong=14)

    assert move is not None
    assert (move.passed, move.wrong, move.by_staff_id) == (200, 14, None)
    allowed, reason = watch.automatic_allowed(LATER)
    assert not allowed
    assert "14件派错" in reason
    assert Notice.objects.get(unit_id=hotline.id, urgent=True).text == reason


@pytest.mark.parametrize(("passed", "wrong"), [(200, 6), (199, 60), (1_000, 24)])
def test_chance_and_small_numbers_stop_nothing(people: People, passed: int, wrong: int) -> None:
    assert judged(people, passed=passed, wrong=wrong) is None
    assert watch.automatic_allowed(LATER) == (True, "")


def test_what_went_wrong_before_a_person_switched_on_counts_no_more(people: People) -> None:
    judged(people, passed=200, wrong=14)
    actor = people.hotline(Role.ADMINISTRATOR)

    watch.switch(on=True, reason="目录已更正", actor=actor, now=LATER)
    again = watch.judge(now=LATER, because=CaseEvent.objects.order_by("-id")[0])

    assert again is None
    assert watch.standing().on


def test_a_person_needs_a_reason_and_a_change(people: People) -> None:
    actor = people.hotline(Role.ADMINISTRATOR)

    with pytest.raises(InvalidData):
        watch.switch(on=False, reason=" ", actor=actor, now=NOW)
    with pytest.raises(watch.AlreadySo):
        watch.switch(on=True, reason="试一试", actor=actor, now=NOW)


def test_a_calibration_undoes_the_machines_stop_but_not_a_persons(people: People) -> None:
    judged(people, passed=200, wrong=14)
    assert watch.resume_after_calibration(now=LATER) is not None

    watch.switch(on=False, reason="节日期间人工派单", actor=people.hotline(Role.ADMINISTRATOR), now=LATER)

    assert watch.resume_after_calibration(now=LATER) is None
    assert not watch.standing().on


def test_looking_often_at_a_machine_that_keeps_its_bound_seldom_cries_wolf() -> None:
    """5,000 dispatches at exactly the bound, looked at after each one, in 200 worlds."""
    wrong = np.random.default_rng(5).random((200, 5_000)) < 0.02
    before = np.pad(np.cumsum(wrong, axis=1), ((0, 0), (1, 0)))
    stopped = np.zeros(200, dtype=bool)
    for look in watch.LOOKS:
        too_many = next(count for count in range(look) if wrong_share_above(look, count, doubt=watch.DOUBT) > 0.02)
        stopped |= ((before[:, look:] - before[:, :-look]) >= too_many).any(axis=1)

    assert stopped.mean() < 0.1


def test_the_share_of_wrong_ones_leaves_out_the_youngest(people: People) -> None:
    case = dispatched(people)
    sent_alone(case, passed=40, wrong=2)
    rollups.refresh(LATER)

    young, ripe = watch.wrong_share(now=LATER), watch.wrong_share(now=LATER + timedelta(days=4))

    assert (young.passed, young.share) == (0, None)
    assert (ripe.passed, ripe.wrong, ripe.bound) == (40, 2, 0.02)
    assert ripe.low < 0.05 < ripe.high


def test_counting_again_after_a_change_counts_nothing_twice(people: People) -> None:
    case = dispatched(people)
    sent_alone(case, passed=10, wrong=1)
    rollups.refresh(LATER)
    first = Outcome.objects.order_by("case_id")[0]
    Outcome.objects.filter(pk=first.pk).update(unit_right=False, changed_at=LATER)

    rollups.refresh(LATER)

    assert watch.wrong_share(now=LATER + timedelta(days=4)).wrong == 2
    assert watch.wrong_share(now=LATER + timedelta(days=4)).passed == 10


def test_a_calibration_learns_what_a_score_is_worth_and_where_to_stop() -> None:
    dice = np.random.default_rng(3)
    scores = dice.random(4_000)
    right = dice.random(4_000) < np.where(scores > 0.4, 0.995, 0.5)

    found = recalibrating.calibration_of(list(zip(scores.tolist(), right.tolist(), strict=True)), bound=0.02)
    made = UnitCalibration.from_json(found)

    assert made is not None
    assert made.curve(0.9) > 0.97 > 0.7 > made.curve(0.1)
    assert 0.4 < found["share"] < 0.65
    assert found["wrong"] / found["passed"] < 0.02


def test_where_nothing_keeps_the_bound_nothing_goes_out_alone() -> None:
    found = recalibrating.calibration_of([(0.9, place % 3 > 0) for place in range(900)], bound=0.02)

    assert found["at_least"] == NEVER


def test_a_case_counts_a_day_after_its_dispatch_whether_it_was_answered_or_not(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wrong ones are known early, right ones late: the decided alone would make every machine look bad."""
    monkeypatch.setattr(lent, "_replay", None)
    sent_alone(dispatched(people), passed=400, wrong=1)
    Outcome.objects.update(share=0.8, model=1)
    ModelVersion.objects.create(
        number=1,
        state="champion",
        created_at=NOW,
        trained_on=9,
        scores={},
        sha256="",
        size=0,
        stored_as="",
        made_by="测试",
    )

    young, ripe = recalibrating.recalibrate(now=LATER), recalibrating.recalibrate(now=LATER + timedelta(days=2))

    assert young == {}
    assert (ripe["cases"], ripe["passed"], ripe["wrong"]) == (400, 400, 1)
