"""Who may do what: every role in every relation to the case, written out a second time, against the whole table."""

from dataclasses import replace

import pytest

from huiyin.domain import lifecycle
from huiyin.domain.actions import FIELDS, Action
from huiyin.domain.case import Actor, Case
from huiyin.domain.errors import ActionNotAllowed, NotPermitted
from huiyin.domain.vocabulary import ActorKind, Role, Status
from tests import builders as b
from tests.builders import in_status, registered

TO_WORK = {Action.SIGN, Action.NOTE_CONTACT, Action.REPLY, Action.ASSIGN_HANDLER, Action.ADD_NOTE}
TO_LEAD = TO_WORK | {
    Action.HAND_DOWN,
    Action.REQUEST_RETURN,
    Action.REQUEST_EXTENSION,
    Action.REQUEST_SUSPENSION,
    Action.RELEASE,
}
TO_TELL = {Action.SUPPLEMENT, Action.URGE}
TO_SETTLE = {Action.DIRECT_ANSWER, Action.REFER_ELSEWHERE, Action.PERSUADE}
TO_KEEP = {Action.CORRECT, Action.MERGE, Action.MARK_CONFIDENTIAL, Action.CANCEL}
TO_JUDGE = {Action.REWORK, Action.CLOSE, Action.REOPEN}

AT_HOTLINE: dict[Role, set[Action]] = {
    Role.OPERATOR: TO_SETTLE | TO_KEEP | TO_TELL,
    Role.DISPATCHER: TO_SETTLE
    | TO_KEEP
    | TO_TELL
    | TO_JUDGE
    | {
        Action.DISPATCH,
        Action.REDISPATCH,
        Action.RULE_RETURN,
        Action.DECIDE_EXTENSION,
        Action.DECIDE_SUSPENSION,
        Action.RELEASE,
        Action.SUPERVISE,
    },
    Role.CALLBACK_AGENT: TO_TELL | TO_JUDGE | {Action.START_CALLBACK, Action.RECORD_CALLBACK},
    Role.EVALUATOR: {Action.SUPERVISE, Action.REOPEN},
    Role.ANALYST: set(),
    Role.LEADER: {Action.SUPERVISE},
    Role.AUDITOR: set(),
    Role.ADMINISTRATOR: {Action.MARK_CONFIDENTIAL},
    Role.HANDLER: set(),
}
CITIZENS = TO_TELL | {Action.RECORD_CALLBACK}
SYSTEMS = {Action.DISPATCH, Action.START_CALLBACK, Action.CLOSE_UNASKED, Action.WARN, Action.ESCALATE}

# The case of these tests: lead STREET, second level COMMUNITY, 协办 DEPARTMENT; it lies in DISTRICT's area.
RELATIONS: dict[str, tuple[int, dict[Role, set[Action]]]] = {
    "lead": (b.STREET, {Role.HANDLER: TO_LEAD, Role.UNIT_HEAD: TO_LEAD}),
    "second level": (b.COMMUNITY, {Role.HANDLER: TO_WORK, Role.UNIT_HEAD: TO_WORK}),
    "helping": (b.DEPARTMENT, {Role.HANDLER: {Action.ADD_NOTE}, Role.UNIT_HEAD: {Action.ADD_NOTE}}),
    "above": (b.DISTRICT, {Role.UNIT_HEAD: {Action.SUPERVISE}, Role.LEADER: {Action.SUPERVISE}}),
    "beside": (b.OTHER_STREET, {}),
    "far": (b.FAR_DISTRICT, {}),
}


def _case(status: Status) -> Case:
    return replace(
        in_status(status).case,
        lead_unit_id=b.STREET,
        sub_unit_id=b.COMMUNITY,
        co_unit_ids=(b.DEPARTMENT,),
    )


def _permitted(case: Case, actor: Actor) -> set[Action]:
    """The actions that are this actor's to do, whatever the status."""
    permitted = set()
    for action in Action:
        try:
            lifecycle.permit(case, action, actor)
        except NotPermitted:
            continue
        except ActionNotAllowed:
            pass
        permitted.add(action)
    return permitted


