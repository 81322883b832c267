"""Suspected gaming by API: read and found by those who look into it, by nobody else."""

from collections.abc import Callable

from huiyin.domain.vocabulary import Role
from huiyin.evaluation import gaming
from huiyin.evaluation.models import Suspicion
from tests.api.conftest import Api
from tests.builders_city import People, street_unit
from tests.builders_evaluation import judged, published


def test_signs_are_read_and_a_finding_is_written_once(api_as: Callable[..., Api], people: People) -> None:
    case = judged(people)
    gaming.look(published())
    row = Suspicion.objects.get(group="street", unit_id=street_unit())
    api, unit = api_as(Role.EVALUATOR), api_as(Role.UNIT_HEAD, unit_id=street_unit())

    lines = api.get("/evaluation/2026-06/suspicions?every=true&group=street").json()["items"]
    shown = api.get(f"/suspicions/{row.pk}").json()
    found = {"confirmed": False, "finding": "抽查未见异常"}
    first, second = (api.post(f"/suspicions/{row.pk}/finding", found) for _ in range(2))

    assert row.pk in [line["id"] for line in lines]
    assert {sign["sign"]: sign["trials"] for sign in shown["signs"]}["hasty_ratings"] == 1
    assert case.case_no not in [number for sign in shown["signs"] for number in sign["case_nos"]]
    assert (first.status_code, first.json()["finding"]) == (200, "抽查未见异常")
    assert (second.status_code, second.json()["code"]) == (409, "already_found")
    assert unit.get(f"/suspicions/{row.pk}").status_code == 403
    assert unit.get("/evaluation/2026-06/suspicions").status_code == 403
