"""七有五性 by API: what is read by whom, what is reported all or none."""

from collections.abc import Callable

import pytest

from huiyin.api.scopes import Scope
from huiyin.domain.vocabulary import Role
from huiyin.evaluation.models import Version
from huiyin.indicators import scoring
from huiyin.indicators.models import Tree, Value
from tests.api.conftest import Api
from tests.builders_city import street_unit
from tests.builders_evaluation import AFTER
from tests.integration.indicators.conftest import EDITOR, june, tree

__all__ = ["june", "tree"]  # fixtures


@pytest.fixture
def _scored(tree: Tree, june: Version) -> None:
    scoring.assess(june, by=EDITOR, now=AFTER)


@pytest.mark.usefixtures("_scored")
def test_a_ranking_a_profile_and_the_tree_agree(api_as: Callable[..., Api]) -> None:
    api = api_as(Role.ANALYST)

    ranking = api.get("/indicators/scores?period=2026-06&node=B2").json()
    profile = api.get("/indicators/profile?district=110105").json()
    known = api.get("/indicators/tree").json()

    best = ranking["items"][0]
    assert (best["district_code"], best["score"], best["rank"]) == ("110105", "55.00", 1)
    assert best in profile["items"]
    assert (best["low"], best["high"], best["covered"]) == ("27.50", "77.50", "0.5")
    scored = {node["code"] for node in known["nodes"] if node["level"] != "base"}
    assert {one["node"] for one in profile["items"]} == {"", *scored}
    assert api.get("/indicators/scores?period=2020-01").status_code == 404
    assert api.get("/indicators/scores?node=nothing").status_code == 404


@pytest.mark.usefixtures("_scored")
def test_a_district_reads_the_ranking_and_itself(api_as: Callable[..., Api]) -> None:
    street = api_as(Role.UNIT_HEAD, unit_id=street_unit())

    assert street.get("/indicators/scores").status_code == 200
    assert street.get("/indicators/profile?district=110105").status_code == 200
    assert street.get("/indicators/profile?district=110101").status_code == 403
    assert street.get("/indicators/values?district=110101").status_code == 403
    assert street.get("/indicators/scores?node=A1.1.1").status_code == 403


@pytest.mark.usefixtures("tree")
def test_values_are_reported_all_or_none(api_as: Callable[..., Api]) -> None:
    api = api_as(Role.ANALYST)
    good = {"district": "朝阳区", "item": "A1.1.1", "period": "2026", "value": "88.5", "note": "年报"}

    refused = api.post("/indicators/values", {"items": [good, {**good, "district": "不夜城"}]})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["message"] == "第 2 行：没有这个区：不夜城"
    assert Value.objects.count() == 0
    assert api.post("/indicators/values", {"items": [good]}).json() == {"written": 1, "unchanged": 0}
    assert api.post("/indicators/values", {"items": [good]}).json() == {"written": 0, "unchanged": 1}
    listed = api.get("/indicators/values?district=110105&item=A1.1.1").json()["items"]
    assert [(one["value"], one["note"]) for one in listed] == [("88.5", "年报")]


@pytest.mark.usefixtures("tree")
def test_reporting_needs_the_scope_and_the_post(api_as: Callable[..., Api]) -> None:
    body = {"items": [{"district": "110105", "item": "A1.1.1", "period": "2026", "value": "1"}]}
    assert api_as(Role.ANALYST, scopes=(Scope.READ,)).post("/indicators/values", body).status_code == 403
    assert api_as(Role.LEADER).post("/indicators/values", body).status_code == 403
    assert api_as(Role.ANALYST, unit_id=street_unit()).post("/indicators/values", body).status_code == 403
