"""Non-response, plans and frames by API: the page's figures, no seed too early, nothing for a unit."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from huiyin.accounts import sealed
from huiyin.callbacks.models import Frame
from huiyin.domain.sampling import commitment_of
from huiyin.domain.vocabulary import Role
from tests.api.conftest import Api
from tests.builders_city import NOW, People, street_unit
from tests.builders_evaluation import BAD, judged, published


def test_a_periods_non_response_is_that_of_the_page(api_as: Callable[..., Api], people: People) -> None:
    judged(people)
    judged(people, phone="19900000002", answers=BAD)
    published()

    answer = api_as(Role.EVALUATOR).get("/evaluation/2026-06/nonresponse?group=street")

    (line,) = [one for one in answer.json()["items"] if one["unit_id"] == street_unit()]
    assert (line["frame"], line["asked"], line["valid"], line["silent"], line["reasons"]) == (2, 2, 2, 0, {})
    assert {name: Decimal(value) for name, value in line["resolution"].items()} == {
        "official": Decimal("0.5"),
        "low": Decimal("0.5"),
        "high": Decimal("0.5"),
    }


def test_a_unit_reads_no_non_response_and_an_unknown_period_is_not_there(
    api_as: Callable[..., Api], people: People
) -> None:
    judged(people)
    published()

    assert api_as(Role.UNIT_HEAD, unit_id=street_unit()).get("/evaluation/2026-06/nonresponse").status_code == 403
    assert api_as(Role.EVALUATOR).get("/evaluation/2020-01/nonresponse").status_code == 404


def test_commitments_are_everybodys_and_a_seed_only_once_it_is_revealed(api_as: Callable[..., Api]) -> None:
    for number, revealed in ((0, NOW + timedelta(days=5)), (1, None)):
        at = NOW + timedelta(days=number)
        Frame.objects.create(
            day=at.date(),
            begins_at=at - timedelta(days=1),
            ends_at=at,
            seed_sealed=sealed.seal(f"seed-{number}"),
            commitment=commitment_of(f"seed-{number}"),
            committed_at=at - timedelta(days=1),
            drawn_at=at,
            revealed_at=revealed,
        )

    api = api_as(Role.HANDLER, unit_id=street_unit())

    found = api.get("/callbacks/frames").json()["items"]
    assert [one["seed"] for one in found] == ["", "seed-0"]
    assert found[0]["commitment"] == commitment_of("seed-1")
    assert api.get("/callbacks/plans").json()["items"] == []
