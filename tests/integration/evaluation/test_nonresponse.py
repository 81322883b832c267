"""Who did not answer and why, what that leaves open, and that an answer which nobody drew counts nowhere."""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.accounts import sealed
from huiyin.callbacks import draws, links
from huiyin.callbacks.models import Frame, FrameCase, Plan
from huiyin.callbacks.vocabulary import Channel
from huiyin.cases import desk
from huiyin.cases.models import Case
from huiyin.domain.actions import Action
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.case import Actor
from huiyin.domain.entering import Why
from huiyin.domain.vocabulary import ActorKind, Role
from huiyin.evaluation import digest, nonresponse, selectors
from huiyin.evaluation.closing import DrawWaits
from huiyin.evaluation.models import CaseResult, UnitResult
from huiyin.evaluation.nonresponse import Shown
from huiyin.evaluation.vocabulary import Group, NonResponse
from tests.builders_city import NOW, People, replied, street_unit
from tests.builders_evaluation import BAD, GOOD, asked, drafted, frozen, judged, published, staff, street_staff
from tests.integration.callbacks.conftest import signed_in

pytestmark = pytest.mark.usefixtures("city")
DAY = timedelta(days=1)


def missed(people: People, *reasons: str, phone: str, **changes: object) -> Case:
    """Tried so often as there are reasons; with three of them the callback is over."""
    case = replied(people, now=NOW, phone=phone, **changes)
    for number, reason in enumerate(reasons):
        data = {"reached": False, **({"missed": reason} if reason else {})}
        at = NOW + (1 + 2 * number) * DAY
        desk.act(case.pk, Action.RECORD_CALLBACK, actor=people.callback_agent(), data=data, now=at)
    return case


def listed(case: Case, *, drawn: bool | None) -> FrameCase:
    """The case stands in a frame, as the draw left it."""
    at = NOW + DAY
    frame, _ = Frame.objects.get_or_create(
        day=at.date(),
        defaults={
            "begins_at": at - DAY,
            "ends_at": at + timedelta(hours=2),
            "seed_sealed": b"x",
            "commitment": "0" * 64,
            "committed_at": at - DAY,
            "drawn_at": at + timedelta(hours=2),
        },
    )
    plan = Plan.objects.first() or Plan.objects.create(
        effective_from=at - DAY,
        scope="city",
        half_width="0.05",
        confidence="0.95",
        floor=1,
        reason="试行",
        made_at=at - 2 * DAY,
        made_by_id=1,
        made_by="考评员",
    )
    placed = {} if drawn is None else {"place": "0" * 64, "position": case.pk, "rank": 1}
    return FrameCase.objects.create(
        case=case, frame=frame, plan=plan, unit_id=case.lead_unit_id, entered_at=at, drawn=drawn, **placed
    )


def by_himself(case: Case, answers: dict[str, object]) -> Case:
    citizen = Actor(kind=ActorKind.CITIZEN, requester_id=case.requester_id)
    return desk.act(case.pk, Action.RECORD_CALLBACK, actor=citizen, data=answers, now=NOW + DAY)


def not_drawn(people: People, phone: str) -> Case:
    case = replied(people, now=NOW, phone=phone)
    desk.act(case.pk, Action.START_CALLBACK, actor=Actor.system(), data={}, now=NOW + DAY)
    listed(case, drawn=False)
    return case


def ended(case: Case) -> Case:
    return desk.act(case.pk, Action.CLOSE_UNASKED, actor=Actor.system(), data={}, now=NOW + 4 * DAY)


def shown() -> Shown:
    version = CaseResult.objects.latest("pk").version
    return next(one for one in nonresponse.of_group(version, Group.STREET) if one.line.unit.id == street_unit())


def test_every_case_of_the_frame_is_answered_silent_aside_or_waiting(people: People) -> None:
    judged(people, phone="19900000001")
    judged(people, phone="19900000002", answers=BAD)
    missed(people, "no_answer", "no_answer", "refused", phone="19900000003")
    missed(people, "", "", "", phone="19900000004")
    missed(people, "off", phone="19900000005")
    ended(not_drawn(people, "19900000006"))
    with_link = not_drawn(people, "19900000007")
    links.invite(with_link, channel=Channel.SMS, now=NOW + 2 * DAY)
    ended(with_link)
    by_himself(not_drawn(people, "19900000008"), BAD)
    drafted()

    found = shown()

    assert (found.frame, found.line.counts.valid, found.silent, found.aside, found.waiting) == (8, 2, 2, 3, 1)
    assert {reason: count for reason, count in found.reasons.items() if count} == {
        NonResponse.REFUSED: 1,  # what the last call came to
        NonResponse.UNRECORDED: 1,
        NonResponse.NOT_DRAWN: 1,
        NonResponse.LINK_UNANSWERED: 1,
        NonResponse.SELF_ANSWERED: 1,
        NonResponse.WAITING: 1,
    }
    assert (found.asked, found.share) == (4, Fraction(2, 4))
    assert found.line.result.invalid == found.silent + found.aside
    assert found.half_width is not None


