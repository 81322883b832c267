"""The evaluation by API: figures to the digit, what is unpublished stays unseen, closing by those who may."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from huiyin.domain.vocabulary import Role
from huiyin.evaluation import jobs, selectors
from huiyin.evaluation.models import Work
from tests.api.conftest import Api
from tests.builders_city import OTHER_STREET, People, replied, street_unit
from tests.builders_evaluation import AFTER, BAD, drafted, judged, june, published
from tests.integration.evaluation.test_nonresponse import missed


def test_a_published_ranking_is_read_with_its_cases(api_as: Callable[..., Api], people: People) -> None:
    judged(people)
    case = judged(people, answers=BAD)
    published()
    api = api_as(Role.LEADER)

    lines = api.get("/evaluation/2026-06/board?group=street").json()["items"]
    own = next(line for line in lines if line["unit_id"] == street_unit())
    one = api.get(f"/evaluation/2026-06/units/street/{street_unit()}").json()
    cases = api.get(f"/evaluation/2026-06/cases?group=street&unit={street_unit()}&figure=not_solved").json()["items"]

    assert (own["volume"], own["valid"], own["solved"]) == (2, 2, 1)
    assert (own["resolution_rate"], own["score"], own["rank"]) == ("0.500000", "55.0", None)
    assert one == own
    assert [each["case_no"] for each in cases] == [case.case_no]


def test_a_unit_sees_nothing_before_publication_and_only_its_cases_after(
    api_as: Callable[..., Api], people: People
) -> None:
    judged(people)
    drafted()
    foreign = api_as(Role.UNIT_HEAD, unit_id=street_unit(OTHER_STREET))

    assert foreign.get("/evaluation/2026-06/board").status_code == 404
    assert foreign.get("/evaluation/versions").json()["items"] == []
    assert foreign.post("/evaluation/2026-06/steps/publish", {}).status_code == 403
    assert api_as(Role.EVALUATOR).get("/evaluation/2026-06/board").status_code == 200


def test_a_foreign_unit_reads_the_ranking_but_not_the_cases(api_as: Callable[..., Api], people: People) -> None:
    judged(people)
    published()
    foreign = api_as(Role.UNIT_HEAD, unit_id=street_unit(OTHER_STREET))

    assert foreign.get("/evaluation/2026-06/board").status_code == 200
    assert foreign.get(f"/evaluation/2026-06/cases?group=street&unit={street_unit()}").json()["items"] == []


def test_only_who_may_know_it_reads_by_api_who_did_not_answer(api_as: Callable[..., Api], people: People) -> None:
    case = missed(people, "off", "off", "refused", phone="19900000004")
    published()
    address = f"/evaluation/2026-06/cases?group=street&unit={street_unit()}&figure=refused"

    assert api_as(Role.HANDLER, unit_id=street_unit()).get(address).status_code == 422
    assert [one["case_no"] for one in api_as(Role.AUDITOR).get(address).json()["items"]] == [case.case_no]


def test_who_was_not_asked_has_no_answers(api_as: Callable[..., Api], people: People) -> None:
    replied(people)
    published()

    [case] = api_as(Role.LEADER).get(f"/evaluation/2026-06/cases?group=street&unit={street_unit()}").json()["items"]

    assert (case["why"], case["contacted"], case["solved"], case["satisfaction"]) == ("not_asked_yet", None, None, None)


def test_a_step_is_asked_for_and_its_outcome_read(api_as: Callable[..., Api], people: People) -> None:
    judged(people)
    june()
    api = api_as(Role.EVALUATOR)

    asked = api.post("/evaluation/2026-06/steps/draft", {})
    again = api.post("/evaluation/2026-06/steps/draft", {})
    jobs.take(asked.json()["id"])
    seen = api.get(f"/evaluation/works/{asked.json()['id']}").json()

    assert (asked.status_code, again.status_code) == (202, 409)
    assert seen["state"] == "done"
    assert selectors.version_of("2026-06").case_count == 1
    assert Work.objects.count() == 1


def test_a_review_may_name_the_draft_that_was_read(api_as: Callable[..., Api], people: People) -> None:
    judged(people)
    drafted()
    api = api_as(Role.EVALUATOR)

    def review(as_of: str) -> Any:
        return api.post("/evaluation/2026-06/steps/review", {"as_of": as_of})

    def newest() -> str:
        return str(api.get("/evaluation/versions").json()["items"][0]["as_of"])

    first = newest()
    drafted(now=AFTER + timedelta(milliseconds=1))
    refused, waiting = review(first), review(newest())
    drafted(now=AFTER + timedelta(milliseconds=2))  # while the review waits for its turn
    jobs.take(waiting.json()["id"])
    approved = review(newest())
    jobs.take(approved.json()["id"])

    assert (refused.status_code, refused.json()["code"]) == (409, "draft_changed")
    late = api.get(f"/evaluation/works/{waiting.json()['id']}").json()
    assert (late["state"], "草稿又重新出过" in late["words"]) == ("failed", True)
    assert api.get(f"/evaluation/works/{approved.json()['id']}").json()["state"] == "done"


def test_a_refused_step_says_why_and_frees_the_period(api_as: Callable[..., Api], people: People) -> None:
    published()
    api = api_as(Role.EVALUATOR)

    asked = api.post("/evaluation/2026-06/steps/freeze", {})
    jobs.take(asked.json()["id"])

    assert api.get(f"/evaluation/works/{asked.json()['id']}").json()["state"] == "failed"
    assert api.post("/evaluation/2026-06/steps/revise", {}).status_code == 422
    assert api.post("/evaluation/2026-06/steps/verify", {}).status_code == 202
