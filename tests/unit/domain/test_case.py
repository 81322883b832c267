"""The snapshot and its history: applying changes, folding events, the words of the field."""

from dataclasses import FrozenInstanceError, replace
from datetime import timedelta

import pytest

from huiyin.domain import actions, errors, vocabulary
from huiyin.domain.case import Actor, Change, apply, fold
from huiyin.domain.deadlines import Clock
from huiyin.domain.errors import DomainError, EventsOutOfOrder, InvalidData
from huiyin.domain.vocabulary import OPEN_STATUSES, WITH_UNIT, ActorKind, ClockKind, Status, Term
from tests.builders import COMMUNITY, HOUR, MORNING, STREET, blank, in_status

CLOCK = Clock(started_at=MORNING, due_at=MORNING + HOUR)


def test_a_change_sets_starts_and_stops_and_counts():
    case = replace(blank(), clocks={ClockKind.SIGN: CLOCK, ClockKind.HANDLE: CLOCK})

    after = apply(
        case,
        Change(reason="x", sets={"address": "某路"}, clocks={ClockKind.SIGN: None, ClockKind.RULING: CLOCK}),
        at=MORNING + HOUR,
    )

    assert (after.address, after.seq, after.last_at) == ("某路", 1, MORNING + HOUR)
    assert after.clocks == {ClockKind.HANDLE: CLOCK, ClockKind.RULING: CLOCK}
    assert case.clocks == {ClockKind.SIGN: CLOCK, ClockKind.HANDLE: CLOCK}


def test_two_events_may_share_a_moment_but_none_comes_before_the_last():
    case = blank()

    assert apply(case, Change(reason="x"), at=MORNING).last_at == MORNING
    with pytest.raises(EventsOutOfOrder):
        apply(case, Change(reason="x"), at=MORNING - timedelta(microseconds=1))


@pytest.mark.parametrize("status", list(Status))
def test_the_history_folded_is_the_case(status: Status):
    life = in_status(status)

    assert life.case.status is status
    assert fold(blank(), life.events) == life.case


def test_a_snapshot_does_not_change():
    with pytest.raises(FrozenInstanceError):
        blank().status = Status.CLOSED  # type: ignore[misc]  # the point of the test


def test_the_owners_are_the_lead_and_the_second_level_unit():
    assert blank().owner_unit_ids == frozenset()
    assert replace(blank(), lead_unit_id=STREET).owner_unit_ids == {STREET}
    assert replace(blank(), lead_unit_id=STREET, sub_unit_id=COMMUNITY).owner_unit_ids == {STREET, COMMUNITY}


def test_the_system_is_no_person():
    system = Actor.system()

    assert (system.kind, system.id, system.roles) == (ActorKind.SYSTEM, None, frozenset())


def test_what_is_with_a_unit_is_open():
    assert WITH_UNIT < OPEN_STATUSES
    assert frozenset(Status) - OPEN_STATUSES == {Status.CLOSED, Status.MERGED, Status.CANCELLED}


TERMS = [kind for module in (vocabulary, actions) for kind in vars(module).values() if isinstance(kind, type)]


@pytest.mark.parametrize("kind", [kind for kind in TERMS if issubclass(kind, Term) and kind is not Term])
def test_every_word_has_its_own_code_and_its_own_chinese_label(kind: type[Term]):
    codes, labels = zip(*kind.choices(), strict=True)

    assert len(set(codes)) == len(set(labels)) == len(kind)
    assert all(code.isascii() and code == str(kind(code)) for code in codes)
    assert not any(label.isascii() for label in labels)


REFUSALS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, DomainError)]


@pytest.mark.parametrize("kind", [kind for kind in REFUSALS if kind is not InvalidData])
def test_every_refusal_says_in_chinese_what_is_wrong(kind: type[DomainError]):
    assert kind().message.endswith("。")
    assert not kind().message.isascii()
    assert str(kind("另有原因")) == "另有原因"


def test_every_refusal_has_a_code_of_its_own():
    assert len({kind.code for kind in REFUSALS}) == len(REFUSALS)
