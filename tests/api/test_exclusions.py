"""Exclusions and appeals by API: applied for by the unit, decided by others, unseen elsewhere."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from huiyin.domain.vocabulary import Role
from tests.api.conftest import Api
from tests.builders_city import OTHER_STREET, People, dispatched, street_unit
from tests.builders_evaluation import BAD, judged

ASKED = {"reason_code": "01", "grounds": "两次现场核实均未发现"}


def test_a_unit_applies_and_only_its_own_side_and_the_hotline_see_it(
    api_as: Callable[..., Api], people: People
) -> None:
    case = dispatched(people)
    unit, foreign = (
        api_as(Role.UNIT_HEAD, unit_id=street_unit()),
        api_as(Role.HANDLER, unit_id=street_unit(OTHER_STREET)),
    )

    assert foreign.post(f"/cases/{case.case_no}/exclusions", ASKED).status_code == 404
    made = unit.post(f"/cases/{case.case_no}/exclusions", ASKED)
    again = unit.post(f"/cases/{case.case_no}/exclusions", ASKED)
    number = made.json()["id"]

    assert (made.status_code, made.json()["ruling"]) == (201, "applied")
    assert (again.status_code, again.json()["code"]) == (409, "already_asked")
    assert foreign.get(f"/exclusions/{number}").status_code == 404
    assert foreign.get("/exclusions?tab=preview").json()["items"] == []
    assert [one["id"] for one in unit.get("/exclusions?tab=preview").json()["items"]] == [number]
    verdict = {"part": "rule", "agree": True, "reason": "佐证齐全"}
    early = api_as(Role.EVALUATOR).post(f"/exclusions/{number}/verdict", verdict)
    assert (early.status_code, early.json()["code"]) == (409, "already_ruled")


def test_an_appeal_is_ruled_on_with_the_second_answers(api_as: Callable[..., Api], people: People) -> None:
    now = timezone.now()
    case = judged(people, now=now - timedelta(days=1), at=now - timedelta(minutes=5), answers=BAD)
    unit, agent = api_as(Role.UNIT_HEAD, unit_id=street_unit()), api_as(Role.CALLBACK_AGENT)

    until = unit.get(f"/cases/{case.case_no}/standing").json()["appeal_until"]
    filed = unit.post(f"/cases/{case.case_no}/appeals", {"grounds": "已解决，附现场照片"})
    number = filed.json()["id"]
    lacking = agent.post(f"/appeals/{number}/verdict", {"upheld": True, "reason": "复访确认已解决"})
    answers = {"contacted": True, "solved": True, "satisfaction": "satisfied"}
    ruled = agent.post(f"/appeals/{number}/verdict", {"upheld": True, "reason": "复访确认已解决", **answers})

    assert until is not None
    assert filed.status_code == 201
    assert [one["field"] for one in lacking.json()["errors"]] == ["contacted", "satisfaction", "solved"]
    assert (ruled.status_code, ruled.json()["satisfaction"]) == (200, "satisfied")
    assert unit.post(f"/appeals/{number}/verdict", {"upheld": True, "reason": "自己裁决"}).status_code == 403