def test_bounds_are_what_the_silent_could_have_said_beside_the_official_rate(people: People) -> None:
    judged(people, phone="19900000001")
    judged(people, phone="19900000002", answers={**GOOD, "satisfaction": "basically_satisfied"})
    judged(people, phone="19900000003", answers=BAD)
    missed(people, "off", "off", "off", phone="19900000004")
    missed(people, "off", "off", "off", phone="19900000005", request_type="suggestion")
    drafted()

    found = shown()

    official = found.line.rates
    assert official is not None
    assert found.resolution is not None
    assert found.satisfaction is not None
    assert (official.resolution, official.satisfaction) == (Fraction(2, 3), Fraction(19, 30))
    # A suggestion's silence says nothing about solving.
    assert (found.resolution.low, found.resolution.high) == (Fraction(2, 4), Fraction(3, 4))
    assert (found.satisfaction.low, found.satisfaction.high) == (Fraction(19, 50), Fraction(39, 50))
    assert found.half_width is None


@pytest.mark.parametrize("drawn", [False, None])
def test_an_answer_that_nobody_drew_is_kept_on_the_case_and_counts_nowhere(people: People, drawn: bool | None) -> None:
    judged(people, phone="19900000001")
    case = replied(people, now=NOW, phone="19900000002")
    listed(case, drawn=drawn)

    by_himself(case, BAD)
    drafted()

    case.refresh_from_db()
    result = UnitResult.objects.get(group="street", unit_id=street_unit())
    assert (case.satisfaction, case.callback_valid) == ("unsatisfied", True)
    assert CaseResult.objects.get(case_id=case.pk).why == Why.NOT_SAMPLED
    assert (result.volume, result.valid, result.solved, result.invalid) == (2, 1, 1, 1)


def test_an_agents_early_call_of_one_who_is_not_drawn_counts_no_more_than_his_own_answer(people: People) -> None:
    case = replied(people, now=NOW, phone="19900000002")
    listed(case, drawn=False)

    asked(people, case, at=NOW + DAY, answers=GOOD)
    drafted()

    assert UnitResult.objects.get(group="street", unit_id=street_unit()).valid == 0


def test_the_answer_of_one_who_was_drawn_counts_however_it_came(people: People) -> None:
    case = replied(people, now=NOW, phone="19900000002")
    listed(case, drawn=True)

    by_himself(case, GOOD)
    drafted()

    assert CaseResult.objects.get(case_id=case.pk).why == Why.COUNTED


def test_until_a_callback_is_over_its_case_does_not_tell_whether_it_was_drawn(people: People) -> None:
    not_drawn(people, "19900000002")
    drafted()

    assert CaseResult.objects.get().why == Why.NOT_ASKED_YET


def test_frozen_figures_come_out_again_with_a_sample_in_them(people: People) -> None:
    judged(people, phone="19900000001")
    by_himself(not_drawn(people, "19900000002"), BAD)
    version = frozen()

    assert digest.verify(version).same


def test_the_page_sorts_and_each_count_opens_its_cases(client: Client, people: People) -> None:
    judged(people, phone="19900000001")
    missed(people, "off", "off", "off", phone="19900000004")
    version = drafted()
    signed_in(client, Role.EVALUATOR)
    at = f"period={version.period.code}&version={version.number}&group=street"

    page = client.get(f"/evaluation/nonresponse/?{at}&order=resolution").content.decode()
    cases = client.get(f"/evaluation/{version.period.code}/cases/?{at}&unit={street_unit()}&figure=off")

    assert "关机、停机或空号 1" in page
    assert f"unit={street_unit()}&figure=silent" in page
    assert "50.0% – 100.0%" in page
    assert cases.context["total"] == 1
    for figure in ("frame", "waiting", "aside", "asked", "valid", "silent"):
        found = selectors.cases_of(
            version, unit_ids=[street_unit()], figure=figure, figures=nonresponse.figures_for(staff())
        ).count()
        assert found == {"frame": 2, "asked": 2, "valid": 1, "silent": 1}.get(figure, 0)


@pytest.mark.parametrize("order", sorted(nonresponse.ORDERS))
def test_every_order_is_one_of_the_same_lines(people: People, order: str) -> None:
    judged(people, phone="19900000001")
    version = drafted()
    every = {one.line.unit.id for one in nonresponse.of_group(version, Group.STREET)}

    assert {one.line.unit.id for one in nonresponse.of_group(version, Group.STREET, order=order)} == every