@pytest.mark.parametrize("role", list(AT_HOTLINE))
def test_the_hotlines_roles_do_their_own_work_and_no_units(role: Role):
    assert _permitted(_case(Status.HANDLING), b.at_hotline(role)) == AT_HOTLINE[role]


@pytest.mark.parametrize("role", [Role.HANDLER, Role.UNIT_HEAD, Role.LEADER, Role.ANALYST, Role.AUDITOR])
@pytest.mark.parametrize("relation", list(RELATIONS))
@pytest.mark.parametrize("status", [status for status in Status if status is not Status.RECEIVED])
def test_a_units_people_do_what_their_relation_to_the_case_allows(status: Status, relation: str, role: Role):
    unit, expected = RELATIONS[relation]

    assert _permitted(_case(status), b.staff(role, unit=unit)) == expected.get(role, set())


@pytest.mark.parametrize("role", [Role.UNIT_HEAD, Role.LEADER])
def test_who_answers_for_the_district_supervises_what_lies_in_it(role: Role):
    case = _case(Status.HANDLING)
    own = b.staff(role, unit=b.DISTRICT, district=b.DISTRICT_AREA)
    foreign = b.staff(role, unit=b.FAR_DISTRICT, district=b.FAR_DISTRICT_AREA)

    assert _permitted(case, own) == {Action.SUPERVISE}
    assert _permitted(case, foreign) == set()


def test_a_unit_head_does_not_supervise_his_own_unit():
    assert Action.SUPERVISE not in _permitted(_case(Status.HANDLING), b.staff(Role.UNIT_HEAD, unit=b.STREET))


def test_a_case_without_an_owner_is_no_units():
    case = registered().case

    for unit in b.ALL_UNITS:
        assert _permitted(case, b.handler(unit)) == set()
    assert _permitted(case, Actor(kind=ActorKind.STAFF, roles=frozenset({Role.HANDLER, Role.UNIT_HEAD}))) == set()


@pytest.mark.parametrize("status", list(Status))
def test_a_citizen_does_something_with_his_own_case_only(status: Status):
    case = in_status(status).case
    other = Actor(kind=ActorKind.CITIZEN, requester_id=b.REQUESTER + 1)

    assert _permitted(case, b.CITIZEN) == CITIZENS
    assert _permitted(case, other) == set()
    assert _permitted(case, Actor(kind=ActorKind.CITIZEN)) == set()


def test_a_citizen_gains_nothing_by_claiming_a_role():
    actor = replace(b.CITIZEN, roles=frozenset(Role), unit_id=b.STREET, whole_city=True)

    assert _permitted(_case(Status.HANDLING), actor) == CITIZENS


def test_the_system_dispatches_asks_and_lights_and_decides_nothing():
    assert _permitted(_case(Status.HANDLING), b.SYSTEM) == SYSTEMS


def test_somebody_without_a_role_does_nothing():
    assert _permitted(_case(Status.HANDLING), b.staff(unit=b.STREET, city=True)) == set()


def test_every_action_but_registering_has_a_row_fields_and_somebody_who_may():
    assert {action for _, action in lifecycle.TABLE} == set(Action) - {Action.REGISTER}
    assert set(FIELDS) == set(Action)
    assert all(lifecycle.WHO[action] for action in Action if action is not Action.REGISTER)


@pytest.mark.parametrize("status", list(Status))
def test_what_is_offered_is_in_the_table_and_permitted(status: Status):
    case = _case(status)

    for actor in (b.DISPATCHER, b.OPERATOR, b.CALLBACK_AGENT, b.handler(), b.CITIZEN, b.SYSTEM):
        for action in lifecycle.allowed(case, actor):
            assert lifecycle.permit(case, action, actor).action is action


def test_every_status_is_left_by_somebody():
    ways_out = {status for status, action in lifecycle.TABLE if action not in {Action.WARN, Action.ESCALATE}}

    assert ways_out == set(Status)
