"""Models and the watch by API: read by analysts, moved by administrators."""

from collections.abc import Callable

from django.utils import timezone

from huiyin.api.scopes import Scope
from huiyin.domain.vocabulary import Role
from huiyin.learning import training
from tests.api.conftest import Api
from tests.integration.learning.conftest import beside, rows


def test_versions_are_listed_and_rolled_back(api_as: Callable[..., Api]) -> None:
    second = beside(training.train(now=timezone.now(), by="测试", given=rows(160), least=40).version)
    api = api_as(Role.ADMINISTRATOR)

    listed = api.get("/learning/models").json()["items"]
    back = api.post("/learning/rollback", {"number": second.number, "reason": "比较两版"})
    to_the_last = api.post("/learning/rollback", {"reason": "还是旧版好"})

    assert [item["number"] for item in listed] == [2, 1]
    assert (back.status_code, back.json()["state"]) == (200, "champion")
    assert to_the_last.json()["number"] == 1


def test_what_cannot_be_rolled_back_to_is_refused_by_name(api_as: Callable[..., Api]) -> None:
    api = api_as(Role.ADMINISTRATOR)

    unknown = api.post("/learning/rollback", {"number": 99, "reason": "试一试"})
    nothing = api.post("/learning/rollback", {"reason": "试一试"})

    assert unknown.status_code == 404
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing_to_roll_back_to")


def test_the_watch_tells_how_automatic_dispatch_fares(api_as: Callable[..., Api]) -> None:
    found = api_as(Role.DISPATCHER).get("/learning/watch").json()

    assert (found["automatic"], found["wrong_share"], found["bound"]) == (True, None, 0.02)


def test_others_neither_read_nor_move(api_as: Callable[..., Api]) -> None:
    assert api_as(Role.HANDLER).get("/learning/models").status_code == 403
    assert api_as(Role.ANALYST).post("/learning/rollback", {"reason": "试一试"}).status_code == 403
    reading = api_as(Role.ADMINISTRATOR, scopes=(Scope.READ,))
    assert reading.post("/learning/rollback", {"reason": "试一试"}).status_code == 403