def test_the_statements_do_not_grow_with_units_or_cases(client: Client, people: People) -> None:
    judged(people, phone="19900000001")
    version = drafted()
    signed_in(client, Role.EVALUATOR)
    address = f"/evaluation/nonresponse/?period={version.period.code}&version={version.number}"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(4):
        missed(people, "off", "off", "off", phone=f"1990001000{number}", unit_id=street_unit("110105027"))
    version = drafted(now=NOW + 20 * DAY)
    with CaptureQueriesContext(connection) as more:
        client.get(f"/evaluation/nonresponse/?period={version.period.code}&version={version.number}")

    assert len(more) == len(few)


def test_one_units_periods_are_shown_to_the_hotlines_roles(client: Client, people: People) -> None:
    judged(people, phone="19900000001")
    drafted()
    signed_in(client, Role.CALLBACK_AGENT)

    unseen = client.get(f"/evaluation/nonresponse/street/{street_unit()}/")

    assert unseen.status_code == 404  # nothing published yet


@pytest.mark.parametrize("role", [Role.HANDLER, Role.UNIT_HEAD, Role.LEADER])
def test_a_unit_does_not_learn_who_did_not_answer(client: Client, role: Role) -> None:
    signed_in(client, role, unit_id=street_unit())

    assert client.get("/evaluation/nonresponse/").status_code == 403
    assert client.get(f"/evaluation/nonresponse/street/{street_unit()}/").status_code == 403
    assert not nonresponse.may_see(street_staff(role))
    assert nonresponse.may_see(staff(1, Role.CALLBACK_AGENT))


@pytest.mark.parametrize("figure", sorted(nonresponse.FIGURES))
def test_a_unit_opens_no_list_of_who_did_not_answer(client: Client, people: People, figure: str) -> None:
    missed(people, "off", "off", "refused", phone="19900000004")
    published()
    address = f"/evaluation/2026-06/cases/?group=street&unit={street_unit()}"
    signed_in(client, Role.HANDLER, unit_id=street_unit())

    assert client.get(f"{address}&figure={figure}").status_code == 404
    assert client.get(f"{address}&figure={figure}&format=csv").status_code == 404
    assert f'value="{figure}"' not in client.get(address).content.decode()


def test_who_may_see_the_page_of_non_response_opens_its_lists(client: Client, people: People) -> None:
    case = missed(people, "off", "off", "refused", phone="19900000004")
    published()
    address = f"/evaluation/2026-06/cases/?group=street&unit={street_unit()}&figure=refused"
    signed_in(client, Role.AUDITOR)

    assert 'value="refused" selected' in client.get(address).content.decode()
    assert case.case_no in client.get(f"{address}&format=csv").content.decode()


def test_no_draft_is_made_before_the_last_days_sample_is_drawn(people: People) -> None:
    by_himself(not_drawn(people, "19900000001"), GOOD)
    frame = Frame.objects.get()
    Frame.objects.update(drawn_at=None, seed_sealed=sealed.seal("5f2c"))
    FrameCase.objects.update(drawn=None, place="", position=None, rank=None)

    with pytest.raises(DrawWaits) as refused:
        drafted()
    draws.draw(frame, frame.ends_at)

    ends = frame.ends_at.astimezone(CITY_ZONE)
    assert f"{ends.month}月{ends.day}日{ends:%H:%M}后才抽定" in refused.value.message
    version = drafted()
    assert CaseResult.objects.get(version=version).why == str(Why.COUNTED)  # of so few cases all are drawn


def test_who_was_not_drawn_counts_once_his_case_was_reopened_and_judged_anew(people: People) -> None:
    case = ended(not_drawn(people, "19900000001"))
    agent, unit, again = people.callback_agent(), people.handler(street_unit()), NOW + 5 * DAY
    desk.act(case.pk, Action.REOPEN, actor=agent, data={"reason": "诉求人来电说没有修好"}, now=again)
    desk.act(case.pk, Action.SIGN, actor=unit, data={}, now=again)
    told = {"outcome": "solved", "means": "phone", "told_at": again.isoformat(), "result": "已经重新修好并试用正常。"}
    desk.act(case.pk, Action.REPLY, actor=unit, data={**told, "evidence": "现场照片"}, now=again)
    desk.act(case.pk, Action.RECORD_CALLBACK, actor=agent, data={"reached": True, **GOOD}, now=again)

    version = drafted()

    assert CaseResult.objects.get(version=version).why == str(Why.COUNTED)
